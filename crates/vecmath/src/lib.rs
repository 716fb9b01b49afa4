//! What are the bits of `exp`, of a uniform number, of a variance?
//!
//! SIMD slice math, counter-based random numbers and the leaves of variance reductions. The plain
//! reference, the kernel interpreter and compiled kernels all call this crate, so the three agree
//! bit for bit. Each function is written once, as branch-free code over arrays of lanes; it is
//! compiled for several instruction sets and the best one is chosen at run time
//! ([`levels`]). Every operation used is correctly rounded (`+ − × ÷ √` and fma), so the level never
//! shows in a result: a host without fma computes the same bits, slowly.
//!
//! Knows nothing of arrays, shapes, strides, operators or threads.

mod function;
mod lanes;
mod level;
mod math;
mod moments;
mod prefetch;
mod products;
pub mod quantile;
mod random;
mod singular;

pub use function::MathFn;
pub use level::{Level, levels};
pub use math::{apply_f32, apply_f32_at, apply_f64, apply_f64_at};
pub use moments::{
    Columns, LANES, LEAF, Moments, moments_leaf, moments_leaf_at, moments_leaf_rows,
    moments_leaf_rows_at, moments_merge,
};
pub use products::{Products, Real, products_leaf, products_leaf_at};
pub use random::{
    Draw, Key, Law, Parameters, draw_bits, draw_f64, draw_f64_at, draw_integers, draw_integers_at,
    draw_of, draw_of_at, philox4x32,
};
pub use singular::singular_values;
