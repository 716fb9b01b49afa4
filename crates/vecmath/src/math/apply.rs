//! Which lane code does a function run, and how does a slice become blocks?
//!
//! Whole blocks, then a padded one: a value depends on its operands only, never on its position.

use super::{
    arc, bessel, composed, error_function, exp, gamma, hyperbolic, log, logarithms, pow, roots,
    trigonometry,
};
use crate::function::MathFn;
use crate::lanes::{BLOCK, TAIL};
use crate::level::{self, Level, Work};

/// `dst[i] = f(a[i])`, or `f(a[i], b[i])`, for as many elements as all slices have. `b` is ignored
/// where [`MathFn::arity`] is 1 and may be empty.
pub fn apply_f64(f: MathFn, dst: &mut [f64], a: &[f64], b: &[f64]) {
    apply(level::best(), f, dst, a, b);
}

/// [`apply_f64`] for f32: computed in f64 and rounded once.
pub fn apply_f32(f: MathFn, dst: &mut [f32], a: &[f32], b: &[f32]) {
    apply(level::best(), f, dst, a, b);
}

/// [`apply_f64`] at `level` (or at the machine's best if lower): for tests and measurements, the bits
/// are the same.
pub fn apply_f64_at(level: Level, f: MathFn, dst: &mut [f64], a: &[f64], b: &[f64]) {
    apply(level, f, dst, a, b);
}

/// [`apply_f32`] at `level`, see [`apply_f64_at`].
pub fn apply_f32_at(level: Level, f: MathFn, dst: &mut [f32], a: &[f32], b: &[f32]) {
    apply(level, f, dst, a, b);
}

/// Lane code of one function; `b` repeats `a` where it takes one operand.
trait Function {
    fn lanes<const N: usize>(a: &[f64; N], b: &[f64; N], out: &mut [f64; N]);
}

/// A type for each function, and the choice among them. Lane code is of each lane on its own (`a` or
/// `ab`), or written for a block of one operand or two. Behind a function of one lane may stand
/// another with the same bits for operands that a third takes, which runs where it takes all of a
/// block.
macro_rules! functions {
    ($($name:ident $form:ident $path:path $(, $most:path, $takes:path)?;)*) => {
        $(
            struct $name;
            impl Function for $name {
                #[inline(always)]
                fn lanes<const N: usize>(a: &[f64; N], b: &[f64; N], out: &mut [f64; N]) {
                    functions!(@$form $path $(, $most, $takes)?; a, b, out);
                }
            }
        )*

        fn apply<T: Float>(level: Level, f: MathFn, dst: &mut [T], a: &[T], b: &[T]) {
            let b = if f.arity() == 1 { a } else { b };
            match f {
                $(MathFn::$name => slices::<$name, T>(level, dst, a, b),)*
            }
        }
    };
    (@a $path:path; $a:ident, $b:ident, $out:ident) => {
        let _ = $b;
        for (out, &a) in $out.iter_mut().zip($a) {
            *out = $path(a);
        }
    };
    (@a $path:path, $most:path, $takes:path; $a:ident, $b:ident, $out:ident) => {
        if N == BLOCK && $a.iter().fold(true, |all, &a| all & $takes(a)) {
            functions!(@a $most; $a, $b, $out);
        } else {
            functions!(@a $path; $a, $b, $out);
        }
    };
    (@ab $path:path; $a:ident, $b:ident, $out:ident) => {
        for ((out, &a), &b) in $out.iter_mut().zip($a).zip($b) {
            *out = $path(a, b);
        }
    };
    (@block $path:path; $a:ident, $b:ident, $out:ident) => {
        let _ = $b;
        $path($a, $out);
    };
    (@blocks $path:path; $a:ident, $b:ident, $out:ident) => {
        $path($a, $b, $out);
    };
}

