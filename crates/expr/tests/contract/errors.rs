//! Is every refusal typed, and does it say what, where and a way out?

use super::{floats, range, read};
use tilewright_core::{AxisRange, DType, Error, Grid, Kind, Region};
use tilewright_expr::attr::{Attr, MemoryArray, SourceRef};
use tilewright_expr::build::{self, Item, Operand};
use tilewright_expr::{Expr, Leaf, OpId};

fn f64s(shape: &[i64]) -> Expr {
    build::full(1.0.into(), Grid::whole(shape)).unwrap()
}

fn ints(shape: &[i64]) -> Expr {
    build::full(1i64.into(), Grid::whole(shape)).unwrap()
}

#[track_caller]
fn refused<T: std::fmt::Debug>(
    result: tilewright_core::Result<T>,
    kind: Kind,
    message: &str,
) -> Error {
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.message()), (kind, message));
    if kind != Kind::Internal {
        assert!(error.suggestion().is_some(), "no way out: {error}");
    }
    error
}

#[test]
fn shapes_that_do_not_broadcast_are_shown_with_the_axis() {
    let (a, b) = (
        read("ct.zarr/a", DType::F32, &[4, 3]),
        read("ct.zarr/b", DType::F32, &[4, 5]),
    );
    let error = build::map("add", &[a, b]).unwrap_err();
    assert_eq!(
        format!("{error:?}"),
        "Shape: shapes [4, 3] and [4, 5] do not broadcast\n  \
         in     add\n  \
         a      read(\"ct.zarr/a\")  f32[4, 3]\n  \
         b      read(\"ct.zarr/b\")  f32[4, 5]\n  \
         axis 1 3 against 5, and neither is 1\n  \
         try    a slice [0:3] on axis 1, or [:, None] for a new axis"
    );
}

#[test]
fn shapes() {
    let x = f64s(&[2, 3]);
    refused(
        build::reshape(&x, &[4]),
        Kind::Shape,
        "6 elements do not fill the shape [4]",
    );
    refused(
        build::reshape(&x, &[-1, -1]),
        Kind::Shape,
        "6 elements do not fill the shape [-1, -1]",
    );
    refused(
        build::reshape(&x, &[-2, -3]),
        Kind::Shape,
        "6 elements do not fill the shape [-2, -3]",
    );
    refused(
        build::reshape(&f64s(&[0]), &[0, -1]),
        Kind::Shape,
        "0 elements do not fill the shape [0, -1]",
    );
    refused(
        build::broadcast_to(&x, &[3, 2]),
        Kind::Shape,
        "shape [2, 3] does not broadcast to [3, 2]",
    );
    refused(
        build::broadcast_to(&x, &[3]),
        Kind::Shape,
        "shape [2, 3] does not broadcast to [3]",
    );
    refused(
        build::concatenate(&[x.clone(), f64s(&[2, 2])], 0),
        Kind::Shape,
        "concatenate along axis 0: shapes [2, 3] and [2, 2] differ elsewhere",
    );
    refused(
        build::concatenate(&[f64s(&[]), f64s(&[])], 0),
        Kind::Shape,
        "arrays of 0 dimensions cannot be concatenated",
    );
    refused(
        build::stack(&[x.clone(), f64s(&[3, 2])], 0),
        Kind::Shape,
        "stack of shapes [2, 3] and [3, 2]",
    );
    refused(
        build::array(vec![1i64.into()], DType::I64, Grid::whole(&[2])),
        Kind::Shape,
        "1 elements do not fill the shape [2]",
    );
    refused(
        build::full(1.0.into(), Grid::whole(&[-1])),
        Kind::Shape,
        "negative length in [-1]",
    );
    let huge = f64s(&[1 << 40, 1]);
    refused(
        build::broadcast_to(&huge, &[1 << 40, 1 << 23]),
        Kind::Shape,
        "an array of shape [1099511627776, 8388608] has 2^63 bytes or more",
    );
    refused(
        build::eye(0, DType::F64, Grid::whole(&[3])),
        Kind::Shape,
        "eye has two dimensions, not 1",
    );
    let wide = Operand::Array(f64s(&[2, 2]));
    refused(
        build::uniform(Operand::Int(0), wide, 1, Grid::whole(&[2])),
        Kind::Shape,
        "parameters of shape [2, 2] do not broadcast to [2]",
    );
}

