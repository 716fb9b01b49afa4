//! Which of the equal expressions is the cheapest plan?
//!
//! | file | question |
//! |---|---|
//! | [`arena`] | which classes and alternatives are reachable, without cycles? |
//! | [`index_map`] | which element of a node does a stage visit? |
//! | [`select`] | which alternative does each class take, given what is stored? |
//! | [`walk`] | what does that plan compute, load and store, each shared thing once? |
//! | [`share`] | which reductions share a pass? |
//! | [`search`] | what should be stored? |
//! | [`emit`] | how does the plan stand as `fused` nodes? |
//!
//! An edge between stages is a stored array. Given the set of stored classes everything else
//! follows, so the search is over that set alone.

pub(crate) mod arena;
pub(crate) mod emit;
pub(crate) mod index_map;
pub(crate) mod search;
pub(crate) mod select;
pub(crate) mod share;
pub(crate) mod walk;
