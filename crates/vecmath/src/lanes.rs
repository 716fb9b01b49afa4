//! What do the lane implementations share?
//!
//! The block lengths, rounding to an integer by adding 1.5·2^52, selects and exact sums. All are
//! branch-free over plain floats: loops over arrays of them are what the compiler vectorises.

/// Elements of one block: several vectors at every level, so that their latencies overlap.
pub(crate) const BLOCK: usize = 32;

/// Elements of a block at the end of a slice, padded.
pub(crate) const TAIL: usize = 8;

/// 1.5·2^52: adding it to |x| < 2^51 rounds x to an integer, held in the low mantissa bits.
pub(crate) const ROUND: f64 = 6_755_399_441_055_744.0;

/// `if condition { yes } else { no }`: both sides are values, so it becomes a blend.
#[inline(always)]
pub(crate) fn select(condition: bool, yes: f64, no: f64) -> f64 {
    if condition { yes } else { no }
}

/// 2^n for whole n, −1023 < n < 1024; 0 for n = −1023.
#[inline(always)]
pub(crate) fn power_of_two(n: f64) -> f64 {
    let shifted = (n + (ROUND + 1023.0)).to_bits();
    f64::from_bits(shifted.wrapping_sub(ROUND.to_bits()) << 52)
}

/// a·b + c, rounded once.
#[inline(always)]
pub(crate) fn fma(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}

/// The rounded sum and its error, exact for all finite operands without overflow (Knuth 1969).
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let shifted = sum - a;
    (sum, (a - (sum - shifted)) + (b - shifted))
}

/// [`two_sum`] for |a| ≥ |b| or a = 0 (Dekker 1971).
#[inline(always)]
pub(crate) fn fast_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, (a - sum) + b)
}

/// The rounded product and its error, exact without underflow or overflow.
#[inline(always)]
pub(crate) fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, fma(a, b, -product))
}

/// The product of operands as high + low, as the rounded product of the high parts and what it leaves.
#[inline(always)]
pub(crate) fn double_product(a: f64, a_low: f64, b: f64, b_low: f64) -> (f64, f64) {
    let (high, low) = two_product(a, b);
    (high, fma(a, b_low, fma(a_low, b, low)))
}

/// a/b for operands as high + low, as quotient and what is left of it; |a|, |b| and a/b far from the
/// ends of the range, or a/b subnormal with b neither large nor small.
#[inline(always)]
pub(crate) fn quotient(a: f64, a_low: f64, b: f64, b_low: f64) -> (f64, f64) {
    let inverse = 1.0 / b;
    let quotient = a * inverse;
    let rest = fma(-quotient, b, a) + fma(-quotient, b_low, a_low);
    (quotient, rest * inverse)
}

/// √x for x ≥ 0 as high + low, as root and what is left of it.
#[inline(always)]
pub(crate) fn root(x: f64, x_low: f64) -> (f64, f64) {
    let root = x.sqrt();
    let rest = (fma(-root, root, x) + x_low) * (0.5 / root);
    (root, select(root == 0.0, 0.0, rest))
}

/// Σ coefficients\[i\]·x^i, constant term first: even and odd terms by Horner's rule with fma, so that
/// two chains of half the length run at once.
#[inline(always)]
pub(crate) fn polynomial<const N: usize>(x: f64, coefficients: &[f64; N]) -> f64 {
    let square = x * x;
    let (mut last, mut before) = (coefficients[N - 1], coefficients[N - 2]);
    let mut i = N - 2;
    while i >= 2 {
        last = fma(last, square, coefficients[i - 1]);
        before = fma(before, square, coefficients[i - 2]);
        i -= 2;
    }
    // `before` is the even half where N is even; an odd N has one more even term.
    if i == 0 {
        fma(last, x, before)
    } else {
        fma(before, x, fma(last, square, coefficients[0]))
    }
}
