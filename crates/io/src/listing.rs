//! What does a file or group hold that holds several arrays?
//!
//! Absent: how it is found, which is each format's.

use crate::{Attributes, Source, SourceInfo, format};
use std::sync::Arc;
use tilewright_core::{Error, Result};

/// What a file or group holds, at any depth.
#[derive(Default)]
pub struct Listing {
    /// The arrays, in the order of their names.
    pub arrays: Vec<Listed>,
    /// The groups, that which was named first, if it is one.
    pub groups: Vec<Group>,
    /// Whether there is more, since not all of it was looked at.
    pub is_cut: bool,
}

/// A group.
pub struct Group {
    /// Where it stands below what was named: nothing for that itself.
    pub path: String,
    /// What the user stored beside it.
    pub attributes: Attributes,
}

/// An array, or what stands where one might.
pub struct Listed {
    /// A URI that names it.
    pub uri: String,
    /// Where it stands below what was named.
    pub path: String,
    open: Open,
}

enum Open {
    ByName,
    ByPlace(Box<dyn Fn() -> Result<Arc<dyn Source>> + Send + Sync>),
    Never(Error),
}

impl Listed {
    /// An array that is opened by its name.
    pub(crate) fn named(uri: String, path: String) -> Listed {
        let open = Open::ByName;
        Listed { uri, path, open }
    }

    /// An array in a file that is open.
    pub(crate) fn placed(
        (uri, path): (String, String),
        open: impl Fn() -> Result<Arc<dyn Source>> + Send + Sync + 'static,
    ) -> Listed {
        let open = Open::ByPlace(Box::new(open));
        Listed { uri, path, open }
    }

    /// What cannot be opened, and why.
    pub(crate) fn refused((uri, path): (String, String), error: Error) -> Listed {
        let open = Open::Never(error);
        Listed { uri, path, open }
    }

    /// What is known of it without reading its elements.
    ///
    /// # Errors
    /// Those of [`crate::open`].
    pub fn info(&self) -> Result<SourceInfo> {
        match &self.open {
            Open::ByName => format::open(&self.uri),
            Open::ByPlace(open) => open(),
            Open::Never(error) => return Err(error.clone()),
        }
        .map(|source| source.info().clone())
    }
}

/// The arrays within a file or directory that holds several, by URI, in the order of their names.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if it cannot be read, or is of a format that holds one array
/// alone.
pub fn list(uri: &str) -> Result<Vec<String>> {
    let arrays = format::listing(uri)?.arrays.into_iter();
    let may_open = arrays.filter(|array| !matches!(array.open, Open::Never(_)));
    Ok(may_open.map(|array| array.uri).collect())
}
