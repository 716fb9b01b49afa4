//! How is a function computed over slices, the same bits at every level?
//!
//! One file per family; each gives lane code for f64. f32 is computed in f64 lanes and rounded once,
//! so it is within 0.5 ULP but for about one case in 2^28. Coefficients: `tests/scripts`.

mod apply;
mod arc;
mod bessel;
mod composed;
mod error_function;
mod exp;
mod gamma;
mod hyperbolic;
mod log;
mod logarithms;
mod payne_hanek;
mod pow;
mod roots;
mod trigonometry;

pub use apply::{apply_f32, apply_f32_at, apply_f64, apply_f64_at};
pub(crate) use exp::exp;
pub(crate) use gamma::gammaln;
pub(crate) use hyperbolic::expm1;
pub(crate) use log::{log, log_ordinary};
pub(crate) use logarithms::log1p;
