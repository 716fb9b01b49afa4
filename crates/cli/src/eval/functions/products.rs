//! How are products, histograms and correlations called?

use super::along::parameters;
use super::creation::made;
use super::{Bound, Form, Function, Parameters, Place, dtypes};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{Array, BinRule, Bins, Covariance, DType, Histogram};

const PLAIN: Parameters = parameters(&["a", "b"], 2);
const DOT: Parameters = Parameters {
    out: Place::Cast("no"),
    ..parameters(&["a", "b", "out"], 2)
};
pub(super) const OUTER: Parameters = Parameters {
    out: Place::Cast("same_kind"),
    ..DOT
};
/// Those of a loop of NumPy's.
const MATMUL: Parameters = Parameters {
    positional: 3,
    out: Place::Cast("same_kind"),
    ..parameters(&["a", "b", "out", "casting", "order", "dtype", "subok"], 2)
};

/// A product of two arrays.
const fn pair(
    names: &'static [&'static str],
    parameters: Parameters,
    form: Form,
    call: fn(Bound) -> Result<Value>,
    about: &'static str,
) -> Function {
    Function {
        names,
        parameters,
        form,
        call,
        about,
    }
}

pub(super) const FUNCTIONS: &[Function] = &[
    pair(
        &["matmul"],
        MATMUL,
        Form::Function,
        |mut bound| {
            let mut operands = [
                convert::array(&bound.need("a")?)?,
                convert::array(&bound.need("b")?)?,
            ];
            let casting = bound.take("casting");
            if let Some(dtype) = bound.take("dtype") {
                let to = convert::dtype(&dtype)?;
                for x in &mut operands {
                    *x = dtypes::cast(x, to, casting.as_ref(), dtype.span)?;
                }
            }
            made(&bound, operands[0].matmul(&operands[1]))
        },
        "the product of matrices in the last two axes: a @ b",
    ),
    pair(
        &["dot"],
        DOT,
        Form::Both,
        |bound| both(bound, Array::dot),
        "the last axis of a with the last but one of b",
    ),
    pair(
        &["vdot"],
        PLAIN,
        Form::Function,
        |bound| both(bound, Array::vdot),
        "the elements of both in C order, multiplied and summed",
    ),
    pair(
        &["inner"],
        PLAIN,
        Form::Function,
        |bound| both(bound, Array::inner),
        "the last axes of both contracted",
    ),
    pair(
        &["outer"],
        OUTER,
        Form::Function,
        |bound| both(bound, Array::outer),
        "every product of an element of a and one of b",
    ),
    pair(
        &["kron"],
        PLAIN,
        Form::Function,
        |bound| both(bound, Array::kron),
        "the Kronecker product: blocks of b, one for each element of a",
    ),
    Function {
        names: &["tensordot"],
        parameters: parameters(&["a", "b", "axes"], 2),
        form: Form::Function,
        call: tensordot,
        about: "pairs of axes contracted: the last of a with the first of b, or those named",
    },
    Function {
        names: &["einsum"],
        parameters: Parameters {
            packed: Some(1),
            out: Place::Cast("safe"),
            ..parameters(
                &[
                    "subscripts",
                    "operands",
                    "optimize",
                    "dtype",
                    "order",
                    "casting",
                    "out",
                ],
                2,
            )
        },
        form: Form::Function,
        call: |mut bound| {
            // Which order is cheapest is the optimizer's to find.
            bound.take("optimize");
            bound.take("order");
            let subscripts = bound.need("subscripts")?;
            let subscripts = convert::text(&subscripts)?.to_owned();
            let mut arrays = convert::list(&bound.need("operands")?)?;
            let casting = bound.take("casting");
            if let Some(dtype) = bound.take("dtype") {
                let to = convert::dtype(&dtype)?;
                for array in &mut arrays {
                    *array = dtypes::cast(array, to, casting.as_ref(), dtype.span)?;
                }
            }
            let arrays: Vec<&Array> = arrays.iter().collect();
            made(&bound, tilewright::einsum(&subscripts, &arrays))
        },
        about: "Einstein's summation: einsum(\"ij,jk->ik\", a, b)",
    },
    Function {
        names: &["cov"],
        parameters: parameters(
            &[
                "m", "y", "rowvar", "bias", "ddof", "fweights", "aweights", "dtype",
            ],
            1,
        ),
        form: Form::Function,
        call: |mut bound| {
            let m = convert::array(&bound.need("m")?)?;
            let y = optional(&mut bound, "y")?;
            let rowvar = flag(&mut bound, "rowvar", true)?;
            let bias = flag(&mut bound, "bias", false)?;
            let ddof = bound.take("ddof").map(|value| convert::int(&value));
            let ddof = ddof.transpose()?.unwrap_or(i64::from(!bias)) as f64;
            let how = Covariance {
                rowvar,
                ddof,
                repeats: optional(&mut bound, "fweights")?,
                weights: optional(&mut bound, "aweights")?,
                dtype: float(&mut bound)?,
            };
            made(
                &bound,
                match y {
                    None => m.cov(&how),
                    Some(y) => m.cov_with(&y, &how),
                },
            )
        },
        about: "the covariance of variables, which are rows; fweights repeat observations, aweights \
                weigh them",
    },
    Function {
        names: &["corrcoef"],
        parameters: Parameters {
            positional: 3,
            ..parameters(&["m", "y", "rowvar", "dtype"], 1)
        },
        form: Form::Function,
        call: |mut bound| {
            let m = convert::array(&bound.need("m")?)?;
            let y = optional(&mut bound, "y")?;
            let rowvar = flag(&mut bound, "rowvar", true)?;
            let dtype = float(&mut bound)?;
            made(
                &bound,
                match y {
                    None => m.corrcoef(rowvar, dtype),
                    Some(y) => m.corrcoef_with(&y, rowvar, dtype),
                },
            )
        },
        about: "the correlation of variables, which are rows",
    },
    Function {
        names: &["histogram"],
        parameters: parameters(&["a", "bins", "range", "density", "weights"], 1),
        form: Form::Function,
        call: |mut bound| {
            let a = convert::array(&bound.need("a")?)?;
            let bins = bins(bound.take("bins"))?;
            let how = Histogram {
                range: bound.take("range").map(|value| range(&value)).transpose()?,
                density: flag(&mut bound, "density", false)?,
                weights: optional(&mut bound, "weights")?,
            };
            let (counts, edges) = tilewright::histogram(&a, &bins, &how);
            several(&bound, [counts, edges])
        },
        about: "how many elements lie in each bin, and the bins' edges",
    },
    Function {
        names: &["histogram_bin_edges"],
        parameters: parameters(&["a", "bins", "range", "weights"], 1),
        form: Form::Function,
        call: |mut bound| {
            let a = convert::array(&bound.need("a")?)?;
            let bins = bins(bound.take("bins"))?;
            let range = bound.take("range").map(|value| range(&value)).transpose()?;
            if let Some(weights) = optional(&mut bound, "weights")? {
                if matches!(bins, Bins::Rule(_)) {
                    let way_out = "a number of bins, or edges";
                    return Err(bound.refused("weights", "have no rule for bins", way_out));
                }
                if let (Ok(own), Ok(other)) = (a.shape(), weights.shape())
                    && own != other
                {
                    let what = format!("of shape {other:?} for an array of {own:?}");
                    return Err(bound.refused("weights", &what, "one weight for each element"));
                }
            }
            made(&bound, bins.edges(&a, range))
        },
        about: "the edges of the bins of a histogram",
    },
    Function {
        names: &["bincount"],
        parameters: parameters(&["x", "weights", "minlength"], 1),
        form: Form::Function,
        call: |mut bound| {
            let x = convert::whole_numbers(&bound.need("x")?)?;
            let weights = optional(&mut bound, "weights")?;
            let least = bound.take("minlength");
            let least = least.map_or(Ok(0), |value| convert::int(&value))?;
            made(&bound, x.bincount(weights.as_ref(), least))
        },
        about: "how often each number from 0 stands in integers, or what weights add up to there",
    },
    Function {
        names: &["histogram2d"],
        parameters: parameters(&["x", "y", "bins", "range", "density", "weights"], 2),
        form: Form::Function,
        call: histogram2d,
        about: "how many pairs lie in each pair of bins, and the edges of both",
    },
];

