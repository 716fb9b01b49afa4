//! Does an expression give what NumPy gave?
//!
//! A line of the corpus is an expression and what is expected of it, separated by tabs:
//!
//! ```text
//! EXPRESSION ⇥ DTYPE SHAPE VALUE... [~ TOLERANCE] [⇥ the next array]... [⇥ ! DIVERGENCE]
//! EXPRESSION ⇥ plain TEXT                 a number, a tuple, a name: no array
//! EXPRESSION ⇥ refused                    NumPy raises; here building it fails
//! EXPRESSION ⇥ fails                      NumPy raises; here computing it may fail, by its elements
//! ```
//!
//! `SHAPE` is `3x4`, or `-` for no dimensions. Floats are the hexadecimal digits of their bits, or
//! `nan`; a lone `?` in place of values compares dtype and shape alone. The tolerance is `2 ulp`, or
//! an absolute bound for each element. The divergence is one of `docs/numerics.md`; the values are
//! those that it says.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tilewright::{Array, AxisChunks, Block, Chunks, DType, Kind, Scalar, Session};
use tilewright_cli::eval::{Value, evaluate};
use tilewright_cli::parse;

/// What NumPy gave.
pub enum Expected {
    Refused,
    /// NumPy raises for the elements.
    Fails,
    Plain(String),
    Array {
        dtype: DType,
        shape: Vec<i64>,
        /// Bits of the elements; `None` if only dtype and shape are compared.
        values: Option<Vec<u64>>,
        tolerance: Tolerance,
    },
}

/// How far an element may be off.
pub enum Tolerance {
    Exact,
    Ulps(u64),
    Within(Vec<f64>),
}

/// The chunks of an input: the sizes along each axis.
pub type Sizes = Vec<Vec<i64>>;

/// Arrays by name, and how they are computed.
pub struct Judge {
    inputs: HashMap<String, Array>,
    session: Session,
}

/// The bits of a float that is NaN, whichever.
const NAN: u64 = u64::MAX;

pub fn bits(scalar: Scalar) -> u64 {
    let nan = scalar.dtype().is_float() && scalar.to_f64().is_nan();
    if nan { NAN } else { scalar.bits() }
}

fn shape_of(word: &str) -> Vec<i64> {
    let lengths = word.split('x').filter(|word| *word != "-");
    lengths.map(|length| length.parse().unwrap()).collect()
}

fn value_of(dtype: DType, word: &str) -> u64 {
    match word {
        "nan" => NAN,
        _ if dtype.is_float() => u64::from_str_radix(word, 16).unwrap(),
        _ => Scalar::from_i128(dtype, word.parse().unwrap()).bits(),
    }
}

/// Reads what stands after the first tab; the divergence apart.
pub fn expected(fields: &str) -> (Vec<Expected>, Option<&str>) {
    let (mut out, mut divergence) = (Vec::new(), None);
    for field in fields.split('\t') {
        match field.split_once(' ').unwrap_or((field, "")) {
            ("!", name) => divergence = Some(name),
            ("refused", _) => out.push(Expected::Refused),
            ("fails", _) => out.push(Expected::Fails),
            ("plain", text) => out.push(Expected::Plain(text.to_owned())),
            (dtype, rest) => out.push(array_of(dtype, rest)),
        }
    }
    (out, divergence)
}

fn array_of(dtype: &str, rest: &str) -> Expected {
    let dtype = DType::parse(dtype).unwrap_or_else(|| panic!("no dtype {dtype:?}"));
    let (rest, tolerance) = rest.split_once(" ~ ").unwrap_or((rest, ""));
    let mut words = rest.split_whitespace();
    let shape = shape_of(words.next().unwrap());
    let words: Vec<&str> = words.collect();
    let values = words.iter().map(|word| value_of(dtype, word));
    let values = (words != ["?"]).then(|| values.collect());
    let tolerance = match tolerance.strip_suffix(" ulp") {
        Some(count) => Tolerance::Ulps(count.parse().unwrap()),
        None if tolerance.is_empty() => Tolerance::Exact,
        None => {
            let bounds = tolerance.split(' ').map(|bound| bound.parse().unwrap());
            Tolerance::Within(bounds.collect())
        }
    };
    Expected::Array {
        dtype,
        shape,
        values,
        tolerance,
    }
}

