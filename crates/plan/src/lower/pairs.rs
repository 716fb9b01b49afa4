//! A reduction leaf by leaf, two leaves at a time that lie apart.
//!
//! A core reads memory faster at two places than at one. The states of the leaves that come later wait
//! until those between have been pushed, so that the tree is the same. Absent: bodies of more than a
//! step, which wait for arithmetic; leaves of several rows.

use super::emit::{Emitter, Run, calls};
use super::renumber::renumber;
use super::state::Memory;
use tilewright_core::tree::{LANES, LEAF};
use tilewright_kernel::ir::Place;
use tilewright_kernel::{Fold, Index, LaneOp, Slot, Stmt};

/// Leaves between two that are taken together: 64 KiB of f64.
const APART: i64 = 16;
/// Elements of a group of pairs.
pub const LEAST: i64 = 2 * APART * LEAF;

/// Whether pairs of leaves pay: one array is read, and hardly more than folded.
pub fn pay(emitter: &Emitter<'_>, kept: usize, memories: &[Memory]) -> bool {
    let program = emitter.program;
    let folds =
        |memory: &Memory| matches!(memory.reduction.fold, Fold::Op(..)) && !memory.lanes.is_empty();
    emitter.layout.axes == kept + 1
        && program.operands.len() == 1
        && program.steps() <= 1
        && !calls(program)
        && memories.iter().all(folds)
}

/// A reduction and what its later leaves need of their own.
struct Pair<'a> {
    memory: &'a Memory,
    /// The same with lanes of its own.
    later: Memory,
    /// The states that wait.
    waiting: Slot,
}

/// Takes as many leaves as there are in whole groups of pairs, for the outputs at `point`; names
/// their number.
pub fn lower(
    emitter: &mut Emitter<'_>,
    kept: usize,
    point: &[Index],
    memories: &[Memory],
) -> (Vec<Stmt>, Index) {
    let (layout, one) = (emitter.layout, Index::Const(1));
    let mut pairs = Vec::with_capacity(memories.len());
    for memory in memories {
        let dtype = memory.reduction.fold.dtype();
        let lanes = emitter.scratch(dtype, LANES as i64);
        pairs.push(Pair {
            memory,
            later: memory.with_lanes(vec![lanes]),
            waiting: emitter.scratch(dtype, APART),
        });
    }
    let (group_var, taken_var) = (emitter.var(), emitter.var());
    let (number_var, waited_var) = (emitter.var(), emitter.var());
    let group = 2 * APART;
    let groups = (layout.to() - layout.from()) / layout.leaf() / group;
    let (first, number) = (Index::Var(group_var) * group, Index::Var(number_var));
    let waits = |pair: &Pair<'_>, number: &Index| Place {
        slot: pair.waiting,
        offset: number.clone(),
    };

    let mut both = Vec::new();
    for pair in &pairs {
        both.extend(pair.memory.clear(&one));
        both.extend(pair.later.clear(&one));
    }
    let mut ops = Vec::new();
    for later in [false, true] {
        let leaf = first.clone() + number.clone() + if later { APART } else { 0 };
        let mut point = point.to_vec();
        point[kept] = layout.from() + leaf * layout.leaf();
        let run = Run {
            count: layout.leaf(),
            point,
            lane: kept,
        };
        fold(emitter, &run, &pairs, later, &mut ops);
    }
    both.push(Stmt::Lanes {
        count: layout.leaf(),
        ops,
    });
    for pair in &pairs {
        both.push(pair.memory.combine(0, &one, pair.memory.state()));
        both.push(pair.later.combine(0, &one, waits(pair, &number)));
        let leaf = first.clone() + number.clone();
        both.push(pair.memory.push_from(pair.memory.state(), &leaf, &one));
    }
    let waited = Index::Var(waited_var);
    let leaf = first + APART + waited.clone();
    let push = |pair: &Pair<'_>| pair.memory.push_from(waits(pair, &waited), &leaf, &one);
    let rest = pairs.iter().map(push).collect();
    let each = |var, body| Stmt::Loop {
        var,
        count: Index::Const(APART),
        body,
    };
    let stmts = vec![
        Stmt::Let {
            var: taken_var,
            value: groups.clone() * group,
        },
        Stmt::Loop {
            var: group_var,
            count: groups,
            body: vec![each(number_var, both), each(waited_var, rest)],
        },
    ];
    (stmts, Index::Var(taken_var))
}

/// Folds the elements of a run into the lanes of earlier leaves, or of later ones.
fn fold(emitter: &Emitter<'_>, run: &Run, pairs: &[Pair<'_>], later: bool, ops: &mut Vec<LaneOp>) {
    let values: Vec<_> = pairs.iter().map(|p| p.memory.reduction.value).collect();
    let (part, made) = emitter.straight(run, &values);
    let shift = ops.len() as u32;
    ops.extend(part.into_iter().map(|op| renumber(op, shift)));
    for (pair, value) in pairs.iter().zip(made) {
        let memory = if later { &pair.later } else { pair.memory };
        let dtype = emitter.program.dtypes[memory.reduction.value];
        memory.fold_along(value + shift, dtype, &Index::Const(0), ops);
    }
}