fn both(mut bound: Bound, product: fn(&Array, &Array) -> Array) -> Result<Value> {
    let a = convert::array(&bound.need("a")?)?;
    let b = convert::array(&bound.need("b")?)?;
    made(&bound, product(&a, &b))
}

fn optional(bound: &mut Bound, name: &str) -> Result<Option<Array>> {
    let given = bound.take(name).map(|value| convert::array(&value));
    given.transpose()
}

fn flag(bound: &mut Bound, name: &str, otherwise: bool) -> Result<bool> {
    let given = bound.take(name).map(|value| convert::bool(&value));
    given.transpose().map(|value| value.unwrap_or(otherwise))
}

fn several<const N: usize>(bound: &Bound, arrays: [Array; N]) -> Result<Value> {
    let checked = arrays.into_iter().map(|x| made(bound, x));
    Ok(Value::Tuple(checked.collect::<Result<_>>()?))
}

fn tensordot(mut bound: Bound) -> Result<Value> {
    let a = convert::array(&bound.need("a")?)?;
    let b = convert::array(&bound.need("b")?)?;
    let Some(axes) = bound.take("axes") else {
        return made(&bound, a.tensordot_last(&b, 2));
    };
    match &axes.node {
        Value::Int(_) => made(&bound, a.tensordot_last(&b, convert::int(&axes)?)),
        Value::Tuple(items) | Value::List(items) if items.len() == 2 => {
            let side = |k: usize| convert::axes(&Spanned::new(items[k].clone(), axes.span));
            let (first, second) = (side(0)?, side(1)?);
            made(&bound, a.tensordot(&b, (&first, &second)))
        }
        _ => Err(EvalError::wrong(
            axes.span,
            "axes that are no pair",
            "a number, or ([axes of a], [axes of b])",
        )),
    }
}

