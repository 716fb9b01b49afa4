//! Is the text of expressions the expected one, and stable?

use super::{floats, normal, range, read};
use tilewright_core::{DType, Grid};
use tilewright_expr::build::{self, Item, Operand};
use tilewright_expr::{Expr, print};

fn table(roots: &[Expr]) -> String {
    print::table(&print::tree(roots))
}

fn all() -> Vec<Expr> {
    let x = read("ct.zarr/a", DType::F32, &[40, 30]);
    let memory = || {
        let owner = std::sync::Arc::new(tilewright_core::Buffer::zeroed(64));
        let array = tilewright_expr::MemoryArray::new(owner, 0, [1].as_slice().into());
        let source = tilewright_expr::SourceRef::Memory(array);
        build::read(source, DType::F64, Grid::whole(&[8])).unwrap()
    };
    let (m, n) = (memory(), memory());
    let parts = build::concatenate(&[m.clone(), n, m], 0).unwrap();
    let table = build::reshape(&parts, &[4, 6]).unwrap();
    let cut = build::index(
        &table,
        &[range(None, None, Some(-2)), Item::Int(3), Item::NewAxis],
    )
    .unwrap();
    let mean = build::statistic("mean", &x, Some(&[0, 1]), 0.0, true).unwrap();
    let std = build::statistic("std", &x, Some(&[0]), 1.0, false).unwrap();
    let z = build::map(
        "divide",
        &[build::map("subtract", &[x.clone(), mean]).unwrap(), std],
    )
    .unwrap();
    let z = build::rechunk(
        &build::transpose(&z, None).unwrap(),
        Grid::regular(&[30, 40], &[7, 40]),
    )
    .unwrap();
    let drawn = build::integers(
        Operand::Int(0),
        build::iota(0, Grid::whole(&[3])).unwrap().into(),
        DType::I8,
        9,
        Grid::whole(&[3]),
    )
    .unwrap();
    let listed = floats(&[5], &[1.0, -0.0, f64::NAN, f64::INFINITY, 2.0]);
    let full = build::full(true.into(), Grid::whole(&[2, 2])).unwrap();
    vec![cut, z, drawn, listed, full]
}

#[test]
fn trees() {
    assert_eq!(
        table(&all()),
        "\
expand_dims axis=1                      f64[2, 1]      1 chunk    16 B
└─ squeeze axis=1                       f64[2]         1 chunk    16 B
   └─ slice [3:0:-2, 3:4]               f64[2, 1]      1 chunk    16 B
      └─ reshape                        f64[4, 6]      1 chunk   192 B
         └─ concatenate axis=0          f64[24]       3 chunks   192 B
            ├─ (1) memory array 1       f64[8]         1 chunk    64 B
            ├─ memory array 2           f64[8]         1 chunk    64 B
            └─ ↑ (1)                    f64[8]
rechunk (7, 40)                         f32[30, 40]   5 chunks  4.8 kB
└─ transpose (1, 0)                     f32[30, 40]  12 chunks  4.8 kB
   └─ divide                            f32[40, 30]  12 chunks  4.8 kB
      ├─ subtract                       f32[40, 30]  12 chunks  4.8 kB
      │  ├─ (2) read \"ct.zarr/a\"        f32[40, 30]  12 chunks  4.8 kB
      │  └─ broadcast_to                f32[40, 30]    1 chunk  4.8 kB
      │     └─ expand_dims axis=(0, 1)  f32[1, 1]      1 chunk     4 B
      │        └─ mean axis=(0, 1)      f32[]          1 chunk     4 B
      │           └─ ↑ (2)              f32[40, 30]
      └─ broadcast_to                   f32[40, 30]   3 chunks  4.8 kB
         └─ std axis=0 ddof=1           f32[30]       3 chunks   120 B
            └─ ↑ (2)                    f32[40, 30]
astype i8                               i8[3]          1 chunk     3 B
└─ random.integers seed=9               i64[3]         1 chunk    24 B
   ├─ 0                                 i64[]
   └─ iota axis=0                       i64[3]         1 chunk    24 B
array [1.0, -0.0, nan, inf, …]          f64[5]         1 chunk    40 B
full True                               bool[2, 2]     1 chunk     4 B
"
    );
}

