//! Which bytes say what in an object's header?
//!
//! The oldest versions of each message that say all that is written here, so that every release of
//! the C library since 1.8 reads them. Absent: reading, which is the library's.

use serde_json::Value;
use tilewright_core::dtype::Class;
use tilewright_core::{DType, Scalar};

/// An address of nothing.
pub const NOWHERE: u64 = u64::MAX;

/// A message of a header.
#[derive(Clone)]
pub struct Message {
    /// Its number.
    pub kind: u8,
    /// Whether it never changes, and the like.
    pub flags: u8,
    /// Its place among the messages as they were made, where that is counted.
    pub order: Vec<u8>,
    /// What it says.
    pub data: Vec<u8>,
}

impl Message {
    /// A message whose place is not counted.
    pub fn new(kind: u8, data: Vec<u8>) -> Message {
        Message {
            kind,
            // Only a datatype's message never changes.
            flags: u8::from(kind == DATATYPE),
            order: Vec::new(),
            data,
        }
    }

    /// The first message of a header's block, of the new version or the old one, and what stands
    /// behind it, if it is all there; `None` behind the last.
    pub fn split(block: &[u8], is_new: bool, flags: u8) -> Option<(Message, Option<&[u8]>)> {
        let head = match (is_new, flags & 4 != 0) {
            (true, false) => 4,
            (true, true) => 6,
            (false, _) => 8,
        };
        let (start, behind) = block.split_at_checked(head)?;
        // The number has two bytes in the old version; the second one is always 0.
        let at = if is_new { 1 } else { 2 };
        let len = usize::from(u16::from_le_bytes([start[at], start[at + 1]]));
        let (data, next) = match behind.split_at_checked(len) {
            Some((data, next)) => (data, Some(next)),
            None => (&[][..], None),
        };
        let message = Message {
            kind: start[0],
            flags: start[at + 2],
            order: if is_new {
                start[4..].to_vec()
            } else {
                Vec::new()
            },
            data: data.to_vec(),
        };
        Some((message, next))
    }
}

/// The header of a new object.
///
/// # Errors
/// If a message is longer than a header can hold.
pub fn header(messages: &[Message]) -> Result<Vec<u8>, String> {
    header_of(0, &[], messages)
}

/// A header with these flags, and what they say stands behind them.
///
/// # Errors
/// As [`header`].
pub fn header_of(flags: u8, more: &[u8], messages: &[Message]) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    for message in messages {
        let len = u16::try_from(message.data.len())
            .map_err(|_| format!("{} bytes are too many for a header", message.data.len()))?;
        body.push(message.kind);
        body.extend(len.to_le_bytes());
        body.push(message.flags);
        body.extend(&message.order);
        body.extend(&message.data);
    }
    let mut out = b"OHDR\x02".to_vec();
    // The length has 4 bytes.
    out.push(flags & !3 | 2);
    out.extend(more);
    let len = u32::try_from(body.len()).map_err(|_| "the header is too long".to_owned())?;
    out.extend(len.to_le_bytes());
    out.extend(body);
    seal(&mut out);
    Ok(out)
}

/// Adds the checksum of all bytes before.
pub fn seal(bytes: &mut Vec<u8>) {
    let checksum = hdf5_reader::checksum::jenkins_lookup3(bytes);
    bytes.extend(checksum.to_le_bytes());
}

/// The first bytes of a file that ends at `end`, whose addresses count from `base`.
pub fn superblock(version: u8, base: u64, end: u64, root: u64) -> Vec<u8> {
    let mut out = super::MAGIC.to_vec();
    // Addresses and lengths of 8 bytes, no flags.
    out.extend([version, 8, 8, 0]);
    for number in [base, NOWHERE, end, root] {
        out.extend(number.to_le_bytes());
    }
    seal(&mut out);
    out
}

/// Bytes of a superblock.
pub const SUPERBLOCK: u64 = 48;

/// Numbers of messages.
pub const LINK_INFO: u8 = 2;
pub const DATATYPE: u8 = 3;
pub const LINK: u8 = 6;
pub const LAYOUT: u8 = 8;
pub const GROUP_INFO: u8 = 10;

