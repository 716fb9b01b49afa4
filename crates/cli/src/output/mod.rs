//! How are results written on a terminal?
//!
//! | file | question |
//! |---|---|
//! | [`mod@array`] | how does NumPy print an array? |
//! | [`float`] | … a float? |
//! | [`size`] | how are bytes read and written by people? |

pub mod array;
pub mod float;
pub mod size;
