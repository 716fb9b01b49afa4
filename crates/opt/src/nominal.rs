//! What does a pass's time go to, by the table?
//!
//! The nanoseconds by which plans are compared, split by what in the machine they occupy: beside a
//! measured time they say what bounds a pass. Absent: clocks; overlap, so the parts add up to more
//! than a pass takes.

use crate::cost;
use tilewright_expr::attr::Body;
use tilewright_expr::op::Family;
use tilewright_expr::{Expr, walk};

/// Nanoseconds of one core, by what they occupy.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Nominal {
    /// Loads and stores of arrays in memory.
    pub memory: f64,
    /// Divisions, remainders and square roots.
    pub divider: f64,
    /// Functions, random numbers and all other arithmetic.
    pub math: f64,
    /// Reading and decoding stored arrays.
    pub io: f64,
}

impl Nominal {
    /// Of two passes together.
    #[must_use]
    pub fn plus(self, other: Nominal) -> Nominal {
        Nominal {
            memory: self.memory + other.memory,
            divider: self.divider + other.divider,
            math: self.math + other.math,
            io: self.io + other.io,
        }
    }
}

/// Bytes that a pass moves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moved {
    /// Loaded from arrays in memory.
    pub loaded: f64,
    /// Stored in memory.
    pub stored: f64,
    /// Read from stored arrays and decoded.
    pub read: f64,
}

/// What a pass over `body` takes, by the table of costs.
pub fn nominal(body: &Body, iterations: f64, moved: Moved) -> Nominal {
    let mut nominal = Nominal {
        memory: cost::LOAD_BYTE * moved.loaded + cost::STORE_BYTE * moved.stored,
        io: cost::READ_BYTE * moved.read,
        ..Nominal::default()
    };
    for node in walk::postorder(&body.roots) {
        let part = if divides(&node) {
            &mut nominal.divider
        } else {
            &mut nominal.math
        };
        *part += cost::per_element(&node) * iterations;
    }
    nominal
}

fn divides(node: &Expr) -> bool {
    let Family::Map(row) = &node.op().family else {
        return false;
    };
    let from = node.args().last().map_or(node.dtype(), Expr::dtype);
    (row.lower)(from, node.dtype()).divides()
}
