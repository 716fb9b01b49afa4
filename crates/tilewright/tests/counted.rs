//! Arrays whose lengths data decide: are they counted, refused and let go as they should?
#![allow(clippy::unwrap_used, reason = "tests")]

use tilewright::{Array, Engine, Kind, Session, arange, array, axis, ones, random, s, shape};

fn numbers() -> Array {
    array([3i64, 1, 4, 1, 5, 9, 2, 6], shape([8]).chunks([3]))
}

fn values(x: &Array) -> Vec<i64> {
    x.compute().unwrap().to_vec().unwrap()
}

#[test]
fn every_engine_counts_the_same() {
    let x = random::seed(5).normal(0, 1, shape([40, 30]).chunks([7, 11]));
    let y = x.slice(s![x.gt(0.5)]);
    let roots = [
        &y * 2,
        y.slice(s![..;-3]),
        y.sort(0),
        x.slice(s![x.slice(s![.., 0]).lt(0), 2..5]),
    ];
    let compute = |engine| {
        let session = Session::builder()
            .engine(engine)
            .threads(3)
            .build()
            .unwrap();
        let all = session.compute_all(&roots).unwrap();
        let bits = |x: &f64| x.to_bits();
        let one = |x: tilewright::Computed| x.to_vec::<f64>().unwrap().iter().map(bits).collect();
        all.into_iter().map(one).collect::<Vec<Vec<u64>>>()
    };
    let want = compute(Engine::Reference);
    assert!(!want[0].is_empty());
    assert!(want == compute(Engine::Jit) && want == compute(Engine::Interpreter));
}

#[test]
fn a_count_may_be_of_what_is_counted() {
    let x = numbers();
    let large = x.slice(s![x.gt(2)]);
    assert_eq!(values(&large), [3, 4, 5, 9, 6]);
    let sorted = large.sort(0);
    assert_eq!(values(&sorted.slice(s![sorted.lt(6)])), [3, 4, 5]);
    let twice = large.slice(s![large.sort(0).gt(4)]);
    assert_eq!(values(&twice.unique(true).values), [5, 6, 9]);
    assert_eq!(values(&(sorted.slice(s![-1]) + large.sum(..))), [36]);
}

#[test]
fn what_needs_the_length_says_so() {
    let x = numbers();
    let large = x.slice(s![x.gt(2)]);
    assert_eq!(large.ndim().unwrap(), 1);
    assert!(large.check().is_ok());
    for error in [
        large.shape().unwrap_err(),
        large.expr().unwrap_err(),
        large.size().unwrap_err(),
    ] {
        assert_eq!(error.kind(), Kind::Shape);
        assert!(error.message().contains("counted"), "{error}");
    }
    // What no length makes right is refused at once; what some would, when it is computed.
    assert_eq!(large.sum(axis(1)).error().unwrap().kind(), Kind::Axis);
    let sum = &large + ones([2]);
    assert!(sum.error().is_none());
    assert_eq!(sum.compute().unwrap_err().kind(), Kind::Shape);
    assert_eq!(
        large.slice(s![7]).compute().unwrap_err().kind(),
        Kind::Index
    );
}

#[test]
fn nothing_has_no_least_element() {
    let x = numbers();
    let none = x.slice(s![x.gt(100)]);
    let error = none.min(..).compute().unwrap_err();
    assert_eq!(error.kind(), Kind::Value);
    assert!(error.message().starts_with("min of no elements"), "{error}");
    assert!(error.suggestion().is_some());
    assert_eq!(none.sum(..).compute().unwrap().item::<i64>().unwrap(), 0);
    assert!(
        none.mean(..)
            .compute()
            .unwrap()
            .item::<f64>()
            .unwrap()
            .is_nan()
    );
    assert_eq!(values(&none), [0i64; 0]);
}

#[test]
fn an_explanation_says_what_is_counted_first() {
    let x = numbers();
    let text = x.slice(s![x.gt(2)]).explain().unwrap().to_string();
    assert!(text.contains("counted first"), "{text}");
    assert!(
        !x.slice(s![x.gt(2)])
            .sum(..)
            .explain()
            .unwrap()
            .to_string()
            .contains("counted")
    );
}

#[test]
fn long_chains_are_let_go_without_recursion() {
    let x = arange(0, 8, 1);
    let mut y = x.slice(s![x.gt(2)]).sort(0);
    for _ in 0..100_000 {
        y = y.flip([]);
    }
    drop(y);
}

#[test]
fn one_point_for_billions_of_elements_is_not_written_out() {
    let long = 2_000_000_000;
    let x = tilewright::zeros(shape([long]).dtype(tilewright::DType::I8));
    let twice = x.repeat_by(&array([2i64], [1]), None);
    assert_eq!(twice.shape().unwrap(), [2 * long]);
    let none = tilewright::zeros(shape([long]).dtype(tilewright::DType::Bool));
    let all = x.delete_at(&none, None).slice(s![5]);
    assert_eq!(all.compute().unwrap().item::<i8>().unwrap(), 0);
    // What is repeated over an axis is as many points as it shows.
    let points = array([1i64, 2, 0], [3]).broadcast_to([2, 3]).ravel();
    let x = arange(0, 6, 1);
    assert_eq!(values(&x.repeat_by(&points, None)), [0, 1, 1, 3, 4, 4]);
    assert_eq!(values(&x.delete_at(&points, None)), [3, 4, 5]);
}

#[test]
fn squeezing_drops_what_is_counted_to_be_one() {
    let x = arange(0, 9, 1);
    let of = |least: i64| {
        let squeezed = x.slice(s![x.gt(least)]).squeeze([]);
        squeezed.compute().unwrap().shape().to_vec()
    };
    assert_eq!([of(4), of(7), of(99)], [vec![4], vec![], vec![0]]);
}
