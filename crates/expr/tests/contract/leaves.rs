//! Do leaves give the elements of their whole, wherever the region lies?

use super::{evaluate, range, read};
use std::sync::Arc;
use tilewright_core::{Buffer, DType, Grid, Region, Scalar, Shape};
use tilewright_expr::attr::{Attr, LeafKind, MemoryArray, SourceRef};
use tilewright_expr::build::{self, Item, Operand};
use tilewright_expr::{Expr, Leaf};

/// The slice of a leaf as a leaf of its own: what pushing the slice into it must give.
fn pushed(leaf: &Expr, sliced: &Expr) -> Expr {
    let (Attr::Leaf(whole), Attr::Region(region)) = (leaf.attr(), sliced.attr()) else {
        panic!("not a slice of a leaf")
    };
    let grid = sliced.grid().clone();
    let part = Leaf {
        at: whole.at.compose(region),
        grid,
        ..(**whole).clone()
    };
    let slice = |arg: &Expr| build::slice(arg, region.clone()).unwrap();
    Expr::new(
        leaf.op_id(),
        Attr::Leaf(Arc::new(part)),
        leaf.args().iter().map(slice).collect(),
    )
    .unwrap()
}

fn memory(shape: &[i64], strides: &[i64], offset: usize, bytes: &[u8], dtype: DType) -> Expr {
    let mut buffer = Buffer::zeroed(bytes.len());
    buffer.as_bytes_mut().copy_from_slice(bytes);
    let array = MemoryArray::new(Arc::new(buffer), offset, strides.into());
    build::read(
        SourceRef::Memory(array),
        dtype,
        Grid::regular(shape, &vec![2; shape.len()]),
    )
    .unwrap()
}

#[test]
fn a_slice_of_a_leaf_is_the_leaf_of_the_slice() {
    let shape = [7, 9];
    let grid = Grid::regular(&shape, &[3, 4]);
    let elements = (0..63).map(|k| Scalar::from(k as f32)).collect();
    let low = build::iota(1, grid.clone()).unwrap();
    let leaves = [
        build::full(2.5.into(), grid.clone()).unwrap(),
        build::iota(0, grid.clone()).unwrap(),
        build::iota(1, grid.clone()).unwrap(),
        build::array(elements, DType::F32, grid.clone()).unwrap(),
        build::uniform(Operand::Int(0), Operand::Int(1), 5, grid.clone()).unwrap(),
        build::normal(Operand::Int(0), Operand::Int(1), 5, grid.clone()).unwrap(),
        build::integers(low.into(), Operand::Int(100), DType::I64, 5, grid).unwrap(),
        read("a.npy", DType::F64, &shape),
        memory(&shape, &[9, 1], 0, &(0..63).collect::<Vec<u8>>(), DType::U8),
    ];
    let slices = [
        [range(None, None, Some(-1)), range(Some(2), None, Some(3))],
        [
            range(Some(5), Some(2), Some(-2)),
            range(Some(-1), None, Some(-4)),
        ],
        [range(Some(3), Some(4), None), range(None, None, Some(-8))],
        [range(Some(3), Some(3), None), range(None, None, None)],
    ];
    for leaf in &leaves {
        for items in &slices {
            let sliced = build::index(leaf, items).unwrap();
            let part = pushed(leaf, &sliced);
            assert_eq!(
                (part.ty(), evaluate(&part)),
                (sliced.ty(), evaluate(&sliced)),
                "{leaf:?}"
            );
        }
    }
}

#[test]
fn memory_is_read_through_any_strides() {
    let bytes: Vec<u8> = (0..24).collect();
    // Rows backwards, columns two apart, and an offset that is not aligned.
    let x = memory(&[2, 3], &[-3, 1], 1 + 3 * 2, &bytes, DType::I16);
    let at = |k: u8| Scalar::from(i16::from_le_bytes([k, k + 1]));
    assert_eq!(evaluate(&x), [7, 9, 11, 1, 3, 5].map(at));
    let repeated = memory(&[3], &[0], 4, &bytes, DType::U8);
    assert_eq!(evaluate(&repeated), [Scalar::from(4u8); 3]);
    assert!(evaluate(&memory(&[0, 5], &[100, 1], 0, &[], DType::F64)).is_empty());
}

#[test]
fn memory_outside_its_bytes_is_refused() {
    let holds = |shape: &[i64], strides: &[i64], offset: usize| {
        let array = MemoryArray::new(Arc::new(Buffer::zeroed(16)), offset, strides.into());
        array.holds(shape, DType::F32)
    };
    assert!(holds(&[4], &[1], 0) && holds(&[4], &[-1], 12) && holds(&[2, 2], &[2, 1], 0));
    assert!(!holds(&[5], &[1], 0) && !holds(&[4], &[1], 1) && !holds(&[4], &[-1], 11));
    assert!(!holds(&[2], &[i64::MAX], 0) && !holds(&[i64::MAX], &[i64::MIN], usize::MAX));
    assert!(!holds(&[4], &[1, 1], 0), "one stride for each axis");
}

