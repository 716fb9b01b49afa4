//! What does an npy header say?
//!
//! A header is a Python dictionary with exactly three keys: `descr` (a dtype), `fortran_order` (a
//! bool) and `shape` (a tuple of integers). Absent: files; structured dtypes, which are refused.

use crate::fault;
use crate::source::MOST_AXES;
use tilewright_core::{DType, Shape};

/// The first bytes of every npy file.
pub const MAGIC: &[u8] = b"\x93NUMPY";

/// Longest header that is read; NumPy itself refuses more than 10,000 bytes.
const LONGEST: usize = 64 << 10;

/// What a header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Element type.
    pub dtype: DType,
    /// Whether elements are big-endian.
    pub big_endian: bool,
    /// Whether the first axis varies fastest.
    pub fortran: bool,
    /// Lengths of the axes.
    pub shape: Shape,
}

/// Why a header is refused: a sentence and a way out.
pub type Refusal = (String, &'static str);

/// What to do with a file that is damaged.
const DAMAGED: &str = "write it again with numpy.save";

fn refuse<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err((message.into(), DAMAGED))
}

/// Where the header's text stands, from the first bytes of a file: `(start, end)`.
///
/// # Errors
/// If this is no npy file, or its version or length are not possible.
pub fn text_bounds(start: &[u8]) -> Result<(usize, usize), Refusal> {
    if !start.starts_with(MAGIC) {
        let message = "this is no npy file: it does not start with the npy magic";
        return Err((message.into(), "give an .npy file or a zarr directory"));
    }
    let (from, len) = match start.get(6..12) {
        Some(&[1, _, a, b, ..]) => (10, usize::from(u16::from_le_bytes([a, b]))),
        Some(&[2 | 3, _, a, b, c, d]) => (12, u32::from_le_bytes([a, b, c, d]) as usize),
        Some(&[major, minor, ..]) => {
            return refuse(format!(
                "npy version {major}.{minor} is unknown; 1 to 3 are read"
            ));
        }
        _ => return refuse("the npy file ends within its first 12 bytes"),
    };
    if len > LONGEST {
        return refuse(format!(
            "the npy header has {len} bytes; at most {LONGEST} are read"
        ));
    }
    Ok((from, from + len))
}

/// Reads the header's text.
///
/// # Errors
/// If it is no such dictionary, or the dtype is not one of ours.
pub fn parse(text: &[u8]) -> Result<Header, Refusal> {
    let mut cursor = Cursor { rest: text };
    let (mut descr, mut fortran, mut shape) = (None, None, None);
    cursor.expect(b'{')?;
    while !cursor.take(b'}') {
        let key = cursor.string()?;
        cursor.expect(b':')?;
        let again = match key {
            "descr" => descr.replace(cursor.descr()?).is_some(),
            "fortran_order" => fortran.replace(cursor.boolean()?).is_some(),
            "shape" => shape.replace(cursor.shape()?).is_some(),
            _ => {
                return refuse(format!(
                    "the npy header has an unknown key {}",
                    fault::quote(key)
                ));
            }
        };
        if again {
            return refuse(format!("the npy header has the key {key} twice"));
        }
        if !cursor.take(b',') {
            cursor.expect(b'}')?;
            break;
        }
    }
    if cursor.peek().is_some() {
        return refuse("the npy header goes on after its dictionary");
    }
    let (Some((dtype, big_endian)), Some(fortran), Some(shape)) = (descr, fortran, shape) else {
        return refuse("the npy header lacks one of descr, fortran_order and shape");
    };
    Ok(Header {
        dtype,
        big_endian,
        fortran,
        shape,
    })
}

/// The file's first bytes, up to the first element, for a C-order native array.
pub fn write(dtype: DType, shape: &[i64]) -> Vec<u8> {
    let order = if dtype.itemsize() == 1 { '|' } else { '<' };
    let lens: Vec<String> = shape.iter().map(i64::to_string).collect();
    let comma = if shape.len() == 1 { "," } else { "" };
    let mut text = format!(
        "{{'descr': '{order}{}', 'fortran_order': False, 'shape': ({}{comma}), }}",
        code(dtype),
        lens.join(", ")
    );
    // The elements start at a multiple of 64, and the text ends in a newline.
    let total = (10 + text.len() + 1).next_multiple_of(64);
    text.extend(std::iter::repeat_n(' ', total - 10 - text.len() - 1));
    text.push('\n');
    // 64 axes of 19 digits stay far below 2^16.
    let len = u16::try_from(text.len()).unwrap_or(u16::MAX);
    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend(len.to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes
}

/// NumPy's kind and byte count.
pub fn code(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "b1",
        DType::I8 => "i1",
        DType::I16 => "i2",
        DType::I32 => "i4",
        DType::I64 => "i8",
        DType::U8 => "u1",
        DType::U16 => "u2",
        DType::U32 => "u4",
        DType::U64 => "u8",
        DType::F16 => "f2",
        DType::F32 => "f4",
        _ => "f8",
    }
}

/// A dtype as npy spells it, and whether it is big-endian.
fn descr(text: &str) -> Option<(DType, bool)> {
    let (order, rest) = (text.get(..1)?, text.get(1..)?);
    let dtype = DType::ALL.into_iter().find(|&dtype| code(dtype) == rest)?;
    match order {
        "<" | "=" | ">" => Some((dtype, order == ">")),
        "|" => (dtype.itemsize() == 1).then_some((dtype, false)),
        _ => None,
    }
}

