//! Are the names of axes written to HDF5 files, and left as they were by what comes later?

use crate::sinks::write;
use crate::values::expected;
use std::path::Path;
use tilewright_core::{DType, Kind, Result};
use tilewright_io::{ArraySpec, Counters, Part, create, keeps, list, open};

type Names = Option<Vec<Option<String>>>;

fn names(names: &[&str]) -> Names {
    let name = |name: &&str| Some(name.to_string()).filter(|name| !name.is_empty());
    Some(names.iter().map(name).collect())
}

fn uri(file: &Path, key: &str) -> String {
    format!("{}#/{key}", file.display())
}

fn store(file: &Path, key: &str, shape: &[i64], axes: &[&str], overwrite: bool) -> Result<()> {
    let mut spec = ArraySpec::new(shape, DType::F64, shape).overwrite(overwrite);
    spec.dimension_names = names(axes);
    let sink = create(&uri(file, key), &spec)?;
    write(&*sink, &expected(DType::F64, shape), &Counters::default());
    sink.finish()
}

#[test]
fn axes_have_scales_that_datasets_share() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("x.h5");
    let put = |key: &str, shape: &[i64], axes: &[&str]| store(&file, key, shape, axes, false);
    put("a/time", &[4], &["time"]).unwrap();
    put("a/first", &[4, 3], &["time", "row"]).unwrap();
    put("a/second", &[3, 4, 3], &["row", "time", "row"]).unwrap();
    put("b/third", &[5, 3], &["time", "row"]).unwrap();
    // Another length, no name, one that names the dataset, or is no name of one.
    let labelled: [(&str, &[i64], &[&str]); 4] = [
        ("a/longer", &[9, 3], &["time", "row"]),
        ("a/half", &[4, 3], &["time", ""]),
        ("a/itself", &[4, 3], &["time", "itself"]),
        ("a/odd", &[3, 4], &["row/s", "é"]),
    ];
    for (key, shape, axes) in labelled {
        put(key, shape, axes).unwrap();
    }
    let read = |key: &str| {
        open(&uri(&file, key))
            .unwrap()
            .info()
            .dimension_names
            .clone()
    };
    assert_eq!(read("a/time"), names(&["time"]));
    assert_eq!(read("a/first"), names(&["time", "row"]));
    assert_eq!(read("a/second"), names(&["row", "time", "row"]));
    assert_eq!(read("b/third"), names(&["time", "row"]));
    for (key, _, axes) in labelled {
        assert_eq!(read(key), names(axes), "{key}");
    }
    let mut found = list(file.to_str().unwrap()).unwrap();
    found.retain(|uri| uri.ends_with("/row") || uri.ends_with("b/time"));
    assert!(
        found.is_empty(),
        "dimensions without values are no arrays: {found:?}"
    );
    let error = put("a/row", &[3], &["row"]).unwrap_err();
    assert!(
        error.kind() == Kind::Sink && error.to_string().contains("dimension"),
        "{error}"
    );
    store(&file, "a/first", &[4, 3], &["row", "time"], true).unwrap();
    assert_eq!(
        read("a/first"),
        names(&["row", "time"]),
        "of other lengths, as labels"
    );
}

#[test]
fn a_file_of_one_dataset_and_its_scales_is_replaced_as_a_whole() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("x.h5");
    store(&file, "x", &[30, 40], &["time", "row"], false).unwrap();
    store(&file, "x", &[3], &["column"], true).unwrap();
    assert!(std::fs::metadata(&file).unwrap().len() < 8000);
    let source = open(file.to_str().unwrap()).unwrap();
    assert_eq!(source.info().dimension_names, names(&["column"]));
}

#[test]
fn axes_with_scales_of_their_own_grow_and_keep_their_names() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("x.h5");
    store(&file, "time", &[4], &["time"], false).unwrap();
    store(&file, "x", &[4, 3], &["time", "row"], false).unwrap();
    for (key, shape, axis) in [("x", &[2, 3][..], 0), ("x", &[6, 1], 1), ("time", &[2], 0)] {
        let mut spec = ArraySpec::new(shape, DType::F64, shape);
        spec.part = Part::Append(axis);
        let sink = create(&uri(&file, key), &spec).unwrap();
        write(&*sink, &expected(DType::F64, shape), &Counters::default());
        sink.finish().unwrap();
    }
    for (key, shape, axes) in [
        ("x", &[6, 4][..], &["time", "row"][..]),
        ("time", &[6], &["time"]),
    ] {
        let source = open(&uri(&file, key)).unwrap();
        assert_eq!(source.info().shape[..], *shape);
        assert_eq!(source.info().dimension_names, names(axes));
    }
}

#[test]
fn attributes_that_tie_scales_are_not_the_users() {
    let text = serde_json::json!("x");
    assert!(keeps("x.h5#/x", "units", &text));
    assert!(!keeps("x.h5#/x", "DIMENSION_LIST", &text));
}
