//! What reductions share: leaf states, the stack, the outputs.
//!
//! Per output element a leaf folds into eight lanes, the lanes into a leaf state, leaf states
//! through a binary counter into the state of the piece, which is stored component by component.

use super::assemble::assemble;
use super::components::accumulated;
use super::count::if_several;
use super::emit::Emitter;
use super::layout::Layout;
use crate::program::Value;
use tilewright_core::tree::LANES;
use tilewright_kernel::ir::Place;
use tilewright_kernel::{Fold, Index, Kernel, LaneOp, SliceFn, Slot, Stmt};

/// Levels of the in-kernel stack: a piece holds at most `2^(LEVELS-1)` leaves.
pub const LEVELS: i64 = 17;

/// One reduction of a stage.
#[derive(Clone, Copy, Debug)]
pub struct Reduction {
    /// The value that is reduced.
    pub value: Value,
    /// The monoid.
    pub fold: Fold,
    /// The operand that the value is, where leaves of moments are read as they lie in it.
    pub in_place: Option<usize>,
}

/// One leaf of some outputs.
pub struct Leaf {
    /// Its first element, of the first output.
    pub point: Vec<Index>,
    /// The reduced axis, where there is one.
    pub axis: usize,
    /// Elements of each output.
    pub rows: Index,
    /// Outputs.
    pub width: Index,
}

/// Scratch memory of one reduction.
#[derive(Clone, Debug)]
pub struct Memory {
    /// The reduction.
    pub reduction: Reduction,
    /// For each component that lanes accumulate: eight lanes of `width`.
    pub lanes: Vec<Slot>,
    /// The leaf's elements, where no lanes accumulate them and they are not read in place: for
    /// moments, and of leaves of chunks of one element each.
    pub block: Option<Slot>,
    /// Components of a leaf's state that its elements make; the others are 0.
    pub made: usize,
    /// One leaf's state.
    pub leaf: Slot,
    /// One state per level.
    stack: Slot,
    /// Variables of the loops around the calls that use the stack.
    once: [u32; 2],
}

impl Memory {
    /// Scratch for states of up to `width` outputs, and for `elements` of their leaves where those
    /// are kept; `single` for leaves of chunks of one element.
    pub fn new(
        emitter: &mut Emitter<'_>,
        reduction: Reduction,
        width: i64,
        elements: i64,
        single: bool,
    ) -> Memory {
        let fold = reduction.fold;
        let dtype = fold.dtype();
        let kept = single || fold == Fold::Moments && reduction.in_place.is_none();
        let value = emitter.program.dtypes[reduction.value];
        let accumulated = if single { 0 } else { accumulated(fold, value) };
        let lanes = LANES as i64 * width;
        let lanes = (0..accumulated).map(|_| emitter.scratch(dtype, lanes));
        let lanes = lanes.collect();
        let block = kept.then(|| emitter.scratch(dtype, elements));
        Memory {
            lanes,
            block,
            made: accumulated,
            ..Memory::of_states(emitter, reduction, width)
        }
    }

    /// Scratch for states of up to `width` outputs, where a leaf is one element; not for moments.
    pub fn of_single_elements(
        emitter: &mut Emitter<'_>,
        reduction: Reduction,
        width: i64,
    ) -> Memory {
        let value = emitter.program.dtypes[reduction.value];
        Memory {
            made: accumulated(reduction.fold, value),
            ..Memory::of_states(emitter, reduction, width)
        }
    }

    /// Scratch for states of up to `width` outputs that a slice function makes whole.
    pub fn of_states(emitter: &mut Emitter<'_>, reduction: Reduction, width: i64) -> Memory {
        let dtype = reduction.fold.dtype();
        let state = reduction.fold.components() as i64 * width;
        Memory {
            reduction,
            lanes: Vec::new(),
            block: None,
            made: reduction.fold.components(),
            leaf: emitter.scratch(dtype, state),
            stack: emitter.scratch(dtype, LEVELS * state),
            once: [emitter.var(), emitter.var()],
        }
    }

    /// The same with other lanes.
    pub fn with_lanes(&self, lanes: Vec<Slot>) -> Memory {
        Memory {
            lanes,
            ..self.clone()
        }
    }

    /// Where a leaf's state lies.
    pub fn state(&self) -> Place {
        at(self.leaf, 0)
    }

    /// Whether leaves are walked to fold or keep their elements.
    pub fn walks(&self) -> bool {
        self.reduction.in_place.is_none()
    }

