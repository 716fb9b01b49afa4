//! How is a dataset added to a file that exists?
//!
//! What is new goes behind the end of the file, and nothing that stood there is touched: the headers
//! of the groups on the way are written anew, too. Last, when all of it is on the disk, the first
//! bytes are replaced by one write, so that the file is at every moment what it was, or what it
//! becomes. What a killed process left behind the end is written over. Absent: a copy of the file;
//! giving back the space of what is replaced.
//!
//! **Source** HDF5 File Format Specification 3.0, section II.A.

use super::attributes::{self, Attributes};
use super::dataset::{self, Refusal};
use super::file::File;
use super::group::{self, Group};
use super::members;
use super::message::{self, NOWHERE, SUPERBLOCK, UNLIMITED};
use super::pile::{Chunks, Pile};
use super::scales::Beside;
use super::tree::CHILDREN;
use crate::location::Location;
use crate::{fault, hidden};
use hdf5_reader::messages::link::LinkTarget;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::time::Duration;
use tilewright_core::{Error, Result};

/// How often, and how long apart, the lock of a file is tried: another store adds to it in a moment.
const TRIES: usize = 20;
const PAUSE: Duration = Duration::from_millis(100);

/// Bytes of the newest first block of the older versions, and where its numbers stand; in version 1
/// all of them 4 bytes later.
const OLD: usize = 96;
const OLD_BASE: usize = 24;
const OLD_END: usize = 40;
const OLD_ROOT: usize = 64;

/// The bytes that describe a dataset, and the names and addresses of what they bring into its group.
pub type Described<'a> = (Vec<u8>, Vec<(&'a str, u64)>);

/// A file that holds something, locked.
pub struct Existing {
    pub file: fs::File,
    /// What it says.
    pub said: File,
    pub location: Location,
}

impl Existing {
    /// The file that a location names; `None` if there is none.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if it is no HDF5 file, may not be written to, or is in use.
    pub fn open(location: &Location) -> Result<Option<Existing>> {
        let (uri, path) = (&location.uri, &location.path);
        let failed = |error: io::Error| fault::writing(uri, path, &error);
        for _ in 0..TRIES {
            let file = match fs::metadata(path) {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(failed(error)),
                Ok(found) if !found.is_file() => return Err(other(location)),
                Ok(_) => fs::OpenOptions::new().read(true).write(true).open(path),
            };
            let file = file.map_err(failed)?;
            if hidden::lock(&file) {
                let place = |found: fs::Metadata| (found.dev(), found.ino());
                let held = file.metadata().map(place).map_err(failed)?;
                if fs::metadata(path).map(place).ok() == Some(held) {
                    let said = File::open(location).map_err(|_| other(location))?;
                    return Ok(Some(Existing {
                        file,
                        said,
                        location: location.clone(),
                    }));
                }
                // It was replaced meanwhile.
                continue;
            }
            std::thread::sleep(PAUSE);
        }
        Err(fault::sink(uri, "another program has the file open")
            .fact("file", path.display().to_string())
            .way_out("close it there, or another file"))
    }

    /// Whether it holds this dataset and no other.
    pub fn holds_only(&self, path: &[String]) -> bool {
        members::datasets(&self.said) == [format!("/{}", path.join("/"))]
    }

    /// Whether a dataset can be added.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if not.
    pub fn check(&self, path: &[String], overwrite: bool) -> Result<()> {
        self.start()
            .and_then(|_| self.groups(path, overwrite))
            .map(|_| ())
            .map_err(|refusal| self.refused(refusal))
    }

    /// Whether its first bytes are of a kind that can be written anew.
    ///
    /// # Errors
    /// [`tilewright_core::Kind::Sink`] if not.
    pub fn check_start(&self) -> Result<()> {
        let start = self.start();
        start.map(|_| ()).map_err(|refusal| self.refused(refusal))
    }

    /// The first bytes, once the file ends at `end`.
    ///
    /// # Errors
    /// As [`Existing::check_start`].
    pub fn ended(&self, end: u64) -> io::Result<Vec<u8>> {
        let start = self
            .start()
            .map_err(|(message, _)| io::Error::other(message))?;
        Ok(told(start, end, None))
    }

