//! Are the elements of element-wise operators NumPy's, on hostile values?

use super::{array, check, dtype, elements, evaluate, lines, same, value, values};
use std::collections::HashMap;
use tilewright_core::{DType, Kind, Scalar};
use tilewright_expr::build::{self, Operand};

/// The hostile values of each dtype.
fn hostile() -> HashMap<DType, Vec<Scalar>> {
    let read = |line: Vec<&str>| {
        let dtype = dtype(line[0].split(' ').nth(1).unwrap());
        (dtype, values(dtype, line[1]))
    };
    lines("values").into_iter().map(read).collect()
}

/// Every combination of the values of each list, the last list running fastest.
fn cross(lists: &[&Vec<Scalar>]) -> Vec<Vec<Scalar>> {
    let total: usize = lists.iter().map(|list| list.len()).product();
    let mut repeat = total;
    let mut out = Vec::new();
    for list in lists {
        repeat /= list.len();
        out.push((0..total).map(|k| list[k / repeat % list.len()]).collect());
    }
    out
}

#[test]
fn every_operator_on_every_combination_of_hostile_values() {
    let hostile = hostile();
    let mut compared = 0;
    for line in lines("map") {
        let head: Vec<&str> = line[0].split(' ').collect();
        let dtypes: Vec<DType> = head[2..].iter().map(|name| dtype(name)).collect();
        let lists: Vec<&Vec<Scalar>> = dtypes.iter().map(|dtype| &hostile[dtype]).collect();
        let args = cross(&lists).into_iter().zip(&dtypes);
        let args: Vec<_> = args
            .map(|(v, &dtype)| Operand::Array(array(v.clone(), dtype, &[v.len() as i64])))
            .collect();
        let expr = build::operate(head[1], &args).unwrap();
        let result = dtype(line[1]);
        assert_eq!(expr.dtype(), result, "{line:?}");
        let got = elements(&evaluate(&expr));
        let want: Vec<&str> = line[2].split(' ').collect();
        assert_eq!(got.len(), want.len(), "{line:?}");
        for (k, (&got, want)) in got
            .iter()
            .zip(want)
            .enumerate()
            .filter(|(_, (_, w))| *w != "-")
        {
            let want = value(result, want);
            assert!(
                same(got, want),
                "{k}: {got:?}, NumPy has {want:?}: {}",
                line[0]
            );
            compared += 1;
        }
    }
    assert!(compared > 15_000, "{compared}");
}

#[test]
fn every_cast_of_hostile_values() {
    let hostile = hostile();
    for line in lines("cast") {
        let head: Vec<&str> = line[0].split(' ').collect();
        let (from, to) = (dtype(head[1]), dtype(head[2]));
        let x = hostile[&from].clone();
        let x = array(x.clone(), from, &[x.len() as i64]);
        let want = values(to, line[1]);
        check(&line, &build::astype(&x, to).unwrap(), to, x.shape(), &want);
    }
}

/// Units in the last place between two floats of one dtype.
fn ulps(a: Scalar, b: Scalar) -> u64 {
    let key = |x: Scalar| match x.dtype() {
        DType::F16 => {
            let bits = (x.bits() as u16).cast_signed();
            i64::from(if bits < 0 { i16::MIN - bits } else { bits })
        }
        DType::F32 => {
            let bits = (x.bits() as u32).cast_signed();
            i64::from(if bits < 0 { i32::MIN - bits } else { bits })
        }
        _ => {
            let bits = x.bits().cast_signed();
            if bits < 0 { i64::MIN - bits } else { bits }
        }
    };
    key(a).abs_diff(key(b))
}

#[test]
fn transcendentals_are_within_one_unit_of_the_rounded_truth() {
    for line in lines("near") {
        let head: Vec<&str> = line[0].split(' ').collect();
        let (op, dtype) = (head[1], dtype(head[2]));
        let args = line[1].split(';').map(|list| values(dtype, list));
        let args: Vec<_> = args
            .map(|v| array(v.clone(), dtype, &[v.len() as i64]))
            .collect();
        let call = build::map(op, &args).unwrap();
        let (got, to) = (elements(&evaluate(&call)), call.dtype());
        // By contract.
        let most = match op {
            "power" => 2,
            "erfc" | "special.gamma" | "gammaln" => 4,
            _ => 1,
        };
        for (k, (got, want)) in got.into_iter().zip(values(to, line[2])).enumerate() {
            let zero_sign = want.to_f64() == 0.0 && got.bits() == want.bits();
            let near = zero_sign || (want.to_f64() != 0.0 && ulps(got, want) <= most);
            assert!(
                same(got, want) || near,
                "{op} {dtype} {k}: {got:?}, exactly {want:?}"
            );
        }
    }
}

#[test]
fn python_scalars_are_weak() {
    let hostile = hostile();
    for line in lines("weak") {
        let head: Vec<&str> = line[0].split(' ').collect();
        let from = dtype(head[2]);
        let x = hostile[&from].clone();
        let x = array(x.clone(), from, &[x.len() as i64]);
        let scalar = match head[3] {
            "True" => Operand::Bool(true),
            text => match text.parse() {
                Ok(int) => Operand::Int(int),
                Err(_) => Operand::Float(text.parse().unwrap()),
            },
        };
        let got = build::operate(head[1], &[x.clone().into(), scalar]);
        if line[1] == "refused" {
            assert_eq!(got.unwrap_err().kind(), Kind::Value, "{line:?}");
            continue;
        }
        let result = dtype(line[1]);
        check(
            &line,
            &got.unwrap(),
            result,
            x.shape(),
            &values(result, line[2]),
        );
    }
}
