//! Which elements of a sorted sample is a quantile made of, and with which weight?
//!
//! The positions of NumPy's methods, in the float of the quantiles asked for and the order of
//! operations of NumPy 2, so that the bits are its. Hyndman and Fan 1996, "Sample quantiles in statistical packages"; the four methods
//! after them are NumPy's own. Absent: sorting, and the interpolation itself, which depends on the
//! element type.

use tilewright_core::{DType, Scalar};

/// How a quantile between two elements is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Hyndman and Fan 1.
    InvertedCdf,
    /// Hyndman and Fan 2.
    AveragedInvertedCdf,
    /// Hyndman and Fan 3.
    ClosestObservation,
    /// Hyndman and Fan 4.
    InterpolatedInvertedCdf,
    /// Hyndman and Fan 5.
    Hazen,
    /// Hyndman and Fan 6.
    Weibull,
    /// Hyndman and Fan 7.
    Linear,
    /// Hyndman and Fan 8.
    MedianUnbiased,
    /// Hyndman and Fan 9.
    NormalUnbiased,
    /// The element at or below.
    Lower,
    /// The element at or above.
    Higher,
    /// Halfway between the two.
    Midpoint,
    /// The nearer of the two, the even one at a tie.
    Nearest,
    /// The mean of the middle element or elements; the quantile asked for does not matter.
    Median,
}

/// Where a quantile lies between elements of a sorted sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// The element below.
    pub previous: usize,
    /// The element above.
    pub next: usize,
    /// Weights of the element below, and of the one above; none where `previous` is taken as it is.
    pub weights: Option<[f64; 2]>,
}

impl Method {
    /// Every method.
    pub const ALL: [Method; 14] = [
        Method::InvertedCdf,
        Method::AveragedInvertedCdf,
        Method::ClosestObservation,
        Method::InterpolatedInvertedCdf,
        Method::Hazen,
        Method::Weibull,
        Method::Linear,
        Method::MedianUnbiased,
        Method::NormalUnbiased,
        Method::Lower,
        Method::Higher,
        Method::Midpoint,
        Method::Nearest,
        Method::Median,
    ];

    /// NumPy's name.
    pub fn name(self) -> &'static str {
        match self {
            Method::InvertedCdf => "inverted_cdf",
            Method::AveragedInvertedCdf => "averaged_inverted_cdf",
            Method::ClosestObservation => "closest_observation",
            Method::InterpolatedInvertedCdf => "interpolated_inverted_cdf",
            Method::Hazen => "hazen",
            Method::Weibull => "weibull",
            Method::Linear => "linear",
            Method::MedianUnbiased => "median_unbiased",
            Method::NormalUnbiased => "normal_unbiased",
            Method::Lower => "lower",
            Method::Higher => "higher",
            Method::Midpoint => "midpoint",
            Method::Nearest => "nearest",
            Method::Median => "median",
        }
    }

    /// Whether a quantile is always one of the elements.
    pub fn picks(self) -> bool {
        use Method::*;
        matches!(
            self,
            InvertedCdf | ClosestObservation | Lower | Higher | Nearest
        )
    }

    /// Where quantile `q` of `count > 0` elements lies; each step is rounded to `float`.
    pub fn position(self, count: usize, q: f64, float: DType) -> Position {
        let r = |value: f64| match float {
            DType::F64 => value,
            narrow => Scalar::from_f64(narrow, value).to_f64(),
        };
        let (n, last) = (r(count as f64), r(count as f64 - 1.0));
        let along = r(last * q);
        let behind = r(r(n * q) - 1.0);
        let picked = |index: f64| {
            // Negative and NaN positions are the first element.
            let at = (index as usize).min(count - 1);
            Position {
                previous: at,
                next: at,
                weights: None,
            }
        };
        let step = |index: f64, stays: fn(f64) -> bool| {
            let below = index.floor();
            let exact = index - below == 0.0 && stays(below);
            picked(if exact { below } else { below + 1.0 })
        };
        let between = |index: f64, weigh: fn(f64, f64) -> f64| between(count, index, weigh, r);
        let hyndman_fan = |alpha: f64, beta: f64| {
            let more = r(r(alpha) + r(q * r(1.0 - alpha - beta)));
            between(r(r(r(n * q) + more) - 1.0), |gamma, _| gamma)
        };
        match self {
            Method::InvertedCdf => step(behind, |_| true),
            Method::ClosestObservation => {
                step(r(behind - 0.5), |below| below.rem_euclid(2.0) == 1.0)
            }
            Method::Lower => picked(along.floor()),
            Method::Higher => picked(along.ceil()),
            Method::Nearest => picked(along.round_ties_even()),
            Method::AveragedInvertedCdf => {
                between(behind, |gamma, _| if gamma == 0.0 { 0.5 } else { 1.0 })
            }
            Method::Midpoint => {
                let middle = r(0.5 * r(along.floor() + along.ceil()));
                between(
                    middle,
                    |_, index| if index % 1.0 == 0.0 { 0.0 } else { 0.5 },
                )
            }
            Method::InterpolatedInvertedCdf => hyndman_fan(0.0, 1.0),
            Method::Hazen => hyndman_fan(0.5, 0.5),
            Method::Weibull => hyndman_fan(0.0, 0.0),
            Method::Linear => between(along, |gamma, _| gamma),
            Method::MedianUnbiased => hyndman_fan(1.0 / 3.0, 1.0 / 3.0),
            Method::NormalUnbiased => hyndman_fan(3.0 / 8.0, 3.0 / 8.0),
            Method::Median => Position {
                previous: (count - 1) / 2,
                next: count / 2,
                weights: Some([0.5; 2]),
            },
        }
    }
}

/// The elements around a position, and the weights that its method makes of what lies beyond the
/// lower one. NumPy counts beyond the last element from the end, and below the first from 0.
fn between(
    count: usize,
    index: f64,
    weigh: fn(f64, f64) -> f64,
    r: impl Fn(f64) -> f64,
) -> Position {
    let last = count - 1;
    let (previous, next, from) = if index >= last as f64 {
        (last, last, -1.0)
    } else if index < 0.0 {
        (0, 0, 0.0)
    } else {
        let below = index.floor();
        (below as usize, below as usize + 1, below)
    };
    let weight = weigh(r(index - from), index);
    Position {
        previous,
        next,
        weights: Some([r(1.0 - weight), weight]),
    }
}
