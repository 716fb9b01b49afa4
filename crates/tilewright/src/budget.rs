//! How much memory may a run hold where nobody says?
//!
//! Half of what the machine, or the control group this process lives in, has to spare.

use std::fs;

/// Where the system does not say what is free.
const UNKNOWN: u64 = 4 << 30;

/// Below this a run is hardly possible, and a larger process is no harm.
const LEAST: u64 = 64 << 20;

/// Half of the memory that is available now, at least 64 MiB; 4 GiB on systems that do not tell.
pub fn default_memory() -> u64 {
    let machine = fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| available(&text));
    let limits = [
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        (
            "/sys/fs/cgroup/memory/memory.limit_in_bytes",
            "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        ),
    ];
    let number = |path| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    let group = limits
        .iter()
        .find_map(|(limit, used)| Some(number(limit)?.saturating_sub(number(used)?)));
    let free = machine.into_iter().chain(group).min();
    free.map_or(UNKNOWN, |free| (free / 2).max(LEAST))
}

/// `MemAvailable` of `/proc/meminfo`, in bytes.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_available_memory_is_read_in_bytes() {
        let text = "MemTotal: 16 kB\nMemFree:  1 kB\nMemAvailable:    8123 kB\n";
        assert_eq!(available(text), Some(8123 * 1024));
        assert_eq!(available("MemTotal: 16 kB\n"), None);
        assert!(default_memory() >= LEAST);
    }
}
