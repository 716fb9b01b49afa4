//! What does a pickle build, as far as numbers, texts and tuples go?
//!
//! Of other objects it is only noted that they are there, and nothing is called; NumPy's integers are
//! numbers. It takes about the pickle's bytes of memory, and at most [`ROOM`] more: numbers are packed,
//! texts stay where they are, and nothing is remembered that is not referred to. Absent: what the
//! values mean.

use super::numbers::{Numbers, Run};
use super::operation::{self, Operation, little_endian};
use std::collections::{BTreeMap, BTreeSet};

/// A value of a pickle, as far as it matters.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Where a list of values begins.
    Mark,
    /// A whole number, of Python or of NumPy.
    Int(u64),
    /// Whole numbers that stand side by side and are not in a tuple yet.
    Loose(Run),
    /// Text.
    Text(&'a str),
    /// Up to 8 bytes, of which there are so many.
    Bytes([u8; 8], usize),
    /// A tuple of whole numbers, or of nothing.
    Numbers(Run),
    /// Any other tuple.
    Tuple(Vec<Value<'a>>),
    /// A dictionary with the names that are texts.
    Named(Vec<(&'a str, Value<'a>)>),
    /// Something elsewhere that objects are made by.
    Maker(Maker),
    /// NumPy's integers of so many bytes, with a sign or without.
    Integers(usize, bool),
    /// Anything else.
    Other,
}

/// What makes the objects that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// NumPy's number of a dtype and its bytes.
    Scalar,
    /// NumPy's dtype of a name.
    DType,
    /// Bytes of a text, as protocol 2 writes them.
    Encode,
}

/// Most values at once, with those that are remembered; numbers side by side are one.
const VALUES: usize = 256;

/// Bytes of numbers beside one for each of the pickle, which may repeat the same without writing it.
const ROOM: usize = 16 << 10;

/// What a pickle is of, and the numbers in it.
///
/// # Errors
/// A sentence, if it is damaged, or does what is not known here.
pub fn read(bytes: &[u8]) -> Result<(Value<'_>, Numbers), String> {
    let mut machine = Machine {
        stack: Vec::new(),
        held: 0,
        numbers: Numbers::new(bytes.len() + ROOM),
        referred: operation::referred(bytes, VALUES)?,
        memo: BTreeMap::new(),
        remembered: 0,
        big_endian: false,
    };
    let mut rest = bytes;
    loop {
        let operation = Operation::next(&mut rest)?;
        if operation.code == b'.' {
            return Ok((machine.pop()?, machine.numbers));
        }
        machine.run(operation)?;
    }
}

/// A machine that builds what a pickle tells it.
struct Machine<'a> {
    stack: Vec<Value<'a>>,
    /// Values on the stack and remembered.
    held: usize,
    numbers: Numbers,
    /// The places of what is referred to again.
    referred: BTreeSet<u64>,
    memo: BTreeMap<u64, Value<'a>>,
    /// How often something was to be remembered.
    remembered: u64,
    /// Whether a dtype of integers is big-endian.
    big_endian: bool,
}

const TOO_FEW: &str = "it takes more than it has";
const TOO_OFTEN: &str = "it refers to the same too often";

impl<'a> Machine<'a> {
    fn run(&mut self, operation: Operation<'a>) -> Result<(), String> {
        let Operation { code, said } = operation;
        let value = match code {
            // A protocol and a frame.
            0x80 | 0x95 => return Ok(()),
            0x94 => return self.remember(self.remembered),
            b'q' | b'r' => return self.remember(operation.number()),
            b's' => {
                let pair = self.last(2)?;
                return self.put(pair);
            }
            b'u' => {
                let pairs = self.marked()?;
                return self.put(pairs);
            }
            b'b' => return self.give_state(),
            b'h' | b'j' => {
                let found = self.memo.get(&operation.number());
                found.ok_or("it refers to what is not there")?.clone()
            }
            b'(' => Value::Mark,
            b'}' => Value::Named(Vec::new()),
            b')' => Value::Numbers(Run::EMPTY),
            b't' => {
                let items = self.marked()?;
                tuple_of(items)
            }
            0x85..=0x87 => {
                let items = self.last(usize::from(code - 0x84))?;
                self.short_tuple(items)?
            }
            b'K' | b'M' => Value::Int(operation.number()),
            b'J' | 0x8a => signed(said)?,
            0x8c | b'X' => std::str::from_utf8(said).map_or(Value::Other, Value::Text),
            b'C' | b'B' => short(said.iter().map(|&byte| Some(byte))),
            // A name of something elsewhere, an object made of it.
            b'c' => {
                let mut lines = said
                    .split(|&byte| byte == b'\n')
                    .map(<[u8]>::trim_ascii_end);
                maker(lines.next(), lines.next())
            }
            0x93 => match self.last(2)?[..] {
                [Value::Text(module), Value::Text(name)] => {
                    maker(Some(module.as_bytes()), Some(name.as_bytes()))
                }
                _ => Value::Other,
            },
            b'R' => self.make()?,
            // None, True, False.
            _ => Value::Other,
        };
        self.push(value)
    }

