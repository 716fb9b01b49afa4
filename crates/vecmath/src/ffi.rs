#![allow(
    unsafe_code,
    reason = "functions called by compiled code take raw pointers"
)]
//! What does compiled code call?
//!
//! C-ABI shims over the slice functions, at the machine's best level. Operands go through a block on
//! the stack, so the destination may be the very array of an operand. A count of 0 reads no pointer.

use crate::{Draw, MathFn, apply_f32, apply_f64, draw_f64, draw_integers, moments_leaf_rows};
use std::slice::{from_raw_parts, from_raw_parts_mut};

/// Elements copied to the stack at a time.
const BLOCK: usize = 256;

/// `dst[i] = f(a[i], b[i])` for i < n, elements f64 or f32 as asked of [`math_address`], aligned for
/// them. `b` is not read by functions of one operand. `dst` may equal `a` or `b`; it may not overlap
/// them otherwise. Safe if `dst` is writable and the operands readable for n elements.
pub type MathShim = unsafe extern "C" fn(n: usize, dst: *mut u8, a: *const u8, b: *const u8);

/// `(n, dst, seed, start, step)`: [`draw_f64`](crate::draw_f64) into n elements at `dst`. Safe if they
/// are writable.
pub type DrawShim = unsafe extern "C" fn(n: usize, dst: *mut f64, seed: u64, start: u64, step: i64);

/// `(n, dst, low, high, seed, start, step)`: [`draw_integers`](crate::draw_integers) with n bounds
/// each. `dst` may equal `low` or `high`. Safe if `dst` is writable and the bounds readable for n
/// elements.
pub type DrawIntegersShim = unsafe extern "C" fn(
    n: usize,
    dst: *mut i64,
    low: *const i64,
    high: *const i64,
    seed: u64,
    start: u64,
    step: i64,
);

/// `(rows, width, x, mean, mean_low, m2)`: [`moments_leaf_rows`](crate::moments_leaf_rows) of
/// rows·width elements at `x`. Safe if x is readable for them, the outputs are writable for `width`
/// elements, and none overlaps another.
pub type MomentsRowsShim = unsafe extern "C" fn(
    rows: usize,
    width: usize,
    x: *const f64,
    mean: *mut f64,
    mean_low: *mut f64,
    m2: *mut f64,
);

/// The address of a [`MathShim`] for `f` on f64 (`double`) or f32.
pub fn math_address(f: MathFn, double: bool) -> *const u8 {
    /// The shims of one function, f32 then f64.
    macro_rules! pair {
        ($f:expr) => {{
            unsafe extern "C" fn single(n: usize, dst: *mut u8, a: *const u8, b: *const u8) {
                // SAFETY: the contract of `MathShim`.
                unsafe { blocks::<f32>($f, apply_f32, n, dst, a, b) }
            }
            unsafe extern "C" fn double(n: usize, dst: *mut u8, a: *const u8, b: *const u8) {
                // SAFETY: the contract of `MathShim`.
                unsafe { blocks::<f64>($f, apply_f64, n, dst, a, b) }
            }
            [single as MathShim, double as MathShim]
        }};
    }
    let shims = match f {
        MathFn::Exp => pair!(MathFn::Exp),
        MathFn::Log => pair!(MathFn::Log),
        MathFn::Sin => pair!(MathFn::Sin),
        MathFn::Cos => pair!(MathFn::Cos),
        MathFn::Pow => pair!(MathFn::Pow),
    };
    shims[usize::from(double)] as *const u8
}

/// The address of a [`DrawShim`].
pub fn draw_address(draw: Draw) -> *const u8 {
    let shim: DrawShim = match draw {
        Draw::Uniform => draw_shim::<1>,
        Draw::Normal => draw_shim::<2>,
        Draw::Integer => draw_shim::<3>,
    };
    shim as *const u8
}

