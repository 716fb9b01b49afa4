//! What does a header say?
//!
//! Both versions are read from one table of places. Absent: files; what is said of slices and
//! intents.

use super::told::Told;
use crate::fault;
use tilewright_core::{DType, Shape};

/// Bytes of a header of version 1, and of version 2.
pub const LENGTHS: [usize; 2] = [348, 540];

/// What a header says.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// 1 or 2.
    pub version: u8,
    /// Whether numbers are big-endian.
    pub big_endian: bool,
    /// Whether the image stands in the same file.
    pub single: bool,
    /// Lengths of the axes, the first varying fastest.
    pub shape: Shape,
    /// Element type.
    pub dtype: DType,
    /// Where element 0 starts in the file that holds the image.
    pub start: u64,
    /// What a stored element is multiplied by, and what is added then; `None` if neither.
    pub scale: Option<(f64, f64)>,
    /// Distances of voxels along the axes, after the sign of the third of them.
    pub zooms: [f64; 8],
    /// Where space is measured from: 0 for nowhere known.
    pub qform_code: i64,
    /// As `qform_code`, for `srow`.
    pub sform_code: i64,
    /// A rotation as a quaternion (b, c, d), then an offset.
    pub quaternion: [f64; 6],
    /// The affine's first three rows.
    pub srow: [f64; 12],
    /// Units of space and time, packed.
    pub units: u8,
    /// What the file holds, in words.
    pub description: String,
}

/// Where a version has its numbers.
struct Places {
    magic: usize,
    datatype: usize,
    dim: (usize, Number),
    zooms: usize,
    start: (usize, Number),
    scale: usize,
    description: usize,
    codes: (usize, Number),
    quaternion: usize,
    srow: usize,
    units: usize,
    real: Number,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    I16,
    I32,
    I64,
    F32,
    F64,
}

static PLACES: [Places; 2] = [
    Places {
        magic: 344,
        datatype: 70,
        dim: (40, Number::I16),
        zooms: 76,
        start: (108, Number::F32),
        scale: 112,
        description: 148,
        codes: (252, Number::I16),
        quaternion: 256,
        srow: 280,
        units: 123,
        real: Number::F32,
    },
    Places {
        magic: 4,
        datatype: 12,
        dim: (16, Number::I64),
        zooms: 104,
        start: (168, Number::I64),
        scale: 176,
        description: 240,
        codes: (344, Number::I32),
        quaternion: 352,
        srow: 400,
        units: 500,
        real: Number::F64,
    },
];

/// NIfTI's numbers of element types.
static DATATYPES: &[(i64, DType)] = &[
    (2, DType::U8),
    (4, DType::I16),
    (8, DType::I32),
    (16, DType::F32),
    (64, DType::F64),
    (256, DType::I8),
    (512, DType::U16),
    (768, DType::U32),
    (1024, DType::I64),
    (1280, DType::U64),
];

/// Why a header is refused: a sentence and a way out.
pub type Refusal = (String, &'static str);

/// What to do with a file that is damaged.
const DAMAGED: &str = "copy or write the file again";

fn refuse<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err((message.into(), DAMAGED))
}

/// Whether a file that starts so is of either version.
pub fn is_header(start: &[u8]) -> bool {
    version(start).is_some()
}

/// The version and whether numbers are big-endian.
fn version(start: &[u8]) -> Option<(u8, bool)> {
    let size: [u8; 4] = start.get(..4)?.try_into().ok()?;
    let sizes = [
        (i32::from_le_bytes(size), false),
        (i32::from_be_bytes(size), true),
    ];
    sizes.into_iter().find_map(|(size, big_endian)| {
        let at = LENGTHS.iter().position(|&len| len as i32 == size)?;
        let magic = start.get(PLACES[at].magic..)?;
        let version = at as u8 + 1;
        let known = [b"n+", b"ni"].iter().any(|kind| magic.starts_with(*kind));
        (known && magic.get(2) == Some(&(b'0' + version))).then_some((version, big_endian))
    })
}

