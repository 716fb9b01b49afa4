//! Which of our dtypes is a datatype?
//!
//! The bytes of the datatype are looked at, too: the library passes over the place of a number's
//! bits within its bytes. Absent: strings, compounds, references, which hold no numbers.

use super::file::File;
use super::header::{self, Header};
use super::message::DATATYPE;
use crate::fault;
use hdf5_reader::messages::datatype::Datatype;
use hdf5_reader::{ByteOrder, VarLenKind};
use tilewright_core::DType;
use tilewright_core::dtype::Class;

/// A sentence and a way out.
type Refusal = (String, &'static str);

/// The dtype of a datatype, and whether it is big-endian. `raw` is the datatype as it is stored.
///
/// # Errors
/// If it is none of ours.
pub fn dtype(datatype: &Datatype, raw: &[u8]) -> Result<(DType, bool), Refusal> {
    let Some((dtype, big_endian)) = kind(datatype) else {
        return Err(unsupported(&name(datatype)));
    };
    // The number within an enumeration stands behind its first 8 bytes.
    let number = match datatype {
        Datatype::Enum { .. } => raw.get(8..).unwrap_or(&[]),
        _ => raw,
    };
    if !is_plain(dtype, number) {
        return Err(unsupported("number whose bits stand in an uncommon place"));
    }
    Ok((dtype, big_endian))
}

/// The datatype of the dataset with this header, as it is stored: there, or in an object of its own.
///
/// # Errors
/// A sentence, if it is damaged.
pub fn stored(file: &File, header: &Header) -> Result<Vec<u8>, String> {
    let find = |header: &Header| {
        let mut found = header.messages.iter().filter(|m| m.kind == DATATYPE);
        let found = found.next().map(|m| (m.flags & 2 != 0, m.data.clone()));
        found.ok_or_else(|| "the dataset has no datatype".to_owned())
    };
    let (elsewhere, bytes) = find(header)?;
    if !elsewhere {
        return Ok(bytes);
    }
    // A version and a kind before the address of the object, or eight bytes in the first version.
    let start = if bytes.first() == Some(&1) { 8 } else { 2 };
    let address = bytes
        .get(start..)
        .and_then(|at| at.get(..file.sizes().offset));
    let address = address.ok_or("the datatype stands nowhere")?;
    find(&file.header(header::number(address))?).map(|(_, bytes)| bytes)
}

/// The dtype of a datatype by its class and size, and whether it is big-endian.
pub fn kind(datatype: &Datatype) -> Option<(DType, bool)> {
    let (class, size, order) = match datatype {
        Datatype::FixedPoint {
            size,
            signed,
            byte_order,
        } => {
            let class = if *signed {
                Class::Signed
            } else {
                Class::Unsigned
            };
            (class, *size, *byte_order)
        }
        Datatype::Bitfield { size, byte_order } => (Class::Unsigned, *size, *byte_order),
        Datatype::FloatingPoint { size, byte_order } => (Class::Float, *size, *byte_order),
        Datatype::Enum { base, members } => {
            let names = members.iter().map(|member| member.name.as_str());
            let (dtype, big_endian) = kind(base)?;
            // How h5py stores bool.
            let is_bool = dtype == DType::I8 && names.eq(["FALSE", "TRUE"]);
            return Some((if is_bool { DType::Bool } else { dtype }, big_endian));
        }
        _ => return None,
    };
    let dtype = DType::ALL
        .into_iter()
        .find(|dtype| dtype.class() == class && dtype.itemsize() == usize::from(size));
    Some((dtype?, order == ByteOrder::BigEndian))
}

fn unsupported(what: &str) -> Refusal {
    let message = format!("the datatype is a {what}, which is not supported");
    (message, fault::DTYPES)
}

/// What a datatype is called.
fn name(datatype: &Datatype) -> String {
    match datatype {
        Datatype::FixedPoint { size, .. } => format!("integer of {size} bytes"),
        Datatype::FloatingPoint { size, .. } => format!("float of {size} bytes"),
        Datatype::String { .. }
        | Datatype::VarLen {
            kind: VarLenKind::String,
            ..
        } => "string".into(),
        Datatype::Compound { .. } => "compound".into(),
        Datatype::VarLen { .. } => "sequence of any length".into(),
        Datatype::Reference { .. } => "reference".into(),
        _ => "number of another kind".into(),
    }
}

/// Whether the number fills its bytes, and a float is one of IEEE 754 in little- or big-endian
/// order.
fn is_plain(dtype: DType, raw: &[u8]) -> bool {
    let bits = 8 * dtype.itemsize() as u16;
    // Offset 0, then the precision in bits.
    let [a, b] = bits.to_le_bytes();
    if raw.get(8..12) != Some(&[0, 0, a, b][..]) {
        return false;
    }
    if dtype.class() != Class::Float {
        return true;
    }
    // Where the exponent starts, its bits, where the mantissa starts, its bits, the exponent's bias.
    let (exponent, bias): (u8, u32) = match bits {
        16 => (5, 15),
        32 => (8, 127),
        _ => (11, 1023),
    };
    let mantissa = bits as u8 - 1 - exponent;
    let vax = raw.get(1).is_none_or(|flags| flags & 0x40 != 0);
    let sign = raw.get(2) == Some(&(bits as u8 - 1));
    let [c, d, e, f] = bias.to_le_bytes();
    !vax && sign && raw.get(12..20) == Some(&[mantissa, exponent, 0, mantissa, c, d, e, f][..])
}
