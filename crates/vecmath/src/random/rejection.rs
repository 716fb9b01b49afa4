//! Laws by rejection: which number do an element's own draws give?
//!
//! Attempt k of an element is made from substream k of its counter, so that the number is a pure
//! function of (seed, index) however many attempts it takes. Small Poisson and binomial numbers are
//! the inverse of one uniform number, by adding probabilities up. Other laws are in `laws`.

use super::draw::{Draw, Key, Law, Run, first_pair};
use super::laws;
use super::normal::quantile;
use crate::level::{self, Level, Work};
use crate::math::{exp, gammaln, log, log1p};

/// Expected counts below which probabilities are added up.
const FEW: f64 = 10.0;

/// Terms added at most: beyond them no probability is left at [`FEW`] expected.
const TERMS: u32 = 200;

/// The parameters of a law: as many slices as it has, then empty ones.
pub type Parameters<'a> = [&'a [f64]; 3];

/// dst\[k\] of a law with parameters, for as many elements as all slices have. A slice of one element
/// stands for all of `dst`. Parameters out of the law's range give NaN.
///
/// * [`Draw`]s of gamma laws: the shape, the scale is 1 (Marsaglia and Tsang 2000).
/// * Of Poisson's law: the mean (PTRS, Hörmann 1993).
/// * Of the binomial law: trials and their probability (BTRS, Hörmann 1993).
/// * Of von Mises' law: the concentration (Best and Fisher 1979); 1 − cos of the angle, with its sign.
/// * Of Zipf's law: the exponent (Devroye 1986, X.6.1).
/// * Of the hypergeometric law: good ones, bad ones, and how many are taken (HRUA, Stadlober 1990).
pub fn draw_of(
    draw: Draw,
    seed: u64,
    start: u64,
    step: i64,
    parameters: Parameters<'_>,
    dst: &mut [f64],
) {
    draw_of_at(level::best(), draw, seed, start, step, parameters, dst);
}

/// [`draw_of`] at `level` (or at the machine's best if lower): for tests and measurements, the bits
/// are the same.
pub fn draw_of_at(
    level: Level,
    draw: Draw,
    seed: u64,
    start: u64,
    step: i64,
    parameters: Parameters<'_>,
    dst: &mut [f64],
) {
    let mut len = dst.len();
    for parameter in parameters.iter().take(draw.parameters()) {
        if parameter.len() != 1 {
            len = len.min(parameter.len());
        }
    }
    let key = Key {
        seed,
        stream: draw.stream(),
    };
    let run = Run { start, step };
    let dst = &mut dst[..len];
    macro_rules! each {
        ($law:expr) => {
            level::at(
                level,
                Each {
                    key,
                    run,
                    parameters,
                    dst,
                    law: $law,
                },
            )
        };
    }
    match draw.law() {
        Law::Gamma => each!(gamma),
        Law::Poisson => each!(poisson),
        Law::Binomial => each!(binomial),
        Law::VonMises => each!(laws::von_mises),
        Law::Zipf => each!(laws::zipf),
        Law::Hypergeometric => each!(laws::hypergeometric),
        Law::Uniform | Law::Normal | Law::Integers => {}
    }
}

/// The draws of one element.
#[derive(Clone, Copy)]
pub(super) struct Element {
    key: Key,
    index: u64,
}

impl Element {
    /// Two uniform numbers in (0, 1) of a substream, as the integers j of (j + ½)·2^-53.
    #[inline(always)]
    fn pair(self, substream: u32) -> [u64; 2] {
        let words = self.key.substream(self.index, substream);
        [first_pair(words) >> 11, (words[2] | words[3] << 32) >> 11]
    }

    /// The same as numbers.
    #[inline(always)]
    pub(super) fn uniform(self, substream: u32) -> [f64; 2] {
        self.pair(substream).map(number)
    }
}

/// (j + ½)·2^-53; the greatest, which would round to 1, is the one before it.
#[inline(always)]
fn number(j: u64) -> f64 {
    const UNIT: f64 = 1.0 / (1u64 << 53) as f64;
    ((j as f64 + 0.5) * UNIT).min(1.0 - UNIT)
}

struct Each<'a, F> {
    key: Key,
    run: Run,
    parameters: Parameters<'a>,
    dst: &'a mut [f64],
    law: F,
}

impl<F: Fn(Element, [f64; 3]) -> f64> Work for Each<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let at = |parameter: &[f64], k: usize| match parameter {
            [] => 0.0,
            [only] => *only,
            all => all[k],
        };
        for (k, dst) in self.dst.iter_mut().enumerate() {
            let element = Element {
                key: self.key,
                index: self.run.index(k),
            };
            *dst = (self.law)(element, self.parameters.map(|parameter| at(parameter, k)));
        }
    }
}

