//! How many elements lie in each bin?

use crate::Array;
use crate::rows::binary;
use tilewright_expr::build;

/// How a histogram is counted.
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    /// The lower edge of the first bin and the upper edge of the last; the extremes without.
    pub range: Option<(f64, f64)>,
    /// What each element counts; 1 without.
    pub weights: Option<Array>,
    /// Whether counts are divided by the bins' widths and their total.
    pub density: bool,
}

/// Bins of a histogram: their number, or their edges.
#[derive(Clone, Debug)]
pub enum Bins {
    /// So many of equal width.
    Count(i64),
    /// Between these edges.
    Edges(Array),
}

impl Bins {
    /// The edges of these bins over an array.
    ///
    /// # Errors
    /// [`Kind::Value`](crate::Kind::Value) for no bins or a range that is none; held by the array.
    #[must_use]
    #[track_caller]
    pub fn edges(&self, x: &Array, range: Option<(f64, f64)>) -> Array {
        match self {
            Bins::Count(count) => {
                x.then(|x| build::histogram::edges(x, &build::Bins::Count(*count), range))
            }
            Bins::Edges(edges) => binary(x, edges, |x, edges| {
                build::histogram::edges(x, &build::Bins::Edges(edges.clone()), range)
            }),
        }
    }
}

/// How many elements lie in each bin, and the bins' edges.
///
/// Chunk by chunk: the array is never in memory whole. The last bin holds its upper edge; NaN and
/// what lies outside counts nowhere.
///
/// ```
/// use tilewright::{Bins, Histogram, histogram};
///
/// let x = tilewright::array([0.0, 0.1, 0.5, 1.0], [4]);
/// let (counts, edges) = histogram(&x, &Bins::Count(2), &Histogram::default());
/// assert_eq!(counts.compute()?.to_vec::<i64>()?, [2, 2]);
/// assert_eq!(edges.compute()?.to_vec::<f64>()?, [0.0, 0.5, 1.0]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[must_use]
#[track_caller]
pub fn histogram(x: &Array, bins: &Bins, how: &Histogram) -> (Array, Array) {
    let edges = bins.edges(x, how.range);
    let arrays = [x, &edges].into_iter().chain(&how.weights);
    let counts = Array::join(arrays, |exprs| {
        build::histogram(&exprs[0], &exprs[1], exprs.get(2), how.density)
    });
    (counts, edges)
}

/// How many pairs of elements lie in each pair of bins, and the edges of both.
#[must_use]
#[track_caller]
pub fn histogram2d(
    pair: [&Array; 2],
    bins: [&Bins; 2],
    ranges: [Option<(f64, f64)>; 2],
    weights: Option<&Array>,
    density: bool,
) -> (Array, Array, Array) {
    let edges = [0, 1].map(|k: usize| bins[k].edges(pair[k], ranges[k]));
    let arrays = pair.into_iter().chain(&edges).chain(weights);
    let counts = Array::join(arrays, |exprs| {
        build::histogram2d(
            [&exprs[0], &exprs[1]],
            [&exprs[2], &exprs[3]],
            exprs.get(4),
            density,
        )
    });
    let [first, second] = edges;
    (counts, first, second)
}
