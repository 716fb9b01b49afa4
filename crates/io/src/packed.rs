//! How is an array read whose file is packed as a whole?
//!
//! A stream cannot be entered in the middle, so the file is unpacked once, at the first read, into
//! a temporary file without a name, which is then read as any plain array. Nothing of it is held
//! in memory. It stops at the size that the header gives. Absent: a choice of the place, which is
//! the system's directory for temporary files (`TMPDIR`).

use crate::file::Input;
use crate::plain::PlainSource;
use crate::{Counters, InPlace, Source, SourceInfo, plain};
use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::sync::{Arc, OnceLock};
use tilewright_core::{Result, element_count};

/// Bytes read or unpacked at a time: a decoder takes about 44 KiB beside them.
const PIECE: usize = 8 << 10;

/// Bytes that may follow behind the array.
const TAIL: u64 = 1 << 20;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    None,
    /// With gzip.
    Gzip,
    /// By deflate, without a frame: so many bytes from here on.
    Deflate {
        /// Where they start.
        start: u64,
        /// How many there are.
        len: u64,
    },
}

/// How a file is packed, by its first bytes.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if it cannot be read.
pub fn packing(input: &Input) -> Result<Packing> {
    let mut start = [0; 2];
    let len = input.len.min(2) as usize;
    input.read_at(&mut start[..len], 0)?;
    Ok(if start == [0x1f, 0x8b] {
        Packing::Gzip
    } else {
        Packing::None
    })
}

/// The first bytes of what is packed, at most `most`.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if they cannot be unpacked.
pub fn start(input: &Input, packing: Packing, most: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = stream(input, packing)
        .take(most as u64)
        .read_to_end(&mut bytes);
    read.map_err(|error| unread(input, error))?;
    Ok(bytes)
}

/// What is packed, from its start.
fn stream(input: &Input, packing: Packing) -> Box<dyn Read + '_> {
    let at = |start: u64, len: u64| At {
        input,
        at: start,
        end: start.saturating_add(len),
    };
    let piece = PIECE.max(input.reach().beside);
    let from = |start, len| BufReader::with_capacity(piece, at(start, len));
    match packing {
        Packing::None => Box::new(at(0, input.len)),
        Packing::Gzip => Box::new(MultiGzDecoder::new(from(0, input.len))),
        Packing::Deflate { start, len } => Box::new(DeflateDecoder::new(from(start, len))),
    }
}

/// What is packed could not be read, or not be unpacked.
fn unread(input: &Input, error: std::io::Error) -> tilewright_core::Error {
    match error.downcast::<tilewright_core::Error>() {
        Ok(reading) => reading,
        Err(error) => damaged(input, &error.to_string()),
    }
}

fn damaged(input: &Input, error: &str) -> tilewright_core::Error {
    input
        .fault(format!("the file cannot be unpacked: {error}"))
        .way_out("copy or write the file again; it is damaged or truncated")
}

/// A part of a file, read in order without moving the file's own position.
struct At<'a> {
    input: &'a Input,
    at: u64,
    end: u64,
}

impl Read for At<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let end = self.end.min(self.input.len);
        let room = end.saturating_sub(self.at).min(into.len() as u64) as usize;
        let read = self.input.read_at(&mut into[..room], self.at);
        read.map_err(std::io::Error::other)?;
        self.at += room as u64;
        Ok(room)
    }
}

struct PackedSource {
    info: SourceInfo,
    input: Input,
    packing: Packing,
    layout: plain::Layout,
    unpacked: OnceLock<Result<PlainSource>>,
}

/// The array that `info` describes, packed in `input`; `layout` is that of what is packed.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if it is larger than anything that can be packed so.
pub fn source(
    mut info: SourceInfo,
    input: Input,
    packing: Packing,
    layout: plain::Layout,
) -> Result<Arc<dyn Source>> {
    let name = if packing == Packing::Gzip {
        "gzip"
    } else {
        "deflate"
    };
    info.codecs.push(name.into());
    info.decode_bytes = plain::decode_bytes(&info, input.reach());
    let source = PackedSource {
        info,
        input,
        packing,
        layout,
        unpacked: OnceLock::new(),
    };
    // Deflate makes at most 1032 bytes of one (RFC 1951, 3.2.5).
    let most = source.input.len.saturating_add(64).saturating_mul(1032);
    match source.bytes() {
        Some(bytes) if bytes <= most => Ok(Arc::new(source)),
        bytes => {
            let need = bytes.map_or("more than 2^63".into(), |bytes| bytes.to_string());
            let have = source.input.len;
            let message = format!("{have} packed bytes cannot hold {need} bytes");
            Err(damaged(&source.input, &message))
        }
    }
}

impl PackedSource {
    /// Bytes of what is packed, up to the end of the array.
    fn bytes(&self) -> Option<u64> {
        element_count(&self.info.shape)
            .and_then(|count| count.checked_mul(self.info.dtype.itemsize() as i64))
            .and_then(|bytes| (bytes as u64).checked_add(self.layout.start))
    }

    /// The array, unpacked.
    fn unpacked(&self, counters: &Counters) -> Result<&PlainSource> {
        let unpacked = self.unpacked.get_or_init(|| {
            let file = self.unpack()?;
            counters.read_index(self.input.len as usize);
            let (input, bytes) = (&self.input, self.bytes().unwrap_or(0));
            let input = input.with_bytes_of(file, bytes);
            plain::unmapped(self.info.clone(), input, &self.layout)
        });
        unpacked.as_ref().map_err(Clone::clone)
    }

    fn unpack(&self) -> Result<File> {
        let writing = |error: std::io::Error| {
            self.input
                .fault(format!("unpacking into a temporary file failed: {error}"))
                .way_out("set TMPDIR to a directory with room, or unpack the file first")
        };
        let reading = |error: std::io::Error| unread(&self.input, error);
        let mut file = tempfile::tempfile().map_err(writing)?;
        let mut stream = stream(&self.input, self.packing);
        let mut piece = vec![0; PIECE];
        let (mut rest, mut tail) = (self.bytes().unwrap_or(0), 0);
        loop {
            let len = match stream.read(&mut piece) {
                Ok(len) => len,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(reading(error)),
            };
            if len == 0 {
                break;
            }
            let wanted = rest.min(len as u64);
            file.write_all(&piece[..wanted as usize]).map_err(writing)?;
            rest -= wanted;
            tail += len as u64 - wanted;
            if tail > TAIL {
                return Err(damaged(
                    &self.input,
                    "it holds far more than its header says",
                ));
            }
        }
        if rest > 0 {
            return Err(damaged(
                &self.input,
                &format!("{rest} bytes are missing at its end"),
            ));
        }
        Ok(file)
    }
}

impl Source for PackedSource {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn read_chunk(&self, chunk: &[i64], into: &mut [u8], counters: &Counters) -> Result<()> {
        self.input.check_before_reading()?;
        self.unpacked(counters)?.read_chunk(chunk, into, counters)
    }

    fn read_part(
        &self,
        chunk: &[i64],
        start: &[i64],
        lens: &[i64],
        into: &mut [u8],
        counters: &Counters,
    ) -> Result<bool> {
        self.input.check_before_reading()?;
        let unpacked = self.unpacked(counters)?;
        unpacked.read_part(chunk, start, lens, into, counters)
    }

    /// Never: it would have to be unpacked before it is known to be wanted.
    fn in_place(&self) -> Option<InPlace<'_>> {
        None
    }

    fn check_identity(&self) -> Result<()> {
        self.input.check_identity()
    }
}