/// The address of a [`DrawIntegersShim`].
pub fn draw_integers_address() -> *const u8 {
    draw_integers_shim as DrawIntegersShim as *const u8
}

/// The address of a [`MomentsRowsShim`].
pub fn moments_leaf_rows_address() -> *const u8 {
    moments_leaf_rows_shim as MomentsRowsShim as *const u8
}

/// # Safety
/// The contract of [`MathShim`], for elements of type T.
unsafe fn blocks<T: Copy + Default>(
    f: MathFn,
    apply: fn(MathFn, &mut [T], &[T], &[T]),
    n: usize,
    dst: *mut u8,
    a: *const u8,
    b: *const u8,
) {
    let (dst, a, b) = (dst.cast::<T>(), a.cast::<T>(), b.cast::<T>());
    let (mut a_block, mut b_block) = ([T::default(); BLOCK], [T::default(); BLOCK]);
    for start in (0..n).step_by(BLOCK) {
        let len = BLOCK.min(n - start);
        // SAFETY: elements start..start + len are inside the n that the caller vouches for. No slice
        // of an operand is alive while the slice of `dst` is.
        let dst = unsafe {
            a_block[..len].copy_from_slice(from_raw_parts(a.add(start), len));
            if f.arity() == 2 {
                b_block[..len].copy_from_slice(from_raw_parts(b.add(start), len));
            }
            from_raw_parts_mut(dst.add(start), len)
        };
        apply(f, dst, &a_block[..len], &b_block[..len]);
    }
}

/// # Safety
/// The contract of [`DrawShim`].
unsafe extern "C" fn draw_shim<const STREAM: u32>(
    n: usize,
    dst: *mut f64,
    seed: u64,
    start: u64,
    step: i64,
) {
    let draw = match STREAM {
        1 => Draw::Uniform,
        2 => Draw::Normal,
        _ => Draw::Integer,
    };
    if n > 0 {
        // SAFETY: the caller vouches for n writable elements.
        draw_f64(draw, seed, start, step, unsafe {
            from_raw_parts_mut(dst, n)
        });
    }
}

/// # Safety
/// The contract of [`DrawIntegersShim`].
unsafe extern "C" fn draw_integers_shim(
    n: usize,
    dst: *mut i64,
    low: *const i64,
    high: *const i64,
    seed: u64,
    start: u64,
    step: i64,
) {
    let (mut lows, mut highs) = ([0; BLOCK], [0; BLOCK]);
    for k in (0..n).step_by(BLOCK) {
        let len = BLOCK.min(n - k);
        // SAFETY: elements k..k + len are inside the n that the caller vouches for. No slice of a bound
        // is alive while the slice of `dst` is.
        let dst = unsafe {
            lows[..len].copy_from_slice(from_raw_parts(low.add(k), len));
            highs[..len].copy_from_slice(from_raw_parts(high.add(k), len));
            from_raw_parts_mut(dst.add(k), len)
        };
        let start = start.wrapping_add((k as u64).wrapping_mul(step as u64));
        draw_integers(seed, start, step, &lows[..len], &highs[..len], dst);
    }
}

/// # Safety
/// The contract of [`MomentsRowsShim`].
unsafe extern "C" fn moments_leaf_rows_shim(
    rows: usize,
    width: usize,
    x: *const f64,
    mean: *mut f64,
    mean_low: *mut f64,
    m2: *mut f64,
) {
    if width == 0 {
        return;
    }
    // SAFETY: the caller vouches for the lengths and that nothing overlaps; no rows read no pointer.
    let (x, mean, mean_low, m2) = unsafe {
        (
            if rows == 0 {
                &[]
            } else {
                from_raw_parts(x, rows * width)
            },
            from_raw_parts_mut(mean, width),
            from_raw_parts_mut(mean_low, width),
            from_raw_parts_mut(m2, width),
        )
    };
    moments_leaf_rows(x, rows, width, mean, mean_low, m2);
}