#[test]
fn lines() {
    let lines: Vec<String> = all().iter().map(print::one_line).collect();
    let want = [
        "expand_dims(squeeze(reshape(…, (4, 6))[3:0:-2, 3:4], axis=1), axis=1)",
        "rechunk(transpose(divide(…, …), (1, 0)), (7, 40))",
        "astype(random.integers(0, iota(axis=0)), int8)",
        "array [1.0, -0.0, nan, inf, …]",
        "full True",
    ];
    assert_eq!(lines, want);
}

#[test]
fn the_example_of_the_design() {
    let x = normal(&[10_000, 10_000], &[1000, 1000], 7);
    let mean = build::statistic("mean", &x, Some(&[0]), 0.0, false).unwrap();
    let part = build::index(&mean, &[range(Some(0), Some(100), None)]).unwrap();
    assert_eq!(
        table(&[part]),
        "\
slice [0:100]               f64[100]              1 chunk     800 B
└─ mean axis=0              f64[10000]          10 chunks   80.0 kB
   └─ random.normal seed=7  f64[10000, 10000]  100 chunks  800.0 MB
"
    );
}

/// Equal nodes are one row, whether or not they share memory; constants are repeated.
#[test]
fn equal_nodes_are_printed_once() {
    let exp = || build::map("exp", &[normal(&[4], &[2], 1)]).unwrap();
    let sum = build::map("add", &[exp(), exp()]).unwrap();
    let more = build::operate("add", &[sum.into(), Operand::Float(2.0)]).unwrap();
    let more = build::operate("multiply", &[more.into(), Operand::Float(2.0)]).unwrap();
    assert_eq!(
        table(&[more, exp()]),
        "\
multiply                          f64[4]  2 chunks  32 B
├─ add                            f64[4]  2 chunks  32 B
│  ├─ add                         f64[4]  2 chunks  32 B
│  │  ├─ (1) exp                  f64[4]  2 chunks  32 B
│  │  │  └─ random.normal seed=1  f64[4]  2 chunks  32 B
│  │  └─ ↑ (1)                    f64[4]
│  └─ 2.0                         f64[]
└─ 2.0                            f64[]
↑ (1)                             f64[4]
"
    );
}

#[test]
fn deep_trees_continue_below() {
    let mut x = normal(&[4], &[2], 1);
    for _ in 0..14 {
        x = build::map("exp", &[x]).unwrap();
    }
    let text = table(&[x]);
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    assert_eq!(lines.len(), 16);
    assert!(lines[12].starts_with("└─ ↓ (1)"), "{text}");
    assert!(lines[13].starts_with("(1) exp"), "{text}");
    assert!(lines[15].starts_with("└─ random.normal seed=1"), "{text}");
}

#[test]
fn long_names_and_sizes_fit_the_width() {
    let uri = "s3://bucket/".to_owned() + &"very/long/path/".repeat(10) + "x.zarr\n";
    let x = read(&uri, DType::F64, &[1_000_000_000, 1_000_000]);
    let y = build::map(
        "exp",
        &[build::index(&x, &[range(None, None, Some(-3))]).unwrap()],
    )
    .unwrap();
    assert_eq!(
        table(&[y]),
        "\
exp                                                f64[333333334, 1000000]   1.0e13 chunks  2.7 PB
└─ slice [999999999::-3, 0:1000000]                f64[333333334, 1000000]   1.0e13 chunks  2.7 PB
   └─ read \"s3://bucket/very/lon…h…path/x.zarr\\n\"  f64[1000000000, 1000000]  1.0e13 chunks  8.0 PB
"
    );
}

#[test]
fn sizes_are_decimal() {
    let cases = [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (800_000_000, "800.0 MB"),
        (i64::MAX, "9.2 EB"),
    ];
    for (count, want) in cases {
        assert_eq!(print::table::bytes(count), want);
    }
}
