//! Which numbers does a nested list hold?

use super::value::Value;
use tilewright::DType;

/// A number as it is written.
pub(super) enum Element {
    Bool(bool),
    Int(i128),
    Float(f64),
}

/// Elements in C order, and the lengths of the lists.
pub(super) fn flatten(
    value: &Value,
    depth: usize,
    shape: &mut Vec<i64>,
    elements: &mut Vec<Element>,
) -> Result<(), String> {
    let ragged = || "lists of different lengths are no array".to_owned();
    let element = match value {
        Value::List(items) | Value::Tuple(items) => {
            let len = items.len() as i64;
            match shape.get(depth) {
                Some(known) if *known != len => return Err(ragged()),
                Some(_) => {}
                // The first way down fixes the shape; an element there ends it.
                None if elements.is_empty() => shape.push(len),
                None => return Err(ragged()),
            }
            return items
                .iter()
                .try_for_each(|item| flatten(item, depth + 1, shape, elements));
        }
        Value::Bool(truth) => Element::Bool(*truth),
        Value::Int(whole) => Element::Int(*whole),
        Value::Float(number) => Element::Float(*number),
        other => return Err(format!("{} cannot be an element of an array", other.kind())),
    };
    if shape.len() != depth {
        return Err(ragged());
    }
    elements.push(element);
    Ok(())
}

/// NumPy's choice: f64 with a float among them, else int64 (uint64 where that alone fits, f64 where
/// some need the one and some the other), else bool; `None` if no dtype holds an integer.
pub(super) fn natural_dtype(elements: &[Element]) -> Option<DType> {
    if elements.is_empty() || elements.iter().any(|e| matches!(e, Element::Float(_))) {
        return Some(DType::F64);
    }
    let integers: Vec<i128> = elements
        .iter()
        .filter_map(|element| match element {
            Element::Int(whole) => Some(*whole),
            _ => None,
        })
        .collect();
    if integers.is_empty() {
        return Some(DType::Bool);
    }
    let fits = |dtype: DType, n: &i128| {
        let range = dtype.integer_range();
        range.is_some_and(|(low, high)| (low..=high).contains(n))
    };
    let all = |dtype: &DType| integers.iter().all(|n| fits(*dtype, n));
    let each = |n| fits(DType::I64, n) || fits(DType::U64, n);
    [DType::I64, DType::U64]
        .into_iter()
        .find(all)
        .or_else(|| integers.iter().all(each).then_some(DType::F64))
}
