//! Von Mises', Zipf's and the hypergeometric law by rejection.
//!
//! As in [`rejection`](super::rejection): each attempt is made from substreams of its own.

use super::rejection::{Element, log_gamma};
use crate::math::{exp, expm1, log, log1p};

/// 1 − cos of an angle of concentration κ about 0, with the angle's sign: what cos near 1 has lost.
///
/// **Source** Best and Fisher 1979, "Efficient simulation of the von Mises distribution". Its
/// s = (1 + ρ²) / 2ρ is (1 + √(1 + 4κ²)) / 2κ, of which s − 1 is taken without a difference.
#[inline(always)]
pub(super) fn von_mises(element: Element, [kappa, ..]: [f64; 3]) -> f64 {
    if kappa.is_nan() || kappa < 0.0 {
        return f64::NAN;
    }
    if kappa == f64::INFINITY {
        return 0.0;
    }
    // Beyond this, sums of two of its doubles overflow; angles are below 1e-153 either way.
    let kappa = kappa.min(f64::MAX / 8.0);
    // Where 4κ² would overflow, 1 is nothing beside it.
    let root = match kappa < 1e8 {
        true => (1.0 + 4.0 * kappa * kappa).sqrt(),
        false => 2.0 * kappa,
    };
    let above_one = (1.0 + 1.0 / (root + 2.0 * kappa)) / (2.0 * kappa);
    let mut substream = 0;
    loop {
        let [x, y] = element.uniform(substream).map(|u| 2.0 * u - 1.0);
        let [v, side] = element.uniform(substream + 1);
        substream += 2;
        let square = x * x + y * y;
        if square > 1.0 || square == 0.0 {
            continue;
        }
        // The cosine of a uniform angle: twice the point's.
        let short = 2.0 * y * y / square;
        let z = 1.0 - short;
        let d = match above_one.is_finite() {
            true => above_one * short / (above_one + (1.0 + z)),
            false => short,
        };
        let t = match above_one.is_finite() {
            true => kappa * (above_one + d),
            false => 1.0,
        };
        if t * (2.0 - t) - v >= 0.0 || log(t / v) + 1.0 - t >= 0.0 {
            return if side < 0.5 { -d } else { d };
        }
    }
}

/// k of at least 1 with a probability in proportion to k^-a.
///
/// **Source** Devroye 1986, "Non-Uniform Random Variate Generation", X.6.1; cut at the largest int64
/// as NumPy cuts it.
#[inline(always)]
pub(super) fn zipf(element: Element, [a, ..]: [f64; 3]) -> f64 {
    const LARGEST: f64 = i64::MAX as f64;
    // NumPy: beyond this 2 is too rare to be seen.
    const STEEP: f64 = 1025.0;
    if a.is_nan() || a <= 1.0 {
        return f64::NAN;
    }
    if a >= STEEP {
        return 1.0;
    }
    let power = a - 1.0;
    let b_less_one = expm1(power * std::f64::consts::LN_2);
    let least = exp(-power * log(LARGEST));
    let mut attempt = 0;
    loop {
        let [u, v] = element.uniform(attempt);
        attempt += 1;
        let u = u * least + (1.0 - u);
        let k = exp(-log(u) / power).floor();
        if !(1.0..LARGEST).contains(&k) {
            continue;
        }
        let t_less_one = expm1(power * log1p(1.0 / k));
        if v * k * t_less_one * (b_less_one + 1.0) <= (t_less_one + 1.0) * b_less_one {
            return k;
        }
    }
}

/// How many good ones are among a sample.
///
/// **Source** Stadlober 1990, "The ratio of uniforms approach for generating discrete random
/// variates" (HRUA); small samples are taken one by one.
#[inline(always)]
pub(super) fn hypergeometric(element: Element, [good, bad, sample]: [f64; 3]) -> f64 {
    /// More than this are not exact in the logarithms of factorials.
    const MOST: f64 = 1e9;
    const SMALL: f64 = 10.0;
    let all = good + bad;
    let counts = |x: f64| (0.0..MOST).contains(&x);
    if !counts(good) || !counts(bad) || !(0.0..=all).contains(&sample) {
        return f64::NAN;
    }
    let (good, bad, sample) = (good.floor(), bad.floor(), sample.floor());
    let all = good + bad;
    // Of more than half it is the rest that is taken.
    let taken = sample.min(all - sample);
    let found = if taken < SMALL {
        one_by_one(element, good, all, taken)
    } else {
        ratio_of_uniforms(element, good, bad, taken)
    };
    if taken == sample { found } else { good - found }
}

#[inline(always)]
fn one_by_one(element: Element, good: f64, all: f64, taken: f64) -> f64 {
    let mut found = 0.0;
    let mut turn = 0;
    while f64::from(turn) < taken {
        let [u, _] = element.uniform(turn);
        if u * (all - f64::from(turn)) < good - found {
            found += 1.0;
        }
        turn += 1;
    }
    found
}

#[inline(always)]
fn ratio_of_uniforms(element: Element, good: f64, bad: f64, taken: f64) -> f64 {
    // 2·√(2/e) and 3 − 2·√(3/e).
    const WIDTH: f64 = 1.715_527_769_921_413_5;
    const OFFSET: f64 = 0.898_916_162_058_898_8;
    let (few, many, all) = (good.min(bad), good.max(bad), good + bad);
    let (p, q) = (few / all, many / all);
    let center = taken * p + 0.5;
    let variance = (all - taken) * taken * p * q / (all - 1.0);
    let deviation = (variance + 0.5).sqrt();
    let width = WIDTH * deviation + OFFSET;
    let mode = ((taken + 1.0) * (few + 1.0) / (all + 2.0)).floor();
    let factorials = |k: f64| {
        log_gamma(k + 1.0)
            + log_gamma(few - k + 1.0)
            + log_gamma(taken - k + 1.0)
            + log_gamma(many - taken + k + 1.0)
    };
    let top = factorials(mode);
    let end = (taken.min(few) + 1.0).min((center + 16.0 * deviation).floor());
    let mut attempt = 0;
    let found = loop {
        let [u, v] = element.uniform(attempt);
        attempt += 1;
        let x = center + width * (v - 0.5) / u;
        if !(0.0..end).contains(&x) {
            continue;
        }
        let k = x.floor();
        let density = top - factorials(k);
        if u * (4.0 - u) - 3.0 <= density {
            break k;
        }
        if u * (u - density) < 1.0 && 2.0 * log(u) <= density {
            break k;
        }
    };
    if good > bad { taken - found } else { found }
}
