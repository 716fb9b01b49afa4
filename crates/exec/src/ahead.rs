//! Which chunks are fetched before a task asks for them?
//!
//! Those of distant sources that one task alone takes, or the parts that it takes of them, in the order
//! of the tasks, by readers of their own and within a number of bytes. A task takes what has come,
//! waits for what is on its way, and fetches itself what no reader has met; what a reader fails at,
//! it tells. Absent: how many bytes and readers, which the plan's memory says; chunks that several
//! tasks share, which are [`crate::chunks`]'s.

use crate::account::Held;
use crate::boxes::{Box_, boxes};
use crate::chunks::Key;
use crate::parts;
use crate::stage::Running;
use crate::turns::Turns;
use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use tilewright_core::{Result, Shape};
use tilewright_plan::Operand;

/// A chunk that a task will take something of.
pub(crate) struct Want {
    /// Which.
    pub key: Key,
    /// Bytes of the whole.
    pub bytes: usize,
    /// The box that is taken of it: its first element and its lengths; `None` for the whole.
    pub part: Option<(Shape, Shape)>,
}

/// What came of a chunk.
pub(crate) struct Arrived {
    /// The elements.
    pub held: Held,
    /// Whether they are those of the part that was wanted, and not of the whole.
    pub in_part: bool,
}

/// Chunks on their way to tasks.
pub struct Ahead {
    /// Bytes that they may hold; 0 where nothing is fetched ahead.
    capacity: u64,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    /// The tasks that nobody has looked at.
    turns: Option<Turns>,
    /// What the tasks before it will take, and nobody fetches yet.
    wanted: VecDeque<Want>,
    /// What has come, or is on its way, and the bytes set aside for it.
    chunks: HashMap<Key, (u64, Option<Result<Arrived>>)>,
    /// All bytes set aside.
    bytes: u64,
    /// What tasks took before a reader met it.
    passed: HashSet<Key>,
    /// No task is left.
    closed: bool,
}

impl Ahead {
    /// Nothing on its way, `capacity` bytes at most.
    pub fn new(capacity: u64) -> Ahead {
        Ahead {
            capacity,
            state: Mutex::default(),
            moved: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anything is fetched ahead.
    pub(crate) fn is_on(&self) -> bool {
        self.capacity > 0
    }

    /// The chunk, if a reader fetched it or is about to.
    ///
    /// # Errors
    /// What the reader met.
    pub(crate) fn take(&self, source: usize, chunk: &[i64]) -> Result<Option<Arrived>> {
        let key: Key = (source, chunk.into());
        let mut state = self.lock();
        while let Some((_, None)) = state.chunks.get(&key) {
            state = self
                .moved
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        let Some((bytes, found)) = state.chunks.remove(&key) else {
            state.passed.insert(key);
            return Ok(None);
        };
        state.bytes -= bytes;
        drop(state);
        self.moved.notify_all();
        found.transpose()
    }

    /// Runs tasks while so many readers fetch what they will take.
    pub(crate) fn beside(&self, running: &[Running<'_>], readers: u64, tasks: impl FnOnce()) {
        self.lock().turns = Some(Turns::new(running));
        std::thread::scope(|scope| {
            for _ in 0..readers {
                scope.spawn(|| self.read(running));
            }
            // The readers go when the tasks end, and when they panic.
            let _open = Open(self);
            tasks();
        });
    }

    /// The next chunk to fetch, once there is room for it; `None` behind the last.
    fn next(&self, running: &[Running<'_>]) -> Option<Want> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            let Some(want) = state.wanted.pop_front() else {
                let turn = state.turns.as_mut()?.take()?;
                // What another stage leaves to this one is fetched for that.
                let others = &running[..turn.stage];
                let left = |want: &Want| others.iter().any(|other| other.reads(want.key.0));
                let mut wanted = wants(&running[turn.stage], turn.task).ok()?;
                wanted.retain(|want| !left(want));
                state.wanted.extend(wanted);
                continue;
            };
            if state.passed.remove(&want.key) || want.bytes as u64 > self.capacity {
                continue;
            }
            let bytes = want.bytes as u64;
            if state.bytes + bytes <= self.capacity {
                state.bytes += bytes;
                state.chunks.insert(want.key.clone(), (bytes, None));
                return Some(want);
            }
            state.wanted.push_front(want);
            state = self
                .moved
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Fetches one chunk after another, until none is left.
    fn read(&self, running: &[Running<'_>]) {
        let Some(context) = running.first().map(|stage| stage.context) else {
            return;
        };
        while let Some(want) = self.next(running) {
            let fetch = || {
                context.stop.check()?;
                context.fetch(&want)
            };
            let fetched = catch_unwind(AssertUnwindSafe(fetch)).ok();
            let mut state = self.lock();
            let bytes = want.bytes as u64;
            match fetched {
                Some(fetched) => {
                    state.chunks.insert(want.key, (bytes, Some(fetched)));
                }
                // The task panics at it, too, and tells.
                None => {
                    state.chunks.remove(&want.key);
                    state.bytes -= bytes;
                }
            }
            drop(state);
            self.moved.notify_all();
        }
    }
}

/// Tasks that may still take something; lets the readers go at its end.
struct Open<'a>(&'a Ahead);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.moved.notify_all();
    }
}

/// The chunks that a task will take.
///
/// # Errors
/// [`tilewright_core::Kind::Internal`] for a defect.
fn wants(running: &Running<'_>, task: i64) -> Result<Vec<Want>> {
    let mut wants = Vec::new();
    if let Some(task) = running.tasks.get(task) {
        let each = |operand: &Operand, of: &Box_| running.context.wants(operand, of);
        for of in boxes(running, &task) {
            for (part, of) in parts::boxes(running, &of).chain([(running, of.clone())]) {
                for operand in &part.stage.operands {
                    wants.extend(each(operand, &of)?);
                }
            }
        }
    }
    Ok(wants)
}
