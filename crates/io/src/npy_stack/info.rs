//! What does the directory say of its files?
//!
//! A pickle of a dictionary. Its numbers, texts and tuples are taken; of objects it is only noted
//! that they are there, and nothing is called. Absent: the dtype, which the files say themselves.

use crate::npy;
use crate::source::MOST_AXES;
use tilewright_core::{AxisGrid, DType, Grid};

/// Longest file that is read, or written: of some hundred thousand files.
pub const LONGEST: u64 = 1 << 20;

/// What the files are.
#[derive(Debug, PartialEq)]
pub struct Info {
    /// The axis along which they lie.
    pub axis: usize,
    /// One chunk for each file that has elements.
    pub grid: Grid,
    /// The number of each chunk's file.
    pub files: Vec<usize>,
    /// How many files there are, those without elements among them.
    pub written: usize,
}

/// A value of a pickle, as far as it matters.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Mark,
    Int(i64),
    Text(String),
    Tuple(Vec<Value>),
    /// A dictionary with the names that are texts.
    Named(Vec<(String, Value)>),
    Other,
}

/// Reads the file.
///
/// # Errors
/// A sentence, if it is none.
pub fn parse(bytes: &[u8]) -> Result<Info, String> {
    let Value::Named(names) = Reader::new(bytes).run()? else {
        return Err("it holds no dictionary".into());
    };
    let named = |name: &str| {
        let found = names.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value)
            .ok_or(format!("it lacks {name:?}"))
    };
    let (Value::Int(axis), Value::Tuple(chunks)) = (named("axis")?, named("chunks")?) else {
        return Err("its axis is no number, or its chunks are no tuple".into());
    };
    if chunks.len() > MOST_AXES {
        return Err(format!(
            "it has {} axes, more than {MOST_AXES}",
            chunks.len()
        ));
    }
    let axis = usize::try_from(*axis)
        .ok()
        .filter(|&axis| axis < chunks.len());
    let axis = axis.ok_or("its axis is none of the array")?;
    let (mut axes, mut files, mut written) = (Vec::new(), Vec::new(), 0);
    for (k, sizes) in chunks.iter().enumerate() {
        let Value::Tuple(sizes) = sizes else {
            return Err("its chunks are no tuples".into());
        };
        let size = |value: &Value| match value {
            Value::Int(size) if *size >= 0 => Ok(*size),
            _ => Err("a chunk's length is no number".to_owned()),
        };
        let sizes: Vec<i64> = sizes.iter().map(size).collect::<Result<_, _>>()?;
        if k == axis {
            written = sizes.len();
            files = (0..written).filter(|&file| sizes[file] > 0).collect();
        } else if sizes.len() != 1 {
            return Err(format!("axis {k} is cut too, and not {axis} alone"));
        }
        axes.push(AxisGrid::from_sizes(&sizes).map_err(|error| error.message().to_owned())?);
    }
    let grid = Grid { axes: axes.into() };
    match tilewright_core::element_count(&grid.shape()) {
        Some(_) => Ok(Info {
            axis,
            grid,
            files,
            written,
        }),
        None => Err("the array is too large to count".into()),
    }
}

/// A machine that takes apart what a pickle builds.
struct Reader<'a> {
    rest: &'a [u8],
    /// Bytes of the whole file.
    total: usize,
    stack: Vec<Value>,
    /// What is referred to again.
    memo: Vec<Value>,
    /// Values made by referring again, which a few bytes could make without end.
    copied: usize,
}

/// Most values that are made by referring again, beside one for each byte of the file.
const COPIES: usize = 1 << 16;

