//! Every byte that is handed out.
//!
//! Buffers are counted when they are handed out and when they come back; the peak is what the
//! promise of design is checked against. Absent: limits, which are permits given before tasks run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tilewright_core::{Block, Buffer, DType, Result, Spare};

/// Bytes in use, and the most there ever were.
#[derive(Default)]
pub struct Account {
    now: AtomicU64,
    peak: AtomicU64,
    spare: Arc<Spare>,
}

impl Account {
    /// Nothing in use; memory comes from `spare` and goes there.
    pub fn new(spare: Arc<Spare>) -> Account {
        Account {
            spare,
            ..Account::default()
        }
    }

    /// A block of any elements. It is not counted: it outlives the run.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Shape`] if its size in bytes does not fit an `isize`.
    pub fn block(&self, dtype: DType, shape: &[i64]) -> Result<Block> {
        Block::unspecified(dtype, shape, &self.spare)
    }

    /// A buffer of any content, counted until it is dropped.
    pub fn buffer(self: &Arc<Account>, bytes: usize) -> Held {
        self.add(bytes as u64);
        Held {
            buffer: Buffer::unspecified(bytes, &self.spare),
            counted: bytes as u64,
            account: self.clone(),
        }
    }

    /// Counts bytes that live elsewhere, until the guard is dropped.
    pub fn reserve(self: &Arc<Account>, bytes: u64) -> Held {
        self.add(bytes);
        Held {
            buffer: Buffer::default(),
            counted: bytes,
            account: self.clone(),
        }
    }

    fn add(&self, bytes: u64) {
        let now = self.now.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.peak.fetch_max(now, Ordering::Relaxed);
    }

    /// The most bytes in use at once.
    pub fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }

    /// Starts a new peak at what is in use, and gives the old one.
    pub fn restart_peak(&self) -> u64 {
        self.peak
            .swap(self.now.load(Ordering::Relaxed), Ordering::Relaxed)
    }

    /// Raises the peak to one that was seen earlier.
    pub fn raise_peak(&self, seen: u64) {
        self.peak.fetch_max(seen, Ordering::Relaxed);
    }
}

/// A buffer that is counted while it lives.
pub struct Held {
    buffer: Buffer,
    counted: u64,
    account: Arc<Account>,
}

impl Held {
    /// Makes it `bytes` long, keeping its memory where that suffices; contents are unspecified.
    pub fn resize(&mut self, bytes: usize) {
        if bytes as u64 > self.counted {
            self.account.add(bytes as u64 - self.counted);
            self.counted = bytes as u64;
        }
        self.buffer.reuse(bytes);
    }

    /// Gives its memory back and is empty.
    pub fn give_back(&mut self) {
        self.buffer = Buffer::default();
        self.account.now.fetch_sub(self.counted, Ordering::Relaxed);
        self.counted = 0;
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        self.buffer.as_bytes()
    }

    /// Its bytes.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        self.buffer.as_bytes_mut()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.account.now.fetch_sub(self.counted, Ordering::Relaxed);
    }
}
