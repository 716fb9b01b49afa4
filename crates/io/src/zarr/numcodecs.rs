//! Which step is a codec of numcodecs?
//!
//! Version 2 names them by an id, version 3 by the same behind `numcodecs.`. What they are told is what
//! numcodecs writes of them. Absent: those that make bytes of objects, and of categories.

use crate::codec::{Checksum, Elements, How, Recount, Rows, Step, Sum};
use serde::Deserialize;
use serde_json::Value;
use tilewright_core::DType;
use zarrs::metadata::v2::MetadataV2;
use zarrs::metadata::v3::MetadataV3;

/// What stands before an id in version 3.
const PREFIX: &str = "numcodecs.";

/// The formats of Python's module `lzma`.
const XZ: i64 = 1;
const ALONE: i64 = 2;

/// What a codec is told, of what matters here.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    dtype: Option<String>,
    astype: Option<String>,
    encode_dtype: Option<String>,
    decode_dtype: Option<String>,
    elementsize: Option<usize>,
    location: Option<String>,
    format: Option<i64>,
    scale: Option<f64>,
    offset: Option<f64>,
    initval: u64,
    prefix: Value,
}

/// What a codec does.
pub struct Found {
    /// How it is undone; `None` if it leaves what can be read as it is.
    pub step: Option<Step>,
    /// The elements that it makes; `None` if it makes bytes.
    pub stored: Option<Elements>,
    /// Whether it takes elements one after the other, so that their order matters.
    pub is_ordered: bool,
}

/// The id of a codec of numcodecs.
pub fn id(metadata: &MetadataV3) -> Option<&str> {
    metadata.name().strip_prefix(PREFIX)
}

/// The codec of a document of version 2, as version 3 spells it.
pub fn renamed(codec: &MetadataV2) -> MetadataV3 {
    let name = format!("{PREFIX}{}", codec.id());
    MetadataV3::new_with_configuration(name, codec.configuration().clone())
}

/// Whether a codec makes bytes of bytes, by its id.
pub fn makes_bytes(id: &str) -> bool {
    let of_elements = [
        "delta",
        "astype",
        "fixedscaleoffset",
        "quantize",
        "bitround",
        "packbits",
    ];
    !of_elements.contains(&id)
}