impl<'a> Reader<'a> {
    fn new(rest: &'a [u8]) -> Reader<'a> {
        Reader {
            rest,
            total: rest.len(),
            stack: Vec::new(),
            memo: Vec::new(),
            copied: 0,
        }
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], String> {
        let taken = self.rest.split_at_checked(len);
        let (taken, rest) = taken.ok_or("it ends too early")?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self, len: usize) -> Result<i64, String> {
        let bytes = self.take(len)?;
        if len > 8 {
            return Err("it holds a number that is too large".into());
        }
        let number = bytes
            .iter()
            .rev()
            .fold(0u64, |n, &byte| n << 8 | u64::from(byte));
        Ok(number as i64)
    }

    /// A number of so many bytes with a sign.
    fn signed(&mut self, len: usize) -> Result<i64, String> {
        let number = self.number(len)?;
        let unused = 64 - 8 * len.clamp(1, 8) as u32;
        Ok(number << unused >> unused)
    }

    fn text(&mut self, len: usize) -> Result<Value, String> {
        let bytes = self.take(len)?;
        Ok(Value::Text(String::from_utf8_lossy(bytes).into_owned()))
    }

    fn line(&mut self) -> Result<(), String> {
        let end = self.rest.iter().position(|&byte| byte == b'\n');
        self.take(end.ok_or("it ends too early")? + 1).map(|_| ())
    }

    fn pop(&mut self) -> Result<Value, String> {
        self.stack
            .pop()
            .ok_or_else(|| "it takes more than it has".into())
    }

    /// The values behind the last mark.
    fn marked(&mut self) -> Result<Vec<Value>, String> {
        let mark = self.stack.iter().rposition(|value| *value == Value::Mark);
        let values = self.stack.split_off(mark.ok_or("it lacks a mark")?);
        Ok(values.into_iter().skip(1).collect())
    }

    fn last(&mut self, count: usize) -> Result<Vec<Value>, String> {
        let from = self.stack.len().checked_sub(count);
        Ok(self
            .stack
            .split_off(from.ok_or("it takes more than it has")?))
    }

    fn again(&mut self, number: i64) -> Result<Value, String> {
        let found = usize::try_from(number).ok().and_then(|k| self.memo.get(k));
        let value = found.ok_or("it refers to what is not there")?.clone();
        self.copies(&value)?;
        Ok(value)
    }

    /// Counts a value that was made from another.
    fn copies(&mut self, value: &Value) -> Result<(), String> {
        self.copied += size(value);
        match self.copied > COPIES + self.total {
            true => Err("it refers to the same too often".into()),
            false => Ok(()),
        }
    }

    /// Puts pairs of names and values into the dictionary on the stack.
    fn put(&mut self, pairs: Vec<Value>) -> Result<(), String> {
        let Some(Value::Named(names)) = self.stack.last_mut() else {
            return Err("it puts names into what is no dictionary".into());
        };
        let mut pairs = pairs.into_iter();
        while let (Some(name), Some(value)) = (pairs.next(), pairs.next()) {
            if let (Value::Text(name), false) = (name, matches!(value, Value::Named(_))) {
                names.push((name, value));
            }
        }
        Ok(())
    }

    /// What the pickle is of.
    fn run(mut self) -> Result<Value, String> {
        loop {
            let code = self.take(1)?[0];
            let value = match code {
                b'.' => return self.pop(),
                // A protocol and a frame; what is remembered.
                0x80 => {
                    self.take(1)?;
                    continue;
                }
                0x95 => {
                    self.take(8)?;
                    continue;
                }
                0x94 | b'q' | b'r' => {
                    self.take(match code {
                        b'q' => 1,
                        b'r' => 4,
                        _ => 0,
                    })?;
                    let value = self
                        .stack
                        .last()
                        .ok_or("it takes more than it has")?
                        .clone();
                    self.copies(&value)?;
                    self.memo.push(value);
                    continue;
                }
                b'h' => {
                    let number = self.number(1)?;
                    self.again(number)?
                }
                b'j' => {
                    let number = self.number(4)?;
                    self.again(number)?
                }
                b'(' => Value::Mark,
                b'}' => Value::Named(Vec::new()),
                b')' => Value::Tuple(Vec::new()),
                b't' => tuple_of(self.marked()?),
                0x85..=0x87 => tuple_of(self.last(usize::from(code - 0x84))?),
                b'K' => Value::Int(self.number(1)?),
                b'M' => Value::Int(self.number(2)?),
                b'J' => Value::Int(self.signed(4)?),
                0x8a => {
                    let len = self.number(1)? as usize;
                    Value::Int(self.signed(len)?)
                }
                0x8c => {
                    let len = self.number(1)? as usize;
                    self.text(len)?
                }
                b'X' => {
                    let len = self.number(4)? as usize;
                    self.text(len)?
                }
                b'N' | 0x88 | 0x89 => Value::Other,
                // A name of something elsewhere, an object made of it, and its state.
                b'c' => {
                    self.line()?;
                    self.line()?;
                    Value::Other
                }
                0x93 | b'R' => {
                    self.last(2)?;
                    Value::Other
                }
                b'b' => {
                    self.pop()?;
                    continue;
                }
                b's' => {
                    let pair = self.last(2)?;
                    self.put(pair)?;
                    continue;
                }
                b'u' => {
                    let pairs = self.marked()?;
                    self.put(pairs)?;
                    continue;
                }
                code => return Err(format!("it does what is not known here ({code:#04x})")),
            };
            self.stack.push(value);
        }
    }
}

/// A tuple, of which nothing deeper than tuples matters: what is deep could not be dropped.
fn tuple_of(values: Vec<Value>) -> Value {
    let shallow = |value| match value {
        Value::Tuple(inner) if !inner.iter().any(|v| matches!(v, Value::Tuple(_))) => {
            Value::Tuple(inner)
        }
        Value::Tuple(_) | Value::Named(_) => Value::Other,
        value => value,
    };
    Value::Tuple(values.into_iter().map(shallow).collect())
}

/// Values within a value.
fn size(value: &Value) -> usize {
    match value {
        Value::Tuple(values) => values.iter().fold(1, |n, value| n + size(value)),
        Value::Named(names) => names.iter().fold(1, |n, (_, value)| n + 1 + size(value)),
        Value::Text(text) => 1 + text.len() / 8,
        Value::Mark | Value::Int(_) | Value::Other => 1,
    }
}

/// The file for these sizes along the first axis and these lengths of the others: protocol 2, which
/// every Python 3 reads.
pub fn write(dtype: DType, sizes: &[i64], others: &[i64]) -> Vec<u8> {
    let mut out = vec![0x80, 2, b'}', b'('];
    text(&mut out, "chunks");
    out.push(b'(');
    tuple(&mut out, sizes);
    others.iter().for_each(|&len| tuple(&mut out, &[len]));
    out.push(b't');
    text(&mut out, "dtype");
    out.extend(b"cnumpy\ndtype\n");
    let order = if dtype.itemsize() == 1 { '|' } else { '<' };
    text(&mut out, &format!("{order}{}", npy::code(dtype)));
    out.extend([0x85, b'R']);
    text(&mut out, "axis");
    out.extend([b'K', 0]);
    out.extend(b"u.");
    out
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.push(b'X');
    out.extend((text.len() as u32).to_le_bytes());
    out.extend(text.as_bytes());
}

fn tuple(out: &mut Vec<u8>, numbers: &[i64]) {
    out.push(b'(');
    for number in numbers {
        out.extend([0x8a, 8]);
        out.extend(number.to_le_bytes());
    }
    out.push(b't');
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let info = parse(&write(DType::F64, &[3, 3, 1 << 40], &[2, 0])).unwrap();
        assert_eq!(info.axis, 0);
        assert_eq!(info.grid.shape()[..], [(1 << 40) + 6, 2, 0]);
        assert_eq!(info.grid.axes[0].bounds(1), (3, 6));
        assert_eq!((&info.files[..], info.written), (&[0, 1, 2][..], 3));
    }

