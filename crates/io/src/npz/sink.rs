//! How is an archive of one array written?
//!
//! The member is stored, and stands so that its elements can be read in place. Absent: members that
//! are deflated, archives that gain a member.

use super::{archive, encode};
use crate::file::Input;
use crate::location::Location;
use crate::plain_sink::{self, Form};
use crate::{ArraySpec, Sink, fault, npy};
use flate2::Crc;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use tempfile::NamedTempFile;
use tilewright_core::{Result, element_count};

/// The format's name.
pub const FORMAT: &str = "npz";

/// How NumPy calls an array that was given no name.
const FIRST: &str = "arr_0";

/// Bytes read at a time.
const PIECE: usize = 64 << 10;

/// Starts an archive with one array, of the name that stands behind `#`.
///
/// # Errors
/// [`tilewright_core::Kind::Sink`] if there is an archive that holds other arrays, the name is too
/// long, and those of [`plain_sink::create`].
pub fn create(location: &Location, spec: &ArraySpec) -> Result<Arc<dyn Sink>> {
    let uri = &location.uri;
    let key = location.key.as_deref().unwrap_or_default();
    let name = match key.trim_matches('/') {
        "" => format!("{FIRST}.npy"),
        key => format!("{key}.npy"),
    };
    if name.len() > encode::LONGEST_NAME {
        let message = format!("the name has {} bytes", name.len());
        return Err(fault::sink(uri, message).way_out("a shorter one"));
    }
    let others = || {
        let members = Input::of(location).and_then(|input| archive::members(&input));
        members.is_ok_and(|members| members.iter().any(|member| member.name != name))
    };
    if spec.overwrite && location.path.is_file() && others() {
        return Err(
            fault::sink(uri, "the archive holds other arrays, which would be gone")
                .way_out("another name, or remove it"),
        );
    }
    let header = npy::header(spec.dtype, &spec.shape);
    let elements = element_count(&spec.shape)
        .and_then(|count| count.checked_mul(spec.dtype.itemsize() as i64))
        .unwrap_or_default();
    let len = header.len() as u64 + elements as u64;
    let mut start = encode::header(&name, len);
    let before = start.len() as u64;
    start.extend(header);
    let close = move |file: NamedTempFile| {
        let checksum = checksum(&file, before)?;
        file.as_file()
            .write_all_at(&checksum.to_le_bytes(), encode::CHECKSUM)?;
        let directory = encode::directory(&name, checksum, len, before + len);
        file.as_file().write_all_at(&directory, before + len)?;
        Ok(file)
    };
    let form = Form {
        format: FORMAT,
        start,
        fortran: false,
        close: Box::new(close),
    };
    plain_sink::create(location, spec, form)
}

/// The checksum of what stands in a file from `start` on.
fn checksum(file: &NamedTempFile, start: u64) -> io::Result<u32> {
    let mut from = file.as_file();
    from.seek(SeekFrom::Start(start))?;
    let (mut from, mut checksum) = (BufReader::with_capacity(PIECE, from), Crc::new());
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(checksum.sum()),
            len => checksum.update(&piece[..len]),
        }
    }
}
