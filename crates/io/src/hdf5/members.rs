//! Which object does a path lead to, and which datasets has a file?
//!
//! Links are followed within the file, name by name; an object that cannot be read hides nothing but
//! itself. Absent: links to other files.

use super::attributes;
use super::file::File;
use super::header::Header;
use super::links;
use super::message::{GROUP_INFO, LAYOUT, LINK, LINK_INFO};
use hdf5_reader::messages::link::{LinkMessage, LinkTarget};
use std::cell::Cell;
use std::collections::HashSet;

/// Most groups and datasets visited when datasets are named in a way out.
pub const VISITS: usize = 500;

/// Deepest group seen, and most links to paths that are followed for one name.
const DEPTH: usize = 16;
const STEPS: usize = 64;

/// Numbers of the messages that tell of members, and of those that tell of elements: shape, fill
/// value, layout, filters.
const OF_GROUPS: &[u8] = &[links::SYMBOLS, LINK, LINK_INFO, GROUP_INFO];
const OF_DATASETS: &[u8] = &[1, 5, LAYOUT, 11];

/// Numbers of the messages of attributes.
const OF_ATTRIBUTES: &[u8] = &[12, 21];

/// What stands at an address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Group,
    Dataset,
    Other,
}

fn kind(header: &Header) -> Kind {
    let has = |kinds: &[u8]| header.messages.iter().any(|m| kinds.contains(&m.kind));
    if has(OF_GROUPS) {
        Kind::Group
    } else if has(OF_DATASETS) {
        Kind::Dataset
    } else if has(OF_ATTRIBUTES) {
        Kind::Group
    } else {
        Kind::Other
    }
}

/// The address of the dataset at a path.
///
/// # Errors
/// A sentence, if there is none.
pub fn dataset(file: &File, path: &str) -> Result<u64, String> {
    let address = Walk::new(file)?.path(None, path)?;
    match kind(&file.header(address)?) {
        Kind::Dataset => Ok(address),
        Kind::Group => Err("it is a group".into()),
        Kind::Other => Err("it is no dataset".into()),
    }
}

/// The names of the objects at these addresses, as the innermost of the groups above `path` that has
/// them calls them.
pub fn names(file: &File, path: &str, addresses: &[Option<u64>]) -> Vec<Option<String>> {
    let mut names = vec![None; addresses.len()];
    let Ok(walk) = Walk::new(file) else {
        return names;
    };
    let mut groups = vec![walk.root];
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    for part in &parts[..parts.len().saturating_sub(1)] {
        let Some(Ok(group)) = groups.last().map(|&group| walk.path(Some(group), part)) else {
            break;
        };
        groups.push(group);
    }
    for group in groups.into_iter().rev() {
        // Of a group that is damaged, what was found counts.
        let _ = walk.members(group, None, &mut |link| {
            let LinkTarget::Hard { address } = link.target else {
                return;
            };
            for (name, wanted) in names.iter_mut().zip(addresses) {
                if name.is_none() && *wanted == Some(address) {
                    *name = Some(link.name.clone());
                }
            }
        });
    }
    names
}

/// What stands in a file: paths and addresses.
#[derive(Default)]
pub struct Found {
    /// Datasets, without dimensions that have a length alone.
    pub datasets: Vec<(String, u64)>,
    /// Groups, the root first.
    pub groups: Vec<(String, u64)>,
    /// Links that lead to nothing here, and why.
    pub nowhere: Vec<(String, String)>,
    /// Whether there is more, since not all of it was looked at.
    pub is_cut: bool,
}

/// The paths of the datasets of a file, or of some where there are many.
pub fn datasets(file: &File) -> Vec<String> {
    let found = all(file, VISITS).datasets;
    found.into_iter().map(|(path, _)| path).collect()
}

/// What stands in a file, or some of it where that is more than `most` groups and datasets.
pub fn all(file: &File, most: usize) -> Found {
    let mut found = Found::default();
    let Ok(walk) = Walk::new(file) else {
        return found;
    };
    let mut seen = HashSet::from([walk.root]);
    let mut waiting = vec![(walk.root, String::new(), 0)];
    while let Some((group, path, depth)) = waiting.pop() {
        found.groups.push((path.clone(), group));
        let mut members = Vec::new();
        // Of a group that is damaged, what was found counts.
        let _ = walk.members(group, None, &mut |link| members.push(link));
        if members.iter().all(|link| link.creation_order.is_some()) {
            members.sort_by_key(|link| link.creation_order);
        }
        let mut groups = Vec::new();
        for link in members {
            walk.steps.set(STEPS);
            let below = format!("{path}/{}", link.name);
            let address = match walk.target(group, &link.target) {
                Ok(Some(address)) => address,
                Ok(None) => {
                    let why = "a link to another file, which is not followed";
                    found.nowhere.push((below, why.to_owned()));
                    continue;
                }
                Err(why) => {
                    found.nowhere.push((below, why));
                    continue;
                }
            };
            let Ok(header) = file.header(address) else {
                continue;
            };
            match kind(&header) {
                Kind::Dataset if attributes::is_bare_scale(&header) => {}
                Kind::Dataset => found.datasets.push((below, address)),
                Kind::Group => groups.push((address, below, depth + 1)),
                Kind::Other => {}
            }
        }
        if depth == DEPTH || found.datasets.len() + seen.len() > most {
            found.is_cut |= !groups.is_empty();
            continue;
        }
        // A hard link may lead back up.
        for below in groups.into_iter().rev() {
            if seen.insert(below.0) {
                waiting.push(below);
            }
        }
    }
    found
}

/// A way through the links of a file.
struct Walk<'a> {
    file: &'a File,
    root: u64,
    /// Links to paths that may still be followed.
    steps: Cell<usize>,
}

impl<'a> Walk<'a> {
    fn new(file: &'a File) -> Result<Walk<'a>, String> {
        let root = file.superblock().root_object_header_address();
        Ok(Walk {
            file,
            root: root.map_err(|error| error.to_string())?,
            steps: Cell::new(STEPS),
        })
    }

    /// Shows the links of a group, or those that may have a name.
    fn members(
        &self,
        group: u64,
        wanted: Option<&str>,
        show: &mut dyn FnMut(LinkMessage),
    ) -> Result<(), String> {
        let header = self.file.header(group)?;
        links::show(self.file, &header, wanted, &mut |_, link| {
            show(link);
            Ok(())
        })
    }

    /// The object that a path leads to, from a group or from the root.
    fn path(&self, from: Option<u64>, path: &str) -> Result<u64, String> {
        let start = from.filter(|_| !path.starts_with('/'));
        let mut at = start.unwrap_or(self.root);
        for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
            let mut found = None;
            self.members(at, Some(part), &mut |link| {
                if link.name == part {
                    found = Some(link.target);
                }
            })?;
            let target = found.ok_or("there is none of this name")?;
            at = self
                .target(at, &target)?
                .ok_or("it is a link to another file, which is not followed")?;
        }
        Ok(at)
    }

    /// Where a link of a group leads; `None` out of the file.
    fn target(&self, group: u64, target: &LinkTarget) -> Result<Option<u64>, String> {
        Ok(match target {
            LinkTarget::Hard { address } => Some(*address),
            LinkTarget::Soft { path } => {
                let left = self.steps.get().checked_sub(1);
                self.steps.set(left.ok_or("links lead in a circle")?);
                let led = self.path(Some(group), path);
                Some(led.map_err(|error| format!("its link leads nowhere: {error}"))?)
            }
            LinkTarget::External { .. } => None,
        })
    }
}
