//! Which arrays does a group name in its own document?
//!
//! Asked where a place cannot be listed. Absent: the arrays' metadata, which are read from their own
//! documents.

use super::node;
use crate::files::Files;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use tilewright_core::Result;

/// A group's document of version 3.
#[derive(Deserialize)]
struct Group {
    consolidated_metadata: Option<Nodes>,
}

#[derive(Deserialize)]
struct Nodes {
    metadata: BTreeMap<String, Node>,
}

#[derive(Deserialize)]
struct Node {
    node_type: Option<String>,
}

/// The document `.zmetadata` of version 2: the documents below the group, by their paths.
#[derive(Deserialize)]
struct Documents {
    metadata: BTreeMap<String, IgnoredAny>,
}

/// The arrays that the group at `group` names; `None` if it names none.
///
/// # Errors
/// [`tilewright_core::Kind::Source`] if a document cannot be read.
pub fn arrays(files: &Files, uri: &str, group: &Path) -> Result<Option<Vec<PathBuf>>> {
    let mut names: Vec<String> = Vec::new();
    if let Some((_, text)) = node::read_document(files, uri, group, "zarr.json")? {
        let told: Option<Group> = serde_json::from_slice(&text).ok();
        let nodes = told.and_then(|group| group.consolidated_metadata);
        let nodes = nodes.into_iter().flat_map(|nodes| nodes.metadata);
        let arrays = nodes.filter(|(_, node)| node.node_type.as_deref() == Some("array"));
        names.extend(arrays.map(|(name, _)| name));
    } else if let Some((_, text)) = node::read_document(files, uri, group, ".zmetadata")? {
        let told: Option<Documents> = serde_json::from_slice(&text).ok();
        let documents = told.into_iter().flat_map(|told| told.metadata.into_keys());
        names.extend(documents.filter_map(|name| name.strip_suffix("/.zarray").map(str::to_owned)));
    }
    let within = |name: &PathBuf| {
        let mut parts = name.components();
        parts.all(|part| matches!(part, Component::Normal(_)))
    };
    let names = names.iter().map(PathBuf::from).filter(within);
    let paths: Vec<PathBuf> = names.map(|name| group.join(name)).collect();
    Ok((!paths.is_empty()).then_some(paths))
}
