//! Where do an array's files stand until they are shown?
//!
//! In a hidden directory, or as objects. Absent: how they are shown, which is another way for a whole
//! array and for a part of one.

use super::deposit::Deposit;
use crate::Counters;
use crate::staging::Staging;
use tilewright_core::Result;

/// Where an array's files stand.
pub enum Place {
    Hidden(Staging),
    Objects(Deposit),
}

impl Place {
    /// Whether a chunk stands from an interrupted store.
    pub fn stands(&self, key: &str) -> bool {
        match self {
            Place::Hidden(staging) => staging.stands(key),
            Place::Objects(deposit) => deposit.stands(key),
        }
    }

    /// Encodes and writes a chunk, and counts it.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if either fails, with the chunk.
    pub fn put_chunk(
        &self,
        (uri, chunk, key): (&str, &[i64], &str),
        counters: &Counters,
        encode: impl FnOnce() -> std::io::Result<Vec<u8>>,
    ) -> Result<()> {
        match self {
            Place::Hidden(staging) => {
                staging.put_chunk((uri, chunk, key), counters, || Ok(vec![encode()?]))
            }
            Place::Objects(deposit) => deposit.put_chunk((chunk, key), counters, encode),
        }
    }
}
