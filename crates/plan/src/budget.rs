//! What does a budget allow?
//!
//! How many tasks of a stage run at once, for how many chunks are asked ahead, and how many bytes of
//! decoded chunks are kept; and so the peak. Absent: what they take, which is [`crate::memory`]'s.

use crate::memory::StageBytes;

/// Tasks at most whose chunks are asked for ahead: as many requests at once hide a network's delay.
const AHEAD: u64 = 8;

/// The most bytes at once with this many tasks running, and the stage that needs them.
pub fn peak(bytes: &[StageBytes], threads: u64, budget: u64) -> (u64, usize) {
    let kept = kept(bytes, threads, budget);
    let of = |b: &StageBytes| own_peak(b, threads, budget).saturating_add(b.shared.min(kept));
    let peaks = bytes.iter().map(of).enumerate();
    peaks
        .map(|(k, n)| (n, k))
        .max_by_key(|&(n, k)| (n, usize::MAX - k))
        .unwrap_or((0, 0))
}

/// The most bytes at once of a stage, without what other stages read, too.
fn own_peak(b: &StageBytes, threads: u64, budget: u64) -> u64 {
    let fixed = b.live.saturating_add(b.outputs);
    let running = fixed.saturating_add(b.task.saturating_mul(slots(b, threads, budget)));
    let cached = running.saturating_add(cache(b, threads, budget));
    let each = b.ahead.chunks.saturating_add(b.ahead.decoding);
    cached.saturating_add(each.saturating_mul(tasks_ahead(b, threads, budget)))
}

/// Bytes of decoded chunks that may be kept from stage to stage: what every stage meanwhile leaves.
pub fn kept(bytes: &[StageBytes], threads: u64, budget: u64) -> u64 {
    let meanwhile = bytes.iter().filter(|b| b.shared > 0);
    let left = meanwhile.map(|b| budget.saturating_sub(own_peak(b, threads, budget)));
    left.min().unwrap_or(0)
}

/// How many tasks of a stage may run at once; 0 if not even one fits.
pub fn slots(bytes: &StageBytes, threads: u64, budget: u64) -> u64 {
    let room = budget.saturating_sub(bytes.live.saturating_add(bytes.outputs));
    (room / bytes.task.max(1)).min(threads)
}

/// Tasks whose chunks may be asked for ahead, and readers for them; 0 where none are, or the budget
/// has no room.
pub fn tasks_ahead(bytes: &StageBytes, threads: u64, budget: u64) -> u64 {
    let running = bytes.task.saturating_mul(slots(bytes, threads, budget));
    let used = bytes.live.saturating_add(bytes.outputs);
    let used = used
        .saturating_add(running)
        .saturating_add(cache(bytes, threads, budget));
    let each = bytes.ahead.chunks.saturating_add(bytes.ahead.decoding);
    match (bytes.ahead.chunks, bytes.cache) {
        // What several tasks take is kept, and fetched by the first.
        (0, _) | (_, 1..) => 0,
        _ => (budget.saturating_sub(used) / each).min(AHEAD),
    }
}

/// The budget from which every chunk of a stage is read once.
pub fn for_each_once(bytes: &StageBytes, threads: u64) -> u64 {
    let running = bytes.task.saturating_mul(threads);
    let used = bytes.live.saturating_add(bytes.outputs);
    used.saturating_add(running).saturating_add(bytes.cache)
}

/// Bytes that decoded chunks may occupy between tasks.
pub fn cache(bytes: &StageBytes, threads: u64, budget: u64) -> u64 {
    let running = bytes.task.saturating_mul(slots(bytes, threads, budget));
    let used = bytes
        .live
        .saturating_add(bytes.outputs)
        .saturating_add(running);
    bytes.cache.min(budget.saturating_sub(used))
}
