//! Do subscripts, moves and constructors give NumPy's shapes and elements?

use super::{check, counting, dtype, lines, numbers, shape, values};
use tilewright_core::{DType, Grid, Scalar, Slice};
use tilewright_expr::Expr;
use tilewright_expr::build::{self, Item, Operand};

/// `a:b:c`, an integer, `...` or `None`.
fn item(text: &str) -> Item {
    match text {
        "None" => Item::NewAxis,
        "..." => Item::Ellipsis,
        _ if text.contains(':') => {
            let parts: Vec<Option<i64>> = text.split(':').map(|part| part.parse().ok()).collect();
            let at = |k: usize| parts.get(k).copied().flatten();
            Item::Slice(Slice {
                start: at(0),
                stop: at(1),
                step: at(2),
            })
        }
        _ => Item::Int(text.parse().unwrap()),
    }
}

#[test]
fn subscripts() {
    for line in lines("index") {
        let x = counting(&shape(line[0].split(' ').nth(1).unwrap()));
        let items: Vec<Item> = line[1].split(' ').map(item).collect();
        let got = build::index(&x, &items).unwrap();
        check(
            &line,
            &got,
            DType::I64,
            &shape(line[2]),
            &values(DType::I64, line[3]),
        );
    }
}

fn moved(name: &str, x: &Expr, arguments: &[i64]) -> Expr {
    match name {
        "transpose" => build::transpose(x, Some(arguments)),
        "expand_dims" => build::expand_dims(x, arguments),
        "squeeze" => build::squeeze(x, None),
        "reshape" => build::reshape(x, arguments),
        "broadcast_to" => build::broadcast_to(x, arguments),
        "stack" => {
            let next = build::operate("add", &[x.clone().into(), Operand::Int(1)]).unwrap();
            build::stack(&[x.clone(), next], arguments[0])
        }
        "concatenate" => {
            let back = Slice {
                step: Some(-1),
                ..Slice::default()
            };
            let reversed = build::index(x, &[Item::Slice(back)]).unwrap();
            build::concatenate(&[x.clone(), reversed], arguments[0])
        }
        _ => panic!("{name}"),
    }
    .unwrap()
}

#[test]
fn moves() {
    for line in lines("move") {
        let head: Vec<&str> = line[0].split(' ').collect();
        let got = moved(head[1], &counting(&shape(head[2])), &numbers(line[1]));
        check(
            &line,
            &got,
            DType::I64,
            &shape(line[2]),
            &values(DType::I64, line[3]),
        );
    }
}

/// A Python number.
fn number(text: &str) -> Scalar {
    match text.parse::<i64>() {
        Ok(int) => int.into(),
        Err(_) => text.parse::<f64>().unwrap().into(),
    }
}

#[test]
fn constructors() {
    for line in lines("make") {
        let dtype = dtype(line[2]);
        let args: Vec<Scalar> = line[1].split(' ').map(number).collect();
        let chunks = |shape: &[i64]| Ok(Grid::regular(shape, &[2]));
        let int = |k: usize| args[k].as_i128().unwrap() as i64;
        let got = match line[0] {
            "make arange" => build::arange(args[0], args[1], args[2], dtype, chunks),
            "make linspace" => {
                let (start, stop) = (args[0].to_f64(), args[1].to_f64());
                build::linspace(start, stop, int(2), int(3) == 1, dtype, chunks)
            }
            _ => build::eye(int(2), dtype, Grid::whole(&[int(0), int(1)])),
        };
        let got = got.unwrap();
        check(&line, &got, dtype, got.shape(), &values(dtype, line[3]));
    }
}
