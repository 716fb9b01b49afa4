//! Where does an iteration find its element?
//!
//! A stage iterates over a box; every array axis it reads is an affine function of the iteration
//! indices. Slices, transposes, broadcasts, new and dropped axes compose into one such function,
//! so none of them ever moves an element.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use tilewright_core::AxisRange;

/// `base + Σ coefs[k]·i_k` over the iteration axes, in wrapping i64.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Affine {
    /// Value at iteration 0.
    pub base: i64,
    /// Change per step of each iteration axis.
    pub coefs: SmallVec<[i64; 4]>,
}

impl Affine {
    /// The same everywhere.
    pub fn constant(base: i64, axes: usize) -> Affine {
        Affine {
            base,
            coefs: SmallVec::from_elem(0, axes),
        }
    }

    /// The index of an iteration axis.
    pub fn axis(axis: usize, axes: usize) -> Affine {
        let mut map = Affine::constant(0, axes);
        map.coefs[axis] = 1;
        map
    }

    /// `factor · self + shift`.
    #[must_use]
    pub fn scaled(&self, factor: i64, shift: i64) -> Affine {
        Affine {
            base: self.base.wrapping_mul(factor).wrapping_add(shift),
            coefs: self.coefs.iter().map(|c| c.wrapping_mul(factor)).collect(),
        }
    }

    /// The sum of both.
    #[must_use]
    pub fn plus(&self, other: &Affine) -> Affine {
        let coefs = self.coefs.iter().zip(&other.coefs);
        Affine {
            base: self.base.wrapping_add(other.base),
            coefs: coefs.map(|(a, b)| a.wrapping_add(*b)).collect(),
        }
    }

    /// The point of `range` at this position.
    #[must_use]
    pub fn within(&self, range: &AxisRange) -> Affine {
        self.scaled(range.step, range.start)
    }

    /// `Σ weights[d] · maps[d]`: the linear index of an element.
    pub fn linear(maps: &[Affine], weights: &[i64], axes: usize) -> Affine {
        let mut sum = Affine::constant(0, axes);
        for (map, &weight) in maps.iter().zip(weights) {
            sum.base = sum.base.wrapping_add(map.base.wrapping_mul(weight));
            for (total, coef) in sum.coefs.iter_mut().zip(&map.coefs) {
                *total = total.wrapping_add(coef.wrapping_mul(weight));
            }
        }
        sum
    }

    /// The value at an iteration point.
    pub fn at(&self, point: &[i64]) -> i64 {
        self.coefs.iter().zip(point).fold(self.base, |sum, (c, i)| {
            sum.wrapping_add(c.wrapping_mul(*i))
        })
    }

    /// The iteration axis this depends on, if it is exactly one.
    pub fn only_axis(&self) -> Option<usize> {
        let mut used = (0..self.coefs.len()).filter(|&k| self.coefs[k] != 0);
        used.next().filter(|_| used.next().is_none())
    }

    /// Whether it is the same everywhere.
    pub fn is_constant(&self) -> bool {
        self.coefs.iter().all(|&c| c == 0)
    }

    /// Least and greatest value over a non-empty box of iterations.
    pub fn range(&self, from: &[i64], len: &[i64]) -> (i64, i64) {
        let start = self.at(from);
        let mut bounds = (start, start);
        for (coef, len) in self.coefs.iter().zip(len) {
            let reach = coef.wrapping_mul(len - 1);
            if reach < 0 {
                bounds.0 = bounds.0.wrapping_add(reach);
            } else {
                bounds.1 = bounds.1.wrapping_add(reach);
            }
        }
        bounds
    }
}
