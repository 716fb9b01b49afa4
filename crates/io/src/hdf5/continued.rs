//! How does the header of an object change where it stands?
//!
//! Others lead to it by its address, so there it stays. Its messages are written anew elsewhere, and a few
//! bytes in place of its first ones lead to them: these can be replaced by one write. What stood behind
//! them is not looked at any more. Absent: what the messages say.
//!
//! **Source** HDF5 File Format Specification 3.0, sections IV.A.1 and IV.A.2.q.

use super::header::{CONTINUATION, NEW, REFERENCES, Said};
use super::message::{self, Message};

/// First bytes of a block that continues a header of version 2.
const BLOCK: &[u8] = b"OCHK";

/// Messages of the old version fill bytes by eights.
const EIGHT: usize = 8;

/// Never shared among objects.
const ALONE: u8 = 4;

/// A header whose messages stand elsewhere.
pub struct Continued {
    /// The messages.
    pub block: Vec<u8>,
    /// What leads to them, in place of the header's first bytes.
    pub start: Vec<u8>,
}

/// The header that says this of itself, with these messages, which go to address `at`.
///
/// # Errors
/// A sentence, if there are too many messages, or one is too long.
pub fn continued(said: &Said, mut messages: Vec<Message>, at: u64) -> Result<Continued, String> {
    if said.is_new && said.references != 1 {
        // The old version counts them in its first bytes.
        let count = u32::try_from(said.references).map_err(|_| "too many links lead to it")?;
        let data = [&[0][..], &count.to_le_bytes()].concat();
        messages.push(Message {
            flags: ALONE,
            ..Message::new(REFERENCES, data)
        });
    }
    let mut block = if said.is_new {
        BLOCK.to_vec()
    } else {
        Vec::new()
    };
    for message in &messages {
        add(&mut block, said, message)?;
    }
    if said.is_new {
        message::seal(&mut block);
    }
    let leads = [at, block.len() as u64].map(u64::to_le_bytes).concat();
    let leads = Message::new(CONTINUATION, leads);
    let mut lead = Vec::new();
    add(&mut lead, said, &leads)?;
    let mut start = Vec::new();
    if said.is_new {
        start.extend(NEW);
        start.extend([2, said.flags]);
        start.extend(&said.more);
        let width = 1 << (said.flags & 3);
        start.extend(&(lead.len() as u64).to_le_bytes()[..width]);
        start.extend(lead);
        message::seal(&mut start);
    } else {
        let count = u16::try_from(messages.len() + 1).map_err(|_| "it has too many messages")?;
        start.extend([1, 0]);
        start.extend(count.to_le_bytes());
        start.extend((said.references as u32).to_le_bytes());
        start.extend((lead.len() as u64).to_le_bytes());
        start.extend(lead);
    }
    Ok(Continued { block, start })
}

/// Adds a message.
fn add(block: &mut Vec<u8>, said: &Said, message: &Message) -> Result<(), String> {
    let len = match said.is_new {
        true => message.data.len(),
        false => message.data.len().next_multiple_of(EIGHT),
    };
    let bytes = u16::try_from(len).map_err(|_| format!("{len} bytes are too many for a header"))?;
    block.push(message.kind);
    if said.is_new {
        block.extend(bytes.to_le_bytes());
        block.push(message.flags);
        // Where messages are counted as they are made, each has a place among them.
        let order = if said.flags & 4 != 0 { 2 } else { 0 };
        let mut place = message.order.clone();
        place.resize(order, 0);
        block.extend(place);
        block.extend(&message.data);
    } else {
        block.push(0);
        block.extend(bytes.to_le_bytes());
        block.extend([message.flags, 0, 0, 0]);
        block.extend(&message.data);
        block.resize(block.len() + len - message.data.len(), 0);
    }
    Ok(())
}
