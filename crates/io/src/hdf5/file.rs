//! How does the library get at a file, and what does it say of it?
//!
//! Absent: elements, which the library does not read.

use super::claims;
use super::header::{self, Header, Sizes};
use super::members;
use crate::fault::{self, guarded};
use crate::file::Input;
use crate::location::Location;
use hdf5_reader::error::Error as LibraryError;
use hdf5_reader::superblock::Superblock;
use hdf5_reader::{Hdf5File, OpenOptions, Storage, StorageBuffer};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use tilewright_core::{Error, Result};

/// Most datasets named in a way out.
const NAMES: usize = 8;

/// A file that the library has opened.
pub struct File {
    /// The file itself.
    pub input: Arc<Input>,
    library: Hdf5File,
    read: Arc<AtomicU64>,
}

/// The bytes of a file, for the library: ranges within it, and each counted.
struct Ranges {
    input: Arc<Input>,
    read: Arc<AtomicU64>,
    /// Where addresses start to count, and their size.
    layout: OnceLock<(u64, Sizes)>,
    /// Where four bytes were read last: a header's, if 16 follow.
    last: AtomicU64,
}

impl Ranges {
    /// Whether the library reads a header at `offset`, and is about to believe what it says.
    fn is_header(&self, offset: u64, bytes: &[u8]) -> bool {
        match bytes.len() {
            4 => {
                self.last.store(offset, Ordering::Relaxed);
                bytes == header::NEW
            }
            header::OLD => bytes[0] == 1 && self.last.load(Ordering::Relaxed) == offset,
            _ => false,
        }
    }
}

/// The `len` bytes at an address, which counts from `base`; `None` if the file does not hold them.
fn bytes(input: &Input, base: u64, address: u64, len: u64) -> Option<Vec<u8>> {
    let at = base.checked_add(address)?;
    let held = input.len.checked_sub(at)? >= len;
    held.then(|| input.read_range(at, len).ok())?
}

impl Storage for Ranges {
    fn len(&self) -> u64 {
        self.input.len
    }

    fn read_range(&self, offset: u64, len: usize) -> Result<StorageBuffer, LibraryError> {
        let available = self.input.len.saturating_sub(offset);
        if available < len as u64 {
            return Err(LibraryError::UnexpectedEof {
                offset,
                needed: len as u64,
                available,
            });
        }
        let mut bytes = vec![0; len];
        self.input
            .read_at(&mut bytes, offset)
            .map_err(std::io::Error::other)?;
        self.read.fetch_add(len as u64, Ordering::Relaxed);
        if self.is_header(offset, &bytes)
            && let Some(&(base, sizes)) = self.layout.get()
        {
            let read = |at, len| self::bytes(&self.input, base, at, len);
            if !claims::are_held(read, offset.saturating_sub(base), sizes, self.input.len) {
                let message = "the header of an object says more than it holds";
                return Err(LibraryError::InvalidData(message.into()));
            }
        }
        Ok(StorageBuffer::from_vec(bytes))
    }
}

impl File {
    /// Opens the file that a location names.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if it cannot be read or is no HDF5 file.
    pub fn open(location: &Location) -> Result<File> {
        let input = Arc::new(Input::of(location)?);
        let mut start = [0; 4];
        let len = input.len.min(4) as usize;
        input.read_at(&mut start[..len], 0)?;
        if start.starts_with(b"CDF") {
            return Err(input
                .fault("this is a classic NetCDF file, which is not read")
                .way_out("nccopy -k nc4 OLD NEW"));
        }
        let read = Arc::new(AtomicU64::new(0));
        let ranges = Arc::new(Ranges {
            input: input.clone(),
            read: read.clone(),
            layout: OnceLock::new(),
            last: AtomicU64::new(u64::MAX),
        });
        let asked = ranges.clone();
        // Chunks are never asked of the library.
        let options = OpenOptions::default()
            .with_chunk_cache_bytes(0)
            .with_max_object_header_bytes(header::LONGEST as usize);
        let library = guarded("hdf5", || {
            Hdf5File::from_storage_with_options(ranges, options).map_err(|e| e.to_string())
        });
        let library = library.map_err(|error| {
            input
                .fault(format!("this HDF5 file cannot be read: {error}"))
                .way_out("it is damaged or still being written: copy or write it again")
        })?;
        let file = File {
            input,
            library,
            read,
        };
        // Until now the library has read the superblock alone.
        asked.layout.get_or_init(|| (file.base(), file.sizes()));
        Ok(file)
    }

