//! How far are the functions from the exact values, over how many points?
//!
//! `cargo run --release -p tilewright-vecmath --example accuracy -- [f32|f64] COUNT [FUNCTION…]`
//!
//! f64: COUNT stratified points of each function. f32: every COUNT-th of all 2^32 operands (so 1 is
//! exhaustive); functions of two operands take 2^32/COUNT stratified points. Prints the largest error
//! in units in the last place and where it is.
#![allow(clippy::print_stdout, reason = "prints a table")]

#[path = "../tests/double_double/mod.rs"]
mod double_double;

use double_double::points::{Worst, measure_f32, measure_f64, operands};
use tilewright_vecmath::MathFn;

/// Operands at a time.
const BLOCK: u64 = 1 << 16;

fn single(f: MathFn, step: u64) -> Worst {
    let mut worst = Worst::default();
    let count = (1u64 << 32) / step;
    let operand = |i: u64| match f.arity() {
        1 => (f32::from_bits((i * step) as u32), 0.0),
        _ => {
            let (a, b) = operands(f, i);
            (a as f32, b as f32)
        }
    };
    for start in (0..count).step_by(BLOCK as usize) {
        let block = start..(start + BLOCK).min(count);
        measure_f32(f, block.map(operand), &mut worst);
    }
    worst
}

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [width, count, names @ ..] = &arguments[..] else {
        return Err("give f32 or f64, a count, and functions (none is all)".to_string());
    };
    let count: u64 = count.parse().map_err(|_| format!("{count} is no count"))?;
    println!("{:<8} {:>12} {:>9}   worst operand", "", "points", "ULP");
    for &f in MathFn::ALL {
        if !names.is_empty() && !names.iter().any(|name| name == f.name()) {
            continue;
        }
        let mut worst = Worst::default();
        match width.as_str() {
            "f64" => measure_f64(f, 0..count, &mut worst),
            "f32" => worst = single(f, count.max(1)),
            _ => return Err(format!("{width} is neither f32 nor f64")),
        }
        if worst.points == 0 {
            // A function composed of others, without a reference.
            continue;
        }
        let (a, b) = worst.at;
        let at = if f.arity() == 1 {
            format!("{a:e}")
        } else {
            format!("{a:e}, {b:e}")
        };
        println!(
            "{:<8} {:>12} {:>9.6}   {at}",
            f.name(),
            worst.points,
            worst.error
        );
    }
    Ok(())
}
