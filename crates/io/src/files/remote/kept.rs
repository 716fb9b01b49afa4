//! What is known of objects that were asked for before?
//!
//! Headers and directories of a file are read in many small pieces that stand close together, and
//! each would be a journey. Absent: elements, which are read as they are wanted.

use super::super::Object;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes that are read at once.
pub const BLOCK: usize = 32 << 10;

/// Most blocks kept.
const BLOCKS: usize = 8;

/// Most objects kept.
const OBJECTS: usize = 64;

/// A block of an object.
#[derive(Debug)]
struct Block {
    path: PathBuf,
    identity: String,
    start: u64,
    bytes: Arc<[u8]>,
}

/// The newest last.
#[derive(Debug, Default)]
pub struct Kept {
    objects: Mutex<Vec<(PathBuf, Object)>>,
    blocks: Mutex<Vec<Block>>,
}

impl Kept {
    /// Most bytes of blocks, the one that comes included.
    pub const MOST_BYTES: usize = (BLOCKS + 2) * BLOCK;

    /// An object that was found.
    pub fn object(&self, path: &Path) -> Option<Object> {
        let objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        let found = objects.iter().find(|(kept, _)| kept == path);
        found.map(|(_, object)| object.clone())
    }

    /// Keeps an object.
    pub fn keep_object(&self, path: &Path, object: &Object) {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.retain(|(kept, _)| kept != path);
        if objects.len() == OBJECTS {
            objects.remove(0);
        }
        objects.push((path.to_owned(), object.clone()));
    }

    /// Keeps nothing of an object that is written or removed.
    pub fn forget(&self, path: &Path) {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.retain(|(kept, _)| kept != path);
    }

    /// The block of an object that starts here.
    pub fn block(&self, path: &Path, object: &Object, start: u64) -> Option<Arc<[u8]>> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let is = |kept: &Block| {
            kept.start == start && kept.path == path && kept.identity == object.identity
        };
        let at = blocks.iter().position(is)?;
        blocks[at..].rotate_left(1);
        blocks.last().map(|block| block.bytes.clone())
    }

    /// Keeps a block, and gives it back.
    pub fn keep_block(
        &self,
        path: &Path,
        object: &Object,
        start: u64,
        bytes: Vec<u8>,
    ) -> Arc<[u8]> {
        let bytes: Arc<[u8]> = bytes.into();
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        if blocks.len() == BLOCKS {
            blocks.remove(0);
        }
        blocks.push(Block {
            path: path.to_owned(),
            identity: object.identity.clone(),
            start,
            bytes: bytes.clone(),
        });
        bytes
    }
}
