//! What stands in a file, or below a group of it?
//!
//! The file is opened once, however many datasets it has. Absent: the walk through its links, which is
//! `members`'.

use super::attributes::Attributes;
use super::file::File;
use super::{members, source};
use crate::listing::{Group, Listed, Listing};
use crate::location::Location;
use std::sync::Arc;
use tilewright_core::Result;

/// Most groups and datasets listed of a file on a disk.
const LISTED: usize = 100_000;

/// The datasets of a file, or those below the group that stands behind `#`; and the groups.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if the file cannot be read.
pub fn list(location: &Location) -> Result<Listing> {
    let group = location.key.as_deref().unwrap_or("").trim_matches('/');
    let group = match group.is_empty() {
        true => String::new(),
        false => format!("/{group}"),
    };
    let name = location.files.uri(&location.path);
    let file = Arc::new(File::open(location)?);
    let most = match file.input.reach().distant {
        true => members::VISITS,
        false => LISTED,
    };
    let found = members::all(&file, most);
    let below = |key: &str| {
        let rest = key.strip_prefix(&group)?;
        let is_below = rest.is_empty() || rest.starts_with('/');
        is_below.then(|| rest.trim_start_matches('/').to_owned())
    };
    let names = |key: &str| below(key).map(|path| (format!("{name}#{key}"), path));
    let mut listing = Listing {
        is_cut: found.is_cut,
        ..Listing::default()
    };
    for (key, address) in found.datasets {
        let Some(names) = names(&key) else { continue };
        let (file, location) = (file.clone(), location.clone());
        let location = Location {
            uri: names.0.clone(),
            ..location
        };
        listing.arrays.push(Listed::placed(names, move || {
            source::open_at(&location, file.clone(), (&key, address))
        }));
    }
    for (key, why) in found.nowhere {
        if let Some(names) = names(&key) {
            let error = file.fault(why).fact("link", key);
            listing.arrays.push(Listed::refused(names, error));
        }
    }
    for (key, address) in found.groups {
        let Some(path) = below(&key) else { continue };
        let header = file.header(address);
        let attributes = header.and_then(|header| Attributes::read(&file, header));
        let attributes = attributes.map(Attributes::shown).unwrap_or_default();
        listing.groups.push(Group { path, attributes });
    }
    Ok(listing)
}
