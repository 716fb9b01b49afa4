//! Uniform integers in [low, high): how do 128 random bits become one?

use super::draw::{Draw, Key, Run};
use crate::level::{self, Level, Work};

/// Words are drawn for this many elements at a time, in lanes.
const BLOCK: usize = 64;

/// dst\[k\] is uniform in \[low\[k\], high\[k\]), for as many elements as all slices have; a slice of one
/// element stands for all of `dst`.
///
/// With b the 128 bits of the counter's four words (low word first) and range = high − low as u64:
/// low + ⌊b·range / 2^128⌋ in wrapping arithmetic, so that no value's probability is off by more
/// than 2^-64 of itself. A range of 0 gives low; low > high gives the wrapped range, which callers
/// refuse. u64 bounds are passed as the i64 of the same bits, and so are the results: all
/// arithmetic is mod 2^64.
pub fn draw_integers(seed: u64, start: u64, step: i64, low: &[i64], high: &[i64], dst: &mut [i64]) {
    draw_integers_at(level::best(), seed, start, step, low, high, dst);
}

/// [`draw_integers`] at `level` (or at the machine's best if lower): for tests and measurements, the
/// bits are the same.
pub fn draw_integers_at(
    level: Level,
    seed: u64,
    start: u64,
    step: i64,
    low: &[i64],
    high: &[i64],
    dst: &mut [i64],
) {
    let mut len = dst.len();
    for bound in [low, high] {
        if bound.len() != 1 {
            len = len.min(bound.len());
        }
    }
    let (key, run) = (
        Key {
            seed,
            stream: Draw::Integer.stream(),
        },
        Run { start, step },
    );
    level::at(
        level,
        Integers {
            key,
            run,
            low,
            high,
            dst: &mut dst[..len],
        },
    );
}

struct Integers<'a> {
    key: Key,
    run: Run,
    low: &'a [i64],
    high: &'a [i64],
    dst: &'a mut [i64],
}

impl Work for Integers<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let mut bits = [(0, 0); BLOCK];
        for (block, dst) in self.dst.chunks_mut(BLOCK).enumerate() {
            let run = self.run.from(block * BLOCK);
            for (k, bits) in bits[..dst.len()].iter_mut().enumerate() {
                let words = self.key.words(run.index(k));
                *bits = (words[0] | words[1] << 32, words[2] | words[3] << 32);
            }
            for (k, (dst, &(lower, upper))) in dst.iter_mut().zip(&bits).enumerate() {
                let low = bound(self.low, block * BLOCK + k);
                let range = bound(self.high, block * BLOCK + k).wrapping_sub(low) as u64;
                *dst = low.wrapping_add(scale(lower, upper, range) as i64);
            }
        }
    }
}

#[inline(always)]
fn bound(bounds: &[i64], k: usize) -> i64 {
    if let [only] = bounds {
        *only
    } else {
        bounds[k]
    }
}

/// ⌊(upper·2^64 + lower)·range / 2^128⌋.
#[inline(always)]
fn scale(lower: u64, upper: u64, range: u64) -> u64 {
    let carry = (u128::from(lower) * u128::from(range)) >> 64;
    ((u128::from(upper) * u128::from(range) + carry) >> 64) as u64
}
