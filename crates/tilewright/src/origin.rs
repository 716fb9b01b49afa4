//! Is this the expression that an interrupted run was storing?
//!
//! A text that is the same in every process for the same elements: a hash of every node, its
//! attributes and its type, and so of every stored source's identity. Absent: arrays, sources and
//! functions of this process, which another one cannot know.

use crate::session::Math;
use std::collections::HashMap;
use std::fmt::{self, Write};
use tilewright_expr::attr::{Attr, Leaf, LeafKind, SourceRef};
use tilewright_expr::{Expr, walk};

/// What an array comes from; `None` if that cannot be told to another process.
pub(crate) fn origin(root: &Expr, math: Math) -> Option<String> {
    let order = walk::postorder(std::slice::from_ref(root));
    let numbers = order
        .iter()
        .enumerate()
        .map(|(k, expr)| (expr.address(), k));
    let numbers: HashMap<usize, usize> = numbers.collect();
    let mut hash = Fnv::default();
    for expr in &order {
        match expr.attr() {
            Attr::Leaf(leaf) if is_of_this_process(leaf) => return None,
            Attr::Blocks(_) => return None,
            _ => {}
        }
        let number = |arg: &Expr| numbers.get(&arg.address()).copied();
        let args: Vec<Option<usize>> = expr.args().iter().map(number).collect();
        let (attr, grid) = (expr.attr(), expr.grid());
        write!(hash, "{} {attr:?} {args:?} {grid:?};", expr.op().name).ok()?;
    }
    let version = env!("CARGO_PKG_VERSION");
    Some(format!(
        "expression {:032x}, {math:?} math, version {version}",
        hash.0
    ))
}

/// Whether a leaf reads what another process does not have.
fn is_of_this_process(leaf: &Leaf) -> bool {
    matches!(
        leaf.kind,
        LeafKind::Source(SourceRef::Memory(_) | SourceRef::Stored { user: Some(_), .. })
    )
}

/// FNV-1a, 128 bits.
struct Fnv(u128);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Write for Fnv {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul((1 << 88) + 0x13b);
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::{Array, arange, s};

    fn of(array: &Array) -> Option<String> {
        origin(array.expr().unwrap(), Math::Exact)
    }

    #[test]
    fn equal_expressions_and_no_others_come_from_the_same() {
        let x = || arange(0, 10, 1) * 2;
        assert_eq!(of(&x()), of(&x()));
        let others = [
            arange(0, 10, 1) * 3,
            arange(0, 11, 1) * 2,
            x().slice(s![..;-1]),
            x() + x(),
        ];
        for other in others {
            assert_ne!(of(&x()), of(&other));
        }
        assert_ne!(of(&x()), origin(x().expr().unwrap(), Math::Relaxed));
        let here = Array::from_ndarray(ndarray::arr1(&[1.0, 2.0]));
        assert_eq!(of(&(here + 1)), None);
    }

    #[test]
    fn the_hash_is_the_published_one() {
        let mut hash = Fnv::default();
        hash.write_str("a").unwrap();
        assert_eq!(hash.0, 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
