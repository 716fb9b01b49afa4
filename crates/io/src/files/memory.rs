//! What are objects, in the plainest way?
//!
//! A map from names to bytes, one for the process: `memory://`, for tests. What is written is gone
//! with the process. Absent: any limit.

use super::{Below, Object, Objects, Reach, changed};
use crate::fault;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tilewright_core::Result;

/// A written object.
#[derive(Debug)]
struct Written {
    bytes: Arc<[u8]>,
    /// The how manieth that was written.
    number: u64,
}

#[derive(Debug, Default)]
struct Memory {
    objects: Mutex<BTreeMap<PathBuf, Written>>,
    written: AtomicU64,
}

/// The objects of this process.
pub fn objects() -> Arc<dyn Objects> {
    static MEMORY: OnceLock<Arc<Memory>> = OnceLock::new();
    MEMORY.get_or_init(Arc::default).clone()
}

impl Memory {
    fn get(&self, path: &Path) -> Option<(Arc<[u8]>, Object)> {
        let objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        let found = objects.get(path)?;
        let object = Object {
            len: found.bytes.len() as u64,
            identity: format!("{} bytes, number {}", found.bytes.len(), found.number),
        };
        Some((found.bytes.clone(), object))
    }
}

impl Objects for Memory {
    fn name(&self, path: &Path) -> String {
        format!("memory://{}", path.display())
    }

    fn reach(&self) -> Reach {
        Reach::NEAR
    }

    fn find(&self, _uri: &str, path: &Path, _fresh: bool) -> Result<Option<Object>> {
        Ok(self.get(path).map(|(_, object)| object))
    }

    fn fetch(&self, _uri: &str, path: &Path, most: u64) -> Result<Option<(Object, Vec<u8>)>> {
        Ok(self
            .get(path)
            .map(|(bytes, object)| match object.len > most {
                true => (object, Vec::new()),
                false => (object, bytes.to_vec()),
            }))
    }

    fn read(
        &self,
        uri: &str,
        path: &Path,
        object: &Object,
        offset: u64,
        into: &mut [u8],
    ) -> Result<()> {
        let changed = |is: &str| changed(uri, &self.name(path), &object.identity, is);
        let (bytes, is) = self.get(path).ok_or_else(|| changed("gone"))?;
        if is != *object {
            return Err(changed(&is.identity));
        }
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let part = from.checked_add(into.len()).map(|to| from..to);
        let part = part.and_then(|part| bytes.get(part)).ok_or_else(|| {
            let ends = std::io::ErrorKind::UnexpectedEof.into();
            fault::reading(uri, Path::new(&self.name(path)), &ends)
        })?;
        into.copy_from_slice(part);
        Ok(())
    }

    fn below(&self, _uri: &str, path: &Path) -> Result<Option<Below>> {
        let objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        let mut below = Below::default();
        let behind = (Bound::Excluded(path.to_owned()), Bound::Unbounded);
        for (name, written) in objects.range(behind) {
            let Ok(rest) = name.strip_prefix(path) else {
                break;
            };
            let mut parts = rest.components();
            let Some(first) = parts.next() else { continue };
            let first = path.join(first);
            if parts.next().is_none() {
                below.objects.push((first, written.bytes.len() as u64));
            } else if below.directories.last() != Some(&first) {
                below.directories.push(first);
            }
        }
        Ok(Some(below))
    }

    fn put(&self, _uri: &str, path: &Path, bytes: &[u8]) -> Result<()> {
        let written = Written {
            bytes: bytes.into(),
            number: self.written.fetch_add(1, Ordering::Relaxed),
        };
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.insert(path.to_owned(), written);
        Ok(())
    }

    fn copy(&self, uri: &str, from: &Path, to: &Path) -> Result<()> {
        let (bytes, _) = self.get(from).ok_or_else(|| {
            let gone = std::io::ErrorKind::NotFound.into();
            fault::writing(uri, Path::new(&self.name(from)), &gone)
        })?;
        self.put(uri, to, &bytes)
    }

    fn remove(&self, _uri: &str, path: &Path) -> Result<()> {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.remove(path);
        Ok(())
    }
}
