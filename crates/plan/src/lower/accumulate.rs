//! How do elements become a leaf's state?
//!
//! Through eight lanes, or at once where a leaf is one element. Absent: what becomes of leaves.

use super::components::components;
use super::state::{Memory, at};
use tilewright_core::tree::LANES;
use tilewright_core::{DType, Scalar};
use tilewright_kernel::ir::Place;
use tilewright_kernel::{Fold, FoldOp, Index, LaneOp, Slot, Stmt};

impl Memory {
    /// The operation of each component that lanes accumulate.
    fn op(&self) -> FoldOp {
        match self.reduction.fold {
            Fold::Op(op, _) => op,
            Fold::Moments | Fold::WideSum | Fold::Squares => FoldOp::Add,
        }
    }

    /// Sets the lanes to the identity.
    pub fn clear(&self, width: &Index) -> Vec<Stmt> {
        let dtype = self.reduction.fold.dtype();
        let identity = self.op().identity(dtype);
        let clear = |&slot: &Slot| Stmt::Lanes {
            count: width.clone() * LANES as i64,
            ops: vec![
                LaneOp::Const(identity),
                LaneOp::Store {
                    dtype,
                    place: at(slot, 0),
                    stride: Index::Const(1),
                    a: 0,
                },
            ],
        };
        self.lanes.iter().map(clear).collect()
    }

    /// Folds a value along the lanes of one output: element `k` into lane `(from + k) % 8`.
    pub fn fold_along(&self, a: u32, dtype: DType, from: &Index, ops: &mut Vec<LaneOp>) {
        let op = self.op();
        let parts = components(self.reduction.fold, a, dtype, ops);
        for (part, &slot) in parts.into_iter().zip(&self.lanes) {
            let dtype = self.reduction.fold.dtype();
            ops.push(LaneOp::Fold {
                op,
                dtype,
                place: at(slot, 0),
                from: from.clone(),
                a: part,
            });
        }
    }

    /// Folds rows of values, each a run of outputs, into one lane's run, in order.
    pub fn fold_rows(
        &self,
        rows: &[u32],
        dtype: DType,
        lane: &Index,
        width: &Index,
        ops: &mut Vec<LaneOp>,
    ) {
        let op = self.op().binary();
        let parts: Vec<Vec<u32>> = rows
            .iter()
            .map(|&row| components(self.reduction.fold, row, dtype, ops))
            .collect();
        let dtype = self.reduction.fold.dtype();
        for (component, &slot) in self.lanes.iter().enumerate() {
            let place = Place {
                slot,
                offset: lane.clone() * width.clone(),
            };
            ops.push(LaneOp::Load {
                dtype,
                place: place.clone(),
                stride: Index::Const(1),
            });
            let mut total = ops.len() as u32 - 1;
            for row in &parts {
                ops.push(LaneOp::Binary {
                    op,
                    dtype,
                    a: total,
                    b: row[component],
                });
                total = ops.len() as u32 - 1;
            }
            ops.push(LaneOp::Store {
                dtype,
                place,
                stride: Index::Const(1),
                a: total,
            });
        }
    }

    /// Makes a run of outputs the states of leaves of one element each; the identity changes none.
    pub fn set(&self, a: u32, dtype: DType, width: &Index, ops: &mut Vec<LaneOp>) {
        let fold = self.reduction.fold;
        let parts = components(fold, a, dtype, ops);
        for (component, part) in parts.into_iter().enumerate() {
            ops.push(LaneOp::Store {
                dtype: fold.dtype(),
                place: Place {
                    slot: self.leaf,
                    offset: width.clone() * component as i64,
                },
                stride: Index::Const(1),
                a: part,
            });
        }
    }

    /// `((l0∘l4)∘(l2∘l6))∘((l1∘l5)∘(l3∘l7))` of a component, as `tree::combine_lanes` has it.
    pub fn combine(&self, component: i64, width: &Index, into: Place) -> Stmt {
        let dtype = self.reduction.fold.dtype();
        let op = self.op().binary();
        let slot = self.lanes[component as usize];
        let mut ops: Vec<LaneOp> = (0..LANES as i64)
            .map(|lane| {
                let place = Place {
                    slot,
                    offset: width.clone() * lane,
                };
                LaneOp::Load {
                    dtype,
                    place,
                    stride: Index::Const(1),
                }
            })
            .collect();
        let lanes: [u32; LANES] = std::array::from_fn(|lane| lane as u32);
        let total = std::cell::RefCell::new(&mut ops);
        let root = tilewright_core::tree::combine_lanes(lanes, |a, b| {
            let mut ops = total.borrow_mut();
            ops.push(LaneOp::Binary { op, dtype, a, b });
            ops.len() as u32 - 1
        });
        ops.push(LaneOp::Store {
            dtype,
            place: into,
            stride: Index::Const(1),
            a: root,
        });
        Stmt::Lanes {
            count: width.clone(),
            ops,
        }
    }

    /// Sets the components that a leaf leaves at 0.
    pub fn no_more_components(&self, width: &Index) -> Option<Stmt> {
        let fold = self.reduction.fold;
        let (made, all) = (self.made as i64, fold.components() as i64);
        let dtype = fold.dtype();
        (made < all).then(|| Stmt::Lanes {
            count: width.clone() * (all - made),
            ops: vec![
                LaneOp::Const(Scalar::zero(dtype)),
                LaneOp::Store {
                    dtype,
                    place: Place {
                        slot: self.leaf,
                        offset: width.clone() * made,
                    },
                    stride: Index::Const(1),
                    a: 0,
                },
            ],
        })
    }
}
