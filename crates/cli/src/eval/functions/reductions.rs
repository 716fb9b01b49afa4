//! How are reductions called?
//!
//! With all that NumPy's take: `axis dtype keepdims initial where ddof`. Rows of the operator table
//! come here by name; their forms without NaN, and what is made of them, stand in the table.

use super::creation::made;
use super::moves::{array, parameters};
use super::{Arguments, Bound, Form, Function, Parameters, Place, out};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{Array, Axes, DType, NormOrder, Reduction, all_axes, axes, ops};

/// NumPy's parameters; `split_every` is Dask's, and changes nothing here.
const LOGICAL: Parameters =
    parameters(&["a", "axis", "out", "keepdims", "where", "split_every"], 1);
const EXTREME: Parameters = parameters(
    &[
        "a",
        "axis",
        "out",
        "keepdims",
        "initial",
        "where",
        "split_every",
    ],
    1,
);
const SUM: Parameters = Parameters {
    out: Place::Within,
    ..parameters(
        &[
            "a",
            "axis",
            "dtype",
            "out",
            "keepdims",
            "initial",
            "where",
            "split_every",
        ],
        1,
    )
};
const MEAN: Parameters = parameters(
    &[
        "a",
        "axis",
        "dtype",
        "out",
        "keepdims",
        "where",
        "split_every",
    ],
    1,
);
const NANMEAN: Parameters = Parameters {
    out: Place::Cast("same_kind"),
    ..MEAN
};
const VAR: Parameters = parameters(
    &[
        "a",
        "axis",
        "dtype",
        "out",
        "ddof",
        "keepdims",
        "where",
        "mean",
        "correction",
        "split_every",
    ],
    1,
);
const STD: Parameters = Parameters {
    out: Place::Cast("same_kind"),
    ..VAR
};

/// Those of rows; any other has those of extremes.
const PARAMETERS: &[(&str, Parameters)] = &[
    ("any", LOGICAL),
    ("all", LOGICAL),
    ("sum", SUM),
    ("prod", SUM),
    ("mean", MEAN),
    ("var", VAR),
    ("std", STD),
];

/// A function of what is not NaN: the row's name, its parameters and one line.
macro_rules! without_nan {
    ($($name:literal $row:literal $parameters:ident $about:literal;)*) => {
        [$(Function {
            names: &[$name],
            parameters: $parameters,
            form: Form::Function,
            call: |bound| reduce($row, true, bound),
            about: $about,
        }),*]
    };
}

pub(super) const WITHOUT_NAN: &[Function] = &without_nan! {
    "nansum" "sum" SUM "the sum along axes of what is not NaN";
    "nanprod" "prod" SUM "the product along axes of what is not NaN";
    "nanmin" "min" EXTREME "the smallest along axes of what is not NaN; NaN where nothing else is";
    "nanmax" "max" EXTREME "the largest along axes of what is not NaN; NaN where nothing else is";
    "nanmean" "mean" NANMEAN "the mean along axes of what is not NaN";
    "nanvar" "var" STD "the variance along axes of what is not NaN, in two passes";
    "nanstd" "std" STD "the square root of nanvar";
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["count_nonzero"],
        parameters: parameters(&["a", "axis", "keepdims"], 1),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let along = along_of(&a, &mut bound)?;
            made(&bound, a.count_nonzero(along))
        },
        about: "how many elements along axes are not 0",
    },
    Function {
        names: &["coarsen"],
        parameters: parameters(&["reduction", "x", "axes", "trim_excess"], 3),
        form: Form::Function,
        call: coarsen,
        about: "blocks of elements reduced to one each, by the reduction of this name: coarsen('mean', x, \
                (2, 3)) has a factor for each axis, coarsen(mean, x, {0: 2}) for some",
    },
    Function {
        names: &["ptp"],
        parameters: Parameters {
            out: Place::Cast("same_kind"),
            ..parameters(&["a", "axis", "out", "keepdims"], 1)
        },
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let along = along_of(&a, &mut bound)?;
            made(&bound, a.ptp(along))
        },
        about: "the largest element along axes less the smallest",
    },
    Function {
        names: &["average"],
        parameters: parameters(&["a", "axis", "weights", "returned", "keepdims"], 1),
        form: Form::Function,
        call: average,
        about: "the mean along axes, with weights; with returned=True also their sums",
    },
    Function {
        names: &["moment"],
        parameters: parameters(&["a", "order", "axis", "keepdims", "ddof"], 2),
        form: Form::Both,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let order = convert::int(&bound.need("order")?)?;
            let ddof = bound
                .take("ddof")
                .map_or(Ok(0.0), |ddof| convert::float(&ddof))?;
            let along = along(&mut bound)?;
            made(&bound, a.moment(order, along, ddof))
        },
        about: "the central moment of an order along axes: Dask's",
    },
    Function {
        names: &["linalg.norm", "norm"],
        parameters: parameters(&["a", "ord", "axis", "keepdims"], 1),
        form: Form::Function,
        call: norm,
        about: "the norm of vectors along an axis or of matrices along two; ord is a number, inf, -inf, \
                'fro' or 'nuc'",
    },
    Function {
        names: &["linalg.svdvals"],
        parameters: parameters(&["x"], 1),
        form: Form::Function,
        call: |mut bound| {
            let x = convert::array(&bound.need("x")?)?;
            made(&bound, x.svdvals())
        },
        about: "the singular values of the matrices in the last two axes, in descending order",
    },
    Function {
        names: &["trace"],
        parameters: Parameters {
            out: Place::Within,
            ..parameters(&["a", "offset", "axis1", "axis2", "dtype", "out"], 1)
        },
        form: Form::Both,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let mut place = |name, own| super::axes::int(&mut bound, name, own);
            let (offset, axis1, axis2) =
                (place("offset", 0)?, place("axis1", 0)?, place("axis2", 1)?);
            let dtype = bound
                .take("dtype")
                .map(|value| convert::dtype(&value))
                .transpose()?;
            made(&bound, a.trace(offset, axis1, axis2, dtype))
        },
        about: "the sum along a diagonal",
    },
];