    /// Adds a dataset: the chunks of a pile, then what `describe` says of them where they stand. It is told
    /// its own address, too, and what is beside the dataset.
    ///
    /// # Errors
    /// As [`Existing::check`]; and if the file cannot be written. It is then what it was.
    pub fn add<'a>(
        &self,
        path: &'a [String],
        overwrite: bool,
        pile: &Pile,
        describe: impl FnOnce(&Chunks, u64, &dyn Fn(&str, i64) -> Beside) -> io::Result<Described<'a>>,
    ) -> Result<()> {
        let start = self.start().map_err(|refusal| self.refused(refusal))?;
        let groups = self.groups(path, overwrite);
        let groups = groups.map_err(|refusal| self.refused(refusal))?;
        let old_end = self.said.superblock().eof_address;
        let write = || {
            // What a killed process left.
            self.file.set_len(old_end)?;
            pile.copy(&self.file, old_end)?;
            let (address, len) = (old_end - self.said.base(), pile.len());
            let at = address + len;
            let beside = |name: &str, len: i64| match groups.get(path.len() - 1) {
                Some(group) => self.beside(group, name, len),
                None => Beside::Nothing,
            };
            let (mut bytes, members) = describe(&pile.laid(address), at, &beside)?;
            let root = group::lead(path, &groups, members, (&mut bytes, at));
            let root = root.map_err(io::Error::other)?;
            self.file.write_all_at(&bytes, old_end + len)?;
            self.file.sync_all()?;
            let end = old_end + len + bytes.len() as u64;
            self.file
                .write_all_at(&told(start, end, Some(root)), self.said.base())?;
            self.file.sync_all()
        };
        write().map_err(|error| {
            let _ = self.file.set_len(old_end);
            fault::writing(&self.location.uri, &self.location.path, &error)
        })
    }

    /// The first bytes, if they are of a kind that can be written anew.
    fn start(&self) -> Result<Vec<u8>, Refusal> {
        let said = self.said.superblock();
        let refuse = |message: &str, way_out: &str| Err((message.to_owned(), way_out.to_owned()));
        let extended = said.extension_address.is_some_and(|at| at != NOWHERE);
        let driven = said.version < 2 && said.driver_info_address != NOWHERE;
        // How many chunks an index has in a node.
        let other = said.version == 1 && usize::from(said.indexed_storage_k) != CHILDREN / 2;
        if extended || driven || other || (said.offset_size, said.length_size) != (8, 8) {
            return refuse(
                "the file was made with uncommon settings, and nothing can be added to it",
                "h5repack it, or another file",
            );
        }
        if said.version == 3 && said.consistency_flags != 0 {
            return refuse(
                "the file was not closed by the program that wrote it",
                "h5clear -s, or another file",
            );
        }
        let len = match said.version {
            0 => OLD as u64,
            1 => OLD as u64 + 4,
            _ => SUPERBLOCK,
        };
        let start = self.said.bytes(0, len).unwrap_or_default();
        let base = match said.version {
            0 => start.get(OLD_BASE..),
            1 => start.get(OLD_BASE + 4..),
            _ => start.get(12..),
        };
        let base = base.map(super::header::number);
        if base != Some(said.base_address)
            || said.eof_address > self.said.input.len
            || said.eof_address <= said.base_address
        {
            return refuse(
                "the file is not as long as it says",
                "it is damaged: copy or write it again",
            );
        }
        Ok(start)
    }

    /// The groups that lead to a dataset's place, the root first; those below may be missing.
    fn groups(&self, path: &[String], overwrite: bool) -> Result<Vec<Group>, Refusal> {
        let refuse = |message: String, way_out: &str| Err((message, way_out.to_owned()));
        let cannot = |message: String| {
            let message = format!("nothing can be added to the file: {message}");
            (message, "another file".to_owned())
        };
        let root = match self.said.superblock().root_object_header_address() {
            Ok(address) => Group::read(&self.said, address).map_err(cannot)?,
            Err(error) => return Err(cannot(error.to_string())),
        };
        let mut groups = vec![root.ok_or_else(|| cannot("its root is no group".into()))?];
        for (k, name) in path.iter().enumerate() {
            let is_last = k + 1 == path.len();
            let here = || path[..=k].join("/");
            let Some(target) = groups.last().and_then(|group| group.member(name)) else {
                break;
            };
            let LinkTarget::Hard { address } = target else {
                if is_last && overwrite {
                    break;
                }
                return refuse(format!("/{} is a link", here()), "another name");
            };
            match Group::read(&self.said, *address).map_err(cannot)? {
                Some(_) if is_last => {
                    return refuse(format!("/{} is a group", here()), "another name");
                }
                Some(group) => groups.push(group),
                None if !is_last => {
                    return refuse(format!("/{} is no group", here()), "another name");
                }
                None if self.is_bare_scale(*address) => {
                    return refuse(
                        format!(
                            "/{} is a dimension of other datasets, without values",
                            here()
                        ),
                        "another file, and this dataset first; or another name",
                    );
                }
                None if overwrite => {}
                None => {
                    return refuse(
                        "the dataset exists already".into(),
                        "--overwrite, or another name",
                    );
                }
            }
        }
        Ok(groups)
    }

    /// Whether nothing but the length of a dimension stands there, which other datasets lead to.
    fn is_bare_scale(&self, address: u64) -> bool {
        let header = self.said.header(address);
        header.is_ok_and(|header| attributes::is_bare_scale(&header))
    }

    /// What a group has of a name, where a scale of this length is wanted.
    fn beside(&self, group: &Group, name: &str, len: i64) -> Beside {
        let address = match group.member(name) {
            None => return Beside::Nothing,
            Some(LinkTarget::Hard { address }) => *address,
            Some(_) => return Beside::Other,
        };
        let is_scale = || {
            let header = self.said.header(address).ok()?;
            let is_bare = attributes::is_bare_scale(&header);
            let attributes = Attributes::read(&self.said, header).ok()?;
            let (mut lens, most) = dataset::lens(&self.said, address)?;
            let grows = most.is_some_and(|most| most == [UNLIMITED]);
            if is_bare && grows {
                lens = [lens[0].max(self.longest(group, address))][..].into();
            }
            (attributes.is_scale() && lens[..] == [len]).then_some(grows)
        };
        match is_scale() {
            Some(grows) => Beside::Scale(address, grows),
            None => Beside::Other,
        }
    }

    /// The longest axis of this scale among the datasets of a group: what has no values and may grow is as
    /// long as that.
    fn longest(&self, group: &Group, scale: u64) -> i64 {
        let along = |address: u64| {
            let lens = dataset::lens(&self.said, address)?.0;
            let attributes = Attributes::read(&self.said, self.said.header(address).ok()?).ok()?;
            let axes = attributes.scales(lens.len()).into_iter().zip(lens);
            axes.filter(|(of, _)| *of == Some(scale))
                .map(|(_, len)| len)
                .max()
        };
        group.objects().filter_map(along).max().unwrap_or(0)
    }

    fn refused(&self, (message, way_out): Refusal) -> Error {
        fault::sink(&self.location.uri, message)
            .fact("file", self.location.path.display().to_string())
            .way_out(way_out)
    }
}

/// Something else stands there.
fn other(location: &Location) -> Error {
    fault::sink(&location.uri, "something that is no HDF5 file stands there")
        .fact("file", location.path.display().to_string())
        .way_out("another name, or remove it")
}

/// The first bytes of the file, once it ends at `end` and its root's header stands at `root`, if that moves.
fn told(mut start: Vec<u8>, end: u64, root: Option<u64>) -> Vec<u8> {
    if start.len() as u64 == SUPERBLOCK {
        let base = super::header::number(&start[12..20]);
        let root = root.unwrap_or_else(|| super::header::number(&start[36..44]));
        return message::superblock(start[8], base, end, root);
    }
    let later = start.len() - OLD;
    let mut put =
        |at: usize, bytes: &[u8]| start[at + later..][..bytes.len()].copy_from_slice(bytes);
    put(OLD_END, &end.to_le_bytes());
    if let Some(root) = root {
        put(OLD_ROOT, &root.to_le_bytes());
        // Nothing of the root's is kept here besides.
        put(OLD_ROOT + 8, &[0; 24]);
    }
    start
}
