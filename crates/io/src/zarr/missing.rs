//! How does xarray say which elements are missing?
//!
//! In version 2 by the array's fill value, in version 3 by an attribute, which holds the bytes of a float in
//! base64. Here it is the attribute `_FillValue`, a number, as the CF conventions have it and other formats
//! store it. Absent: what becomes of such elements, which is asked for with `decode`.
//!
//! **Source** xarray 2026.9, "Zarr Encoding Specification".

use crate::Attributes;
use crate::attributes::{Kept, Make};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tilewright_core::{DType, Scalar};

/// The mark's name, and that of the axes' names in version 2.
const MARK: &str = "_FillValue";
pub const AXES: &str = "_ARRAY_DIMENSIONS";

/// The names of the axes of an array of version 2, if its attributes have them; these are without them then,
/// and tell of the fill value.
pub fn read_2(
    attributes: Attributes,
    axes: usize,
    fill: Option<Scalar>,
) -> (Attributes, Option<Vec<Option<String>>>) {
    let names = attributes.get(AXES);
    let names: Option<Vec<Option<String>>> =
        names.and_then(|names| serde_json::from_value(names).ok());
    let Some(names) = names.filter(|names| names.len() == axes) else {
        return (attributes, None);
    };
    let marked = Marked {
        attributes,
        mark: fill.map(number),
    };
    (Attributes::kept(Arc::new(marked)), Some(names))
}

/// The attributes of an array of version 3.
pub fn read_3(attributes: Attributes, dtype: DType) -> Attributes {
    let told = || match attributes.get(MARK)? {
        Value::String(text) if dtype.is_float() => float(&text),
        _ => None,
    };
    match told() {
        None => attributes,
        Some(mark) => Attributes::kept(Arc::new(Marked {
            attributes,
            mark: Some(mark),
        })),
    }
}

/// What is written of the attributes of an array of version 2 whose axes have names, and its fill value: that
/// of the mark, else none, since xarray would take every 0 for missing.
pub fn write_2(attributes: &mut Map<String, Value>, fill: Scalar) -> Option<Scalar> {
    let mark = attributes
        .get(MARK)
        .and_then(|mark| scalar(mark, fill.dtype()));
    if mark.is_some() {
        attributes.remove(MARK);
    }
    mark.or(Some(fill).filter(|fill| fill.truth()))
}

/// What is written of the attributes of an array of version 3.
pub fn write_3(attributes: &mut Map<String, Value>, dtype: DType) {
    if let Some(mark) = attributes.get_mut(MARK)
        && let Some(number) = scalar(mark, dtype).filter(|_| dtype.is_float())
    {
        *mark = json!(BASE64_STANDARD.encode(number.to_f64().to_le_bytes()));
    }
}

/// The number that a mark is, if an element can have it.
fn scalar(mark: &Value, dtype: DType) -> Option<Scalar> {
    if let Some(whole) = mark
        .as_i64()
        .map(i128::from)
        .or(mark.as_u64().map(i128::from))
    {
        let scalar = Scalar::from_i128(dtype, whole);
        return match scalar.as_i128() {
            Some(same) => (same == whole).then_some(scalar),
            None => Some(scalar),
        };
    }
    let float = match mark {
        Value::String(text) => text.parse().ok()?,
        other => other.as_f64()?,
    };
    dtype.is_float().then(|| Scalar::from_f64(dtype, float))
}

/// The number in 8 bytes of base64.
fn float(text: &str) -> Option<Value> {
    let bytes = BASE64_STANDARD.decode(text).ok()?;
    let bytes = <[u8; 8]>::try_from(bytes).ok()?;
    Some(number(Scalar::from(f64::from_le_bytes(bytes))))
}

/// A number as JSON, which has names for those that are not finite.
fn number(value: Scalar) -> Value {
    let float = value.to_f64();
    match value.as_i128() {
        Some(whole) => i64::try_from(whole).map_or_else(|_| json!(whole as u64), |n| json!(n)),
        None if float.is_finite() => json!(float),
        None => json!(float.to_string()),
    }
}

/// Attributes with another mark, and without the names of the axes.
struct Marked {
    attributes: Attributes,
    mark: Option<Value>,
}

impl Kept for Marked {
    fn show(&self, show: &mut dyn FnMut(&str, Make<'_>) -> bool) {
        let mut done = false;
        self.attributes.show(&mut |name, make| {
            let hidden = name == AXES || (name == MARK && self.mark.is_some());
            done = !hidden && show(name, make);
            done
        });
        if let Some(mark) = self.mark.as_ref().filter(|_| !done) {
            show(MARK, &|| Some(mark.clone()));
        }
    }
}