#[test]
fn dtypes() {
    let mask = build::full(true.into(), Grid::whole(&[2])).unwrap();
    let error = refused(
        build::map("subtract", &[mask.clone(), mask.clone()]),
        Kind::DType,
        "subtract does not take bool and bool",
    );
    assert_eq!(
        error.suggestion(),
        Some("^ or ~ for logic, or astype(int8) for numbers")
    );
    refused(
        build::map("bitwise_and", &[f64s(&[2]), mask.clone()]),
        Kind::DType,
        "bitwise_and does not take float64 and bool",
    );
    refused(
        build::map("negative", &[mask]),
        Kind::DType,
        "negative does not take bool",
    );
    refused(
        build::reduce("wide_mean", &f64s(&[2]), None, false),
        Kind::DType,
        "wide_mean does not take float64",
    );
    refused(
        build::integers(
            Operand::Int(0),
            Operand::Int(300),
            DType::U8,
            1,
            Grid::whole(&[2]),
        ),
        Kind::DType,
        "integers: [0, 300) does not fit uint8",
    );
    refused(
        build::integers(
            Operand::Int(0),
            Operand::Float(2.5),
            DType::I64,
            1,
            Grid::whole(&[2]),
        ),
        Kind::DType,
        "integers: the bound 2.5 is a float",
    );
    refused(
        build::integers(
            Operand::Int(0),
            f64s(&[2]).into(),
            DType::I64,
            1,
            Grid::whole(&[2]),
        ),
        Kind::DType,
        "integers: the bounds are floats",
    );
}

#[test]
fn axes() {
    let x = f64s(&[2, 3]);
    let error = refused(
        build::reduce("sum", &x, Some(&[2]), false),
        Kind::Axis,
        "axis 2 is out of range for an array of 2 dimensions",
    );
    assert_eq!(error.suggestion(), Some("an axis from -2 to 1"));
    refused(
        build::reduce("sum", &f64s(&[]), Some(&[0]), false),
        Kind::Axis,
        "axis 0 is out of range for an array of 0 dimensions",
    );
    refused(
        build::statistic("mean", &x, Some(&[0, -2]), 0.0, false),
        Kind::Axis,
        "axis -2 is named twice",
    );
    refused(
        build::transpose(&x, Some(&[0])),
        Kind::Axis,
        "transpose of 2 axes names 1",
    );
    refused(
        build::transpose(&x, Some(&[0, 0])),
        Kind::Axis,
        "axis 0 is named twice",
    );
    refused(
        build::expand_dims(&x, &[3]),
        Kind::Axis,
        "axis 3 is out of range for an array of 3 dimensions",
    );
    refused(
        build::squeeze(&x, Some(&[1])),
        Kind::Axis,
        "squeeze of axis 1, which has length 3",
    );
    refused(
        build::concatenate(&[x.clone(), x.clone()], i64::MIN),
        Kind::Axis,
        "axis -9223372036854775808 is out of range for an array of 2 dimensions",
    );
    refused(
        build::iota(1, Grid::whole(&[2])),
        Kind::Axis,
        "no axis 1 in an array of 1 dimensions",
    );
}

