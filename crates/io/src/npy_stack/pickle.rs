//! What does a pickle build, as far as numbers, texts and tuples go?
//!
//! Of other objects it is only noted that they are there, and nothing is called; NumPy's integers are
//! numbers. Absent: what the values mean.

/// A value of a pickle, as far as it matters.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Where a list of values begins.
    Mark,
    /// A whole number, of Python or of NumPy.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A tuple.
    Tuple(Vec<Value>),
    /// A dictionary with the names that are texts.
    Named(Vec<(String, Value)>),
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

/// What a pickle is of.
///
/// # Errors
/// A sentence, if it is damaged, or does what is not known here.
pub fn read(bytes: &[u8]) -> Result<Value, String> {
    Reader::new(bytes).run()
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
        Ok(little_endian(bytes) as i64)
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

    fn bytes(&mut self, len: usize) -> Result<Value, String> {
        self.take(len).map(|bytes| Value::Bytes(bytes.to_vec()))
    }

    fn line(&mut self) -> Result<&'a [u8], String> {
        let end = self.rest.iter().position(|&byte| byte == b'\n');
        let line = self.take(end.ok_or("it ends too early")? + 1)?;
        Ok(line.trim_ascii_end())
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
                b'C' => {
                    let len = self.number(1)? as usize;
                    self.bytes(len)?
                }
                b'B' => {
                    let len = self.number(4)? as usize;
                    self.bytes(len)?
                }
                b'N' | 0x88 | 0x89 => Value::Other,
                // A name of something elsewhere, an object made of it, and its state.
                b'c' => {
                    let module = self.line()?;
                    maker(module, self.line()?)
                }
                0x93 => match &self.last(2)?[..] {
                    [Value::Text(module), Value::Text(name)] => {
                        maker(module.as_bytes(), name.as_bytes())
                    }
                    _ => Value::Other,
                },
                b'R' => made(&self.last(2)?),
                b'b' => {
                    let state = self.pop()?;
                    if let (Some(Value::Integers(..)), Value::Tuple(state)) =
                        (self.stack.last(), state)
                        && state.get(1) == Some(&Value::Text(">".into()))
                    {
                        return Err("its numbers are big-endian".into());
                    }
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

/// What stands elsewhere under a name, of old releases of NumPy, too.
fn maker(module: &[u8], name: &[u8]) -> Value {
    match (module, name) {
        (b"numpy._core.multiarray" | b"numpy.core.multiarray", b"scalar") => {
            Value::Maker(Maker::Scalar)
        }
        (b"numpy", b"dtype") => Value::Maker(Maker::DType),
        (b"_codecs", b"encode") => Value::Maker(Maker::Encode),
        _ => Value::Other,
    }
}

/// What a maker gives of its arguments, where that is a number or leads to one.
fn made(call: &[Value]) -> Value {
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
        (Maker::Encode, [Value::Text(text), Value::Text(how)]) if how == "latin1" => {
            let bytes = text.chars().map(|sign| u8::try_from(sign).ok());
            bytes
                .collect::<Option<_>>()
                .map_or(Value::Other, Value::Bytes)
        }
        (Maker::Scalar, [Value::Integers(size, signed), Value::Bytes(bytes)])
            if bytes.len() == *size =>
        {
            let number = little_endian(bytes);
            let unused = 64 - 8 * *size as u32;
            match (*signed, number as i64) {
                (true, number) => Value::Int(number << unused >> unused),
                (false, 0..) => Value::Int(number as i64),
                (false, _) => Value::Other,
            }
        }
        _ => Value::Other,
    }
}

fn little_endian(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().rev();
    bytes.fold(0u64, |n, &byte| n << 8 | u64::from(byte))
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
        Value::Bytes(bytes) => 1 + bytes.len() / 8,
        _ => 1,
    }
}
