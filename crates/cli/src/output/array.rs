//! How does NumPy print an array?
//!
//! Nested brackets, aligned columns, lines of 75 columns, and beyond 1000 elements only three at
//! either end of each axis.
//!
//! **Source** NumPy 2.4, `array2string` with its default options; compared with NumPy itself in
//! `tests/printing`.

use super::float::{Float, Format, Half, repr};
use tilewright::{Computed, DType, Scalar};

/// Columns of a line.
const WIDTH: usize = 75;

/// Elements above which an array is abbreviated.
const THRESHOLD: usize = 1000;

/// Elements shown at either end of an abbreviated axis.
const EDGE: i64 = 3;

/// The array as `str` of NumPy has it, without a newline at its end.
pub fn text(array: &Computed) -> String {
    let shape = array.shape();
    if shape.is_empty() {
        return array.get(0).map_or(String::new(), scalar);
    }
    if array.is_empty() {
        return "[]".to_owned();
    }
    let summary = array.len() > THRESHOLD;
    let shown: Vec<Vec<i64>> = shape.iter().map(|&len| positions(len, summary)).collect();
    let strides = tilewright::c_strides(shape);
    let mut elements = Vec::new();
    collect(array, &shown, &strides, 0, &mut elements);
    let words = words(array.dtype(), &elements);
    let mut printer = Printer {
        shape,
        shown: &shown,
        summary,
        words: words.iter(),
    };
    printer.level(0, " ", WIDTH)
}

/// A line below an array: `shape=(100,) dtype=float64`.
pub fn caption(array: &Computed) -> String {
    let lengths: Vec<String> = array.shape().iter().map(i64::to_string).collect();
    let comma = if lengths.len() == 1 { "," } else { "" };
    format!(
        "shape=({}{comma}) dtype={}",
        lengths.join(", "),
        array.dtype().name()
    )
}

/// A single element as `str` has it.
fn scalar(value: Scalar) -> String {
    match value.dtype() {
        DType::F16 => repr(half_of(value)),
        DType::F32 => repr(value.to_f32()),
        DType::F64 => repr(value.to_f64()),
        _ => value.to_string(),
    }
}

/// The positions of an axis that are shown.
fn positions(len: i64, summary: bool) -> Vec<i64> {
    if summary && len > 2 * EDGE {
        (0..EDGE).chain(len - EDGE..len).collect()
    } else {
        (0..len).collect()
    }
}

/// The elements that are shown, in C order.
fn collect(
    array: &Computed,
    shown: &[Vec<i64>],
    strides: &[i64],
    at: i64,
    elements: &mut Vec<Scalar>,
) {
    match (shown, strides) {
        ([positions, shown @ ..], [stride, strides @ ..]) => {
            for position in positions {
                collect(array, shown, strides, at + position * stride, elements);
            }
        }
        _ => elements.extend(array.get(at as usize)),
    }
}

/// The elements as words of equal width.
fn words(dtype: DType, elements: &[Scalar]) -> Vec<String> {
    match dtype {
        DType::F64 => floats(elements.iter().map(|x| x.to_f64())),
        DType::F32 => floats(elements.iter().map(|x| x.to_f32())),
        DType::F16 => floats(elements.iter().map(|&x| half_of(x))),
        // Whole numbers, and ` True` beside `False`.
        DType::Bool => elements
            .iter()
            .map(|x| format!("{:>5}", x.to_string()))
            .collect(),
        _ => {
            let digits: Vec<String> = elements.iter().map(Scalar::to_string).collect();
            let width = digits.iter().map(String::len).max().unwrap_or(0);
            digits.iter().map(|x| format!("{x:>width$}")).collect()
        }
    }
}

/// Floats as words of equal width.
fn floats<T: Float>(numbers: impl Iterator<Item = T>) -> Vec<String> {
    let numbers: Vec<T> = numbers.collect();
    let format = Format::of(&numbers);
    numbers.iter().map(|&x| format.write(x)).collect()
}

fn half_of(value: Scalar) -> Half {
    Half(tilewright::f16::from_bits(value.bits() as u16))
}

struct Printer<'a> {
    shape: &'a [i64],
    shown: &'a [Vec<i64>],
    summary: bool,
    words: std::slice::Iter<'a, String>,
}

impl Printer<'_> {
    /// The array from `axis` on, in brackets; every line but the first starts with `indent`.
    fn level(&mut self, axis: usize, indent: &str, width: usize) -> String {
        let count = self.shown[axis].len();
        let gap = self.summary && self.shape[axis] > 2 * EDGE;
        let last = axis + 1 == self.shape.len();
        let mut text = String::new();
        if last {
            let mut line = indent.to_owned();
            let room = width - 1;
            for k in 0..count {
                if gap && k == EDGE as usize {
                    extend(&mut text, &mut line, "...", room, indent);
                    line.push(' ');
                }
                let word = self.words.next().map_or("", String::as_str);
                extend(&mut text, &mut line, word, room, indent);
                if k + 1 < count {
                    line.push(' ');
                }
            }
            text.push_str(&line);
        } else {
            let between = "\n".repeat(self.shape.len() - axis - 1);
            let inner = format!("{indent} ");
            for k in 0..count {
                if gap && k == EDGE as usize {
                    text.push_str(&format!("{indent}...{between}"));
                }
                let nested = self.level(axis + 1, &inner, width - 1);
                text.push_str(&format!("{indent}{nested}"));
                if k + 1 < count {
                    text.push_str(&between);
                }
            }
        }
        format!("[{}]", text.get(indent.len()..).unwrap_or_default())
    }
}

/// Adds a word to a line, or starts a new one where it does not fit.
fn extend(text: &mut String, line: &mut String, word: &str, room: usize, indent: &str) {
    if line.len() + word.len() > room && line.len() > indent.len() {
        text.push_str(line.trim_end());
        text.push('\n');
        line.replace_range(.., indent);
    }
    line.push_str(word);
}