/// The length that an axis may grow to if it may to any.
pub const UNLIMITED: u64 = u64::MAX;

/// Lengths of the axes.
pub fn dataspace(shape: &[i64]) -> Message {
    let simple = u8::from(!shape.is_empty());
    let mut out = vec![2, shape.len() as u8, 0, simple];
    for len in shape {
        out.extend(len.to_le_bytes());
    }
    Message::new(1, out)
}

/// Lengths of the axes, each of which may grow or not.
pub fn growing(shape: &[i64], grows: &[bool]) -> Message {
    let mut space = dataspace(shape);
    if !shape.is_empty() {
        space.data[2] = 1;
    }
    for (len, &grows) in shape.iter().zip(grows) {
        let most = if grows { UNLIMITED } else { *len as u64 };
        space.data.extend(most.to_le_bytes());
    }
    space
}

/// The element type.
pub fn datatype(dtype: DType) -> Message {
    Message::new(DATATYPE, datatype_bytes(dtype))
}

fn datatype_bytes(dtype: DType) -> Vec<u8> {
    let size = dtype.itemsize() as u8;
    let bits = 8 * size;
    match dtype.class() {
        // How h5py stores bool: an enumeration of bytes.
        Class::Bool => {
            let mut out = vec![0x18, 2, 0, 0, 1, 0, 0, 0];
            out.extend(datatype_bytes(DType::I8));
            out.extend(b"FALSE\0\0\0TRUE\0\0\0\0\0\x01");
            out
        }
        Class::Float => {
            let (exponent, bias): (u8, u32) = match bits {
                16 => (5, 15),
                32 => (8, 127),
                _ => (11, 1023),
            };
            let mantissa = bits - 1 - exponent;
            let mut out = vec![0x11, 0x20, bits - 1, 0, size, 0, 0, 0, 0, 0, bits, 0];
            out.extend([mantissa, exponent, 0, mantissa]);
            out.extend(bias.to_le_bytes());
            out
        }
        class => {
            let signed = if class == Class::Signed { 8 } else { 0 };
            vec![0x10, signed, 0, 0, size, 0, 0, 0, 0, 0, bits, 0]
        }
    }
}

/// What was never written.
pub fn fill(fill: Scalar) -> Message {
    let size = fill.dtype().itemsize();
    // Space is taken chunk by chunk, and the value is the user's.
    let mut out = vec![3, 3 | 2 << 2 | 1 << 5];
    out.extend((size as u32).to_le_bytes());
    out.extend(&fill.bits().to_le_bytes()[..size]);
    Message::new(5, out)
}

/// Elements in one piece.
pub fn contiguous(address: u64, bytes: u64) -> Message {
    let mut out = vec![3, 1];
    out.extend(address.to_le_bytes());
    out.extend(bytes.to_le_bytes());
    Message::new(LAYOUT, out)
}

/// Elements in chunks of these lengths, with an index.
pub fn chunked(index: u64, chunk: &[u32], itemsize: usize) -> Message {
    let mut out = vec![3, 2, chunk.len() as u8 + 1];
    out.extend(index.to_le_bytes());
    for len in chunk {
        out.extend(len.to_le_bytes());
    }
    out.extend((itemsize as u32).to_le_bytes());
    Message::new(LAYOUT, out)
}

/// Filters: numbers, whether a chunk may go without, and what they are told.
pub fn pipeline(filters: &[(u16, bool, Vec<u32>)]) -> Message {
    let mut out = vec![2, filters.len() as u8];
    for (number, optional, told) in filters {
        out.extend(number.to_le_bytes());
        out.extend(u16::from(*optional).to_le_bytes());
        out.extend((told.len() as u16).to_le_bytes());
        for value in told {
            out.extend(value.to_le_bytes());
        }
    }
    Message::new(11, out)
}

