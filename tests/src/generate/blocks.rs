//! Which functions of blocks fit the arrays that are there?

use super::Generator;
use crate::blocks::Asked;
use crate::program::Step;
use tilewright_core::Scalar;
use tilewright_expr::build::{Boundary, Made};

impl Generator {
    /// A function of the blocks of one array, or of two that broadcast, and mostly a part of it.
    pub(super) fn of_blocks(&mut self) -> Option<usize> {
        let x = self.any();
        let shape = self.shape(x);
        let mut arrays = vec![x];
        if self.random.chance(40) {
            arrays.push(self.partner(&shape, None)?);
        }
        let arrays_of = arrays.iter().map(|&k| self.built.exprs[k].clone());
        let arrays_of: Vec<_> = arrays_of.collect();
        let ndim = arrays_of.iter().map(|x| x.shape().len()).max()?;
        let mut asked = Asked {
            depth: vec![(0, 0); ndim],
            boundary: vec![Boundary::None; ndim],
            made: Vec::new(),
        };
        if self.random.chance(60) {
            for axis in 0..ndim {
                asked.depth[axis] = (self.random.between(0, 3), self.random.between(0, 2));
                asked.boundary[axis] = match self.random.below(7) {
                    0 => Boundary::Reflect,
                    1 => Boundary::Nearest,
                    2 => Boundary::Periodic,
                    3 => Boundary::Constant(Scalar::from(1i64)),
                    _ => Boundary::None,
                };
            }
        }
        if self.random.chance(30) {
            let lengths = [Made::Own, Made::Each(1), Made::Each(3)];
            asked.made = (0..ndim)
                .map(|_| self.random.pick(&lengths).clone())
                .collect();
        }
        let y = self.push(Step::Blocks(arrays, asked))?;
        match self.random.chance(80) {
            true => self.subscript(y),
            false => Some(y),
        }
    }
}
