//! Which number tells texts apart?
//!
//! FNV-1a, 64 bits: the same in every process and version. Absent: what would resist somebody who wants
//! two texts to have one number.

/// The number of some bytes.
pub fn hash(bytes: &[u8]) -> u64 {
    go_on(0xcbf2_9ce4_8422_2325, bytes)
}

/// The number of what has the number `hash`, and some bytes behind it.
pub fn go_on(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
