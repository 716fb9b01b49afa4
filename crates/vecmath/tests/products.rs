//! The leaf of sums of products, against the definition in plain loops.
#![allow(clippy::unwrap_used, reason = "tests")]

use tilewright_vecmath::{LANES, Products, Real, levels, products_leaf, products_leaf_at};

/// Sizes around blocks and lanes, and strides of either order, apart and turned.
const SHAPES: [Products; 7] = [
    shape(512, 32, 64, [1, 512], [64, 1]),
    shape(9, 5, 9, [5, 1], [9, 1]),
    shape(1, 1, 1, [1, 1], [1, 1]),
    shape(8, 4, 16, [7, 60], [17, 1]),
    shape(70, 7, 23, [1, 70], [1, 71]),
    shape(7, 3, 2, [0, 1], [2, 1]),
    shape(0, 3, 2, [1, 1], [1, 1]),
];

const fn shape(
    rows: usize,
    lines: usize,
    columns: usize,
    a: [usize; 2],
    b: [usize; 2],
) -> Products {
    Products {
        rows,
        lines,
        columns,
        a,
        b,
    }
}

fn plain<T: Real>(a: &[T], b: &[T], shape: Products) -> Vec<T> {
    let mut out = Vec::new();
    for m in 0..shape.lines {
        for n in 0..shape.columns {
            let mut lanes = [T::MINUS_ZERO; LANES];
            for i in 0..shape.rows {
                let product =
                    a[i * shape.a[0] + m * shape.a[1]] * b[i * shape.b[0] + n * shape.b[1]];
                lanes[i % LANES] = lanes[i % LANES] + product;
            }
            let [l0, l1, l2, l3, l4, l5, l6, l7] = lanes;
            out.push(((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7)));
        }
    }
    out
}

/// The bits, where every NaN is one.
trait Bits: Real {
    fn of(number: f64) -> Self;
    fn bits(self) -> u64;
}

impl Bits for f64 {
    fn of(number: f64) -> f64 {
        number
    }

    fn bits(self) -> u64 {
        if self.is_nan() {
            u64::MAX
        } else {
            self.to_bits()
        }
    }
}

impl Bits for f32 {
    fn of(number: f64) -> f32 {
        number as f32
    }

    fn bits(self) -> u64 {
        if self.is_nan() {
            u64::MAX
        } else {
            u64::from(self.to_bits())
        }
    }
}

fn check<T: Bits>() {
    for shape in SHAPES {
        let number = |k: usize| match k % 97 {
            13 => f64::INFINITY,
            51 => -0.0,
            _ => (k * k % 1009) as f64 / 7.0 - 60.0,
        };
        let make = |len, from: usize| (0..len).map(|k| T::of(number(from + k))).collect();
        let (a, b): (Vec<T>, Vec<T>) = (make(shape.extent_of_a(), 0), make(shape.extent_of_b(), 5));
        let want: Vec<u64> = plain(&a, &b, shape).into_iter().map(T::bits).collect();
        for &level in levels() {
            let mut out = vec![T::of(7.0); shape.lines * shape.columns];
            let [mut lines, mut columns] = shape.packed().map(|len| vec![T::of(f64::NAN); len]);
            let packed = [&mut lines[..], &mut columns[..]];
            products_leaf_at(level, &mut out, &a, &b, packed, shape);
            let got: Vec<u64> = out.into_iter().map(T::bits).collect();
            assert_eq!(got, want, "{shape:?} {level:?}");
        }
    }
}

#[test]
fn sums_of_products_are_those_of_the_definition() {
    check::<f64>();
    check::<f32>();
}

#[test]
fn slices_that_are_too_short_are_left_alone() {
    let shape = shape(2, 2, 2, [2, 1], [2, 1]);
    let [lines, columns] = shape.packed();
    let attempt = |held: [usize; 5]| {
        let mut out = [7.0; 4];
        let (a, b) = (vec![1.0; held[1]], vec![1.0; held[2]]);
        let (mut lines, mut columns) = (vec![0.0; held[3]], vec![0.0; held[4]]);
        let packed = [&mut lines[..], &mut columns[..]];
        products_leaf(&mut out[..held[0]], &a, &b, packed, shape);
        out
    };
    let enough = [4, 4, 4, lines, columns];
    assert_eq!(attempt(enough), [2.0; 4]);
    for short in 0..enough.len() {
        let mut held = enough;
        held[short] -= 1;
        assert_eq!(attempt(held), [7.0; 4], "{held:?}");
    }
}