    /// Asks the library.
    ///
    /// # Errors
    /// What it says.
    pub fn ask<T>(
        &self,
        question: impl FnOnce(&Hdf5File) -> Result<T, LibraryError>,
    ) -> Result<T, String> {
        guarded("hdf5", || {
            question(&self.library).map_err(|e| e.to_string())
        })
    }

    /// Asks the library, and counts the bytes that it fetched for the answer, where nothing else
    /// asks it meanwhile.
    ///
    /// # Errors
    /// What it says.
    pub fn ask_counted<T>(
        &self,
        question: impl FnOnce(&File) -> Result<T, String>,
    ) -> Result<(T, u64), String> {
        let before = self.fetched();
        let answer = guarded("hdf5", || question(self))?;
        Ok((answer, self.fetched() - before))
    }

    /// Bytes that were fetched until now, but for those of chunks.
    pub fn fetched(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Where addresses start to count: behind the user block.
    pub fn base(&self) -> u64 {
        self.library.superblock().base_address
    }

    /// Bytes of an address and of a length.
    pub fn sizes(&self) -> Sizes {
        let superblock = self.library.superblock();
        Sizes {
            offset: usize::from(superblock.offset_size),
            length: usize::from(superblock.length_size),
        }
    }

    /// The `len` bytes at an address; `None` if the file does not hold them.
    pub fn bytes(&self, address: u64, len: u64) -> Option<Vec<u8>> {
        let bytes = bytes(&self.input, self.base(), address, len)?;
        self.read.fetch_add(len, Ordering::Relaxed);
        Some(bytes)
    }

    /// The header of the object at an address.
    ///
    /// # Errors
    /// A sentence, if it cannot be walked.
    pub fn header(&self, address: u64) -> Result<Header, String> {
        Header::read(|at, len| self.bytes(at, len), address, self.sizes())
    }

    /// What the library reads from.
    pub fn storage(&self) -> &dyn Storage {
        self.library.storage()
    }

    /// What the first bytes say.
    pub fn superblock(&self) -> &Superblock {
        self.library.superblock()
    }

    /// An error about a dataset of this file.
    pub fn fault(&self, message: impl Into<String>) -> Error {
        let (error, end) = (self.input.fault(message), self.superblock().eof_address);
        match self.is_cut() {
            true => error.fact("cut short", format!("{} of {end} bytes", self.input.len)),
            false => error,
        }
    }

    /// Whether it is shorter than it says.
    fn is_cut(&self) -> bool {
        self.superblock().eof_address > self.input.len
    }

    /// An error with some datasets as the way out.
    fn suggest(&self, error: Error, location: &Location, found: &[String]) -> Error {
        if found.is_empty() {
            return error.way_out(match self.is_cut() {
                true => "copy or write it again",
                false => "a file with a dataset of numbers",
            });
        }
        let path = location.files.name(&location.path);
        let names = found.iter().take(NAMES);
        let names: Vec<String> = names.map(|name| format!("{path}#{name}")).collect();
        error.way_out(names.join(", "))
    }

    /// The path of the dataset that a location names: what stands behind `#`, or the only one.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Source`] if nothing stands there and the file has not exactly one.
    pub fn key(&self, location: &Location) -> Result<String> {
        if let Some(key) = location
            .key
            .as_deref()
            .filter(|key| !key.trim_matches('/').is_empty())
        {
            return Ok(key.to_owned());
        }
        let mut found = members::datasets(self);
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (last, _) => {
                found.extend(last);
                let message = match found.len() {
                    0 => "the file has no dataset".to_owned(),
                    n => format!("the file has {n} datasets"),
                };
                Err(self.suggest(self.fault(message), location, &found))
            }
        }
    }

    /// There is no such dataset.
    pub fn missing(&self, location: &Location, key: &str, error: &str) -> Error {
        let message = format!(
            "the dataset {} cannot be opened: {error}",
            fault::quote(key)
        );
        self.suggest(self.fault(message), location, &members::datasets(self))
    }
}
