//! How do two straight lines of ops become one?

use tilewright_kernel::LaneOp;

/// The op with its operands `by` places further on.
pub fn renumber(op: LaneOp, by: u32) -> LaneOp {
    match op {
        LaneOp::Unary { op, dtype, a } => LaneOp::Unary {
            op,
            dtype,
            a: a + by,
        },
        LaneOp::Binary { op, dtype, a, b } => LaneOp::Binary {
            op,
            dtype,
            a: a + by,
            b: b + by,
        },
        LaneOp::Select { dtype, mask, a, b } => LaneOp::Select {
            dtype,
            mask: mask + by,
            a: a + by,
            b: b + by,
        },
        LaneOp::Cast { from, to, a } => LaneOp::Cast {
            from,
            to,
            a: a + by,
        },
        LaneOp::Store {
            dtype,
            place,
            stride,
            a,
        } => LaneOp::Store {
            dtype,
            place,
            stride,
            a: a + by,
        },
        LaneOp::Fold {
            op,
            dtype,
            place,
            from,
            a,
        } => LaneOp::Fold {
            op,
            dtype,
            place,
            from,
            a: a + by,
        },
        other => other,
    }
}