/// Reads a header.
///
/// # Errors
/// If it is none, or of an image that is not read.
pub fn parse(bytes: &[u8]) -> Result<Header, Refusal> {
    let Some((version, big_endian)) = version(bytes) else {
        let message = "this is no NIfTI header: neither size nor magic are those of one";
        return Err((message.into(), "give a .nii, .nii.gz, .hdr or .img file"));
    };
    let places = &PLACES[usize::from(version) - 1];
    if bytes.len() < LENGTHS[usize::from(version) - 1] {
        return refuse("the NIfTI header is cut short");
    }
    let number = Numbers { bytes, big_endian };
    let whole = |at, kind| number.get(at, kind) as i64;
    let code = whole(places.datatype, Number::I16);
    let Some((_, dtype)) = DATATYPES.iter().find(|(n, _)| *n == code) else {
        let message = format!("the NIfTI datatype {code} is not supported");
        return Err((message, fault::DTYPES));
    };
    let real = places.real;
    let start = number.get(places.start.0, places.start.1);
    if !(0.0..=1e15).contains(&start) || start.fract() != 0.0 {
        return refuse(format!("the image cannot start at byte {start}"));
    }
    let single = bytes.get(places.magic + 1) == Some(&b'+');
    let header_bytes = LENGTHS[usize::from(version) - 1];
    if single && start < header_bytes as f64 {
        return refuse(format!(
            "the image cannot start at byte {start}, within the header"
        ));
    }
    let text = &bytes[places.description..places.description + 80];
    let text = text.split(|&byte| byte == 0).next().unwrap_or(&[]);
    Ok(Header {
        version,
        big_endian,
        single,
        shape: shape(&number, places.dim)?,
        dtype: *dtype,
        start: start as u64,
        scale: scale(number.reals(places.scale, real)),
        zooms: number.reals(places.zooms, real),
        qform_code: whole(places.codes.0, places.codes.1),
        sform_code: whole(places.codes.0 + places.codes.1.size(), places.codes.1),
        quaternion: number.reals(places.quaternion, real),
        srow: number.reals(places.srow, real),
        units: bytes[places.units + if version == 2 && big_endian { 3 } else { 0 }],
        description: String::from_utf8_lossy(text).trim().to_owned(),
    })
}

/// Lengths of the axes.
fn shape(number: &Numbers<'_>, (at, kind): (usize, Number)) -> Result<Shape, Refusal> {
    let lens: Vec<i64> = (0..8)
        .map(|k| number.whole(at + k * kind.size(), kind))
        .collect();
    let axes = lens[0];
    if !(0..=7).contains(&axes) {
        return refuse(format!("an image of {axes} axes is not possible"));
    }
    let shape: Shape = lens[1..=axes as usize].into();
    match shape.iter().find(|&&len| len < 0) {
        Some(len) => refuse(format!("an axis of length {len} is not possible")),
        None => Ok(shape),
    }
}

/// A slope of 0 or one that is no number means that elements are what they are.
fn scale([slope, inter]: [f64; 2]) -> Option<(f64, f64)> {
    let scaled = slope.is_finite() && slope != 0.0 && inter.is_finite();
    (scaled && (slope, inter) != (1.0, 0.0)).then_some((slope, inter))
}

/// The numbers of a header, which is long enough for all of its places.
struct Numbers<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl Numbers<'_> {
    fn array<const N: usize>(&self, at: usize) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.bytes[at..at + N]);
        if self.big_endian {
            bytes.reverse();
        }
        bytes
    }

    fn whole(&self, at: usize, kind: Number) -> i64 {
        match kind {
            Number::I16 => i16::from_le_bytes(self.array(at)).into(),
            Number::I32 => i32::from_le_bytes(self.array(at)).into(),
            _ => i64::from_le_bytes(self.array(at)),
        }
    }

    fn get(&self, at: usize, kind: Number) -> f64 {
        match kind {
            Number::F32 => f32::from_le_bytes(self.array(at)).into(),
            Number::F64 => f64::from_le_bytes(self.array(at)),
            whole => self.whole(at, whole) as f64,
        }
    }

    fn reals<const N: usize>(&self, at: usize, kind: Number) -> [f64; N] {
        std::array::from_fn(|k| self.get(at + k * kind.size(), kind))
    }
}

impl Number {
    fn size(self) -> usize {
        match self {
            Number::I16 => 2,
            Number::I32 | Number::F32 => 4,
            Number::I64 | Number::F64 => 8,
        }
    }
}