    fn push(&mut self, value: Value<'a>) -> Result<(), String> {
        let value = match value {
            Value::Int(number) => {
                let run = self.numbers.push(number);
                let run = run.ok_or(TOO_OFTEN)?;
                if let Some(Value::Loose(before)) = self.stack.last_mut()
                    && let Some(joined) = before.joined(run)
                {
                    *before = joined;
                    return Ok(());
                }
                Value::Loose(run)
            }
            value => value,
        };
        self.hold(&value)?;
        self.stack.push(value);
        Ok(())
    }

    /// Counts what is held.
    fn hold(&mut self, value: &Value<'_>) -> Result<(), String> {
        self.held += size(value);
        match self.held > VALUES {
            true => Err("it holds too much at once".into()),
            false => Ok(()),
        }
    }

    fn pop(&mut self) -> Result<Value<'a>, String> {
        match self.stack.pop().ok_or(TOO_FEW)? {
            Value::Loose(run) => {
                let (before, last) = self.numbers.split_last(run).ok_or(TOO_FEW)?;
                match before.is_empty() {
                    true => self.held -= 1,
                    false => self.stack.push(Value::Loose(before)),
                }
                Ok(Value::Int(last))
            }
            value => {
                self.held -= size(&value);
                Ok(value)
            }
        }
    }

    fn last(&mut self, count: usize) -> Result<Vec<Value<'a>>, String> {
        let popped = (0..count).map(|_| self.pop());
        let mut values: Vec<Value<'_>> = popped.collect::<Result<_, _>>()?;
        values.reverse();
        Ok(values)
    }

    /// The values behind the last mark.
    fn marked(&mut self) -> Result<Vec<Value<'a>>, String> {
        let mark = self.stack.iter().rposition(|value| *value == Value::Mark);
        let values = self.stack.split_off(mark.ok_or("it lacks a mark")?);
        self.held -= values.iter().map(size).sum::<usize>();
        Ok(values.into_iter().skip(1).collect())
    }

    /// Remembers the last value, if the place is referred to.
    fn remember(&mut self, place: u64) -> Result<(), String> {
        self.remembered += 1;
        if !self.referred.contains(&place) {
            return Ok(());
        }
        let value = match self.stack.last().ok_or(TOO_FEW)? {
            Value::Loose(run) => {
                let (_, last) = self.numbers.split_last(*run).ok_or(TOO_FEW)?;
                Value::Int(last)
            }
            value => value.clone(),
        };
        self.hold(&value)?;
        self.memo.insert(place, value);
        Ok(())
    }

    /// Puts pairs of names and values into the dictionary on the stack.
    fn put(&mut self, pairs: Vec<Value<'a>>) -> Result<(), String> {
        let Some(Value::Named(names)) = self.stack.last_mut() else {
            return Err("it puts names into what is no dictionary".into());
        };
        let mut pairs = pairs.into_iter();
        while let (Some(name), Some(value)) = (pairs.next(), pairs.next()) {
            let value = match value {
                Value::Named(_) => continue,
                Value::Loose(run) => match self.numbers.split_last(run) {
                    Some((before, only)) if before.is_empty() => Value::Int(only),
                    _ => Value::Other,
                },
                value => value,
            };
            if let Value::Text(name) = name {
                self.held += 1 + size(&value);
                names.push((name, value));
            }
        }
        Ok(())
    }

    /// Gives the object below it the last value as its state.
    fn give_state(&mut self) -> Result<(), String> {
        match (self.pop()?, self.stack.last()) {
            (Value::Tuple(state), Some(Value::Integers(..)))
                if state.get(1) == Some(&Value::Text(">")) =>
            {
                self.big_endian = true;
            }
            _ => {}
        }
        Ok(())
    }

    /// What a maker gives of its arguments.
    fn make(&mut self) -> Result<Value<'a>, String> {
        let call = self.last(2)?;
        // Which of the dtypes is big-endian is not told apart.
        if self.big_endian && matches!(call[..], [Value::Maker(Maker::Scalar), _]) {
            return Err("its numbers are big-endian".into());
        }
        Ok(made(&call))
    }

    /// A tuple of up to three values.
    fn short_tuple(&mut self, items: Vec<Value<'a>>) -> Result<Value<'a>, String> {
        let mut run = Run::EMPTY;
        for item in &items {
            let Value::Int(number) = item else {
                return Ok(tuple_of(items));
            };
            let next = self.numbers.push(*number).ok_or(TOO_OFTEN)?;
            run = run.joined(next).unwrap_or(next);
        }
        Ok(Value::Numbers(run))
    }
}

