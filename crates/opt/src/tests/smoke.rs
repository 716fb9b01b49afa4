use crate::{Options, form, identity, optimize};
use tilewright_core::{AxisRange, Grid, Region, Scalar};
use tilewright_expr::build::Operand;
use tilewright_expr::{Expr, build, print};

fn show(name: &str, roots: &[Expr]) {
    let plain = identity(roots).unwrap();
    form::check(&plain).unwrap();
    let o = optimize(roots, &Options::default()).unwrap();
    form::check(&o.roots).unwrap();
    println!("== {name}\n{}", print::table(&print::tree(&o.roots)));
    println!(
        "{:?} -> {:?} cost {} nodes {} it {}",
        o.report.work_before,
        o.report.work_after,
        o.report.cost_ns,
        o.report.nodes,
        o.report.iterations
    );
    for f in &o.report.fired {
        println!("  {} {} {} {}", f.name, f.class, f.count, f.because);
    }
}

#[test]
fn smoke() {
    let g = Grid::regular(&[10000, 10000], &[1000, 1000]);
    let x = build::normal(Operand::Float(0.0), Operand::Float(1.0), 1, g).unwrap();
    let m = build::statistic("mean", &x, Some(&[0]), 0.0, false).unwrap();
    let s = build::slice(
        &m,
        Region {
            axes: [AxisRange::new(0, 1, 100)].into_iter().collect(),
        },
    )
    .unwrap();
    show("mean", &[s]);
    let sd = build::statistic("std", &x, Some(&[0]), 0.0, false).unwrap();
    let d = build::map("subtract", &[x.clone(), m]).unwrap();
    let z = build::map("divide", &[d, sd]).unwrap();
    show("z", &[z]);
    let c = build::normal(
        Operand::Float(0.0),
        Operand::Float(1.0),
        1,
        Grid::whole(&[7000, 3]),
    )
    .unwrap();
    let a = build::expand_dims(&c, &[1]).unwrap();
    let b = build::expand_dims(&c, &[0]).unwrap();
    let d = build::map("square", &[build::map("subtract", &[a, b]).unwrap()]).unwrap();
    let d = build::reduce("sum", &d, Some(&[-1]), false).unwrap();
    let one = build::constant(Scalar::from(1.0)).unwrap();
    let s = build::map("divide", &[one, d]).unwrap();
    let s3 = build::map(
        "multiply",
        &[s.clone(), build::map("multiply", &[s.clone(), s]).unwrap()],
    )
    .unwrap();
    let t = build::reduce(
        "sum",
        &build::map(
            "subtract",
            &[
                build::map("multiply", &[s3.clone(), s3.clone()]).unwrap(),
                s3,
            ],
        )
        .unwrap(),
        None,
        false,
    )
    .unwrap();
    show("lj", &[t]);
}
