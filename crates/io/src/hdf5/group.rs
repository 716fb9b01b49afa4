//! How does a group gain members?
//!
//! Its header is written anew, with all that it held before and the new links; the old one stays
//! where it is, and whoever leads to the group is then told of the new one. Absent: groups that are
//! led to from several places, which could not all be told.

use super::file::File;
use super::header::Header;
use super::links;
use super::message::{self, GROUP_INFO, LINK, LINK_INFO, Message, NOWHERE, Target};
use hdf5_reader::messages::link::{LinkMessage, LinkTarget};

/// Numbers of the messages that a group keeps as they are: attributes, what is said of them, a
/// comment, times.
const KEPT: &[u8] = &[GROUP_INFO, 12, 13, 14, 18, 21];

/// Numbers of the messages that tell of members.
const OF_MEMBERS: &[u8] = &[links::SYMBOLS, LINK, LINK_INFO];

/// A group.
pub struct Group {
    header: Header,
    /// The links to its members, and what they say.
    members: Vec<(Vec<u8>, LinkMessage)>,
}

impl Group {
    /// The group at `address`; `None` if another object stands there.
    ///
    /// # Errors
    /// A sentence, if it is damaged, or cannot be written anew.
    pub fn read(file: &File, address: u64) -> Result<Option<Group>, String> {
        let header = file.header(address)?;
        if !OF_MEMBERS.iter().any(|&kind| header.find(kind).is_some()) {
            return Ok(None);
        }
        if header.said.references > 1 {
            return Err("several links lead to one of its groups".into());
        }
        let known =
            |message: &&Message| KEPT.contains(&message.kind) || OF_MEMBERS.contains(&message.kind);
        if let Some(other) = header.messages.iter().find(|message| !known(message)) {
            return Err(format!("a group holds a message of kind {}", other.kind));
        }
        let mut members = Vec::new();
        links::show(file, &header, None, &mut |bytes, said| {
            members.push((bytes.to_vec(), said));
            Ok(())
        })?;
        Ok(Some(Group { header, members }))
    }

    /// Where the link of this name leads.
    pub fn member(&self, name: &str) -> Option<&LinkTarget> {
        let mut members = self.members.iter();
        let found = members.find(|(_, link)| link.name == name);
        found.map(|(_, link)| &link.target)
    }

    /// Where the links to its members lead that lead to objects of the file.
    pub fn objects(&self) -> impl Iterator<Item = u64> {
        self.members
            .iter()
            .filter_map(|(_, link)| match link.target {
                LinkTarget::Hard { address } => Some(address),
                _ => None,
            })
    }

    /// The header with links of these names and addresses, in place of those that there may be.
    ///
    /// # Errors
    /// A sentence, if it is too long.
    fn with(&self, members: &[(&str, u64)]) -> Result<Vec<u8>, String> {
        let header = &self.header;
        // Where the header counts the messages as they are made, each has a place among them.
        let order = vec![0; if header.said.flags & 4 != 0 { 2 } else { 0 }];
        let made = |kind: u8, data: Vec<u8>| Message {
            order: order.clone(),
            ..Message::new(kind, data)
        };
        let (info, number) = self.info(members.len() as u64);
        let mut messages = vec![made(LINK_INFO, info)];
        if header.find(GROUP_INFO).is_none() {
            messages.push(made(GROUP_INFO, vec![0, 0]));
        }
        let kept = header.messages.iter().filter(|m| KEPT.contains(&m.kind));
        messages.extend(kept.cloned());
        let is_new = |name: &str| members.iter().any(|(new, _)| *new == name);
        let others = self.members.iter().filter(|(_, link)| !is_new(&link.name));
        messages.extend(others.map(|(bytes, _)| made(LINK, bytes.clone())));
        for (k, (name, address)) in (0..).zip(members) {
            let number = number.map(|first: u64| first.saturating_add(k));
            let link = message::link(name, number, Target::Object(*address));
            messages.push(made(LINK, link));
        }
        message::header_of(header.said.flags, &header.said.more, &messages)
    }

    /// What is said of the links, which all stand in the header then; and the number of the first of
    /// `new` ones, where they are counted as they are made.
    fn info(&self, new: u64) -> (Vec<u8>, Option<u64>) {
        let said = self.header.find(LINK_INFO).unwrap_or_default();
        let flags = said.get(1).copied().unwrap_or(0) & 3;
        let counted = flags & 1 != 0;
        let next = said.get(2..10).map_or(0, super::header::number);
        let mut info = vec![0, flags];
        if counted {
            info.extend(next.saturating_add(new).to_le_bytes());
        }
        for _ in 0..if flags & 2 != 0 { 3 } else { 2 } {
            info.extend(NOWHERE.to_le_bytes());
        }
        (info, counted.then_some(next))
    }
}

/// The headers of the groups of `path`, those that are there first, the innermost of which has new
/// `members`: behind `bytes`, which stand at `at`. Gives the address of the root's.
///
/// # Errors
/// A sentence, if one is too long.
pub fn lead<'a>(
    path: &'a [String],
    groups: &[Group],
    mut members: Vec<(&'a str, u64)>,
    (bytes, at): (&mut Vec<u8>, u64),
) -> Result<u64, String> {
    let mut root = at;
    for k in (0..path.len()).rev() {
        root = at + bytes.len() as u64;
        bytes.extend(match groups.get(k) {
            Some(group) => group.with(&members)?,
            None => message::header(&message::group(&members))?,
        });
        if k > 0 {
            members = vec![(&path[k - 1], root)];
        }
    }
    Ok(root)
}
