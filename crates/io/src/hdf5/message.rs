//! Which bytes say what in an object's header?
//!
//! The oldest versions of each message that say all that is written here, so that every release of
//! the C library since 1.8 reads them. Absent: reading, which is the library's.

use serde_json::Value;
use tilewright_core::dtype::Class;
use tilewright_core::{DType, Scalar};

/// An address of nothing.
pub const NOWHERE: u64 = u64::MAX;

/// A message: its number and its bytes.
pub type Message = (u8, Vec<u8>);

/// An object's header.
///
/// # Errors
/// If a message is longer than a header can hold.
pub fn header(messages: &[Message]) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    for (number, bytes) in messages {
        let len = u16::try_from(bytes.len())
            .map_err(|_| format!("{} bytes are too many for a header", bytes.len()))?;
        body.push(*number);
        body.extend(len.to_le_bytes());
        // Only a datatype's message never changes.
        body.push(u8::from(*number == DATATYPE));
        body.extend(bytes);
    }
    let mut out = b"OHDR\x02\x02".to_vec();
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

/// The first bytes of a file that ends at `end`.
pub fn superblock(end: u64, root: u64) -> Vec<u8> {
    let mut out = super::MAGIC.to_vec();
    // Version 2, addresses and lengths of 8 bytes, no flags.
    out.extend([2, 8, 8, 0]);
    for number in [0, NOWHERE, end, root] {
        out.extend(number.to_le_bytes());
    }
    seal(&mut out);
    out
}

/// Bytes of a superblock.
pub const SUPERBLOCK: u64 = 48;

const DATATYPE: u8 = 3;

/// Lengths of the axes.
pub fn dataspace(shape: &[i64]) -> Message {
    let simple = u8::from(!shape.is_empty());
    let mut out = vec![2, shape.len() as u8, 0, simple];
    for len in shape {
        out.extend(len.to_le_bytes());
    }
    (1, out)
}

/// The element type.
pub fn datatype(dtype: DType) -> Message {
    (DATATYPE, datatype_bytes(dtype))
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
    (5, out)
}

/// Elements in one piece.
pub fn contiguous(address: u64, bytes: u64) -> Message {
    let mut out = vec![3, 1];
    out.extend(address.to_le_bytes());
    out.extend(bytes.to_le_bytes());
    (8, out)
}

/// Elements in chunks of these lengths, with an index.
pub fn chunked(index: u64, chunk: &[u32], itemsize: usize) -> Message {
    let mut out = vec![3, 2, chunk.len() as u8 + 1];
    out.extend(index.to_le_bytes());
    for len in chunk {
        out.extend(len.to_le_bytes());
    }
    out.extend((itemsize as u32).to_le_bytes());
    (8, out)
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
    (11, out)
}

/// The messages of a group with one member.
pub fn group(name: &str, address: u64) -> [Message; 3] {
    let mut info = vec![0, 0];
    info.extend(NOWHERE.to_le_bytes());
    info.extend(NOWHERE.to_le_bytes());
    // A hard link; its name is UTF-8, with a length of 8 bytes.
    let mut link = vec![1, 1 << 4 | 3, 1];
    link.extend((name.len() as u64).to_le_bytes());
    link.extend(name.as_bytes());
    link.extend(address.to_le_bytes());
    [(2, info), (10, vec![0, 0]), (6, link)]
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
    let (_, space) = dataspace(&shape);
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
    Ok((12, out))
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