/// The first bytes of a single file of version 1, up to the image at byte 352, for a little-endian
/// image; of version 2 where an axis is longer than version 1 can say.
pub fn write(dtype: DType, shape: &[i64], told: &Told) -> Result<Vec<u8>, Refusal> {
    let Some((code, _)) = DATATYPES.iter().find(|(_, known)| *known == dtype) else {
        let message = format!("NIfTI has no {dtype}");
        let instead = match dtype.is_float() {
            true => "convert it to float32 first",
            false => "convert it to uint8 first",
        };
        return Err((message, instead));
    };
    if shape.len() > 7 {
        return Err((format!("NIfTI has no {} axes", shape.len()), "at most 7"));
    }
    let version = usize::from(shape.iter().any(|&len| len > i16::MAX.into()));
    let places = &PLACES[version];
    let len = LENGTHS[version];
    // Four bytes behind the header say that no extension follows.
    let start = len + 4;
    let mut bytes = vec![0; start];
    let mut put = |at: usize, kind: Number, value: f64| match kind {
        Number::I16 => bytes[at..at + 2].copy_from_slice(&(value as i16).to_le_bytes()),
        Number::I32 => bytes[at..at + 4].copy_from_slice(&(value as i32).to_le_bytes()),
        Number::I64 => bytes[at..at + 8].copy_from_slice(&(value as i64).to_le_bytes()),
        Number::F32 => bytes[at..at + 4].copy_from_slice(&(value as f32).to_le_bytes()),
        Number::F64 => bytes[at..at + 8].copy_from_slice(&value.to_le_bytes()),
    };
    put(0, Number::I32, len as f64);
    put(places.datatype, Number::I16, *code as f64);
    put(
        places.datatype + 2,
        Number::I16,
        8.0 * dtype.itemsize() as f64,
    );
    let (dim, kind) = places.dim;
    put(dim, kind, shape.len() as f64);
    for k in 0..7 {
        let len = shape.get(k).copied().unwrap_or(1);
        put(dim + (k + 1) * kind.size(), kind, len as f64);
    }
    let zooms = [1.0].iter().chain(&told.zooms);
    for (k, zoom) in zooms.enumerate() {
        put(places.zooms + k * places.real.size(), places.real, *zoom);
    }
    put(places.start.0, places.start.1, start as f64);
    put(places.scale, places.real, 1.0);
    let (codes, kind) = places.codes;
    put(codes + kind.size(), kind, told.code as f64);
    for (k, value) in told.affine.iter().flatten().enumerate() {
        put(places.srow + k * places.real.size(), places.real, *value);
    }
    let magic: &[u8] = if version == 0 {
        b"n+1\0"
    } else {
        b"n+2\0\r\n\x1a\n"
    };
    bytes[places.magic..places.magic + magic.len()].copy_from_slice(magic);
    bytes[places.units] = told.units;
    let description = told.description.as_bytes();
    bytes[places.description..places.description + description.len()].copy_from_slice(description);
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for (_, dtype) in DATATYPES {
            for shape in [&[][..], &[3, 4, 5], &[2, 40_000], &[1, 0, 3, 1, 1, 1, 7]] {
                let bytes = write(*dtype, shape, &Told::default()).unwrap();
                assert!(is_header(&bytes));
                let header = parse(&bytes).unwrap();
                assert_eq!((header.dtype, &header.shape[..]), (*dtype, shape));
                assert_eq!((header.scale, header.single), (None, true));
                assert_eq!(header.start, bytes.len() as u64);
                assert_eq!(header.version, 1 + u8::from(shape.contains(&40_000)));
            }
        }
        write(DType::Bool, &[3], &Told::default()).unwrap_err();
        write(DType::U8, &[1; 8], &Told::default()).unwrap_err();
    }

    #[test]
    fn a_changed_header_never_panics() {
        for shape in [&[3, 4][..], &[40_000]] {
            let good = write(DType::I16, shape, &Told::default()).unwrap();
            for at in 0..good.len() {
                for byte in [0, 0x7f, 0xff, good[at] ^ 1] {
                    let mut bad = good.clone();
                    bad[at] = byte;
                    let _ = parse(&bad);
                }
                let _ = parse(&good[..at]);
            }
        }
    }
}
