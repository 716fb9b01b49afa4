//! How many elements lie in each bin?

use crate::Array;
use crate::rows::binary;
use tilewright_core::error::{Refusal, show_shape};
use tilewright_core::{DType, Error, Grid, Kind, Result};
pub use tilewright_expr::build::bins::Rule as BinRule;
use tilewright_expr::{Expr, build};

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

/// Bins of a histogram: their number, a rule for it, or their edges.
#[derive(Clone, Debug)]
pub enum Bins {
    /// So many of equal width.
    Count(i64),
    /// As many of equal width as a rule wants: counted when it is computed.
    Rule(BinRule),
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
                let bins = build::Bins::Count(*count);
                x.then(move |x| build::histogram::edges(x, &bins, range))
            }
            Bins::Rule(rule) => {
                let rule = *rule;
                let counts = move |exprs: &[Expr]| {
                    // What is no range is refused before.
                    build::histogram::edges(&exprs[0], &build::Bins::Count(1), range)?;
                    // Nothing bounds it; what is given without a rule stands for that.
                    Ok(vec![(build::bins::wanted(&exprs[0], rule, range)?, 10)])
                };
                Array::recipe([x], counts, move |exprs, lengths| {
                    build::histogram::edges(&exprs[0], &build::Bins::Count(lengths[0]), range)
                })
            }
            Bins::Edges(edges) => binary(x, edges, move |x, edges| {
                build::histogram::edges(x, &build::Bins::Edges(edges.clone()), range)
            }),
        }
    }
}

/// How many elements lie in each bin, and the bins' edges.
///
/// With a rule for bins there are no weights.
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
    if let (Bins::Rule(_), Some(_)) = (bins, &how.weights) {
        let refused = Array::new(Err(Error::new(Kind::Value, "a rule for bins of weights")
            .way_out("a number of bins, or edges")));
        return (refused.clone(), refused);
    }
    let edges = bins.edges(x, how.range);
    let arrays = [x, &edges].into_iter().chain(&how.weights);
    let density = how.density;
    let counts = Array::join(arrays, move |exprs| {
        build::histogram(&exprs[0], &exprs[1], exprs.get(2), density)
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
    // As of one array of pairs, which has one dtype.
    let dtypes = (pair[0].dtype(), pair[1].dtype());
    let pair = pair.map(|x| match dtypes {
        (Ok(a), Ok(b)) => x.astype(a.promote(b)),
        _ => x.clone(),
    });
    let edges = [0, 1].map(|k: usize| bins[k].edges(&pair[k], ranges[k]));
    let arrays = pair.iter().chain(&edges).chain(weights);
    let counts = Array::join(arrays, move |exprs| {
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

impl Array {
    /// How often each number from 0 to the largest stands in an array of integers, and up to
    /// `minlength` numbers at least; or what `weights` there add up to, in f64.
    ///
    /// # Errors
    /// [`Kind::Shape`] for other than one axis, [`Kind::DType`] for floats, [`Kind::Value`] for a
    /// negative `minlength` and, when it is computed, for negative numbers.
    ///
    /// ```
    /// let x = tilewright::array([1, 3, 1], [3]);
    /// assert_eq!(x.bincount(None, 0).compute()?.to_vec::<i64>()?, [0, 2, 0, 1]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn bincount(&self, weights: Option<&Array>, minlength: i64) -> Array {
        // How many numbers there are is not known before; the fewest stand for it.
        let counts = move |exprs: &[Expr]| Ok(vec![(numbers(&exprs[0], minlength)?, minlength)]);
        let make = |exprs: &[Expr], lengths: &[i64]| {
            let edges = build::iota(0, Grid::automatic(&[lengths[0].saturating_add(1)], 8))?;
            // Of no numbers NumPy counts, whatever the weights.
            let weights = exprs.get(1).filter(|_| exprs[0].elements() > 0);
            let weights = weights.map(|weights| build::astype(weights, DType::F64));
            let x = build::astype(&exprs[0], DType::I64)?;
            build::histogram(&x, &edges, weights.transpose()?.as_ref(), false)
        };
        Array::recipe(std::iter::once(self).chain(weights), counts, make)
    }
}

/// One more than the largest number of an array, and `minlength` at least.
fn numbers(x: &Expr, minlength: i64) -> Result<Expr> {
    if x.shape().len() != 1 {
        let shape = show_shape(x.shape());
        return Err(
            Error::new(Kind::Shape, format!("bincount of shape {shape}"))
                .way_out("an array of one axis: x.ravel()"),
        );
    }
    if minlength < 0 {
        return Err(
            Error::new(Kind::Value, format!("a minlength of {minlength}")).way_out("0 or more"),
        );
    }
    if x.dtype().is_float() {
        return Err(
            Error::new(Kind::DType, format!("bincount of {}", x.dtype().name()))
                .way_out("integers: x.astype(int64)"),
        );
    }
    let least = build::constant(minlength.into())?;
    if x.elements() == 0 {
        return Ok(least);
    }
    let x = build::astype(x, DType::I64)?;
    let extreme = |name: &str| build::reduce(name, &x, None, false);
    let top = build::map("add", &[extreme("max")?, build::constant(1i64.into())?])?;
    let zero = build::constant(0i64.into())?;
    let refusal = Refusal {
        message: "bincount of negative numbers".to_owned(),
        way_out: "numbers from 0".to_owned(),
    };
    let natural = build::map("greater_equal", &[extreme("min")?, zero])?;
    build::require(&build::map("maximum", &[top, least])?, &natural, refusal)
}