/// Of a shape below 1: that of the shape plus 1, times u^(1/shape).
#[inline(always)]
fn gamma(element: Element, [shape, ..]: [f64; 3]) -> f64 {
    if shape == 0.0 || shape == f64::INFINITY {
        return shape;
    }
    if shape.is_nan() || shape < 0.0 {
        return f64::NAN;
    }
    let boosted = if shape < 1.0 { shape + 1.0 } else { shape };
    let d = boosted - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    let mut attempt = 0;
    let v = loop {
        attempt += 1;
        let [j, k] = element.pair(attempt);
        let z = quantile(j);
        let t = 1.0 + c * z;
        if t <= 0.0 {
            continue;
        }
        let v = t * t * t;
        if log(number(k)) < 0.5 * z * z + d * (1.0 - v + log(v)) {
            break v;
        }
    };
    if shape >= 1.0 {
        return d * v;
    }
    d * v * exp(log(element.uniform(0)[0]) / shape)
}

#[inline(always)]
fn poisson(element: Element, [mean, ..]: [f64; 3]) -> f64 {
    if mean.is_nan() || mean < 0.0 || mean == f64::INFINITY {
        return f64::NAN;
    }
    if mean < FEW {
        let u = element.uniform(0)[0];
        let (mut k, mut p) = (0.0, exp(-mean));
        let mut total = p;
        while u > total && k < f64::from(TERMS) {
            k += 1.0;
            p *= mean / k;
            total += p;
        }
        return k;
    }
    let root = mean.sqrt();
    let log_mean = log(mean);
    let b = 0.931 + 2.53 * root;
    let a = -0.059 + 0.02483 * b;
    let inverse = 1.1239 + 1.1328 / (b - 3.4);
    let accepted = 0.9277 - 3.6224 / (b - 2.0);
    let mut attempt = 0;
    loop {
        attempt += 1;
        let [u, v] = element.uniform(attempt);
        let u = u - 0.5;
        let us = 0.5 - u.abs();
        let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
        if us >= 0.07 && v <= accepted {
            return k;
        }
        if k < 0.0 || (us < 0.013 && v > us) {
            continue;
        }
        let density = k * log_mean - mean - log_gamma(k + 1.0);
        if log(v) + log(inverse) - log(a / (us * us) + b) <= density {
            return k;
        }
    }
}

/// Of a probability above ½: the failures.
#[inline(always)]
fn binomial(element: Element, [trials, p, _]: [f64; 3]) -> f64 {
    let valid = (0.0..f64::INFINITY).contains(&trials) && (0.0..=1.0).contains(&p);
    if !valid {
        return f64::NAN;
    }
    let few = p <= 0.5;
    let r = if few { p } else { 1.0 - p };
    let k = successes(element, trials, r);
    if few { k } else { trials - k }
}

/// Of a probability of at most ½.
#[inline(always)]
fn successes(element: Element, n: f64, r: f64) -> f64 {
    let q = 1.0 - r;
    if n * r < FEW {
        let u = element.uniform(0)[0];
        let (mut k, mut p) = (0.0, exp(n * log1p(-r)));
        let mut total = p;
        while u > total && k < n && k < f64::from(TERMS) {
            p *= (n - k) * r / ((k + 1.0) * q);
            k += 1.0;
            total += p;
        }
        return k;
    }
    let deviation = (n * r * q).sqrt();
    let b = 1.15 + 2.53 * deviation;
    let a = -0.0873 + 0.0248 * b + 0.01 * r;
    let c = n * r + 0.5;
    let accepted = 0.92 - 4.2 / b;
    let alpha = (2.83 + 5.1 / b) * deviation;
    let log_odds = log(r / q);
    let mode = ((n + 1.0) * r).floor();
    let top = log_gamma(mode + 1.0) + log_gamma(n - mode + 1.0);
    let mut attempt = 0;
    loop {
        attempt += 1;
        let [u, v] = element.uniform(attempt);
        let u = u - 0.5;
        let us = 0.5 - u.abs();
        let k = ((2.0 * a / us + b) * u + c).floor();
        if us >= 0.07 && v <= accepted {
            return k;
        }
        if k < 0.0 || k > n {
            continue;
        }
        let density = top - log_gamma(k + 1.0) - log_gamma(n - k + 1.0) + (k - mode) * log_odds;
        if log(v * alpha / (a / (us * us) + b)) <= density {
            return k;
        }
    }
}

#[inline(always)]
pub(super) fn log_gamma(x: f64) -> f64 {
    let mut out = [0.0];
    gammaln(&[x], &mut out);
    out[0]
}
