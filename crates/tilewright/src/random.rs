//! How are random numbers drawn?
//!
//! Each number is a pure function of (seed, distribution, index in the whole array): values depend
//! on neither chunks nor threads, a slice draws only its own, and **equal calls are equal arrays**:
//! two draws that should differ take two seeds. Without a seed a fresh one is drawn when the array
//! is built, and `explain` shows it.

use crate::operand::combine;
use crate::{Array, Layout, Operand};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use tilewright_core::{DType, Error, Kind};
use tilewright_expr::build;

/// A seed, from which arrays are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

/// The seed of this number.
///
/// ```
/// use tilewright::random;
///
/// let a = random::seed(7).normal(0, 1, [1000]);
/// let b = random::seed(7).normal(0, 1, [1000]);
/// assert!((a - b).equal(0).all(..).compute()?.item::<bool>()?);
/// # Ok::<(), tilewright::Error>(())
/// ```
pub fn seed(seed: u64) -> Seed {
    Seed(seed)
}

/// A seed that no other call gave, of 53 bits so that every tool can write it down.
pub fn fresh() -> Seed {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    // The standard library seeds its hashers from the system's randomness.
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u64(CALLS.fetch_add(1, Ordering::Relaxed));
    let time = SystemTime::now().duration_since(UNIX_EPOCH);
    hasher.write_u128(time.map_or(0, |time| time.as_nanos()));
    Seed(hasher.finish() >> 11)
}

impl Seed {
    /// Uniform numbers in `[low, high)`, f64.
    ///
    /// `low + (high - low)·u` with `u` a multiple of 2^-53 in `[0, 1)`; parameters may be arrays.
    ///
    /// # Errors
    /// [`Kind::Shape`] if parameters do not broadcast to the shape.
    #[must_use]
    #[track_caller]
    pub fn uniform(
        self,
        low: impl Into<Operand>,
        high: impl Into<Operand>,
        layout: impl Into<Layout>,
    ) -> Array {
        let layout = layout.into();
        combine(&[low.into(), high.into()], move |bounds| match bounds {
            [low, high] => {
                let grid = layout.grid(DType::F64)?;
                let x = build::uniform(low.clone(), high.clone(), self.0, grid)?;
                build::astype(&x, layout.dtype_or(x.dtype()))
            }
            _ => Err(crate::internal("uniform of other than two bounds")),
        })
    }

    /// Normal numbers, f64: `loc + scale·z` with `z` by inverse CDF; parameters may be arrays.
    ///
    /// # Errors
    /// [`Kind::Shape`] if parameters do not broadcast to the shape,
    /// [`Kind::Value`] for a negative scale.
    #[must_use]
    #[track_caller]
    pub fn normal(
        self,
        loc: impl Into<Operand>,
        scale: impl Into<Operand>,
        layout: impl Into<Layout>,
    ) -> Array {
        let layout = layout.into();
        combine(
            &[loc.into(), scale.into()],
            move |parameters| match parameters {
                [loc, scale] => {
                    let grid = layout.grid(DType::F64)?;
                    let x = build::normal(loc.clone(), scale.clone(), self.0, grid)?;
                    build::astype(&x, layout.dtype_or(x.dtype()))
                }
                _ => Err(crate::internal("normal of other than two parameters")),
            },
        )
    }

    /// Integers in `[low, high)`, i64 unless the layout says otherwise; bounds may be arrays.
    ///
    /// # Errors
    /// [`Kind::Value`] for an empty range, [`Kind::DType`]
    /// for one that does not fit the dtype.
    ///
    /// ```
    /// let dice = tilewright::random::seed(3).integers(1, 7, [1000]).compute()?.to_vec::<i64>()?;
    /// assert!(dice.iter().all(|pips| (1..7).contains(pips)));
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn integers(
        self,
        low: impl Into<Operand>,
        high: impl Into<Operand>,
        layout: impl Into<Layout>,
    ) -> Array {
        let layout = layout.into();
        combine(&[low.into(), high.into()], move |bounds| match bounds {
            [low, high] => {
                let dtype = layout.dtype_or(DType::I64);
                build::integers(
                    low.clone(),
                    high.clone(),
                    dtype,
                    self.0,
                    layout.grid(dtype)?,
                )
            }
            _ => Err(crate::internal("integers of other than two bounds")),
        })
    }
}