#[test]
fn draws_depend_on_seed_and_index_alone() {
    let draw = |shape: &[i64], size: i64, seed| {
        let grid = Grid::regular(shape, &vec![size; shape.len()]);
        evaluate(&build::normal(Operand::Int(0), Operand::Int(1), seed, grid).unwrap())
    };
    assert_eq!(
        draw(&[4, 6], 2, 1),
        draw(&[4, 6], 5, 1),
        "chunks do not show"
    );
    assert_eq!(
        draw(&[4, 6], 2, 1),
        draw(&[24], 5, 1),
        "the index is the C-order one"
    );
    assert_ne!(draw(&[24], 5, 1), draw(&[24], 5, 2));
    // A corner of a whole of 10^16 elements: nothing but the corner is drawn.
    let whole = [100_000_000, 100_000_000];
    let corner = Region {
        axes: whole
            .iter()
            .map(|&n| tilewright_core::AxisRange::new(n - 1, 1, 1))
            .collect(),
    };
    let leaf = Leaf {
        kind: LeafKind::Draw(tilewright_vecmath::Draw::Uniform, 3),
        dtype: DType::F64,
        whole: Shape::from_slice(&whole),
        at: corner,
        grid: Grid::whole(&[1, 1]),
    };
    let op = tilewright_expr::OpId::named("random.uniform").unwrap();
    let one = Expr::new(op, Attr::Leaf(Arc::new(leaf)), [].as_slice().into()).unwrap();
    let mut want = [0.0];
    tilewright_vecmath::draw_f64(
        tilewright_vecmath::Draw::Uniform,
        3,
        9_999_999_999_999_999,
        1,
        &mut want,
    );
    assert_eq!(evaluate(&one), [want[0].into()]);
}

#[test]
fn integers_lie_in_their_range() {
    let grid = || Grid::whole(&[1000]);
    let draw = |low, high, dtype| {
        let x = build::integers(Operand::Int(low), Operand::Int(high), dtype, 9, grid()).unwrap();
        assert_eq!(x.dtype(), dtype);
        evaluate(&x)
            .into_iter()
            .map(|x| x.as_i128().unwrap())
            .collect::<Vec<_>>()
    };
    let small = draw(-3, 4, DType::I8);
    assert!((-3..4).all(|n| small.contains(&n)) && small.iter().all(|n| (-3..4).contains(n)));
    let top = i128::from(u64::MAX);
    let large = draw(top - 5, top + 1, DType::U64);
    assert!(
        (top - 5..=top).all(|n| large.contains(&n)),
        "bounds above i64"
    );
    assert!(large.iter().all(|n| (top - 5..=top).contains(n)));
}

#[test]
fn an_index_of_a_literal_without_axes() {
    let x = build::array(vec![7i64.into()], DType::I64, Grid::whole(&[])).unwrap();
    assert_eq!(evaluate(&x), [7i64.into()]);
    let y = build::index(&x, &[Item::NewAxis]).unwrap();
    assert_eq!((y.shape(), evaluate(&y)), (&[1][..], vec![7i64.into()]));
}

#[test]
fn parameters_of_random_numbers_may_be_arrays() {
    let grid = || Grid::regular(&[3, 4], &[2, 2]);
    let row = super::floats(&[4], &[10.0, 20.0, 30.0, 40.0]);
    let scaled = |loc: Operand, scale: Operand| build::normal(loc, scale, 5, grid()).unwrap();
    let z = evaluate(&scaled(Operand::Int(0), Operand::Int(1)));
    let got = evaluate(&scaled(row.clone().into(), Operand::Float(0.5)));
    for (k, (z, got)) in z.iter().zip(got).enumerate() {
        let loc = [10.0, 20.0, 30.0, 40.0][k % 4];
        assert_eq!(got, Scalar::from(loc + 0.5 * z.to_f64()));
    }
    let u = evaluate(&build::uniform(Operand::Int(0), Operand::Int(1), 5, grid()).unwrap());
    assert!(u.iter().all(|u| (0.0..1.0).contains(&u.to_f64())));
    let got = evaluate(&build::uniform(Operand::Float(-1.0), row.into(), 5, grid()).unwrap());
    for (k, (u, got)) in u.iter().zip(got).enumerate() {
        let high = [10.0, 20.0, 30.0, 40.0][k % 4];
        assert_eq!(got, Scalar::from(-1.0 + (high - -1.0) * u.to_f64()));
    }
}
