//! What do the writers of one array share until it is shown or given up?
//!
//! The hidden place that chunks go to, and which chunks failed. Absent: what the place is, and how
//! it is shown; those are the format's.

use crate::fault;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError, RwLock};
use tilewright_core::{Error, Result, Shape};

/// A hidden place and its writers.
pub struct Slot<T> {
    uri: String,
    /// The chunks whose last write failed: an array that lacks them is not shown.
    failed: Mutex<BTreeSet<Shape>>,
    /// Writers share the lock; finish and abort take it alone.
    state: RwLock<State<T>>,
}

enum State<T> {
    Open(T),
    Finished,
    Aborted,
}

impl<T> Slot<T> {
    /// A place that is written to; dropping it removes what is there.
    pub fn new(uri: &str, place: T) -> Slot<T> {
        Slot {
            uri: uri.to_owned(),
            failed: Mutex::default(),
            state: RwLock::new(State::Open(place)),
        }
    }

    fn closed(&self) -> Error {
        fault::sink(&self.uri, "the array is already finished or given up")
    }

    /// Writes a chunk into the place, and remembers whether that failed.
    ///
    /// # Errors
    /// What `write` gives; [`tilewright_core::Kind::Sink`] if the place is gone.
    pub fn write(&self, chunk: &[i64], write: impl FnOnce(&T) -> Result<()>) -> Result<()> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let State::Open(place) = &*state else {
            return Err(self.closed());
        };
        let result = write(place);
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if result.is_err() {
            failed.insert(chunk.into());
        } else {
            failed.remove(chunk);
        }
        result
    }

    /// Asks something of the place; `None` if it is gone.
    pub fn ask<R>(&self, ask: impl FnOnce(&T) -> R) -> Option<R> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Open(place) => Some(ask(place)),
            State::Finished | State::Aborted => None,
        }
    }

    /// Shows the place, once; on any failure it is dropped.
    ///
    /// # Errors
    /// What `show` gives; [`tilewright_core::Kind::Sink`] if the array was given up, or a chunk
    /// failed and was not written since.
    pub fn finish(&self, show: impl FnOnce(T) -> Result<()>) -> Result<()> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Finished) {
            return Ok(());
        }
        let State::Open(place) = std::mem::replace(&mut *state, State::Aborted) else {
            return Err(self.closed());
        };
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(chunk) = failed.first() {
            let message = format!("{} chunks could not be written", failed.len());
            return Err(fault::sink(&self.uri, message)
                .fact("chunk", format!("{chunk:?}"))
                .way_out("run it again when the cause is gone"));
        }
        drop(failed);
        show(place)?;
        *state = State::Finished;
        Ok(())
    }

    /// Drops the place, unless it is shown.
    pub fn abort(&self) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Open(_)) {
            *state = State::Aborted;
        }
    }
}