    #[test]
    fn a_file_without_elements_keeps_its_number() {
        let info = parse(&write(DType::I8, &[2, 0, 2], &[3])).unwrap();
        assert_eq!(info.grid.shape()[..], [4, 3]);
        assert_eq!((&info.files[..], info.written), (&[0, 2][..], 3));
    }

    #[test]
    fn what_is_nested_without_end_is_no_danger() {
        for deep in [b"\x85".repeat(1 << 20), b"\x85\x94".repeat(1 << 19)] {
            let mut bytes = b"\x80\x02)".to_vec();
            bytes.extend(deep);
            bytes.push(b'.');
            parse(&bytes).unwrap_err();
        }
    }

    #[test]
    fn a_file_cut_short_or_changed_is_refused_or_read() {
        let good = write(DType::I16, &[3, 2], &[2]);
        for len in 0..good.len() {
            parse(&good[..len]).unwrap_err();
            for byte in 0..=255 {
                let mut bad = good.clone();
                bad[len] = byte;
                let _ = parse(&bad);
            }
        }
    }

    #[test]
    fn what_grows_without_end_is_stopped() {
        // A tuple of two of what was remembered last, again and again.
        let mut bytes = vec![b')', 0x94];
        for k in 0..100u8 {
            bytes.extend([b'h', k, b'h', k, 0x86, 0x94]);
        }
        assert!(parse(&bytes).unwrap_err().contains("too"));
    }
}
