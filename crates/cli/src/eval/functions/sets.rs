//! How are arrays called that are taken as sets?

use super::creation::made;
use super::moves::parameters;
use super::{Bound, Form, Function, Parameters, axes, dtypes};
use crate::eval::convert;
use crate::eval::error::Result;
use crate::eval::value::Value;
use tilewright::{Array, Unique};

const PAIR: Parameters = parameters(&["ar1", "ar2", "assume_unique"], 2);

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["isin"],
        parameters: Parameters {
            positional: 4,
            ..parameters(
                &[
                    "element",
                    "test_elements",
                    "assume_unique",
                    "invert",
                    "kind",
                ],
                2,
            )
        },
        form: Form::Function,
        call: |mut bound| {
            let x = convert::array(&bound.need("element")?)?;
            let among = convert::array(&bound.need("test_elements")?)?;
            // What NumPy does with it changes no result.
            bound.take("assume_unique");
            check_kind(&mut bound, &x, &among)?;
            let invert = bound.take("invert").map(|value| convert::bool(&value));
            let found = x.isin(&among);
            match invert.transpose()? {
                Some(true) => made(&bound, !found),
                _ => made(&bound, found),
            }
        },
        about: "whether each element is one of the others",
    },
    Function {
        names: &["union1d"],
        parameters: parameters(&["ar1", "ar2"], 2),
        form: Form::Function,
        call: |mut bound| {
            let [a, b] = [bound.need("ar1")?, bound.need("ar2")?];
            let both = dtypes::together(vec![a.node, b.node], bound.span)?;
            made(&bound, both[0].union1d(&both[1]))
        },
        about: "the elements of either array, sorted, each once",
    },
    Function {
        names: &["intersect1d"],
        parameters: parameters(&["ar1", "ar2", "assume_unique", "return_indices"], 2),
        form: Form::Function,
        call: |mut bound| {
            let (a, b, assume_unique) = both(&mut bound)?;
            let wanted = bound
                .take("return_indices")
                .map(|value| convert::bool(&value));
            let common = a.intersect1d(&b, assume_unique);
            match wanted.transpose()? {
                Some(true) => {
                    let parts = vec![common.values, common.first, common.second];
                    axes::all(&bound, parts, Value::Tuple)
                }
                _ => made(&bound, common.values),
            }
        },
        about: "the elements of both arrays, sorted, each once; and where they stand first",
    },
    Function {
        names: &["setdiff1d"],
        parameters: PAIR,
        form: Form::Function,
        call: |bound| pair(bound, Array::setdiff1d),
        about: "the elements of the first array that are not in the second, sorted, each once",
    },
    Function {
        names: &["setxor1d"],
        parameters: PAIR,
        form: Form::Function,
        call: |bound| pair(bound, Array::setxor1d),
        about: "the elements of one of two arrays alone, sorted, each once",
    },
    Function {
        names: &["unique_values"],
        parameters: parameters(&["x"], 1),
        form: Form::Function,
        call: |mut bound| {
            let x = convert::array(&bound.need("x")?)?;
            made(&bound, x.unique(false).values)
        },
        about: "the distinct elements, every NaN for itself",
    },
    Function {
        names: &["unique_counts"],
        parameters: parameters(&["x"], 1),
        form: Form::Function,
        call: |bound| unique(bound, |all| vec![all.values, all.counts]),
        about: "the distinct elements, and how often each is there",
    },
    Function {
        names: &["unique_inverse"],
        parameters: parameters(&["x"], 1),
        form: Form::Function,
        call: |bound| unique(bound, |all| vec![all.values, all.inverse]),
        about: "the distinct elements, and the number of each element among them",
    },
    Function {
        names: &["unique_all"],
        parameters: parameters(&["x"], 1),
        form: Form::Function,
        call: |bound| {
            unique(bound, |all| {
                vec![all.values, all.index, all.inverse, all.counts]
            })
        },
        about: "the distinct elements, where each is first, their numbers, how often each is there",
    },
];

/// The distinct elements, every NaN for itself.
fn unique(mut bound: Bound, parts: fn(Unique) -> Vec<Array>) -> Result<Value> {
    let x = convert::array(&bound.need("x")?)?;
    axes::all(&bound, parts(x.unique(false)), Value::Tuple)
}

/// Two arrays, and whether each is taken to hold each element once.
fn both(bound: &mut Bound) -> Result<(Array, Array, bool)> {
    let assumed = bound.take("assume_unique");
    let assumed = assumed.map(|value| convert::bool(&value)).transpose()?;
    let a = convert::array(&bound.need("ar1")?)?;
    let b = convert::array(&bound.need("ar2")?)?;
    Ok((a, b, assumed == Some(true)))
}

fn pair(mut bound: Bound, of: fn(&Array, &Array, bool) -> Array) -> Result<Value> {
    let (a, b, assume_unique) = both(&mut bound)?;
    made(&bound, of(&a, &b, assume_unique))
}

/// Refuses a way to search that NumPy has not, or has not for these dtypes; which it is changes no
/// result.
fn check_kind(bound: &mut Bound, x: &Array, among: &Array) -> Result<()> {
    let Some(kind) = bound.take("kind") else {
        return Ok(());
    };
    let float = |x: &Array| x.dtype().is_ok_and(|dtype| dtype.is_float());
    match convert::text(&kind)? {
        "sort" => Ok(()),
        "table" if float(x) || float(among) => {
            Err(bound.refused("kind", "\"table\" is for integers alone", "kind=\"sort\""))
        }
        "table" => Ok(()),
        other => {
            let what = format!("{other:?} is unknown");
            Err(bound.refused("kind", &what, "None, sort or table"))
        }
    }
}
