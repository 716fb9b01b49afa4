//! Whose task is next, where stages take turns?
//!
//! That of the stage which is furthest behind, by the share of its tasks that are taken: so stages that
//! walk over the same chunks reach each about together.

use crate::stage::Running;

/// The tasks of stages that run abreast, in the order in which they are taken.
pub(crate) struct Turns {
    /// How many tasks each stage has.
    counts: Vec<i64>,
    /// The next of each.
    next: Vec<i64>,
    /// How many were taken.
    taken: i64,
}

/// A task that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    /// Its place in the order.
    pub place: i64,
    /// The position of its stage among those that run abreast.
    pub stage: usize,
    /// Its number in the stage.
    pub task: i64,
}

impl Turns {
    /// All tasks of these stages.
    pub fn new(running: &[Running<'_>]) -> Turns {
        Turns::of(running.iter().map(|stage| stage.tasks.count()).collect())
    }

    fn of(counts: Vec<i64>) -> Turns {
        Turns {
            next: vec![0; counts.len()],
            counts,
            taken: 0,
        }
    }

    /// The next task; `None` behind the last.
    pub fn take(&mut self) -> Option<Turn> {
        let left = (0..self.counts.len()).filter(|&k| self.next[k] < self.counts[k]);
        // The first of those that are equally far: a / b < c / d is a d < c b.
        let share = |k: usize| (i128::from(self.next[k]), i128::from(self.counts[k]));
        let stage = left.reduce(|best, k| {
            let ((done, all), (other, of)) = (share(k), share(best));
            match done * of < other * all {
                true => k,
                false => best,
            }
        })?;
        let turn = Turn {
            place: self.taken,
            stage,
            task: self.next[stage],
        };
        self.next[stage] += 1;
        self.taken += 1;
        Some(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_reach_the_same_share_of_their_tasks_together() {
        let mut turns = Turns::of(vec![2, 6, 0]);
        let order: Vec<(usize, i64)> = std::iter::from_fn(|| turns.take())
            .map(|turn| (turn.stage, turn.task))
            .collect();
        let want = [
            (0, 0),
            (1, 0),
            (1, 1),
            (1, 2),
            (0, 1),
            (1, 3),
            (1, 4),
            (1, 5),
        ];
        assert_eq!(order, want);
    }

    #[test]
    fn one_stage_takes_its_tasks_in_order() {
        let mut turns = Turns::of(vec![3]);
        let places = std::iter::from_fn(|| turns.take()).map(|turn| (turn.place, turn.task));
        assert_eq!(places.collect::<Vec<_>>(), [(0, 0), (1, 1), (2, 2)]);
    }
}