/// Calls the reduction of the operator table that has this name.
pub(super) fn call(row: &str, arguments: Arguments) -> Result<Value> {
    let listed = PARAMETERS.iter().find(|(name, _)| *name == row);
    let all = listed.map_or(EXTREME, |(_, parameters)| *parameters);
    let mut keywords = arguments.keywords.iter().filter(|_| arguments.method);
    if let Some((name, _)) = keywords.find(|(name, _)| name.node == "correction") {
        let message = format!("the method {row} has no argument correction");
        return Err(EvalError::wrong(name.span, message, "ddof="));
    }
    out::called(arguments.bind(&all)?, |bound| reduce(row, false, bound))
}

fn reduce(row: &str, skip_nan: bool, mut bound: Bound) -> Result<Value> {
    let x = array(&mut bound)?;
    let folds = matches!(ops::form(row), Some(ops::Form::Reduce));
    let along = if folds {
        along_of(&x, &mut bound)?
    } else {
        along(&mut bound)?
    };
    let mut asked = Reduction::from(along);
    if let Some(dtype) = bound.take("dtype") {
        asked = asked.dtype(convert::dtype(&dtype)?);
    }
    // True is NumPy's default: every element counts. What is no array yet is taken for truths.
    match bound.take("where") {
        None => {}
        Some(value) if matches!(value.node, Value::Bool(true)) => {}
        Some(value) => {
            let array = matches!(value.node, Value::Array(_));
            let dtype = (!array).then_some(DType::Bool);
            asked = asked.only(&convert::typed_array(&value, dtype)?);
        }
    }
    if let Some(initial) = bound.take("initial") {
        asked = asked.initial(convert::operand(&initial)?);
    }
    if let Some(mean) = bound.take("mean") {
        asked = asked.mean(convert::operand(&mean)?);
    }
    match (bound.take("ddof"), bound.take("correction")) {
        (Some(_), Some(value)) => {
            let message = "ddof and correction are one thing";
            return Err(EvalError::wrong(value.span, message, "one of them"));
        }
        (Some(ddof), None) | (None, Some(ddof)) => asked = asked.ddof(convert::float(&ddof)?),
        (None, None) => {}
    }
    made(&bound, ops::reduce(row, &x, asked, skip_nan))
}

/// The axes that fold away, and whether they stay as length 1.
fn along(bound: &mut Bound) -> Result<Axes> {
    let axis = bound.take("axis");
    folded(axis, bound)
}

