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
