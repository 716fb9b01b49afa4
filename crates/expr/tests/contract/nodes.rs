//! Which expressions are equal, and which nodes do the builders make?

use super::{evaluate, floats, normal};
use tilewright_core::{DType, Grid};
use tilewright_expr::build::{self, Operand};
use tilewright_expr::{Expr, Family};

fn hash(expr: &Expr) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    expr.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn equality_is_structural() {
    let build = |seed| build::map("exp", &[normal(&[4], &[2], seed)]).unwrap();
    assert!(build(1) == build(1) && hash(&build(1)) == hash(&build(1)));
    assert!(build(1) != build(2));
    let constant = |x: f64| build::constant(x.into()).unwrap();
    assert!(constant(0.0) != constant(-0.0), "bits count");
    assert!(constant(f64::NAN) == constant(f64::NAN));
    let (a, b) = (normal(&[4], &[2], 1), normal(&[4], &[2], 2));
    let sum = |x: &Expr, y: &Expr| build::map("add", &[x.clone(), y.clone()]).unwrap();
    assert!(sum(&a, &b) != sum(&b, &a));
    let (x, y) = (sum(&a, &b), sum(&b, &a));
    assert_eq!(x.cmp(&y), y.cmp(&x).reverse());
}

#[test]
fn calls_that_change_nothing_make_no_node() {
    let x = floats(&[2, 3], &[1.0; 6]);
    let same = [
        build::astype(&x, DType::F64),
        build::broadcast_to(&x, &[2, 3]),
        build::reshape(&x, &[2, -1]),
        build::transpose(&x, Some(&[0, -1])),
        build::squeeze(&x, None),
        build::expand_dims(&x, &[]),
        build::rechunk(&x, x.grid().clone()),
        build::index(&x, &[build::Item::Ellipsis]),
        build::concatenate(std::slice::from_ref(&x), 0),
        build::power(&x.clone().into(), &Operand::Int(1)),
    ];
    assert!(
        same.into_iter()
            .all(|y| y.unwrap().address() == x.address())
    );
}

#[test]
fn maps_are_in_normal_form() {
    let column = build::full(1i8.into(), Grid::whole(&[3, 1])).unwrap();
    let row = build::full(1.5f32.into(), Grid::whole(&[4])).unwrap();
    let sum = build::map("add", &[column, row]).unwrap();
    for arg in sum.args() {
        assert_eq!((arg.dtype(), arg.shape()), (DType::F32, &[3, 4][..]));
    }
}

#[test]
fn scalar_powers_take_numpys_short_cuts() {
    let name = |base: &Expr, exponent| {
        build::power(&base.clone().into(), &exponent)
            .unwrap()
            .op()
            .name
    };
    let x = floats(&[2], &[2.0, 3.0]);
    let n = build::full(3i32.into(), Grid::whole(&[2])).unwrap();
    assert_eq!(name(&x, Operand::Int(2)), "square");
    assert_eq!(name(&n, Operand::Int(2)), "square");
    assert_eq!(name(&x, Operand::Float(0.5)), "sqrt");
    assert_eq!(name(&x, Operand::Int(-1)), "divide");
    assert_eq!(name(&x, Operand::Int(3)), "power");
    assert_eq!(name(&n, Operand::Float(2.0)), "power");
    let cube = build::power(&n.into(), &Operand::Int(3)).unwrap();
    assert_eq!(
        (cube.dtype(), evaluate(&cube)),
        (DType::I32, vec![27i32.into(); 2])
    );
}

#[test]
fn signed_and_unsigned_64_bit_integers_compare_exactly() {
    let big = build::full(u64::MAX.into(), Grid::whole(&[1])).unwrap();
    let int = |x: i64| build::full(x.into(), Grid::whole(&[1])).unwrap();
    let holds = |op: &str, a: &Expr, b: &Expr| {
        evaluate(&build::map(op, &[a.clone(), b.clone()]).unwrap())[0].truth()
    };
    // As floats, both would be 2^63.
    let edge = build::full((1u64 << 63).into(), Grid::whole(&[1])).unwrap();
    assert!(holds("less", &int(i64::MAX), &edge) && !holds("equal", &int(i64::MAX), &edge));
    assert!(holds("greater_equal", &edge, &int(i64::MAX)));
    // As wrapped integers, −1 would be u64::MAX.
    assert!(holds("less", &int(-1), &big) && !holds("equal", &int(-1), &big));
    assert!(holds("greater", &big, &int(-1)) && holds("not_equal", &big, &int(-1)));
    // Python integers too, of any size.
    let weak = |op: &str, x: &Expr, n: i128| {
        evaluate(&build::operate(op, &[x.clone().into(), Operand::Int(n)]).unwrap())[0].truth()
    };
    assert!(!weak("less", &big, -1) && weak("equal", &big, i128::from(u64::MAX)));
    assert!(
        weak("less", &big, 1 << 64) && !weak("equal", &int(i64::MIN), i128::from(i64::MIN) - 1)
    );
}

#[test]
fn derived_operators_expand_to_others() {
    let x = normal(&[4, 6], &[2, 3], 1);
    let mean = build::statistic("mean", &x, Some(&[0]), 0.0, false).unwrap();
    let expanded = tilewright_expr::walk::expand_derived(std::slice::from_ref(&mean)).unwrap();
    assert_eq!(expanded[0].ty(), mean.ty());
    let order = tilewright_expr::walk::postorder(&expanded);
    assert!(
        order
            .iter()
            .all(|node| !matches!(node.op().family, Family::Derived(_)))
    );
    assert!(
        order.iter().any(|node| node.address() == x.address()),
        "what is below is shared"
    );
}

#[test]
fn integers_to_negative_powers_are_exact_quotients_cut_to_0() {
    let array = |elements: &[i8]| {
        let scalars = elements.iter().map(|&x| x.into()).collect();
        build::array(scalars, DType::I8, Grid::whole(&[elements.len() as i64])).unwrap()
    };
    let (base, exponent) = (
        array(&[0, 1, -1, -1, -2, 3, -128]),
        array(&[-1, -5, -3, -4, -1, -64, -1]),
    );
    let power = evaluate(&build::map("power", &[base, exponent]).unwrap());
    assert_eq!(power, [0i8, 1, -1, 1, 0, 0, 0].map(|x| x.into()));
}

#[test]
fn the_mask_of_where_does_not_take_part_in_promotion() {
    let mask = floats(&[2], &[f64::NAN, 0.0]);
    let x = build::full(7i8.into(), Grid::whole(&[2])).unwrap();
    let chosen = build::operate("where", &[mask.into(), x.into(), Operand::Int(-1)]).unwrap();
    assert_eq!(
        (chosen.dtype(), evaluate(&chosen)),
        (DType::I8, vec![7i8.into(), (-1i8).into()])
    );
}