/// What the codec of an id does to `elements`. In version 3 whatever is stored has their byte order, in
/// version 2 each codec says its own.
///
/// # Errors
/// A sentence: why it cannot be undone.
pub fn find(
    id: &str,
    metadata: &MetadataV3,
    elements: Elements,
    says_order: bool,
) -> Result<Found, String> {
    let told = metadata.configuration().map(|told| told.to_typed::<Told>());
    let told = told.transpose().map_err(|error| error.to_string())?;
    let told = told.unwrap_or_default();
    let of = |name: &Option<String>, usual: Elements| match name {
        None => Ok(usual),
        Some(name) => parse(name)
            .map(|named| match says_order {
                true => named,
                false => Elements {
                    big_endian: elements.big_endian,
                    ..named
                },
            })
            .ok_or_else(|| format!("the dtype {name:?} is not supported")),
    };
    let bytes = |step: Step| {
        Ok(Found {
            step: Some(step),
            stored: None,
            is_ordered: false,
        })
    };
    let checksum = |sum: Sum, usual: &str| {
        let is_first = match told.location.as_deref().unwrap_or(usual) {
            "start" => true,
            "end" => false,
            other => return Err(format!("its place {other:?} is not known")),
        };
        bytes(Step::Checksum(Checksum { sum, is_first }))
    };
    let recount = |made: Elements, stored: Elements, how: How| Found {
        step: (how != How::Cast || made != stored).then_some(Step::Recount(Recount {
            stored,
            made,
            how,
        })),
        stored: Some(stored),
        is_ordered: false,
    };
    match id {
        "zstd" => bytes(Step::Zstd),
        "gzip" => bytes(Step::Gzip),
        "zlib" => bytes(Step::Zlib),
        "bz2" => bytes(Step::Bzip2),
        "lz4" => bytes(Step::Lz4),
        "blosc" => bytes(Step::blosc()?),
        "lzma" => match told.format.unwrap_or(XZ) {
            XZ => bytes(Step::Xz),
            ALONE => bytes(Step::Lzma),
            other => Err(format!("its format {other} is not supported")),
        },
        "shuffle" => bytes(Step::Shuffle(told.elementsize.unwrap_or(4))),
        "fletcher32" => bytes(Step::Fletcher32),
        "crc32" => checksum(Sum::Crc32, "start"),
        "adler32" => checksum(Sum::Adler32, "start"),
        "crc32c" => checksum(Sum::Crc32c, "end"),
        "jenkins_lookup3" if told.initval == 0 && told.prefix.is_null() => {
            checksum(Sum::Jenkins, "end")
        }
        "bitround" => Ok(recount(elements, elements, How::Cast)),
        "quantize" => {
            let made = of(&told.dtype, elements)?;
            Ok(recount(made, of(&told.astype, made)?, How::Cast))
        }
        "astype" => {
            let made = of(&told.decode_dtype, elements)?;
            Ok(recount(made, of(&told.encode_dtype, made)?, How::Cast))
        }
        "fixedscaleoffset" => {
            let made = of(&told.dtype, elements)?;
            let how = How::Unscale {
                factor: told.scale.unwrap_or(1.0),
                offset: told.offset.unwrap_or(0.0),
            };
            Ok(recount(made, of(&told.astype, made)?, how))
        }
        "delta" => {
            let made = of(&told.dtype, elements)?;
            let stored = of(&told.astype, made)?;
            let mixed = made.dtype.is_float() != stored.dtype.is_float();
            if mixed || [made, stored].iter().any(|of| of.dtype == DType::Bool) {
                let (made, stored) = (made.dtype, stored.dtype);
                return Err(format!(
                    "differences of {made} as {stored} are not supported"
                ));
            }
            let step = match made == stored && made.dtype.is_integer() {
                true => Step::Differences(Rows {
                    row: usize::MAX,
                    size: made.dtype.itemsize(),
                    samples: 1,
                    big_endian: made.big_endian,
                }),
                false => Step::Recount(Recount {
                    stored,
                    made,
                    how: How::AddUp,
                }),
            };
            Ok(Found {
                step: Some(step),
                stored: Some(stored),
                is_ordered: true,
            })
        }
        "packbits" if elements.dtype == DType::Bool => Ok(Found {
            step: Some(Step::Bits),
            stored: Some(Elements {
                dtype: DType::U8,
                big_endian: false,
            }),
            is_ordered: true,
        }),
        _ => Err("it is not supported".into()),
    }
}

/// Elements as NumPy spells their dtype.
fn parse(name: &str) -> Option<Elements> {
    let (big_endian, bare) = match name.strip_prefix('>') {
        Some(bare) => (true, bare),
        None => (false, name),
    };
    let bare = bare.trim_start_matches(['<', '=', '|']);
    let dtype = DType::parse(bare)?;
    // Of the spellings with a number only NumPy's, which counts bytes.
    let said = bare
        .trim_start_matches(char::is_alphabetic)
        .parse::<usize>();
    let fits = match said {
        Ok(said) => said == dtype.itemsize() || bare == dtype.name(),
        Err(_) => bare == "bool",
    };
    fits.then_some(Elements {
        dtype,
        big_endian: big_endian && dtype.itemsize() > 1,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn dtypes_are_spelled_as_numpy_does() {
        let read = |name: &str| parse(name).map(|read| (read.dtype, read.big_endian));
        assert_eq!(read("<f8"), Some((DType::F64, false)));
        assert_eq!(read(">i2"), Some((DType::I16, true)));
        assert_eq!(read("|u1"), Some((DType::U8, false)));
        assert_eq!(read("float32"), Some((DType::F32, false)));
        assert_eq!(read("bool"), Some((DType::Bool, false)));
        assert_eq!(read("i8"), Some((DType::I64, false)));
        for name in ["", "i32", "<U4", "f16", "é", "half", ">", "c8"] {
            assert_eq!(read(name), None, "{name}");
        }
    }
}