/// The float dtype that is asked for.
fn float(bound: &mut Bound) -> Result<DType> {
    match bound.take("dtype") {
        None => Ok(DType::F64),
        Some(value) => match convert::dtype(&value)? {
            dtype if dtype.is_float() => Ok(dtype),
            other => {
                let message = format!("the dtype {} of a covariance", other.name());
                Err(EvalError::wrong(value.span, message, "a float dtype"))
            }
        },
    }
}

/// Ten bins if nothing is said; a number of bins, or their edges.
fn bins(given: Option<Spanned<Value>>) -> Result<Bins> {
    match given {
        None => Ok(Bins::Count(10)),
        Some(value) => match &value.node {
            Value::Int(_) => convert::int(&value).map(Bins::Count),
            Value::Str(name) => match BinRule::named(name) {
                Ok(rule) => Ok(Bins::Rule(rule)),
                Err(error) => Err(EvalError::new(value.span, error)),
            },
            _ => convert::array(&value).map(Bins::Edges),
        },
    }
}

fn range(given: &Spanned<Value>) -> Result<(f64, f64)> {
    match &given.node {
        Value::Tuple(items) | Value::List(items) if items.len() == 2 => {
            let side = |k: usize| convert::float(&Spanned::new(items[k].clone(), given.span));
            Ok((side(0)?, side(1)?))
        }
        _ => Err(EvalError::wrong(
            given.span,
            "a range that is no pair",
            "(low, high)",
        )),
    }
}

fn histogram2d(mut bound: Bound) -> Result<Value> {
    let x = convert::array(&bound.need("x")?)?;
    let y = convert::array(&bound.need("y")?)?;
    if let Some(name) = bound
        .given("bins")
        .filter(|bins| matches!(bins.node, Value::Str(_)))
    {
        let message = "a rule for bins of pairs";
        return Err(EvalError::wrong(
            name.span,
            message,
            "a number of bins, or edges",
        ));
    }
    let both = |given: &Spanned<Value>| match &given.node {
        Value::Tuple(items) | Value::List(items) if items.len() == 2 => {
            Some([0, 1].map(|k: usize| Spanned::new(items[k].clone(), given.span)))
        }
        _ => None,
    };
    let [first, second] = match bound.take("bins") {
        None => [bins(None)?, bins(None)?],
        Some(given) => match both(&given) {
            Some([first, second]) => [bins(Some(first))?, bins(Some(second))?],
            None => [bins(Some(given.clone()))?, bins(Some(given))?],
        },
    };
    let ranges = match bound.take("range") {
        None => [None, None],
        Some(given) => match both(&given) {
            Some([first, second]) => [Some(range(&first)?), Some(range(&second)?)],
            None => {
                let message = "a range that is no pair of pairs";
                let way_out = "((low, high), (low, high))";
                return Err(EvalError::wrong(given.span, message, way_out));
            }
        },
    };
    let density = flag(&mut bound, "density", false)?;
    let weights = optional(&mut bound, "weights")?;
    let (counts, rows, columns) = tilewright::histogram2d(
        [&x, &y],
        [&first, &second],
        ranges,
        weights.as_ref(),
        density,
    );
    several(&bound, [counts, rows, columns])
}
