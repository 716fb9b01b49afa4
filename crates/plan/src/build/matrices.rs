//! Which reductions are products of matrices?
//!
//! A float sum along one axis of the product of two operands, each of which has a kept axis of its own.
//! Knows strides and steps, not operators.

use super::lanes::Strides;
use crate::lower::products::Matrices;
use crate::plan::Output;
use crate::program::{Op, Program, SWAP, Value};
use tilewright_core::DType;
use tilewright_expr::op::Step;
use tilewright_kernel::{BinaryOp, Fold, FoldOp};

/// Lines and columns from which blocks of both pay.
const LEAST: i64 = 4;

/// The matrices of a reduction of one axis, if it has any; looks through what swaps their bytes,
/// which blocks cannot.
pub(super) fn of(
    program: &Program,
    strides: &Strides,
    outputs: &[Output],
    values: &[Value],
    (domain, kept): (&[i64], usize),
) -> Option<Matrices> {
    let ([output], [value]) = (outputs, values) else {
        return None;
    };
    let (Fold::Op(FoldOp::Add, dtype), _) = output.fold? else {
        return None;
    };
    let Op::Step {
        step: Step::Binary(BinaryOp::Mul),
        args,
        ..
    } = &program.ops[*value]
    else {
        return None;
    };
    let load = |value: &Value| {
        let value = match &program.ops[*value] {
            Op::Step {
                step: SWAP, args, ..
            } => args.first()?,
            _ => value,
        };
        match program.ops[*value] {
            Op::Load(k) if program.operands[k].dtype == dtype => Some(k),
            _ => None,
        }
    };
    let operands = [load(args.first()?)?, load(args.get(1)?)?];
    if !matches!(dtype, DType::F32 | DType::F64)
        || domain.len() != kept + 1
        || !operands.iter().all(|&k| strides.forward(k))
    {
        return None;
    }
    // The last axis of one alone has the columns: neighbours of the output.
    let alone = |k: usize, axis: usize| {
        let [one, other] = [operands[k], operands[1 - k]];
        strides.depends_on(one, axis) && !strides.depends_on(other, axis) && domain[axis] >= LEAST
    };
    let columns = (0..kept).rev().find_map(|axis| {
        let k = (0..2).find(|&k| alone(k, axis))?;
        Some((k, axis))
    });
    let (k, columns) = columns?;
    let lines = (0..kept).rev().find(|&axis| alone(1 - k, axis))?;
    Some(Matrices {
        operands: [operands[1 - k], operands[k]],
        axes: [lines, columns],
    })
}
