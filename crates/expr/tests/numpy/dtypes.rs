//! Are results of NumPy's dtypes, and refused dtypes refused?

use super::{array, dtype, lines};
use tilewright_core::{DType, Kind, Scalar};
use tilewright_expr::Expr;
use tilewright_expr::build::{self, Operand};

fn one(dtype: DType) -> Expr {
    array(vec![Scalar::from_i128(dtype, 1)], dtype, &[1])
}

#[test]
fn every_pair_of_dtypes_promotes_as_numpy_does() {
    let mut pairs = 0;
    for line in lines("types") {
        let head: Vec<&str> = line[0].split(' ').collect();
        let (op, first) = (head[1], one(dtype(head[2])));
        let results: Vec<&str> = line[1].split(' ').collect();
        let unary = results.len() == 1;
        for (second, want) in DType::ALL.iter().zip(results) {
            let args = match (unary, op) {
                (true, _) => vec![first.clone()],
                (_, "where") => vec![one(DType::Bool), first.clone(), one(*second)],
                _ => vec![first.clone(), one(*second)],
            };
            let args: Vec<Operand> = args.into_iter().map(Operand::Array).collect();
            let got = build::operate(op, &args);
            pairs += 1;
            match want {
                "-" => assert_eq!(got.unwrap_err().kind(), Kind::DType, "{line:?} {second}"),
                _ => assert_eq!(got.unwrap().dtype(), dtype(want), "{line:?} {second}"),
            }
        }
    }
    assert!(pairs > 2000, "{pairs}");
}
