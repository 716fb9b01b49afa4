//! Singular values of a matrix.
//!
//! Its shorter side's vectors are turned in pairs until all are at right angles; then their lengths are
//! the singular values. Every operation is rounded once, in an order that depends on the sides alone.
//!
//! **Source** Hestenes 1958; Demmel and Veselić 1992, "Jacobi's method is more accurate than QR".

/// Partial sums of a scalar product.
const LANES: usize = 8;

/// Sweeps over all pairs after which an answer is taken as it is; some ten are needed.
const SWEEPS: usize = 64;

/// Writes the singular values in descending order. The matrix holds its `values.len()` vectors of its
/// shorter side, each `length` elements long and contiguous; it is overwritten. One with an element
/// that is not finite has NaN alone.
pub fn singular_values(values: &mut [f64], matrix: &mut [f64], length: usize) {
    let largest = matrix.iter().fold(0.0f64, |most, x| most.max(x.abs()));
    if largest == 0.0 || length == 0 || matrix.iter().any(|x| !x.is_finite()) {
        let finite = matrix.iter().all(|x| x.is_finite());
        values.fill(if finite { 0.0 } else { f64::NAN });
        return;
    }
    // Powers of two, so that no square overflows or vanishes that counts.
    let (down, up) = scales(largest);
    matrix.iter_mut().for_each(|x| *x = *x * down[0] * down[1]);
    for _ in 0..SWEEPS {
        if !sweep(matrix, values.len(), length) {
            break;
        }
    }
    for (value, vector) in values.iter_mut().zip(matrix.chunks_exact(length)) {
        let [square, ..] = products(vector, vector);
        *value = square.sqrt() * up[0] * up[1];
    }
    values.sort_unstable_by(|a, b| b.total_cmp(a));
}

/// Two factors that bring a number near to 1, and two that bring it back.
fn scales(largest: f64) -> ([f64; 2], [f64; 2]) {
    let exponent = largest.log2().floor().clamp(-1074.0, 1023.0) as i32;
    let power = |exponent: i32| f64::from_bits(((exponent + 1023) as u64) << 52);
    let half = exponent / 2;
    let (low, high) = (power(-half), power(half));
    let (rest, back) = (power(half - exponent), power(exponent - half));
    ([low, rest], [high, back])
}

/// Turns each pair of vectors that are not at right angles; whether there were any.
fn sweep(matrix: &mut [f64], count: usize, length: usize) -> bool {
    let mut turned = false;
    for first in 0..count {
        let Some((head, tail)) = matrix.split_at_mut_checked((first + 1) * length) else {
            return turned;
        };
        let a = &mut head[first * length..];
        for b in tail.chunks_exact_mut(length) {
            turned |= turn(a, b);
        }
    }
    turned
}

/// Turns two vectors in their plane, so that they are at right angles; whether they were not.
fn turn(a: &mut [f64], b: &mut [f64]) -> bool {
    let [aa, ab, bb] = products(a, b);
    if ab.abs() <= f64::EPSILON * aa.sqrt() * bb.sqrt() {
        return false;
    }
    let cotangent = (bb - aa) / (2.0 * ab);
    let tangent = 1.0 / (cotangent.abs() + (1.0 + cotangent * cotangent).sqrt());
    let tangent = tangent.copysign(cotangent);
    let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
    let sine = cosine * tangent;
    for (x, y) in a.iter_mut().zip(b) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
    true
}

/// `a·a`, `a·b` and `b·b`.
fn products(a: &[f64], b: &[f64]) -> [f64; 3] {
    let mut sums = [[0.0f64; LANES]; 3];
    for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
        for (lane, (x, y)) in a.iter().zip(b).enumerate() {
            sums[0][lane] += x * x;
            sums[1][lane] += x * y;
            sums[2][lane] += y * y;
        }
    }
    sums.map(|l| ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7])))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A matrix of vectors `s_k · h_k`, with `h_k` lines of Hadamard's matrix over its root: at right
    /// angles and of length 1, exactly.
    fn orthogonal(singular: &[f64]) -> Vec<f64> {
        let n = 16usize;
        let sign = |i: usize, j: usize| {
            if (i & j).count_ones().is_multiple_of(2) {
                0.25
            } else {
                -0.25
            }
        };
        let lines = singular.iter().enumerate();
        lines
            .flat_map(|(i, s)| (0..n).map(move |j| s * sign(i, j)))
            .collect()
    }

    /// The same singular values, with vectors that are not at right angles: turned by a half angle.
    fn mixed(matrix: &[f64]) -> Vec<f64> {
        let mut out = matrix.to_vec();
        let (c, s) = (0.6, 0.8);
        for step in [1, 2, 3] {
            for first in 0..out.len() / 16 - step {
                for j in 0..16 {
                    let (x, y) = (out[first * 16 + j], out[(first + step) * 16 + j]);
                    out[first * 16 + j] = c * x - s * y;
                    out[(first + step) * 16 + j] = s * x + c * y;
                }
            }
        }
        out
    }

    #[test]
    fn turned_vectors_keep_their_singular_values() {
        let singular = [1e3, 8.0, 1.0, 0.25, 1e-6, 0.0];
        for scale in [1.0, 1e300, 1e-300] {
            let own = singular.map(|s| s * scale);
            let mut values = [0.0; 6];
            singular_values(&mut values, &mut mixed(&orthogonal(&own)), 16);
            for (value, own) in values.iter().zip(own) {
                let error = (value - own).abs();
                assert!(
                    error <= 64.0 * f64::EPSILON * 1e3 * scale,
                    "{value} for {own}"
                );
            }
        }
    }

    #[test]
    fn corners() {
        let of = |matrix: &[f64], count: usize, length| {
            let mut values = vec![-1.0; count];
            singular_values(&mut values, &mut matrix.to_vec(), length);
            values
        };
        assert_eq!(of(&[3.0, 4.0], 1, 2), [5.0]);
        assert_eq!(of(&[0.0; 6], 2, 3), [0.0, 0.0]);
        assert!(of(&[1.0, f64::NAN], 1, 2)[0].is_nan());
        assert!(of(&[1.0, f64::INFINITY], 1, 2)[0].is_nan());
        assert_eq!(of(&[f64::MAX, 0.0], 1, 2), [f64::MAX]);
        assert_eq!(of(&[5e-324, 0.0], 1, 2), [5e-324]);
    }
}
