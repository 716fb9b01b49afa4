//! Which elements of a sorted sample is a quantile made of, and with which weight?
//!
//! The positions of NumPy's methods in f64, in the order of operations of NumPy 2, so that the
//! bits are its. Hyndman and Fan 1996, "Sample quantiles in statistical packages"; the four methods
//! after them are NumPy's own. Absent: sorting, and the interpolation itself, which depends on the
//! element type.

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
    /// Weight of the element above; none where `previous` is taken as it is.
    pub weight: Option<f64>,
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

    /// Where quantile `q` of `count > 0` elements lies.
    pub fn position(self, count: usize, q: f64) -> Position {
        let n = count as f64;
        let along = (n - 1.0) * q;
        let picked = |index: f64| {
            // Negative and NaN positions are the first element.
            let at = (index as usize).min(count - 1);
            Position {
                previous: at,
                next: at,
                weight: None,
            }
        };
        let step = |index: f64, stays: fn(f64) -> bool| {
            let below = index.floor();
            let exact = index - below == 0.0 && stays(below);
            picked(if exact { below } else { below + 1.0 })
        };
        let hyndman_fan = |alpha: f64, beta: f64| n * q + (alpha + q * (1.0 - alpha - beta)) - 1.0;
        let plain = |gamma: f64, _: f64| gamma;
        match self {
            Method::InvertedCdf => step(n * q - 1.0, |_| true),
            Method::ClosestObservation => {
                step(n * q - 1.0 - 0.5, |below| below.rem_euclid(2.0) == 1.0)
            }
            Method::Lower => picked(along.floor()),
            Method::Higher => picked(along.ceil()),
            Method::Nearest => picked(along.round_ties_even()),
            Method::AveragedInvertedCdf => {
                between(
                    count,
                    n * q - 1.0,
                    |gamma, _| {
                        if gamma == 0.0 { 0.5 } else { 1.0 }
                    },
                )
            }
            Method::Midpoint => between(count, 0.5 * (along.floor() + along.ceil()), |_, index| {
                if index % 1.0 == 0.0 { 0.0 } else { 0.5 }
            }),
            Method::InterpolatedInvertedCdf => between(count, hyndman_fan(0.0, 1.0), plain),
            Method::Hazen => between(count, hyndman_fan(0.5, 0.5), plain),
            Method::Weibull => between(count, hyndman_fan(0.0, 0.0), plain),
            Method::Linear => between(count, along, plain),
            Method::MedianUnbiased => between(count, hyndman_fan(1.0 / 3.0, 1.0 / 3.0), plain),
            Method::NormalUnbiased => between(count, hyndman_fan(3.0 / 8.0, 3.0 / 8.0), plain),
            Method::Median => Position {
                previous: (count - 1) / 2,
                next: count / 2,
                weight: Some(0.5),
            },
        }
    }
}

/// The elements around a position, and the weight that its method makes of what lies beyond the
/// lower one. NumPy counts beyond the last element from the end, and below the first from 0.
fn between(count: usize, index: f64, weigh: impl Fn(f64, f64) -> f64) -> Position {
    let last = count - 1;
    let (previous, next, from) = if index >= last as f64 {
        (last, last, -1.0)
    } else if index < 0.0 {
        (0, 0, 0.0)
    } else {
        let below = index.floor();
        (below as usize, below as usize + 1, below)
    };
    Position {
        previous,
        next,
        weight: Some(weigh(index - from, index)),
    }
}