    /// Combines the lanes into the leaf's state and pushes it as leaf number `number` of `leaves`. An
    /// only leaf stays where it is.
    pub fn finish_leaf(
        &self,
        layout: Layout,
        leaf: &Leaf,
        (number, leaves): (&Index, &Index),
    ) -> Vec<Stmt> {
        let mut stmts = self.settle(layout, leaf);
        stmts.push(self.push(number, leaves, &leaf.width));
        stmts
    }

    /// Combines the lanes into the leaf's state.
    fn settle(&self, layout: Layout, leaf: &Leaf) -> Vec<Stmt> {
        let (fold, width) = (self.reduction.fold, &leaf.width);
        let combine = |component: i64| {
            let into = Place {
                slot: self.leaf,
                offset: width.clone() * component,
            };
            self.combine(component, width, into)
        };
        let mut stmts: Vec<Stmt> = (0..self.lanes.len() as i64).map(combine).collect();
        let moments = |x: Place, stride: Index| Stmt::Call {
            function: SliceFn::MomentsLeaf,
            ints: vec![leaf.rows.clone(), width.clone(), stride],
            places: vec![x, at(self.leaf, 0)],
        };
        match (self.block, self.reduction.in_place) {
            (Some(block), _) if fold == Fold::Moments => {
                stmts.push(moments(at(block, 0), width.clone()));
            }
            (Some(block), _) => stmts.push(Stmt::Call {
                function: SliceFn::Tree(fold),
                ints: vec![leaf.rows.clone()],
                places: vec![at(self.leaf, 0), at(block, 0)],
            }),
            (None, Some(operand)) => {
                let x = Place {
                    slot: Slot::Buffer(operand as u32),
                    offset: layout.operand_at(operand, &leaf.point),
                };
                stmts.push(moments(x, layout.operand_coef(operand, leaf.axis)));
            }
            (None, None) => stmts.extend(self.no_more_components(width)),
        }
        stmts
    }

    /// Pushes a leaf's state as leaf number `number` of `leaves`; an only one stays where it is.
    pub fn push(&self, number: &Index, leaves: &Index, width: &Index) -> Stmt {
        let push = self.push_from(self.state(), number, width);
        if_several(leaves, self.once[0], push)
    }

    /// Pushes a state that lies elsewhere as leaf number `number` of several.
    pub fn push_from(&self, state: Place, number: &Index, width: &Index) -> Stmt {
        Stmt::Call {
            function: SliceFn::Push(self.reduction.fold),
            ints: vec![number.clone(), width.clone()],
            places: vec![at(self.stack, 0), state],
        }
    }

    /// Takes the piece's state off the stack.
    pub fn root(&self, leaves: &Index, width: &Index) -> Stmt {
        let finish = Stmt::Call {
            function: SliceFn::Finish(self.reduction.fold),
            ints: vec![leaves.clone(), width.clone()],
            places: vec![at(self.stack, 0), at(self.leaf, 0)],
        };
        if_several(leaves, self.once[1], finish)
    }

    /// Takes the piece's state off the stack and stores its components.
    pub fn store(
        &self,
        leaves: &Index,
        width: &Index,
        out: &Place,
        stride: &Index,
        component_stride: &Index,
    ) -> Vec<Stmt> {
        let fold = self.reduction.fold;
        let dtype = fold.dtype();
        let mut stmts = vec![self.root(leaves, width)];
        for component in 0..fold.components() as i64 {
            let from = Place {
                slot: self.leaf,
                offset: width.clone() * component,
            };
            let to = out.offset.clone() + component_stride.clone() * component;
            let to = Place {
                slot: out.slot,
                offset: to,
            };
            stmts.push(Stmt::Lanes {
                count: width.clone(),
                ops: vec![
                    LaneOp::Load {
                        dtype,
                        place: from,
                        stride: Index::Const(1),
                    },
                    LaneOp::Store {
                        dtype,
                        place: to,
                        stride: stride.clone(),
                        a: 0,
                    },
                ],
            });
        }
        stmts
    }
}

/// Element `offset` of a slot.
pub fn at(slot: Slot, offset: i64) -> Place {
    Place {
        slot,
        offset: Index::Const(offset),
    }
}

/// The kernel of a reduction's body.
pub fn kernel(emitter: Emitter<'_>, reductions: &[Reduction], body: Vec<Stmt>) -> Kernel {
    assemble(emitter, reductions.iter().map(|r| r.fold.dtype()), body)
}
