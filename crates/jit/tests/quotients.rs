//! Divisions by one number have the bits of the division, whatever way they are computed.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Against, Arguments, Random, agree, bytes, hostile};
use tilewright_core::{DType, Scalar};
use tilewright_kernel::ir::BufferDecl;
use tilewright_kernel::{BinaryOp, Index, Kernel, LaneOp, Place, Slot, Stmt};

/// b1[k] = b0[k] / c0 for `a0` elements.
fn quotients() -> Kernel {
    let dtype = DType::F64;
    let place = |buffer| Place {
        slot: Slot::Buffer(buffer),
        offset: 0.into(),
    };
    let decl = |writable| BufferDecl { dtype, writable };
    let stride: Index = 1.into();
    Kernel {
        buffers: vec![decl(false), decl(true)],
        scratch: vec![],
        ints: 1,
        scalars: vec![dtype],
        vars: 0,
        body: vec![Stmt::Lanes {
            count: Index::Arg(0),
            ops: vec![
                LaneOp::Load {
                    dtype,
                    place: place(0),
                    stride: stride.clone(),
                },
                LaneOp::Arg { dtype, arg: 0 },
                LaneOp::Binary {
                    op: BinaryOp::Div,
                    dtype,
                    a: 0,
                    b: 1,
                },
                LaneOp::Store {
                    dtype,
                    place: place(1),
                    stride,
                    a: 2,
                },
            ],
        }],
    }
}

fn check(dividends: &[f64], divisor: f64) {
    let scalars = dividends.iter().map(|&a| Scalar::from(a));
    let arguments = Arguments {
        buffers: vec![bytes(scalars), vec![0; 8 * dividends.len()]],
        ints: vec![dividends.len() as i64],
        scalars: vec![divisor.to_bits()],
    };
    agree(&quotients(), &arguments, Against::End);
}

/// Divisors of few significant bits, of many, of both signs, and at the ends of what is multiplied.
fn divisors(random: &mut Random) -> Vec<f64> {
    let mut divisors: Vec<f64> = vec![
        1.0, 2.0, 0.5, 3.0, 5.0, 6.0, 7.0, 10.0, 255.0, 1000.0, 65535.0, 86400.0, 0.1, 0.75, 1.5,
        1e10,
    ];
    divisors.extend([41, 42, 52].map(|bits| (1u64 << bits) as f64 - 1.0));
    divisors.extend([40, 41, 42, 52].map(|bits| 1.0 + (-bits as f64).exp2()));
    divisors.extend([-201, -200, -199, 198, 199, 200, 201].map(|n| 3.0 * f64::from(n).exp2()));
    divisors.extend([
        0.0,
        f64::INFINITY,
        f64::NAN,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
    ]);
    for bits in [1, 5, 12, 24, 40] {
        let odd = random.below(1 << bits) | 1;
        divisors.push(odd as f64 * f64::from(random.below(300) as i32 - 150).exp2());
    }
    let negative: Vec<f64> = divisors.iter().map(|b| -b).collect();
    divisors.extend(negative);
    divisors
}

/// Numbers of every size, those that a divisor divides, and their neighbours.
fn dividends(random: &mut Random, divisor: f64) -> Vec<f64> {
    let mut dividends: Vec<f64> = hostile(DType::F64).iter().map(|x| x.to_f64()).collect();
    for _ in 0..400 {
        let any = f64::from_bits(random.next());
        let usual = (random.next() >> 11) as f64 * f64::from(random.below(80) as i32 - 60).exp2();
        let multiple = (usual * divisor).to_bits();
        dividends.extend([any, usual, f64::from_bits(multiple)]);
        // Beside the midpoint between two quotients, too.
        let between = f64::from_bits(usual.to_bits() + 1) * divisor;
        let half = multiple / 2 + between.to_bits() / 2;
        dividends.extend([multiple + 1, multiple.wrapping_sub(1), half].map(f64::from_bits));
        // Where the vectors' way changes.
        let edge =
            f64::from_bits((323 << 52) + random.below(5)) - f64::from(random.below(2) as u32);
        dividends.push(edge);
    }
    dividends
}

/// The dividends whose quotients lie nearest to a midpoint: with B the odd whole number of the
/// divisor's significant bits, A·2^t = M·B ± 1 for the odd M, 2^53 ≤ M < 2^54, that is twice the midpoint.
fn hardest(random: &mut Random, divisor: f64) -> Vec<f64> {
    let whole = (divisor.abs().to_bits() & ((1 << 52) - 1)) | (1 << 52);
    let b = u128::from(whole >> whole.trailing_zeros());
    let t = 128 - b.leading_zeros() + 1;
    let modulus = 1u128 << t;
    // Newton's method for 1/b modulo a power of two.
    let mut inverse = 1u128;
    for _ in 0..7 {
        inverse = inverse.wrapping_mul(2u128.wrapping_sub(b.wrapping_mul(inverse)));
    }
    let mut dividends = Vec::new();
    for _ in 0..200 {
        let random = (1 << 53) + u128::from(random.next() >> 11);
        for (residue, sign) in [(inverse, 1), (inverse.wrapping_neg(), -1)] {
            // The M of this residue at or above the random number.
            let m = random + (residue.wrapping_sub(random) & (modulus - 1));
            let product = (m * b).wrapping_add_signed(-sign);
            let a = product >> t;
            if m < 1 << 54 && a < 1 << 53 && a << t == product {
                dividends.push(a as f64);
            }
        }
    }
    dividends
}

#[test]
fn quotients_beside_midpoints_are_rounded_right() {
    let mut random = Random(13);
    let mut tried = 0;
    for divisor in divisors(&mut random) {
        if divisor.is_normal() && (1e-60..1e60).contains(&divisor.abs()) {
            let dividends = hardest(&mut random, divisor);
            tried += dividends.len();
            check(&dividends, divisor);
        }
    }
    assert!(tried > 5000, "{tried}");
}

#[test]
fn quotients_have_the_bits_of_divisions() {
    let mut random = Random(11);
    for divisor in divisors(&mut random) {
        let dividends = dividends(&mut random, divisor);
        check(&dividends, divisor);
        // Vectors without anything that is divided.
        let large: Vec<f64> = dividends
            .iter()
            .copied()
            .filter(|a| a.abs() > 1e-200)
            .collect();
        check(&large, divisor);
    }
}

#[test]
fn quotients_of_numbers_of_every_exponent_agree() {
    let mut random = Random(12);
    for divisor in [3.0, -7.0, 10.0, 1e3, ((1u64 << 41) - 1) as f64] {
        let any = |e: u64| {
            let sign = random.next() << 63;
            f64::from_bits(sign | (e << 52) | random.next() >> 12)
        };
        let dividends: Vec<f64> = (0..2047).flat_map(|e| [e; 8]).map(any).collect();
        check(&dividends, divisor);
    }
}
