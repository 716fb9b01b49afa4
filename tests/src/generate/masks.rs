//! Which calls fit what a mask selects of the arrays that are there?

use super::Generator;
use super::calls::{REDUCTIONS, STATISTICS};
use crate::program::Step;
use tilewright_expr::{build, reference};

impl Generator {
    /// A reduction or statistic of `x[mask]`, the mask of some leading axes.
    pub(super) fn selected(&mut self) -> Option<usize> {
        let x = self.any();
        let shape = self.shape(x);
        let leading = self.random.between(1, shape.len() as i64) as usize;
        let mask = self.mask_of(shape.get(..leading)?)?;
        if self.random.chance(25) {
            return self.push(Step::Elements(x, mask));
        }
        let axes = match self.random.below(4) {
            0 if shape.len() > leading => Some(vec![0, (shape.len() - leading) as i64]),
            0 | 1 => Some(vec![0]),
            _ => None,
        };
        let keepdims = self.random.chance(30);
        if self.random.chance(40) {
            let name = *self.random.pick(&STATISTICS);
            let ddof = *self.random.pick(&[0.0, 1.0, 2.5]);
            return self.push(Step::Selected(name, x, mask, axes, ddof, keepdims));
        }
        let name = *self.random.pick(&REDUCTIONS);
        if ["min", "max"].contains(&name) && !self.holds_somewhere(mask) {
            return None;
        }
        self.push(Step::Selected(name, x, mask, axes, 0.0, keepdims))
    }

    /// A mask of exactly this shape.
    fn mask_of(&mut self, shape: &[i64]) -> Option<usize> {
        let mask = self.mask(shape)?;
        if self.shape(mask) == shape {
            return Some(mask);
        }
        self.push(Step::Broadcast(mask, shape.to_vec()))
    }

    fn holds_somewhere(&self, mask: usize) -> bool {
        let any = build::reduce("any", &self.built.exprs[mask], None, false);
        let read = |leaf: &_| self.built.read(leaf);
        let found = any.and_then(|any| reference::evaluate(&[any], &read));
        found.is_ok_and(|blocks| blocks[0].get(0).is_some_and(|value| value.truth()))
    }
}
