//! How are many whole numbers kept in little memory?
//!
//! In no more bytes than a pickle writes them in: seven bits a byte, the last byte with its highest
//! bit clear. Absent: negative numbers, which count nothing.

/// Numbers that stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    from: usize,
    to: usize,
}

impl Run {
    /// No numbers.
    pub const EMPTY: Run = Run { from: 0, to: 0 };

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.from == self.to
    }

    /// Both, if `next` stands right behind.
    pub fn joined(self, next: Run) -> Option<Run> {
        let to = next.to;
        (self.to == next.from).then_some(Run { to, ..self })
    }
}

/// Whole numbers, not negative.
pub struct Numbers {
    bytes: Vec<u8>,
    /// Most bytes that they may take.
    most: usize,
}

impl Numbers {
    /// None yet; they may take so many bytes.
    pub fn new(most: usize) -> Numbers {
        let bytes = Vec::new();
        Numbers { bytes, most }
    }

    /// One more; `None` if there is no room for it.
    pub fn push(&mut self, number: u64) -> Option<Run> {
        if self.bytes.is_empty() {
            self.bytes.try_reserve_exact(self.most).ok()?;
        }
        let from = self.bytes.len();
        let mut left = number;
        while left >= 0x80 {
            self.bytes.push(left as u8 | 0x80);
            left >>= 7;
        }
        self.bytes.push(left as u8);
        let to = self.bytes.len();
        // The longest has ten bytes.
        (to + 10 <= self.most).then_some(Run { from, to })
    }

    /// The numbers of a run.
    pub fn of(&self, run: Run) -> impl Iterator<Item = u64> + Clone {
        let bytes = self.bytes.get(run.from..run.to).unwrap_or(&[]);
        let numbers = bytes.split_inclusive(|byte| byte & 0x80 == 0);
        numbers.map(|bytes| {
            let bits = bytes.iter().rev();
            bits.fold(0, |n, byte| n << 7 | u64::from(byte & 0x7f))
        })
    }

    /// The last number of a run, and those before it.
    pub fn split_last(&self, run: Run) -> Option<(Run, u64)> {
        let last = run.to.checked_sub(1).filter(|&last| last >= run.from)?;
        let before = self.bytes.get(run.from..last)?;
        let start = before.iter().rposition(|byte| byte & 0x80 == 0);
        let to = run.from + start.map_or(0, |start| start + 1);
        let number = self.of(Run { from: to, ..run }).next()?;
        Some((Run { to, ..run }, number))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_from_both_ends() {
        let some = [0, 1, 127, 128, 300, 1 << 20, u64::MAX, 5];
        let mut numbers = Numbers::new(100);
        let mut run = Run::EMPTY;
        for number in some {
            run = run.joined(numbers.push(number).unwrap()).unwrap();
        }
        assert_eq!(numbers.of(run).collect::<Vec<_>>(), some);
        for number in some.into_iter().rev() {
            let (before, last) = numbers.split_last(run).unwrap();
            assert_eq!(last, number);
            run = before;
        }
        assert_eq!(numbers.split_last(run), None);
    }

    #[test]
    fn they_take_no_more_than_was_said() {
        let mut numbers = Numbers::new(64);
        let pushed = (0..1000).take_while(|_| numbers.push(1 << 60).is_some());
        assert_eq!(pushed.count(), 6);
        assert_eq!(numbers.bytes.capacity(), 64);
    }
}