/// The messages of a group with these members.
pub fn group(members: &[(&str, u64)]) -> Vec<Message> {
    let mut info = vec![0, 0];
    info.extend(NOWHERE.to_le_bytes());
    info.extend(NOWHERE.to_le_bytes());
    let mut messages = vec![
        Message::new(LINK_INFO, info),
        Message::new(GROUP_INFO, vec![0, 0]),
    ];
    let links = members.iter();
    messages.extend(
        links.map(|(name, address)| Message::new(LINK, link(name, None, Target::Object(*address)))),
    );
    messages
}

/// Where a link leads.
#[derive(Clone, Copy)]
pub enum Target<'a> {
    /// To the object at this address.
    Object(u64),
    /// To whatever has this path.
    Path(&'a str),
}

/// What a link says; its name is UTF-8, with a length of 8 bytes. `number` is its place among the
/// links as they were made, where that is counted.
pub fn link(name: &str, number: Option<u64>, target: Target<'_>) -> Vec<u8> {
    let soft = matches!(target, Target::Path(_));
    let flags = 1 << 4 | u8::from(soft) << 3 | u8::from(number.is_some()) << 2 | 3;
    let mut out = vec![1, flags];
    if soft {
        out.push(1);
    }
    if let Some(number) = number {
        out.extend(number.to_le_bytes());
    }
    out.push(1);
    out.extend((name.len() as u64).to_le_bytes());
    out.extend(name.as_bytes());
    match target {
        Target::Object(address) => out.extend(address.to_le_bytes()),
        Target::Path(path) => {
            out.extend((path.len() as u16).to_le_bytes());
            out.extend(path.as_bytes());
        }
    }
    out
}

/// An attribute: a string, a number, or a list of either.
///
/// # Errors
/// If it is anything else.
pub fn attribute(name: &str, value: &Value) -> Result<Message, String> {
    let (shape, items) = match value {
        Value::Array(items) => (vec![items.len() as i64], items.as_slice()),
        one => (Vec::new(), std::slice::from_ref(one)),
    };
    let refuse = || format!("the attribute {name:?} is neither text nor numbers");
    let (datatype, data) = strings(items)
        .or_else(|| numbers(items))
        .ok_or_else(refuse)?;
    Ok(attribute_of(name, &datatype, &shape, &data))
}

/// An attribute of any datatype.
pub fn attribute_of(name: &str, datatype: &[u8], shape: &[i64], data: &[u8]) -> Message {
    let space = dataspace(shape).data;
    let mut out = vec![3, 0];
    for len in [name.len() + 1, datatype.len(), space.len()] {
        out.extend((len as u16).to_le_bytes());
    }
    out.push(1);
    out.extend(name.as_bytes());
    out.push(0);
    out.extend(datatype);
    out.extend(space);
    out.extend(data);
    Message::new(12, out)
}

/// Strings of one length, which ends the longest with a zero.
fn strings(items: &[Value]) -> Option<(Vec<u8>, Vec<u8>)> {
    let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
    let texts = texts.filter(|texts| !texts.is_empty())?;
    let size = texts.iter().map(|text| text.len()).max()? + 1;
    let mut datatype = vec![0x13, 0x10, 0, 0];
    datatype.extend((size as u32).to_le_bytes());
    let mut data = Vec::with_capacity(size * texts.len());
    for text in texts {
        data.extend(text.as_bytes());
        data.resize(data.len() + size - text.len(), 0);
    }
    Some((datatype, data))
}

/// Whole numbers where all are, else floats.
fn numbers(items: &[Value]) -> Option<(Vec<u8>, Vec<u8>)> {
    let whole: Option<Vec<i64>> = items.iter().map(Value::as_i64).collect();
    if let Some(whole) = whole {
        let data = whole.iter().flat_map(|number| number.to_le_bytes());
        return Some((datatype_bytes(DType::I64), data.collect()));
    }
    let floats: Option<Vec<f64>> = items.iter().map(Value::as_f64).collect();
    let data = floats?;
    let data = data.iter().flat_map(|number| number.to_le_bytes());
    Some((datatype_bytes(DType::F64), data.collect()))
}