/// The text that is not yet read.
struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_ascii_start();
        self.rest.first().copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), Refusal> {
        if self.take(byte) {
            return Ok(());
        }
        let what = char::from(byte);
        refuse(format!(
            "the npy header lacks '{what}' before {}",
            self.here()
        ))
    }

    fn here(&self) -> String {
        fault::quote(&String::from_utf8_lossy(
            &self.rest[..self.rest.len().min(80)],
        ))
    }

    /// The bytes before the first that `ends`, which stay read.
    fn until(&mut self, ends: impl Fn(u8) -> bool) -> &'a [u8] {
        let len = self.rest.iter().position(|&byte| ends(byte));
        let (word, rest) = self.rest.split_at(len.unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    fn string(&mut self) -> Result<&'a str, Refusal> {
        let Some(mark @ (b'\'' | b'"')) = self.peek() else {
            return refuse(format!("the npy header has no string at {}", self.here()));
        };
        self.rest = &self.rest[1..];
        let word = self.until(|byte| byte == mark || byte == b'\\' || byte == b'\n');
        if !self.rest.starts_with(&[mark]) {
            return refuse("the npy header has a string that does not end");
        }
        self.rest = &self.rest[1..];
        std::str::from_utf8(word).or_else(|_| refuse("the npy header is no UTF-8"))
    }

    fn descr(&mut self) -> Result<(DType, bool), Refusal> {
        if self.peek() == Some(b'[') {
            let message = "the dtype is structured, which is not supported";
            return Err((message.into(), "save each field as an array of its own"));
        }
        let text = self.string()?;
        descr(text).ok_or_else(|| {
            let message = format!("the dtype {} is not supported", fault::quote(text));
            (message, fault::DTYPES)
        })
    }

    fn boolean(&mut self) -> Result<bool, Refusal> {
        self.peek();
        match self.until(|byte| !byte.is_ascii_alphabetic()) {
            b"True" => Ok(true),
            b"False" => Ok(false),
            _ => refuse("the npy header has no True or False for fortran_order"),
        }
    }

    fn shape(&mut self) -> Result<Shape, Refusal> {
        let mut shape = Shape::new();
        self.expect(b'(')?;
        while !self.take(b')') {
            if shape.len() == MOST_AXES {
                return refuse(format!("the npy header has more than {MOST_AXES} axes"));
            }
            self.peek();
            let digits = self.until(|byte| !byte.is_ascii_digit());
            let len = std::str::from_utf8(digits)
                .ok()
                .and_then(|text| text.parse().ok());
            let Some(len) = len else {
                return refuse(format!(
                    "the npy header has no axis length at {}",
                    self.here()
                ));
            };
            shape.push(len);
            // Python 2 wrote long integers with a suffix.
            self.take(b'L');
            // `(3)` is a number in Python, not a tuple.
            if !self.take(b',') {
                if shape.len() < 2 {
                    return refuse("the npy header's shape is no tuple");
                }
                self.expect(b')')?;
                break;
            }
        }
        Ok(shape)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let shapes: [&[i64]; 4] = [&[], &[7], &[40, 30], &[0, i64::MAX, 1]];
        for dtype in DType::ALL {
            for shape in shapes {
                let bytes = write(dtype, shape);
                assert_eq!(bytes.len() % 64, 0);
                let (from, to) = text_bounds(&bytes).unwrap();
                assert_eq!(to, bytes.len());
                let header = parse(&bytes[from..to]).unwrap();
                assert_eq!((header.dtype, &header.shape[..]), (dtype, shape));
                assert!(!header.fortran && !header.big_endian);
            }
        }
    }

    #[test]
    fn foreign_spellings_are_read_and_nonsense_is_refused() {
        let good = [
            r#"{"shape": (3L, 4L), 'fortran_order': True, 'descr': '>i4'}"#,
            "{'descr':'=f8','fortran_order':False,'shape':(),}   \n",
            " { 'descr' : '|u1' , 'fortran_order' : False , 'shape' : ( 5 , ) } ",
        ];
        for text in good {
            parse(text.as_bytes()).unwrap();
        }
        let refused = [
            ("", "lacks '{'"),
            ("{}", "lacks one of"),
            ("{'descr': '<f8'}", "lacks one of"),
            ("{'descr': '<f8', 'descr': '<f8'}", "twice"),
            (
                "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
                "\"|O\"",
            ),
            (
                "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}",
                "\"<c8\"",
            ),
            (
                "{'descr': '<c16', 'fortran_order': False, 'shape': (1,)}",
                "\"<c16\"",
            ),
            (
                "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,)}",
                "M8[ns]",
            ),
            (
                "{'descr': '|i4', 'fortran_order': False, 'shape': (1,)}",
                "\"|i4\"",
            ),
            (
                "{'descr': 'é8', 'fortran_order': False, 'shape': (1,)}",
                "not supported",
            ),
            (
                "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}",
                "structured",
            ),
            (
                "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
                "fortran_order",
            ),
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1)}",
                "no tuple",
            ),
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
                "no axis length",
            ),
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999999999,)}",
                "length",
            ),
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x",
                "goes on",
            ),
            ("{'descr': '<f8", "does not end"),
            ("{'x': 1}", "unknown key"),
        ];
        for (text, part) in refused {
            let (message, _) = parse(text.as_bytes()).unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        }
        let many = format!(
            "{{'descr': '<f8', 'fortran_order': False, 'shape': ({})}}",
            "1, ".repeat(10_000)
        );
        assert!(parse(many.as_bytes()).unwrap_err().0.contains("axes"));
    }
}
