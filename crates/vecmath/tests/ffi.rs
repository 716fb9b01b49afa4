//! What compiled code calls gives the bits of the slice functions, in place too.
#![allow(unsafe_code, reason = "calls the shims as compiled code does")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    reason = "every pointer is to a whole local array"
)]

use std::mem::transmute;
use std::ptr::{null, null_mut};
use tilewright_vecmath::*;

#[test]
fn math_shims_work_in_place() {
    for n in [0, 1, 7, 255, 256, 257, 1000] {
        let a: Vec<f64> = (0..n).map(|i| 0.3 + i as f64).collect();
        let b: Vec<f64> = (0..n).map(|i| 2.0 - i as f64 * 0.01).collect();
        let single = |x: &[f64]| x.iter().map(|&x| x as f32).collect::<Vec<f32>>();
        for &f in MathFn::ALL {
            let mut expected = vec![0.0; n];
            apply_f64(f, &mut expected, &a, &b);
            let mut expected32 = vec![0.0; n];
            apply_f32(f, &mut expected32, &single(&a), &single(&b));
            unsafe {
                let shim: MathShim = transmute(math_address(f, true));
                let second = if f.arity() == 2 {
                    b.as_ptr().cast()
                } else {
                    null()
                };
                let mut x = a.clone();
                shim(n, x.as_mut_ptr().cast(), x.as_ptr().cast(), second);
                assert_eq!(x, expected);
                let mut y = b.clone();
                shim(
                    n,
                    y.as_mut_ptr().cast(),
                    a.as_ptr().cast(),
                    y.as_ptr().cast(),
                );
                assert_eq!(y, expected);
                let shim: MathShim = transmute(math_address(f, false));
                let (mut x, b) = (single(&a), single(&b));
                shim(
                    n,
                    x.as_mut_ptr().cast(),
                    x.as_ptr().cast(),
                    b.as_ptr().cast(),
                );
                assert_eq!(x, expected32);
            }
        }
    }
}

#[test]
fn random_shims_draw_the_same_numbers() {
    for n in [0, 1, 300, 1000] {
        for draw in [Draw::Uniform, Draw::Normal] {
            let mut expected = vec![0.0; n];
            draw_f64(draw, 3, 17, -5, &mut expected);
            let mut out = vec![0.0; n];
            unsafe {
                let shim: DrawShim = transmute(draw_address(draw));
                shim(
                    n,
                    if n == 0 { null_mut() } else { out.as_mut_ptr() },
                    3,
                    17,
                    -5,
                );
            }
            assert_eq!(out, expected);
        }
        let low: Vec<i64> = (0..n as i64).map(|i| -i).collect();
        let high: Vec<i64> = (0..n as i64).map(|i| 10 + i * i).collect();
        let mut expected = vec![0; n];
        draw_integers(3, 17, -5, &low, &high, &mut expected);
        let mut out = high.clone();
        unsafe {
            let shim: DrawIntegersShim = transmute(draw_integers_address());
            shim(n, out.as_mut_ptr(), low.as_ptr(), out.as_ptr(), 3, 17, -5);
        }
        assert_eq!(out, expected);
    }
}

#[test]
fn moments_shim_reduces_columns() {
    let (rows, width) = (37, 45);
    let mut x = vec![0.0; rows * width];
    draw_f64(Draw::Normal, 8, 0, 1, &mut x);
    let mut expected = [vec![0.0; width], vec![0.0; width], vec![0.0; width]];
    let mut out = expected.clone();
    let [mean, low, m2] = &mut expected;
    moments_leaf_rows(&x, rows, width, mean, low, m2);
    let [mean, low, m2] = &mut out;
    unsafe {
        let shim: MomentsRowsShim = transmute(moments_leaf_rows_address());
        shim(
            rows,
            width,
            x.as_ptr(),
            mean.as_mut_ptr(),
            low.as_mut_ptr(),
            m2.as_mut_ptr(),
        );
        shim(0, 0, null(), null_mut(), null_mut(), null_mut());
    }
    assert_eq!(out, expected);
}
