//! Which path was meant, where there is nothing?
//!
//! Names beside it that are spelled almost so, or differ behind the first dot. Absent: places other
//! than a disk, where to look around is a journey; the arrays of a Zarr store, which names them
//! itself.

use crate::fault;
use crate::files::Files;
use crate::location::Location;
use std::path::Path;
use tilewright_core::Error;

/// Most names of a directory that are compared.
const COMPARED: usize = 10_000;

/// Most names in a way out.
const NAMES: usize = 3;

/// The error of a location at which nothing is that can be read; `None` if something is, or if it is
/// to be looked for as a Zarr array, whose way out is better.
pub fn missing(location: &Location) -> Option<Error> {
    let path = &location.path;
    if !matches!(location.files, Files::OnDisk) {
        return None;
    }
    if let Ok(stands) = path.symlink_metadata() {
        return no_file(location, stands.is_symlink());
    }
    let is_file = path.extension().is_some() && !location.in_store();
    let message = match is_file {
        true => "there is no such file",
        false => "there is no such array",
    };
    let mut error = fault::source(&location.uri, message);
    let above = path
        .ancestors()
        .skip(1)
        .filter(|above| above.parent().is_some());
    if let Some(above) = above.take_while(|above| !above.exists()).last() {
        error = error.fact("missing", format!("the directory {}", above.display()));
    }
    let meant = meant(path);
    match meant.is_empty() {
        false => Some(error.way_out(meant.join(", "))),
        true if is_file => Some(error.way_out("check the path")),
        true => None,
    }
}

/// The error of what stands there, if it is neither a file nor a directory.
fn no_file(location: &Location, is_link: bool) -> Option<Error> {
    let path = &location.path;
    let (message, way_out) = match path.metadata() {
        Ok(leads) if leads.is_file() || leads.is_dir() => return None,
        Ok(_) => ("this is neither a file nor a directory", "name a file"),
        Err(_) if is_link => ("this is a link that leads nowhere", "check where it leads"),
        // What may not be looked at is told when it is opened.
        Err(_) => return None,
    };
    Some(fault::source(&location.uri, message).way_out(way_out))
}

/// Paths that are spelled almost so: the first part of which there is none is another.
fn meant(path: &Path) -> Vec<String> {
    let there = path.ancestors().find(|path| path.is_dir());
    let there = there.unwrap_or(Path::new(""));
    let Ok(rest) = path.strip_prefix(there) else {
        return Vec::new();
    };
    let mut parts = rest.components();
    let Some(wrong) = parts.next() else {
        return Vec::new();
    };
    let (wrong, below) = (wrong.as_os_str().to_string_lossy(), parts.as_path());
    let within = match there.as_os_str().is_empty() {
        true => Path::new("."),
        false => there,
    };
    let entries = std::fs::read_dir(within).into_iter().flatten().flatten();
    let names = entries.take(COMPARED).map(|entry| entry.file_name());
    let mut near: Vec<(usize, String)> = names
        .filter_map(|name| {
            let name = name.into_string().ok()?;
            let distance = distance(&wrong, &name)?;
            let mut path = there.join(name);
            // Nothing behind it would still add a slash.
            path.extend(below.components());
            path.exists()
                .then(|| (distance, path.display().to_string()))
        })
        .collect();
    near.sort();
    near.into_iter().map(|(_, path)| path).take(NAMES).collect()
}

/// How many signs a name differs in from one that is not there, if it can have been meant.
fn distance(wrong: &str, name: &str) -> Option<usize> {
    fn stem(name: &str) -> &str {
        name.split('.').next().unwrap_or(name)
    }
    let (wrong, name) = (wrong.to_lowercase(), name.to_lowercase());
    let stem_of_wrong = stem(&wrong);
    let distance = strsim::damerau_levenshtein(&wrong, &name);
    let most = (stem_of_wrong.chars().count() / 3).max(1);
    let is_same = !stem_of_wrong.is_empty() && stem_of_wrong == stem(&name);
    (distance <= most || is_same).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn names_are_near_by_spelling_or_but_for_their_ending() {
        assert_eq!(distance("missing.h5", "mising.h5"), Some(1));
        assert_eq!(distance("scan.nii", "scan.nii.gz"), Some(3));
        assert_eq!(distance("Air.NC", "air.nc"), Some(0));
        assert_eq!(distance("none.zarr", "v2.zarr"), None);
        assert_eq!(distance(".h5", "x.h5"), Some(1));
        assert_eq!(distance("day-3.npy", "week-3.npy"), None);
    }
}
