//! Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011), one counter per lane.
//!
//! Words are held in 64-bit lanes: a round is two 32×32→64-bit multiplications, which vector units
//! have for 64-bit lanes.

const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
const KEY_STEPS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: u32 = 10;

/// The four output words of Philox4x32-10 for one counter and key.
pub fn philox4x32(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    words(counter.map(u64::from), key).map(|word| word as u32)
}

/// The same with each word in a 64-bit lane, its upper half zero.
#[inline(always)]
pub(super) fn words(counter: [u64; 4], key: [u32; 2]) -> [u64; 4] {
    const LOW: u64 = 0xffff_ffff;
    let [mut c0, mut c1, mut c2, mut c3] = counter;
    let mut round = 0;
    while round < ROUNDS {
        let k0 = u64::from(key[0].wrapping_add(KEY_STEPS[0].wrapping_mul(round)));
        let k1 = u64::from(key[1].wrapping_add(KEY_STEPS[1].wrapping_mul(round)));
        let p0 = MULTIPLIERS[0] * (c0 & LOW);
        let p1 = MULTIPLIERS[1] * (c2 & LOW);
        (c0, c1, c2, c3) = (
            (p1 >> 32) ^ c1 ^ k0,
            p1 & LOW,
            (p0 >> 32) ^ c3 ^ k1,
            p0 & LOW,
        );
        round += 1;
    }
    [c0, c1, c2, c3]
}