#[test]
fn indices() {
    let x = f64s(&[2, 3]);
    let error = refused(
        build::index(&x, &[Item::Int(0), Item::Int(3)]),
        Kind::Index,
        "index 3 is out of range for axis 1 of length 3",
    );
    assert_eq!(error.suggestion(), Some("an index from -3 to 2"));
    refused(
        build::index(&f64s(&[0]), &[Item::Int(i64::MIN)]),
        Kind::Index,
        "index -9223372036854775808 is out of range for axis 0 of length 0",
    );
    refused(
        build::index(&x, &[Item::Int(0), Item::Int(0), Item::Int(0)]),
        Kind::Index,
        "3 indices for an array of 2 dimensions",
    );
    refused(
        build::index(&x, &[Item::Ellipsis, Item::Ellipsis]),
        Kind::Index,
        "an index holds `...` twice",
    );
    refused(
        build::index(&x, &[range(None, None, Some(0))]),
        Kind::Index,
        "slice step is 0",
    );
    assert!(build::index(&x, &[range(Some(i64::MIN), Some(i64::MAX), Some(i64::MIN))]).is_ok());
}

#[test]
fn values_chunks_sources_and_names() {
    let x = f64s(&[2, 0]);
    refused(
        build::reduce("max", &x, Some(&[1]), false),
        Kind::Value,
        "max of no elements has no value",
    );
    refused(
        build::operate("add", &[ints(&[2]).into(), Operand::Int(1 << 64)]),
        Kind::Value,
        "the integer 18446744073709551616 does not fit int64",
    );
    refused(
        build::power(&ints(&[2]).into(), &Operand::Int(-1)),
        Kind::Value,
        "integers to a negative integer power are not integers",
    );
    let whole = |shape: &[i64]| Ok(Grid::whole(shape));
    refused(
        build::arange(0i64.into(), 5i64.into(), 0i64.into(), DType::I64, whole),
        Kind::Value,
        "arange: the step is 0",
    );
    refused(
        build::arange(
            0.0.into(),
            f64::INFINITY.into(),
            1.0.into(),
            DType::F64,
            whole,
        ),
        Kind::Value,
        "arange: the length is not finite",
    );
    refused(
        build::arange(0.0.into(), 1e300.into(), 1e-300.into(), DType::F64, whole),
        Kind::Value,
        "arange: the length is not finite",
    );
    refused(
        build::arange(0.0.into(), 1e30.into(), 1.0.into(), DType::F64, whole),
        Kind::Value,
        "arange: the length does not fit 63 bits",
    );
    refused(
        build::linspace(0.0, 1.0, -1, true, DType::F64, whole),
        Kind::Value,
        "linspace of -1 numbers",
    );
    refused(
        build::normal(Operand::Int(0), Operand::Float(-1.0), 1, Grid::whole(&[2])),
        Kind::Value,
        "normal: scale -1 is negative",
    );
    refused(
        build::uniform(
            Operand::Float(-1e308),
            Operand::Float(1e308),
            1,
            Grid::whole(&[2]),
        ),
        Kind::Value,
        &format!(
            "uniform: the range from {} to {} is not finite",
            -1e308, 1e308
        ),
    );
    refused(
        build::integers(
            Operand::Int(3),
            Operand::Int(3),
            DType::I64,
            1,
            Grid::whole(&[2]),
        ),
        Kind::Value,
        "integers: no integer in [3, 3)",
    );
    refused(
        build::integers(
            Operand::Int(0),
            Operand::Int(1 << 64),
            DType::U64,
            1,
            Grid::whole(&[2]),
        ),
        Kind::Value,
        "integers: [0, 18446744073709551616) holds 2^64 integers, one more than can be drawn",
    );
    refused(
        build::concatenate(&[], 0),
        Kind::Value,
        "concatenate of no arrays",
    );
    refused(
        build::rechunk(&x, Grid::whole(&[3])),
        Kind::Chunks,
        "chunks for [3] on an array of [2, 0]",
    );
    let owner = std::sync::Arc::new(tilewright_core::Buffer::zeroed(16));
    let memory = SourceRef::Memory(MemoryArray::new(owner, 8, [1].as_slice().into()));
    refused(
        build::read(memory, DType::F64, Grid::whole(&[2])),
        Kind::Source,
        "a memory array of shape [2] and strides [1] reaches beyond its bytes",
    );
    refused(
        build::map("sine", std::slice::from_ref(&x)),
        Kind::Parse,
        "there is no operator sine",
    );
    refused(
        build::map("add", &[x]),
        Kind::Parse,
        "add takes 2 arguments, not 1",
    );
}

