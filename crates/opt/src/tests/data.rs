//! Which arrays break careless rules, and when are two results the same?

use crate::{Optimized, Options, form, identity, optimize};
use std::sync::Arc;
use tilewright_core::{
    AxisGrid, AxisRange, Block, Buffer, DType, Grid, Region, Scalar, Shape, c_strides,
};
use tilewright_expr::attr::{Access, MemoryArray, SourceRef};
use tilewright_expr::{Expr, build, reference};

/// Values on which careless rules are wrong.
pub fn hostile(dtype: DType) -> Vec<Scalar> {
    if let Some((low, high)) = dtype.integer_range() {
        let near = [low, low + 1, high, high - 1, 0, 1, 2, 3, 7, 100];
        let mut all: Vec<i128> = near.into_iter().chain([-1, -2, -7]).collect();
        all.retain(|v| (low..=high).contains(v));
        return all.iter().map(|&v| Scalar::from_i128(dtype, v)).collect();
    }
    let wide = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        -0.0,
        0.0,
        1.0,
        -1.0,
        0.1,
        -2.5,
        3.0,
        1e-3,
        7e15,
    ];
    let edges: [f64; 7] = if dtype == DType::F32 {
        [
            1e-45,
            -1e-40,
            f64::from(f32::MIN_POSITIVE),
            f64::from(f32::MAX),
            -3e38,
            1.5e38,
            2e-38,
        ]
    } else {
        [
            5e-324,
            -1e-310,
            f64::MIN_POSITIVE,
            f64::MAX,
            -1e308,
            1.5e308,
            4e-308,
        ]
    };
    (wide.iter().chain(&edges))
        .map(|&v| Scalar::from_f64(dtype, v))
        .collect()
}

/// A grid of uneven chunks.
pub fn odd_grid(shape: &[i64]) -> Grid {
    let axis = |&len: &i64| match len {
        0..=2 => AxisGrid::whole(len),
        3..=6 => AxisGrid::from_sizes(&[1, len - 1]).unwrap(),
        _ => AxisGrid::from_sizes(&[2, 3, len - 5]).unwrap(),
    };
    Grid {
        axes: shape.iter().map(axis).collect(),
    }
}

/// Elements taken in turn from the hostile ones; `skip` shifts which.
fn elements(dtype: DType, shape: &[i64], skip: usize) -> Vec<Scalar> {
    let all = hostile(dtype);
    let count: i64 = shape.iter().product();
    // A stride without common factor, so that rows differ.
    (0..count as usize)
        .map(|k| all[(k * 5 + k / all.len() + skip) % all.len()])
        .collect()
}

/// A literal.
pub fn literal(dtype: DType, shape: &[i64], skip: usize) -> Expr {
    build::array(elements(dtype, shape, skip), dtype, odd_grid(shape)).unwrap()
}

/// An array in memory with these elements.
pub fn memory(dtype: DType, shape: &[i64], skip: usize) -> Expr {
    let size = dtype.itemsize();
    let values = elements(dtype, shape, skip);
    let mut buffer = Buffer::zeroed(values.len() * size);
    for (at, value) in values.iter().enumerate() {
        buffer.as_bytes_mut()[at * size..(at + 1) * size]
            .copy_from_slice(&value.bits().to_le_bytes()[..size]);
    }
    let array = MemoryArray::new(Arc::new(buffer), 0, c_strides(shape));
    build::read(SourceRef::Memory(array), dtype, odd_grid(shape)).unwrap()
}

/// A stored array that is never read by the tests that use it.
pub fn stored(name: &str, dtype: DType, shape: &[i64], chunks: &[i64]) -> Expr {
    let grid = Grid::regular(shape, chunks);
    let source = SourceRef::Stored {
        uri: name.into(),
        identity: "1".into(),
        decode_bytes: 0,
        grid: grid.clone(),
        access: Access::Chunks,
        user: None,
    };
    build::read(source, dtype, grid).unwrap()
}

/// A constant of no dimensions.
pub fn value(value: impl Into<Scalar>) -> Expr {
    build::constant(value.into()).unwrap()
}

/// `x[start : start + len·step : step, …]`.
pub fn slice(x: &Expr, ranges: &[(i64, i64, i64)]) -> Expr {
    let axes = ranges
        .iter()
        .map(|&(start, step, len)| AxisRange::new(start, step, len));
    let region = Region {
        axes: axes.collect(),
    };
    build::slice(x, region).unwrap()
}

/// An element-wise call.
pub fn map(name: &str, args: &[&Expr]) -> Expr {
    let args: Vec<Expr> = args.iter().map(|&x| x.clone()).collect();
    build::map(name, &args).unwrap()
}

/// A reduction or statistic.
pub fn fold(name: &str, x: &Expr, axes: &[i64]) -> Expr {
    match name {
        "mean" | "var" | "std" => build::statistic(name, x, Some(axes), 0.0, false),
        _ => build::reduce(name, x, Some(axes), false),
    }
    .unwrap()
}

/// The whole grid's shape, for calls that take one.
pub fn whole(shape: &[i64]) -> Grid {
    Grid::whole(&Shape::from_slice(shape))
}

/// Values by the plain meaning.
pub fn evaluate(roots: &[Expr]) -> Vec<Block> {
    reference::evaluate(roots, &|leaf| panic!("{leaf:?} has no values")).unwrap()
}

/// The first difference between two arrays' bits, all NaNs being one value.
pub fn difference(a: &Block, b: &Block) -> Option<String> {
    if a.shape != b.shape || a.dtype != b.dtype {
        return Some(format!(
            "{}{:?} is {}{:?}",
            a.dtype, a.shape, b.dtype, b.shape
        ));
    }
    (0..a.len()).find_map(|k| {
        let (x, y) = (a.get(k).unwrap(), b.get(k).unwrap());
        let nan = |s: Scalar| s.dtype().is_float() && s.to_f64().is_nan();
        let same = x == y || (nan(x) && nan(y));
        (!same).then(|| format!("element {k}: {x:?} is {y:?}"))
    })
}

/// Optimizes; the result and its plain twin have the form of a plan, the types of the roots, and
/// their bits.
pub fn checked(roots: &[Expr]) -> Optimized {
    let plain = identity(roots).unwrap();
    let done = optimize(roots, &Options::default()).unwrap();
    let want = evaluate(roots);
    for (what, plan) in [("identity", &plain), ("optimize", &done.roots)] {
        form::check(plan).unwrap_or_else(|e| panic!("{what}: {e}"));
        for ((root, new), (a, b)) in (roots.iter().zip(plan)).zip(want.iter().zip(evaluate(plan))) {
            assert_eq!(root.ty(), new.ty(), "{what}: {root:?}");
            if let Some(text) = difference(a, &b) {
                panic!(
                    "{what} of {root:?}\nis {new:?}\n{text}\n{:#?}",
                    done.report.fired
                );
            }
        }
    }
    done
}