impl Judge {
    pub fn new() -> Judge {
        let session = Session::builder().threads(1).memory(4 << 30).build();
        Judge {
            inputs: HashMap::new(),
            session: session.unwrap(),
        }
    }

    /// Names the array that `fields` describe; cut so, if sizes are given.
    pub fn input(&mut self, name: &str, fields: &str, sizes: Option<Sizes>) {
        let (found, _) = expected(fields);
        let [
            Expected::Array {
                dtype,
                shape,
                values: Some(values),
                ..
            },
        ] = &found[..]
        else {
            panic!("{name} is no array: {fields}");
        };
        let scalar = |bits: &u64| of(*dtype, *bits);
        let scalars: Vec<Scalar> = values.iter().map(scalar).collect();
        let layout = tilewright::shape(shape.clone()).dtype(*dtype);
        let array = tilewright::array(scalars, layout);
        let array = sizes.map_or(array.clone(), |sizes| cut(&array, sizes));
        self.inputs
            .insert(name.to_owned(), array.check().unwrap().clone());
    }

    /// The inputs that a text names.
    pub fn named(&self, text: &str) -> Vec<(String, Array)> {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        let known = words.filter_map(|word| self.inputs.get_key_value(word));
        known
            .map(|(name, array)| (name.clone(), array.clone()))
            .collect()
    }

    /// What is wrong with an expression over these inputs; `fields` as in the corpus.
    ///
    /// # Errors
    /// The first difference.
    pub fn check(
        &self,
        text: &str,
        fields: &str,
        inputs: Vec<(String, Array)>,
    ) -> Result<(), String> {
        let (want, _) = expected(fields);
        let outcome = catch_unwind(AssertUnwindSafe(|| self.compare(text, &want, inputs)));
        outcome.unwrap_or_else(|_| Err("a panic".into()))
    }

    fn compare(
        &self,
        text: &str,
        want: &[Expected],
        inputs: Vec<(String, Array)>,
    ) -> Result<(), String> {
        let values = inputs
            .into_iter()
            .map(|(name, array)| (name, Value::Array(array)));
        let built = built(text, values.collect());
        if matches!(want, [Expected::Refused]) {
            return match built {
                Ok(_) => Err("NumPy refuses it; here it is built".into()),
                Err(message) => form(&message),
            };
        }
        if let (true, Err(message)) = (matches!(want, [Expected::Fails]), &built) {
            return form(message);
        }
        let mut values = Vec::new();
        for value in built? {
            flatten(value, &mut values);
        }
        if values.len() != want.len() {
            return Err(format!("{} results for {}", values.len(), want.len()));
        }
        let arrays = values.iter().filter_map(|value| match value {
            Value::Array(array) => Some(array),
            _ => None,
        });
        let computed = self.session.compute_all(arrays);
        if matches!(want, [Expected::Fails]) {
            return match computed.err() {
                None => Err("NumPy refuses it; here it is computed".into()),
                Some(error) if error.kind() == Kind::Internal => Err(format!("{error}")),
                Some(error) if error.suggestion().is_none() => Err(format!("no way out: {error}")),
                Some(_) => Ok(()),
            };
        }
        let mut computed = computed.map_err(|error| format!("{error}"))?.into_iter();
        for (value, want) in values.iter().zip(want) {
            match (value, want) {
                (Value::Array(_), want) => same(computed.next().unwrap().block(), want)?,
                (value, Expected::Plain(text)) if plain(value) == *text => {}
                (value, Expected::Plain(text)) => {
                    return Err(format!("{} for {text}", plain(value)));
                }
                (value, _) => return Err(format!("{} for an array", plain(value))),
            }
        }
        Ok(())
    }
}

/// The values of a program's roots, or the message a user would see.
pub fn built(text: &str, inputs: Vec<(String, Value)>) -> Result<Vec<Value>, String> {
    let program = parse::program(text).map_err(|error| parse::render(text, &error))?;
    let roots = evaluate(&program, inputs).map_err(|error| error.render(text))?;
    let values: Vec<Value> = roots.into_iter().map(|root| root.node).collect();
    // Plain values with commas between them are roots here, and a tuple in Python.
    let array = |value: &Value| matches!(value, Value::Array(_));
    if values.len() > 1 && !values.iter().any(array) {
        return Ok(vec![Value::Tuple(values)]);
    }
    Ok(values)
}

