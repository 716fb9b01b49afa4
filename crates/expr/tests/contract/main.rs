//! What do expressions promise beside their values: text, errors, grids, order of reductions, and
//! no limit on their depth?
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod depth;
mod errors;
mod grids;
mod leaves;
mod manual;
mod nodes;
mod printing;
mod rows;
mod stages;
mod trees;

use tilewright_core::{Block, DType, Grid, Result, Scalar, Slice};
use tilewright_expr::attr::{Access, SourceRef};
use tilewright_expr::build::{self, Item};
use tilewright_expr::{Expr, Leaf, reference};

/// A stored array in chunks of 10, whose element at C-order position `k` is `k`.
fn read(uri: &str, dtype: DType, shape: &[i64]) -> Expr {
    let grid = Grid::regular(shape, &vec![10; shape.len()]);
    let source = SourceRef::Stored {
        uri: uri.into(),
        identity: "test".into(),
        decode_bytes: 0,
        grid: grid.clone(),
        access: Access::Chunks,
        user: None,
    };
    build::read(source, dtype, grid).unwrap()
}

fn count_up(leaf: &Leaf) -> Result<Block> {
    let mut block = Block::zeros(leaf.dtype, &leaf.whole)?;
    for k in 0..block.len() {
        block.set(k, Scalar::from(k as i64).cast(leaf.dtype));
    }
    Ok(block)
}

fn evaluate(expr: &Expr) -> Vec<Scalar> {
    let block = reference::evaluate(std::slice::from_ref(expr), &count_up)
        .unwrap()
        .remove(0);
    (0..block.len()).map(|k| block.get(k).unwrap()).collect()
}

fn floats(shape: &[i64], elements: &[f64]) -> Expr {
    let elements = elements.iter().map(|&x| x.into()).collect();
    build::array(elements, DType::F64, Grid::whole(shape)).unwrap()
}

fn range(start: Option<i64>, stop: Option<i64>, step: Option<i64>) -> Item {
    Item::Slice(Slice { start, stop, step })
}

fn normal(shape: &[i64], chunks: &[i64], seed: u64) -> Expr {
    let grid = Grid::regular(shape, chunks);
    build::normal(build::Operand::Int(0), build::Operand::Int(1), seed, grid).unwrap()
}