functions! {
    Exp a exp, exp::exp_moderate, exp::is_moderate;
    Exp2 a exp::exp2;
    Expm1 a hyperbolic::expm1;
    Log a log, log::log_ordinary, log::is_ordinary;
    Log2 a logarithms::log2, logarithms::log2_ordinary, log::is_ordinary;
    Log10 a logarithms::log10, logarithms::log10_ordinary, log::is_ordinary;
    Log1p a logarithms::log1p, logarithms::log1p_between, logarithms::is_between;
    Pow blocks pow::pow;
    Cbrt a roots::cbrt;
    Hypot ab roots::hypot;
    Sin block trigonometry::sin;
    Cos block trigonometry::cos;
    Tan block trigonometry::tan;
    Asin a arc::asin;
    Acos a arc::acos;
    Atan a arc::atan;
    Atan2 ab arc::atan2;
    Sinh a hyperbolic::sinh;
    Cosh a hyperbolic::cosh;
    Tanh a hyperbolic::tanh;
    Asinh a logarithms::asinh;
    Acosh a logarithms::acosh;
    Atanh a logarithms::atanh;
    Erf a error_function::erf;
    Erfc a error_function::erfc;
    Gamma a gamma::gamma;
    Gammaln block gamma::gammaln;
    LogAddExp ab composed::logaddexp;
    LogAddExp2 ab composed::logaddexp2;
    Radians a composed::radians;
    Degrees a composed::degrees;
    Sinc block composed::sinc;
    I0 a bessel::i0;
}

/// An element type: f64 lanes as they are, or f32 widened to them and rounded back once.
trait Float: Copy {
    /// Fills the end of a block; any ordinary operand.
    const PADDING: Self;
    fn block<F: Function, const N: usize>(dst: &mut [Self; N], a: &[Self; N], b: &[Self; N]);
}

impl Float for f64 {
    const PADDING: f64 = 1.0;

    #[inline(always)]
    fn block<F: Function, const N: usize>(dst: &mut [f64; N], a: &[f64; N], b: &[f64; N]) {
        F::lanes(a, b, dst);
    }
}

impl Float for f32 {
    const PADDING: f32 = 1.0;

    // Plain loops: `array::map` is not inlined at this length, and so not vectorised.
    #[inline(always)]
    fn block<F: Function, const N: usize>(dst: &mut [f32; N], a: &[f32; N], b: &[f32; N]) {
        let (mut a_wide, mut b_wide, mut out) = ([0.0; N], [0.0; N], [0.0; N]);
        for i in 0..N {
            a_wide[i] = f64::from(a[i]);
            b_wide[i] = f64::from(b[i]);
        }
        F::lanes(&a_wide, &b_wide, &mut out);
        for (dst, &out) in dst.iter_mut().zip(&out) {
            *dst = out as f32;
        }
    }
}

fn slices<F: Function, T: Float>(level: Level, dst: &mut [T], a: &[T], b: &[T]) {
    let len = dst.len().min(a.len()).min(b.len());
    let work = Slices::<F, T> {
        dst: &mut dst[..len],
        a: &a[..len],
        b: &b[..len],
        function: std::marker::PhantomData,
    };
    level::at(level, work);
}

/// Three slices of one length and the function between them.
struct Slices<'a, F, T> {
    dst: &'a mut [T],
    a: &'a [T],
    b: &'a [T],
    function: std::marker::PhantomData<F>,
}

impl<F: Function, T: Float> Work for Slices<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (dst, dst_rest) = self.dst.as_chunks_mut::<BLOCK>();
        let (a, a_rest) = self.a.as_chunks::<BLOCK>();
        let (b, b_rest) = self.b.as_chunks::<BLOCK>();
        for ((dst, a), b) in dst.iter_mut().zip(a).zip(b) {
            T::block::<F, BLOCK>(dst, a, b);
        }
        let rest = dst_rest
            .chunks_mut(TAIL)
            .zip(a_rest.chunks(TAIL))
            .zip(b_rest.chunks(TAIL));
        for ((dst, a), b) in rest {
            let mut out = [T::PADDING; TAIL];
            let (mut a_padded, mut b_padded) = (out, out);
            a_padded[..a.len()].copy_from_slice(a);
            b_padded[..b.len()].copy_from_slice(b);
            T::block::<F, TAIL>(&mut out, &a_padded, &b_padded);
            dst.copy_from_slice(&out[..dst.len()]);
        }
    }
}