/// Whether a refusal says what, where, and a way out.
fn form(message: &str) -> Result<(), String> {
    let place = ["\n  at ", "\n  line "]
        .iter()
        .any(|part| message.contains(part));
    if place && message.starts_with("error: ") && message.contains("\n  try ") {
        return Ok(());
    }
    Err(format!(
        "the refusal lacks its place or a way out\n{message}"
    ))
}

/// Arrays in tuples and lists stand for themselves.
pub fn flatten(value: Value, out: &mut Vec<Value>) {
    match value {
        Value::Tuple(parts) | Value::List(parts)
            if parts.iter().any(|part| matches!(part, Value::Array(_))) =>
        {
            parts.into_iter().for_each(|part| flatten(part, out));
        }
        other => out.push(other),
    }
}

/// A value that is no array, as Python writes it.
fn plain(value: &Value) -> String {
    let joined = |parts: &[Value]| parts.iter().map(plain).collect::<Vec<_>>().join(", ");
    match value {
        Value::Int(whole) => whole.to_string(),
        Value::Float(float) if float.is_nan() => "nan".into(),
        Value::Float(float) => format!("{:x}", float.to_bits()),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::DType(dtype) => dtype.name().into(),
        Value::Str(text) => text.clone(),
        Value::Tuple(parts) if parts.len() == 1 => format!("({},)", joined(parts)),
        Value::Tuple(parts) => format!("({})", joined(parts)),
        Value::List(parts) => format!("[{}]", joined(parts)),
        Value::Array(_) => "an array".into(),
        other => other.kind().into(),
    }
}

/// The array under these chunks.
pub fn cut(array: &Array, sizes: Sizes) -> Array {
    let sizes = sizes.into_iter().map(AxisChunks::Sizes);
    array.rechunk(Chunks::Axes(sizes.collect()))
}

fn same(block: &Block, want: &Expected) -> Result<(), String> {
    let Expected::Array {
        dtype,
        shape,
        values,
        tolerance,
    } = want
    else {
        return Err("an array for a plain value".into());
    };
    if block.dtype != *dtype || block.shape[..] != shape[..] {
        let (have, want) = (block.dtype.name(), dtype.name());
        return Err(format!("{have}{:?} for {want}{shape:?}", block.shape));
    }
    for (k, &want) in values.iter().flatten().enumerate() {
        let scalar = block.get(k).unwrap();
        let near = match tolerance {
            Tolerance::Exact => false,
            Tolerance::Ulps(most) => ulps(scalar, of(*dtype, want)) <= *most,
            Tolerance::Within(bounds) => {
                let bound = bounds.get(k).or(bounds.first()).unwrap();
                (scalar.to_f64() - of(*dtype, want).to_f64()).abs() <= *bound
            }
        };
        if !near && bits(scalar) != want {
            let want = of(*dtype, want);
            let (a, b) = (scalar.bits(), want.bits());
            return Err(format!(
                "element {k} is {scalar} ({a:x}) for {want} ({b:x})"
            ));
        }
    }
    Ok(())
}

fn of(dtype: DType, bits: u64) -> Scalar {
    match bits {
        NAN if dtype.is_float() => Scalar::from_f64(dtype, f64::NAN),
        bits => Scalar::from_bytes(dtype, &bits.to_le_bytes()),
    }
}

/// Floats between two floats; the two zeros, and NaN and a number, are far apart.
fn ulps(a: Scalar, b: Scalar) -> u64 {
    if a.to_f64().is_nan() || b.to_f64().is_nan() {
        return u64::MAX;
    }
    let width = 8 * a.dtype().itemsize() as u32;
    let place = |scalar: Scalar| {
        let magnitude = scalar.bits() & !(1 << (width - 1));
        let negative = magnitude != scalar.bits();
        if negative {
            -i128::from(magnitude)
        } else {
            i128::from(magnitude)
        }
    };
    match place(a).abs_diff(place(b)) {
        0 if a.bits() != b.bits() => u64::MAX,
        apart => u64::try_from(apart).unwrap_or(u64::MAX),
    }
}