/// What stands elsewhere under a name, of old releases of NumPy, too.
fn maker<'a>(module: Option<&[u8]>, name: Option<&[u8]>) -> Value<'a> {
    match (module, name) {
        (Some(b"numpy._core.multiarray" | b"numpy.core.multiarray"), Some(b"scalar")) => {
            Value::Maker(Maker::Scalar)
        }
        (Some(b"numpy"), Some(b"dtype")) => Value::Maker(Maker::DType),
        (Some(b"_codecs"), Some(b"encode")) => Value::Maker(Maker::Encode),
        _ => Value::Other,
    }
}

/// What a maker gives of its arguments, where that is a number or leads to one.
fn made<'a>(call: &[Value<'_>]) -> Value<'a> {
    let [Value::Maker(maker), Value::Tuple(arguments)] = call else {
        return Value::Other;
    };
    match (maker, &arguments[..]) {
        (Maker::DType, [Value::Text(name), ..]) => match name.as_bytes() {
            [sign @ (b'i' | b'u'), size @ (b'1' | b'2' | b'4' | b'8')] => {
                Value::Integers(usize::from(size - b'0'), *sign == b'i')
            }
            _ => Value::Other,
        },
        (Maker::Encode, [Value::Text(text), Value::Text("latin1")]) => {
            short(text.chars().map(|sign| u8::try_from(sign).ok()))
        }
        (Maker::Scalar, [Value::Integers(size, is_signed), Value::Bytes(bytes, len)])
            if len == size =>
        {
            let number = little_endian(&bytes[..*len]);
            let negative = number >> (8 * len - 1) == 1;
            match *is_signed && negative {
                true => Value::Other,
                false => Value::Int(number),
            }
        }
        _ => Value::Other,
    }
}

/// A number with a sign; of negative ones it is not known which.
fn signed<'a>(said: &[u8]) -> Result<Value<'a>, String> {
    match said.last() {
        _ if said.len() > 8 => Err("it holds a number that is too large".into()),
        Some(0x80..) => Ok(Value::Other),
        _ => Ok(Value::Int(little_endian(said))),
    }
}

/// Bytes, if they are few.
fn short<'a>(bytes: impl Iterator<Item = Option<u8>>) -> Value<'a> {
    let (mut all, mut len) = ([0; 8], 0);
    for byte in bytes {
        let (Some(byte), Some(place)) = (byte, all.get_mut(len)) else {
            return Value::Other;
        };
        *place = byte;
        len += 1;
    }
    Value::Bytes(all, len)
}

/// A tuple, of which nothing deeper than tuples matters: what is deep could not be dropped.
fn tuple_of(values: Vec<Value<'_>>) -> Value<'_> {
    let shallow = |value| match value {
        Value::Tuple(inner) if !inner.iter().any(|v| matches!(v, Value::Tuple(_))) => {
            Value::Tuple(inner)
        }
        Value::Tuple(_) | Value::Named(_) => Value::Other,
        value => value,
    };
    match values[..] {
        [] => Value::Numbers(Run::EMPTY),
        [Value::Loose(run)] => Value::Numbers(run),
        _ => Value::Tuple(values.into_iter().map(shallow).collect()),
    }
}

/// Values within a value.
fn size(value: &Value<'_>) -> usize {
    match value {
        Value::Tuple(values) => values.iter().fold(1, |n, value| n + size(value)),
        Value::Named(names) => names.iter().fold(1, |n, (_, value)| n + 1 + size(value)),
        _ => 1,
    }
}