/// As [`along`], of a fold of NumPy's: without axes the array has one of length 1, if it is named.
fn along_of(x: &Array, bound: &mut Bound) -> Result<Axes> {
    let whole = x.ndim().is_ok_and(|ndim| ndim == 0);
    let axis = bound.take("axis");
    let axis = axis.filter(|axis| !(whole && matches!(axis.node, Value::Int(0 | -1))));
    folded(axis, bound)
}

fn folded(axis: Option<Spanned<Value>>, bound: &mut Bound) -> Result<Axes> {
    // How Dask groups chunks; the order of a reduction is fixed here.
    bound.take("split_every");
    let along = match axis {
        None => all_axes(),
        // NumPy takes a list of axes elsewhere, but not where it reduces.
        Some(value) if matches!(value.node, Value::List(_)) => {
            let message = "a list where an axis or a tuple of axes is wanted";
            return Err(EvalError::wrong(value.span, message, "axis=(0, 1)"));
        }
        Some(value) => axes(convert::axes(&value)?),
    };
    let keep = bound.take("keepdims").map(|value| convert::bool(&value));
    Ok(match keep.transpose()? {
        Some(true) => along.keepdims(),
        _ => along,
    })
}

fn coarsen(mut bound: Bound) -> Result<Value> {
    let reduction = bound.need("reduction")?;
    let name = match &reduction.node {
        Value::Function(name) => name,
        _ => convert::text(&reduction)?,
    };
    let row = name.strip_prefix("nan").unwrap_or(name);
    let folds = matches!(
        ops::form(row),
        Some(ops::Form::Reduce | ops::Form::Statistic)
    );
    if !folds || !super::exists(name) {
        let message = format!("no reduction {name:?}");
        return Err(EvalError::wrong(
            reduction.span,
            message,
            "'sum', 'mean', 'max', …",
        ));
    }
    let x = convert::array(&bound.need("x")?)?;
    let axes = bound.need("axes")?;
    let trim = bound.take("trim_excess").map(|value| convert::bool(&value));
    let number = |value: &Value| convert::int(&Spanned::new(value.clone(), axes.span));
    let factors: Vec<(i64, i64)> = match &axes.node {
        Value::Dict(pairs) => pairs
            .iter()
            .map(|(axis, factor)| Ok((number(axis)?, number(factor)?)))
            .collect::<Result<_>>()?,
        _ => (0..).zip(convert::axes(&axes)?).collect(),
    };
    // The axes of what is counted may show when it is computed.
    if let Ok(ndim) = x.ndim()
        && factors.len() != ndim
        && !matches!(axes.node, Value::Dict(_))
    {
        let message = format!("{} factors for {ndim} axes", factors.len());
        return Err(bound.refused("axes", &message, "one for each axis"));
    }
    let (skip_nan, row) = (row != name, row.to_owned());
    let fold = move |blocks: &Array, within: Axes| {
        ops::reduce(&row, blocks, Reduction::from(within), skip_nan)
    };
    let coarse = x.coarsen(fold, factors, trim.transpose()? == Some(true));
    made(&bound, coarse)
}

fn average(mut bound: Bound) -> Result<Value> {
    let a = array(&mut bound)?;
    let returned = bound.take("returned").map(|value| convert::bool(&value));
    let returned = returned.transpose()? == Some(true);
    let along = along(&mut bound)?;
    let weights = bound
        .take("weights")
        .map(|weights| convert::array(&weights));
    let weights = weights.transpose()?;
    let mean = match &weights {
        None => a.mean(along.clone()),
        Some(weights) => a.average(along.clone(), weights),
    };
    match returned {
        false => made(&bound, mean),
        true => {
            let parts = vec![mean, a.average_weights(along, weights.as_ref())];
            super::axes::all(&bound, parts, Value::Tuple)
        }
    }
}

fn norm(mut bound: Bound) -> Result<Value> {
    let a = array(&mut bound)?;
    let order = match bound.take("ord") {
        None => NormOrder::Usual,
        Some(value) => match &value.node {
            Value::Str(name) if name == "fro" || name == "f" => NormOrder::Frobenius,
            Value::Str(name) if name == "nuc" => NormOrder::Nuclear,
            Value::Str(name) => {
                let message = format!("the norm {name:?}");
                return Err(EvalError::wrong(
                    value.span,
                    message,
                    "'fro', 'nuc' or a number",
                ));
            }
            _ => NormOrder::Power(convert::float(&value)?),
        },
    };
    let along = along(&mut bound)?;
    made(&bound, a.norm(order, along))
}
