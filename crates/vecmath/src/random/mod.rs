//! What is element i of a random array?
//!
//! A pure function of the seed, the distribution and i: counter-based, so that slices, chunks and
//! threads cannot change it. The bits are part of the contract; the tests hold known answers.

mod draw;
mod integers;
mod laws;
mod normal;
mod philox;
mod rejection;

pub use draw::{Draw, Key, Law, draw_bits, draw_f64, draw_f64_at};
pub use integers::{draw_integers, draw_integers_at};
pub use philox::philox4x32;
pub use rejection::{Parameters, draw_of, draw_of_at};
