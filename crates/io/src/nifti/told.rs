//! What of an array's attributes does a header hold?
//!
//! Those that are read from one: where its voxels stand, how far from each other, in which units, and
//! what it shows. An affine goes into `srow`, whatever it was read from. Absent: the places of these in
//! the bytes, which are `header`'s.

use serde_json::{Map, Value};

/// Units of space, by their codes, and of time, by theirs divided by 8.
pub const OF_SPACE: [&str; 4] = ["unknown", "m", "mm", "um"];
pub const OF_TIME: [&str; 7] = ["unknown", "s", "ms", "us", "Hz", "ppm", "rad/s"];

/// Most bytes of a description, with one behind it that is 0.
const DESCRIPTION: usize = 80;

/// What a header is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The affine's first three rows.
    pub affine: [[f64; 4]; 3],
    /// Where space is measured from.
    pub code: i64,
    /// Distances of voxels along the axes.
    pub zooms: [f64; 7],
    /// Units of space and time, packed.
    pub units: u8,
    /// What the file holds, in words.
    pub description: String,
}

impl Default for Told {
    /// Voxels stand at their indices: an affine of ones, in the scanner's space.
    fn default() -> Told {
        let ones = |row| std::array::from_fn(|column| f64::from(row == column));
        Told {
            affine: [ones(0), ones(1), ones(2)],
            code: 1,
            zooms: [1.0; 7],
            units: 0,
            description: String::new(),
        }
    }
}

impl Told {
    /// What attributes say; those that say something else are passed over.
    pub fn of(attributes: &Map<String, Value>) -> Told {
        let mut told = Told::default();
        let code = |name: &str| attributes.get(name)?.as_i64().filter(|&code| is_code(code));
        let codes = [code("sform_code"), code("qform_code")];
        if let Some(affine) = attributes.get("affine").and_then(affine) {
            told.affine = affine;
            // Distances follow from it where they are not said.
            let length = |k| {
                (0..3)
                    .map(|row: usize| affine[row][k] * affine[row][k])
                    .sum()
            };
            let lengths: [f64; 3] = std::array::from_fn(|k| f64::sqrt(length(k)));
            told.zooms[..3].copy_from_slice(&lengths);
        }
        told.code = codes
            .into_iter()
            .flatten()
            .find(|&code| code > 0)
            .unwrap_or(1);
        if let Some(zooms) = attributes.get("zooms").and_then(numbers) {
            for (to, zoom) in told.zooms.iter_mut().zip(zooms) {
                *to = zoom;
            }
        }
        told.units = attributes.get("units").and_then(units).unwrap_or(0);
        let description = attributes.get("description").and_then(description);
        told.description = description.unwrap_or_default().to_owned();
        told
    }
}

/// Whether a header holds an attribute of this name and value.
pub fn keeps(name: &str, value: &Value) -> bool {
    match name {
        "affine" => affine(value).is_some(),
        "zooms" => numbers(value).is_some_and(|zooms| zooms.len() <= 7),
        "units" => units(value).is_some(),
        "sform_code" | "qform_code" => value.as_i64().is_some_and(is_code),
        "description" => description(value).is_some(),
        _ => false,
    }
}

fn is_code(code: i64) -> bool {
    (0..=5).contains(&code)
}

fn numbers(value: &Value) -> Option<Vec<f64>> {
    value.as_array()?.iter().map(Value::as_f64).collect()
}

/// Three rows of an affine, or all four.
fn affine(value: &Value) -> Option<[[f64; 4]; 3]> {
    let rows = value.as_array()?.iter();
    let rows = rows.map(|row| numbers(row)?.try_into().ok());
    let rows: Vec<[f64; 4]> = rows.collect::<Option<_>>()?;
    match &rows[..] {
        [a, b, c] | [a, b, c, [0.0, 0.0, 0.0, 1.0]] => Some([*a, *b, *c]),
        _ => None,
    }
}

/// The code of a pair of units.
fn units(value: &Value) -> Option<u8> {
    let [space, time] = value.as_array()?.as_slice() else {
        return None;
    };
    let place = |known: &[&str], value: &Value| {
        let name = value.as_str()?;
        known.iter().position(|unit| *unit == name)
    };
    let (space, time) = (place(&OF_SPACE, space)?, place(&OF_TIME, time)?);
    u8::try_from(space + 8 * time).ok()
}

fn description(value: &Value) -> Option<&str> {
    let text = value.as_str()?;
    (text.len() < DESCRIPTION && !text.contains('\0')).then_some(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_header_does_not_hold_is_not_kept() {
        let row = json!([1, 0, 0, 5]);
        for (name, value, kept) in [
            ("affine", json!([row, row, row]), true),
            ("affine", json!([row, row, row, [0, 0, 0, 1]]), true),
            ("affine", json!([row, row, row, [0, 0, 1, 1]]), false),
            ("affine", json!([row, row]), false),
            ("zooms", json!([1, 2.5]), true),
            ("zooms", json!([1, 2, 3, 4, 5, 6, 7, 8]), false),
            ("zooms", json!("1"), false),
            ("units", json!(["mm", "s"]), true),
            ("units", json!(["feet", "s"]), false),
            ("sform_code", json!(9), false),
            ("description", json!("x".repeat(79)), true),
            ("description", json!("x".repeat(80)), false),
            ("title", json!("x"), false),
        ] {
            assert_eq!(keeps(name, &value), kept, "{name} {value}");
        }
        let said =
            json!({"affine": [[0, 3, 0, 1], [4, 0, 0, 2], [0, 0, 5, 3]], "units": ["um", "Hz"]});
        let told = Told::of(said.as_object().unwrap());
        assert_eq!(
            (&told.zooms[..4], told.units),
            (&[4.0, 3.0, 5.0, 1.0][..], 35)
        );
    }
}
