//! The state of a variance, merged by element-wise operators.

use super::{constant, map};
use crate::node::Expr;
use tilewright_core::{Result, Scalar};

/// The state of two sets of elements from their states: mean, what the mean lacks, and the sum of
/// squared deviations (Chan, Golub, LeVeque 1979), in the order of operations of
/// `tilewright_vecmath::moments_merge`.
pub(super) fn moments(
    [mean, low, squares]: [Expr; 3],
    [mean_b, low_b, squares_b]: [Expr; 3],
    (n, m): (i64, i64),
) -> Result<[Expr; 3]> {
    let do_two = |name: &str, a: &Expr, b: &Expr| map(name, &[a.clone(), b.clone()]);
    let add = |a: &Expr, b: &Expr| do_two("add", a, b);
    let subtract = |a: &Expr, b: &Expr| do_two("subtract", a, b);
    let multiply = |a: &Expr, b: &Expr| do_two("multiply", a, b);
    let (n, m) = (n as f64, m as f64);
    let weight = m / (n + m);
    let (weight, spread) = (
        constant(Scalar::from(weight))?,
        constant(Scalar::from(n * weight))?,
    );
    let delta = add(&subtract(&mean_b, &mean)?, &subtract(&low_b, &low)?)?;
    let between = multiply(&multiply(&delta, &delta)?, &spread)?;
    let squares = add(&add(&squares, &squares_b)?, &between)?;
    // The sum of two numbers and its error (Knuth), then of a large and a small one (Dekker).
    let moved = multiply(&delta, &weight)?;
    let high = add(&mean, &moved)?;
    let back = subtract(&high, &mean)?;
    let error = add(
        &subtract(&mean, &subtract(&high, &back)?)?,
        &subtract(&moved, &back)?,
    )?;
    let small = add(&error, &low)?;
    let sum = add(&high, &small)?;
    let rest = add(&subtract(&high, &sum)?, &small)?;
    Ok([sum, rest, squares])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::attr::Leaf;
    use crate::build::array;
    use crate::reference::evaluate;
    use tilewright_core::{DType, Error, Grid, Kind};
    use tilewright_vecmath::moments_merge;

    /// Hostile numbers: of other signs and sizes, so that every rounding error is one.
    const NUMBERS: [f64; 6] = [1e16, -3.5, 0.1, -1e-300, 7e8 + 0.3, -0.0];

    #[test]
    fn expressions_and_the_kernel_merge_states_to_the_same_bits() {
        let every: Vec<[f64; 2]> = (NUMBERS.iter())
            .flat_map(|&a| NUMBERS.map(|b| [a, b]))
            .collect();
        let part = |scale: f64, side: usize| -> Vec<f64> {
            every.iter().map(|pair| pair[side] * scale).collect()
        };
        // Means, what they lack, and squares, of both sides.
        let scales = [1.0, 1e-17, 3.0];
        let states = [0, 1].map(|side| scales.map(|scale| part(scale, side)));
        let expr = |values: &Vec<f64>| {
            let elements = values.iter().map(|&value| Scalar::from(value)).collect();
            array(elements, DType::F64, Grid::whole(&[values.len() as i64])).unwrap()
        };
        for (n, m) in [(1i64, 1i64), (4, 3), (1024, 1)] {
            let [a, b] = states.each_ref().map(|state| state.each_ref().map(expr));
            let merged = moments(a, b, (n, m)).unwrap();
            let [[mut mean, mut low, mut squares], b] = states.clone();
            moments_merge(
                n as f64,
                &mut mean,
                &mut low,
                &mut squares,
                m as f64,
                &b[0],
                &b[1],
                &b[2],
            );
            for (merged, want) in merged.iter().zip([mean, low, squares]) {
                let read = |_: &Leaf| Err(Error::new(Kind::Internal, "nothing is stored"));
                let block = evaluate(std::slice::from_ref(merged), &read)
                    .unwrap()
                    .remove(0);
                let bits = |k: usize| block.get(k).unwrap().bits();
                let got: Vec<u64> = (0..want.len()).map(bits).collect();
                let want: Vec<u64> = want.iter().map(|value| value.to_bits()).collect();
                assert_eq!(got, want, "{n} and {m}");
            }
        }
    }
}