/// The parameters of a law and what they are if left out; `None` if there is no law of this name.
pub fn law_parameters(name: &str) -> Option<Vec<(&'static str, Option<f64>)>> {
    let parameters = build::Law::named(name)?.parameters.iter();
    Some(
        parameters
            .map(|parameter| (parameter.name, parameter.default))
            .collect(),
    )
}

macro_rules! laws {
    ($($(#[$doc:meta])* $name:ident($($parameter:ident),*);)*) => {
        impl Seed {$(
            $(#[$doc])*
            ///
            /// Parameters may be arrays.
            ///
            /// # Errors
            /// [`Kind::Value`] for a fixed parameter out of its range,
            /// [`Kind::Shape`] if parameters do not broadcast to the shape.
            #[must_use]
            #[track_caller]
            pub fn $name(
                self,
                $($parameter: impl Into<Operand>,)*
                layout: impl Into<Layout>,
            ) -> Array {
                self.law(stringify!($name), &[$($parameter.into()),*], layout)
            }
        )*}
    };
}

laws! {
    /// Exponential numbers of mean `scale`, f64: `-scale·log1p(-u)`.
    ///
    /// ```
    /// let x = tilewright::random::seed(7).exponential(2.0, [10_000]);
    /// let mean = x.mean(..).compute()?.item::<f64>()?;
    /// assert!((mean - 2.0).abs() < 0.1);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    exponential(scale);
    /// Exponential numbers of mean 1, f64.
    standard_exponential();
    /// Laplace's law, f64: exponential on both sides of `loc`.
    laplace(loc, scale);
    /// The logistic law, f64: `loc + scale·log(u / (1 - u))`.
    logistic(loc, scale);
    /// Gumbel's law of extremes, f64: `loc - scale·log(-log u)`.
    gumbel(loc, scale);
    /// Rayleigh's law, f64: the length of a vector of two normal numbers of deviation `scale`.
    rayleigh(scale);
    /// Pareto's law from 0 on (Lomax's), f64: `(1 - u)^(-1/a) - 1`.
    pareto(a);
    /// Powers of uniform numbers, f64: `u^(1/a)`.
    power(a);
    /// Weibull's law of scale 1, f64: `(-log(1 - u))^(1/a)`.
    weibull(a);
    /// The triangular law between `left` and `right`, f64, most probable at `mode`.
    triangular(left, mode, right);
    /// Lognormal numbers, f64: `exp(mean + sigma·z)`.
    lognormal(mean, sigma);
    /// Cauchy's law, f64: `tan(π(u - 1/2))`.
    standard_cauchy();
    /// Wald's law, the inverse normal one, f64.
    wald(mean, scale);
    /// Numbers of trials up to the first success, i64.
    geometric(p);
    /// The gamma law of this shape and scale 1, f64.
    standard_gamma(shape);
    /// The gamma law, f64.
    ///
    /// ```
    /// let x = tilewright::random::seed(7).gamma(3.0, 2.0, [10_000]);
    /// let mean = x.mean(..).compute()?.item::<f64>()?;
    /// assert!((mean - 6.0).abs() < 0.2);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    gamma(shape, scale);
    /// χ² of `df` degrees of freedom, f64.
    chisquare(df);
    /// The beta law, f64.
    beta(a, b);
    /// Fisher's law of ratios of variances, f64.
    f(dfnum, dfden);
    /// Student's law, f64.
    standard_t(df);
    /// Poisson's law of mean `lam`, i64.
    poisson(lam);
    /// Successes of `n` trials of probability `p`, i64.
    binomial(n, p);
    /// Failures before `n` successes of probability `p`, i64.
    negative_binomial(n, p);
    /// The logarithmic law, i64.
    logseries(p);
    /// Von Mises' law of angles about `mu`, from −π to π, f64.
    vonmises(mu, kappa);
    /// Zipf's law, i64: `k >= 1` with a probability in proportion to `k^-a`.
    zipf(a);
    /// How many good ones are among `nsample` of `ngood` good and `nbad` bad ones, i64.
    hypergeometric(ngood, nbad, nsample);
}

impl Seed {
    /// The law of this name; its parameters in their order.
    ///
    /// # Errors
    /// [`Kind::Parse`] if there is none; else as the method of that name.
    #[must_use]
    #[track_caller]
    pub fn law(self, name: &str, parameters: &[Operand], layout: impl Into<Layout>) -> Array {
        let layout = layout.into();
        let name = name.to_owned();
        combine(parameters, move |parameters| {
            let unknown = || Error::new(Kind::Parse, format!("there is no law {name}"));
            let law = build::Law::named(&name).ok_or_else(unknown)?;
            let dtype = layout.dtype_or(law.dtype);
            let numbers = law.draw(parameters, self.0, layout.grid(law.dtype)?)?;
            build::astype(&numbers, dtype)
        })
    }

    /// How often each outcome comes up in `trials`, along the layout's last axis, i64.
    ///
    /// # Errors
    /// [`Kind::Value`] for probabilities that are none, [`Kind::Shape`] for as many as the layout's
    /// last axis has not.
    ///
    /// ```
    /// let p = tilewright::array([0.2, 0.3, 0.5], [3]);
    /// let counts = tilewright::random::seed(7).multinomial(10, &p, [4, 3]);
    /// assert_eq!(counts.sum(tilewright::axis(1)).compute()?.to_vec::<i64>()?, [10; 4]);
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn multinomial(
        self,
        trials: impl Into<Operand>,
        weights: &Array,
        layout: impl Into<Layout>,
    ) -> Array {
        let (layout, weights) = (layout.into(), weights.into());
        combine(&[trials.into(), weights], move |given| match given {
            [trials, build::Operand::Array(weights)] => {
                build::multinomial(trials, weights, self.0, layout.grid(DType::I64)?)
            }
            _ => Err(crate::internal("multinomial of other than two")),
        })
    }

    /// Parts of 1 along the layout's last axis, by Dirichlet's law of these parameters, f64.
    ///
    /// # Errors
    /// [`Kind::Shape`] if the parameters do not broadcast to the shape.
    #[must_use]
    #[track_caller]
    pub fn dirichlet(self, parameters: &Array, layout: impl Into<Layout>) -> Array {
        let layout = layout.into();
        parameters.then(move |x| build::dirichlet(x, self.0, layout.grid(DType::F64)?))
    }

    /// The integers from 0 to `n - 1` in a random order, i64. They are sorted as a whole.
    ///
    /// # Errors
    /// [`Kind::Shape`] for a negative number.
    #[must_use]
    #[track_caller]
    pub fn permutation(self, n: i64) -> Array {
        let grid = Layout::from([n]).grid(DType::I64);
        Array::new(grid.and_then(|grid| build::permutation(self.0, grid)))
    }

    /// Elements of an array of one axis, chosen by chance: each as probable as the weights say (all
    /// alike without), repeated or not.
    ///
    /// # Errors
    /// [`Kind::Value`] for choices among none, for more than there are that are
    /// not repeated, and for weights of those; [`Kind::Shape`] for other shapes.
    ///
    /// ```
    /// let x = tilewright::array([10, 20, 30], [3]);
    /// let chosen = tilewright::random::seed(1).choice(&x, [100], true, None);
    /// assert!(chosen.compute()?.to_vec::<i32>()?.iter().all(|x| x % 10 == 0));
    /// # Ok::<(), tilewright::Error>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn choice(
        self,
        options: &Array,
        layout: impl Into<Layout>,
        repeated: bool,
        weights: Option<&Array>,
    ) -> Array {
        let layout = layout.into();
        Array::join(
            [Some(options), weights].into_iter().flatten(),
            move |given| {
                let [options, weights @ ..] = given else {
                    return Err(crate::internal("a choice among no array"));
                };
                let [len] = *options.shape() else {
                    let message =
                        format!("a choice among an array of {} axes", options.shape().len());
                    return Err(Error::new(Kind::Shape, message).way_out("an array of one axis"));
                };
                let grid = layout.grid(DType::I64)?;
                let indices = build::choice(len, repeated, weights.first(), self.0, grid)?;
                build::take(options, &indices, Some(0), build::Outside::Raise)
            },
        )
    }
}

/// As [`Seed::uniform`], of a fresh seed.
#[must_use]
#[track_caller]
pub fn uniform(
    low: impl Into<Operand>,
    high: impl Into<Operand>,
    layout: impl Into<Layout>,
) -> Array {
    fresh().uniform(low, high, layout)
}

/// As [`Seed::normal`], of a fresh seed.
#[must_use]
#[track_caller]
pub fn normal(
    loc: impl Into<Operand>,
    scale: impl Into<Operand>,
    layout: impl Into<Layout>,
) -> Array {
    fresh().normal(loc, scale, layout)
}

/// As [`Seed::integers`], of a fresh seed.
#[must_use]
#[track_caller]
pub fn integers(
    low: impl Into<Operand>,
    high: impl Into<Operand>,
    layout: impl Into<Layout>,
) -> Array {
    fresh().integers(low, high, layout)
}
