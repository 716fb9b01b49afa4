//! What does a worker keep from task to task?
//!
//! Buffers, which are made once and grow to what the largest task needs.

use crate::account::{Account, Held};
use crate::parts::Part;
use crate::stage::Running;
use std::sync::Arc;

/// What an operand is read from.
pub struct Tile {
    /// Memory of its own.
    pub own: Held,
    /// A decoded chunk that is kept for others, too; in the place of its own memory.
    pub shared: Option<Arc<Held>>,
}

impl Tile {
    fn new(account: &Arc<Account>) -> Tile {
        Tile {
            own: account.buffer(0),
            shared: None,
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        self.shared.as_deref().unwrap_or(&self.own).bytes()
    }
}

/// What a worker keeps from task to task.
pub struct Worker {
    /// The kernel's own memory.
    pub scratch: Held,
    /// What each operand that is not read where it is is read from.
    pub tiles: Vec<Tile>,
    /// One decoded chunk.
    pub chunk: Held,
    /// A streamed output's tile.
    pub output: Held,
    /// A chunk cut out of it.
    pub piece: Held,
    /// What the stages that are computed within its tasks make of each.
    pub parts: Vec<Part>,
    /// What it keeps for those stages.
    pub within: Vec<Worker>,
    /// Rows on their way into functions of rows.
    pub rows: Vec<Held>,
    /// Blocks on their way into functions of blocks, then the block that one makes.
    pub blocks: Vec<Held>,
    /// The stage's scalars, as bits.
    pub scalars: Vec<u64>,
}

impl Worker {
    /// A worker of a stage.
    pub fn new(running: &Running<'_>) -> Worker {
        let (stage, account) = (running.stage, &running.context.account);
        Worker {
            scratch: account.buffer(stage.kernel.scratch_layout().1),
            tiles: stage.operands.iter().map(|_| Tile::new(account)).collect(),
            chunk: account.buffer(0),
            output: account.buffer(0),
            piece: account.buffer(0),
            parts: (running.parts.iter())
                .map(|part| Part::new(part.number, account.buffer(0)))
                .collect(),
            within: running.parts.iter().map(Worker::new).collect(),
            rows: stage
                .rows
                .iter()
                .flat_map(|rows| &rows.buffers)
                .map(|&(dtype, len)| account.buffer(len as usize * dtype.itemsize()))
                .collect(),
            blocks: match &stage.blocks {
                Some(_) => (0..=stage.stored()).map(|_| account.buffer(0)).collect(),
                None => Vec::new(),
            },
            scalars: stage.scalars.iter().map(|s| s.bits()).collect(),
        }
    }
}