/// Nodes that no function of `build` makes are refused too, whatever they hold.
#[test]
fn foreign_attributes_and_arguments_are_internal_errors() {
    let x = floats(&[2], &[1.0, 2.0]);
    let new = |name: &str, attr: Attr, args: &[Expr]| {
        Expr::new(OpId::named(name).unwrap(), attr, args.into())
    };
    let region = |start, step, len| {
        let axes = [AxisRange { start, step, len }];
        Attr::Region(Region {
            axes: axes.as_slice().into(),
        })
    };
    let one = ints(&[2]);
    let drawn = super::normal(&[2], &[2], 1);
    // A leaf of f64 ones that claims to be of another dtype.
    let typed = |dtype: DType| match f64s(&[2]).attr() {
        Attr::Leaf(leaf) => Attr::Leaf(std::sync::Arc::new(Leaf {
            dtype,
            ..(**leaf).clone()
        })),
        _ => Attr::None,
    };
    let cases = [
        new("add", Attr::None, std::slice::from_ref(&x)),
        new("add", Attr::None, &[]),
        new("add", Attr::None, &[x.clone(), one.clone()]),
        new("add", Attr::None, &[x.clone(), floats(&[], &[1.0])]),
        new("add", Attr::DType(DType::I8), &[x.clone(), x.clone()]),
        new("astype", Attr::None, std::slice::from_ref(&x)),
        new("where", Attr::None, &[x.clone(), x.clone(), x.clone()]),
        new("sum", Attr::None, std::slice::from_ref(&x)),
        new("mean", Attr::None, std::slice::from_ref(&x)),
        new("slice", region(0, 1, 3), std::slice::from_ref(&x)),
        new("slice", region(-1, 1, 2), std::slice::from_ref(&x)),
        new("slice", region(1, i64::MAX, 2), std::slice::from_ref(&x)),
        new("slice", region(0, 0, 2), std::slice::from_ref(&x)),
        new("slice", region(0, 1, -1), std::slice::from_ref(&x)),
        new("slice", region(0, 1, 1), &[]),
        new(
            "broadcast_to",
            Attr::Shape([3].as_slice().into()),
            std::slice::from_ref(&x),
        ),
        new(
            "broadcast_to",
            Attr::Shape([-3, 2].as_slice().into()),
            std::slice::from_ref(&x),
        ),
        new(
            "reshape",
            Attr::Shape([3].as_slice().into()),
            std::slice::from_ref(&x),
        ),
        new(
            "concatenate",
            Attr::Index(0),
            &[x.clone(), floats(&[], &[1.0])],
        ),
        new("concatenate", Attr::Index(0), &[x.clone(), one]),
        new(
            "rechunk",
            Attr::Grid(Grid::whole(&[3])),
            std::slice::from_ref(&x),
        ),
        new("full", Attr::None, &[]),
        new("full", drawn.attr().clone(), &[]),
        new("full", typed(DType::F32), &[]),
        new("random.uniform", typed(DType::F64), &[]),
        new("read", typed(DType::F64), &[]),
        new("random.integers", x.attr().clone(), &[]),
        new("fused", Attr::None, std::slice::from_ref(&x)),
        new("get", Attr::Index(0), std::slice::from_ref(&x)),
    ];
    for (k, case) in cases.into_iter().enumerate() {
        assert_eq!(
            case.map_err(|e| e.kind()).unwrap_err(),
            Kind::Internal,
            "case {k}"
        );
    }
    assert_eq!(
        new(
            "sum",
            Attr::Axes([3].as_slice().into()),
            std::slice::from_ref(&x)
        )
        .unwrap_err()
        .kind(),
        Kind::Axis
    );
    assert_eq!(
        new("sum", Attr::Axes([0, 0].as_slice().into()), &[x])
            .unwrap_err()
            .kind(),
        Kind::Axis
    );
}
