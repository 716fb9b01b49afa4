//! Files of other programs through the command: what `info` shows, what `read` gives, what
//! `convert` writes.

#![allow(clippy::unwrap_used, reason = "tests")]

mod scratch;

use scratch::Scratch;
use std::path::PathBuf;
use std::process::Command;

fn fixture(name: &str) -> String {
    let parts = [env!("CARGO_MANIFEST_DIR"), "../../tests/fixtures", name];
    parts.iter().collect::<PathBuf>().display().to_string()
}

/// Standard output of a command that succeeds.
fn stdout(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tilewright"))
        .args(args)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {told}");
    String::from_utf8(output.stdout).unwrap()
}

/// Standard error of a command that fails.
fn refusal(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tilewright"))
        .args(args)
        .output()
        .unwrap();
    assert!(!output.status.success(), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn info_shows_a_tree_of_a_file_and_all_of_an_array() {
    let tree = stdout(&["info", &fixture("hdf5/climate.nc")]);
    for line in [
        "├─ air",
        "i16[5, 23, 17]  45 chunks",
        "├─ inner/",
        "│  └─ x",
        "u64[23]",
    ] {
        assert!(tree.contains(line), "{line}\n{tree}");
    }
    let tree = stdout(&["info", &fixture("v3.zarr/group")]);
    assert!(
        tree.contains("1 array\n") && tree.contains("deep"),
        "{tree}"
    );
    let tree = stdout(&["info", &fixture("npz/stored.npz")]);
    assert!(
        tree.contains("4 arrays\n") && tree.contains("flags"),
        "{tree}"
    );
    let page = stdout(&["info", &format!("{}#/air", fixture("hdf5/climate.nc"))]);
    for line in [
        "axes        time, lat, lon",
        "codecs      fletcher32, shuffle, deflate",
        "scale_factor: 0.01",
        "┌",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    let page = stdout(&["info", &fixture("nifti/scaled.nii")]);
    assert!(page.contains("stands for  x * 0.5 + -3"), "{page}");
    assert!(page.contains("affine: 2.0  0.0  0.0  0.0\n"), "{page}");
}

/// What an expression prints in full.
fn value(expr: &str) -> String {
    stdout(&["run", expr]).lines().next().unwrap().to_owned()
}

#[test]
fn scaled_images_have_the_values_that_nibabel_reads() {
    let text = std::fs::read_to_string(fixture("nifti/values.json")).unwrap();
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    for name in ["scaled.nii", "slope.nii", "scaled_float.nii"] {
        let want: Vec<String> = found[name]["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(|value| format!("{:?}", value.as_f64().unwrap()))
            .collect();
        let uri = fixture(&format!("nifti/{name}"));
        let is = format!(
            "(read('{uri}').reshape(60) == array([{}])).all()",
            want.join(", ")
        );
        assert_eq!(value(&is), "True", "{name}");
        assert!(stdout(&["run", &format!("read('{uri}')")]).contains("float64"));
    }
    let packed = fixture("nifti/packed.nii.gz");
    let plain = fixture("nifti/int16.nii");
    assert!(stdout(&["run", &format!("read('{plain}')")]).contains("int16"));
    assert_eq!(value(&format!("read('{packed}').max() == 5302")), "True");
}

#[test]
fn conventions_are_done_on_request() {
    let air = format!("{}#/air", fixture("hdf5/climate.nc"));
    // The first element is 11.
    let first = format!("read('{air}', decode=True)[0, 0, 0] == 11 * 0.01 + 273.15");
    assert_eq!(value(&first), "True");
    assert!(value(&format!("read('{air}')[0, 0, 0]")).contains("11"));
    // No element is the mark of a missing one, but where one is it becomes NaN.
    let nans = format!("x = read('{air}', decode=True); (x != x).sum()");
    let marks = format!("(read('{air}') == -32767).sum()");
    assert_eq!(value(&nans), value(&marks));
    let big = format!("{}#big", fixture("hdf5/climate.nc"));
    let same = format!("(read('{big}', decode=True) == read('{big}')).all()");
    assert_eq!(value(&same), "True");
}

#[test]
fn what_xarray_says_is_missing_is_missing_in_both_versions_of_zarr() {
    for version in [2, 3] {
        let read = |key: &str| {
            format!(
                "read('{}/{key}', decode=True)",
                fixture(&format!("xarray{version}.zarr"))
            )
        };
        for (key, want) in [
            ("t", "[1.0, nan, 3.0]"),
            ("p", "[2.5, nan, 3.5]"),
            ("n", "[0, 1, 2]"),
        ] {
            let same = format!("array_equal({}, array({want}), equal_nan=True)", read(key));
            assert_eq!(value(&same), "True", "{version} {key}");
        }
        // It goes along into other formats and versions, as these say it.
        let from = fixture(&format!("xarray{version}.zarr/t"));
        for (name, more) in [
            ("t.zarr", &["--zarr-version", "2"][..]),
            ("t.zarr", &[]),
            ("t.nc#/t", &[]),
        ] {
            let directory = Scratch::new("missing");
            let to = directory.path(name);
            stdout(&[&["convert", &from, &to], more].concat());
            let mark = format!("x = read('{to}', decode=True); isnan(x).sum()");
            assert_eq!(value(&mark), "1", "{version} {name}");
            let info = stdout(&["info", &to]);
            assert!(info.contains("axes        time"), "{info}");
            assert_eq!(directory.names().len(), 1, "{name}");
        }
    }
}

#[test]
fn bare_elements_and_globs_with_keys() {
    let raw = fixture("raw/offset_big.bin");
    let read = format!("read('{raw}', shape=(23, 17), dtype='>i2', offset=13)[0, 0]");
    assert!(value(&read).contains("11"));
    let files = fixture("hdf5/v1*.h5#/group/inner/deep");
    let stacked = format!("stack(read('{files}')).shape");
    assert_eq!(value(&stacked), "(2, 5)");
}

#[test]
fn convert_copies_between_formats() {
    let directory = std::env::temp_dir().join(format!("tilewright-convert-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let at = |name: &str| directory.join(name).display().to_string();
    let source = format!("{}#/plain", fixture("hdf5/climate.nc"));
    let chain = [
        (vec!["--chunks", "(10, 7)"], at("a.zarr")),
        (vec!["--chunks", "5,4", "--shards", "10,8"], at("b.zarr")),
        (
            vec!["--zarr-version", "2", "--compression", "gzip"],
            at("c.zarr"),
        ),
        (vec![], format!("{}#/group/x", at("d.h5"))),
        (vec![], at("e.nii.gz")),
        (vec![], at("f.npy")),
        (vec!["--chunks", "3,-1"], at("g.npystack")),
        (vec![], at("i.npz#plain")),
        (vec![], at("j.raw?shape=23,17&dtype=float64")),
    ];
    let mut from = source.clone();
    for (options, to) in &chain {
        let args: Vec<&str> = ["convert", &from, to]
            .into_iter()
            .chain(options.clone())
            .collect();
        stdout(&args);
        let same = format!("(read('{source}') == read('{to}')).all()");
        assert_eq!(value(&same), "True", "{to}");
        assert!(refusal(&args).contains("--overwrite"), "{to}");
        from = to.clone();
    }
    // What a format cannot do is refused, and not done otherwise.
    for (options, to, want) in [
        (
            &["--chunks", "3,4"][..],
            at("h.npystack"),
            "first axis alone",
        ),
        (&[], at("h.npystack?axis=1"), "does not ask for"),
        (&[], at("h.npy?order=F"), "does not ask for"),
        (&[], at("h.npy#part"), "has none"),
        (&[], at("h.zarr#part"), "has none"),
        (
            &["--append", "0", "--no-checksum"],
            at("a.zarr"),
            "cannot be used with",
        ),
        (
            &["--region", "...", "--no-checksum"],
            at("a.zarr"),
            "cannot be used with",
        ),
    ] {
        let args = [&["convert", &*source, &*to], options].concat();
        let told = refusal(&args);
        assert!(told.contains(want), "{to}: {told}");
    }
    // Attributes go where the format has a place for them.
    let described = format!("{}#/air", at("h.h5"));
    let air = format!("{}#/air", fixture("hdf5/climate.nc"));
    stdout(&["convert", &air, &described]);
    assert!(stdout(&["info", &described]).contains("scale_factor: 0.01"));
    // Into a part, and behind the end.
    let part = at("part.npy");
    stdout(&["run", &format!("read('{source}')[0:5] * 2"), "-o", &part]);
    let whole = at("a.zarr");
    stdout(&["convert", &part, &whole, "--region", "5:10, :"]);
    let same = format!("(read('{whole}')[5:10] == read('{part}')).all()");
    assert_eq!(value(&same), "True");
    stdout(&["convert", &part, &whole, "--append", "0"]);
    let same = format!("(read('{whole}')[-5:] == read('{part}')).all()");
    assert_eq!(value(&same), "True");
    let kept = format!("(read('{whole}')[0:5] * 2 == read('{part}')).all()");
    assert_eq!(value(&kept), "True");
    assert!(refusal(&["convert", &part, &at("f.npy"), "--append", "0"]).contains("as a whole"));
    // What the attributes say is done once.
    let air = format!("{}#/air", fixture("hdf5/climate.nc"));
    let to = at("air.zarr");
    stdout(&["convert", &air, &to, "--decode"]);
    let page = stdout(&["info", &to]);
    assert!(page.contains("axes        time, lat, lon"), "{page}");
    assert!(
        page.contains("units: \"K\"") && !page.contains("scale_factor"),
        "{page}"
    );
    assert!(refusal(&["convert", &air, &at("x.npy"), "--shards", "1,1"]).contains("npy"));
    assert!(
        refusal(&[
            "convert",
            &air,
            &at("x.zarr"),
            "--compression",
            "zstd",
            "--level",
            "99"
        ])
        .contains("--level 99")
    );
    std::fs::remove_dir_all(&directory).unwrap();
}

/// Writes files and directories, by their paths.
fn put(directory: &Scratch, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = directory.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

#[test]
fn info_shows_groups_and_what_is_stored_beside_them() {
    let directory = Scratch::new("info-groups");
    let group = r#"{"zarr_format": 3, "node_type": "group", "attributes": {"title": "all", "note": "a\u001b[2Jb"}}"#;
    put(
        &directory,
        &[
            ("x.zarr/zarr.json", group),
            ("x.zarr/a/zarr.json", group),
            ("x.zarr/old/.zgroup", r#"{"zarr_format": 2}"#),
            ("x.zarr/old/.zattrs", r#"{"n": [[1, 2], [30, 4]]}"#),
        ],
    );
    for name in ["x.zarr/a/b", "x.zarr/c"] {
        let made = "ones((3, 4, 5), chunks=(1, 2, 2))";
        stdout(&["run", made, "-o", &directory.path(name)]);
    }
    let shown = stdout(&["info", &directory.path("x.zarr")]);
    let want = "  attributes  title: \"all\"
              note: \"a\\u001b[2Jb\"
├─ a/
│  └─ b  f64[3, 4, 5]  18 chunks  480 B  bytes, zstd, crc32c
├─ c     f64[3, 4, 5]  18 chunks  480 B  bytes, zstd, crc32c
└─ old/
";
    let (first, rest) = shown.split_once('\n').unwrap();
    assert!(first.ends_with("x.zarr  2 arrays"), "{first}");
    assert_eq!(rest, want);
    let old = stdout(&["info", &directory.path("x.zarr/old")]);
    assert!(
        old.contains("  attributes  n: 1   2\n                 30  4\n"),
        "{old}"
    );
    let page = stdout(&["info", &directory.path("x.zarr/c")]);
    assert!(page.contains("(1, 2, 2), 18 chunks, 32 B each\n"), "{page}");
    assert!(page.contains("3 of these along the axes before"), "{page}");
    assert!(
        page.lines().skip(1).all(|line| line.chars().count() <= 80),
        "{page}"
    );
}

#[test]
fn info_shows_what_a_directory_or_a_pattern_holds() {
    let directory = Scratch::new("info-files");
    put(&directory, &[("notes.txt", "hello"), ("below/x", "")]);
    for name in ["b.npy", "a.npy", "c.h5#/g", "c.h5#/x#1"] {
        stdout(&["run", "ones(3)", "-o", &directory.path(name)]);
    }
    let shown = stdout(&["info", &directory.0.display().to_string()]);
    let (first, rest) = shown.split_once('\n').unwrap();
    assert!(
        first.ends_with("4 files, and 1 that are not read"),
        "{first}"
    );
    let want = "  a.npy   f64[3]  1 chunk  24 B\n  b.npy   f64[3]  1 chunk  24 B\n  below/\n  c.h5    2 arrays\n";
    assert_eq!(rest, want);
    let shown = stdout(&["info", &directory.path("*.npy")]);
    assert!(
        shown.contains("  2 files\n") && shown.contains("b.npy  f64[3]"),
        "{shown}"
    );
    let shown = stdout(&["info", &directory.path("[a]*")]);
    assert!(shown.contains("format      npy"), "{shown}");
    // A key may hold any sign.
    let shown = stdout(&["info", &directory.path("c.h5#/x#1")]);
    assert!(shown.contains("format      hdf5"), "{shown}");

    assert!(refusal(&["info", &directory.path("z*")]).contains("no file matches"));
    assert!(refusal(&["info", "/dev/null"]).contains("neither a file nor a directory"));
    let link = directory.path("link.npy");
    std::os::unix::fs::symlink(directory.path("gone"), &link).unwrap();
    assert!(refusal(&["info", &link]).contains("leads nowhere"));
}

#[test]
fn info_opens_a_file_once_however_many_arrays_it_has() {
    let directory = Scratch::new("info-many");
    put(
        &directory,
        &[(
            "x.zarr/zarr.json",
            r#"{"zarr_format": 3, "node_type": "group"}"#,
        )],
    );
    let array = r#"{"zarr_format": 3, "node_type": "array", "shape": [3], "data_type": "int8",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2]}},
        "chunk_key_encoding": {"name": "default"}, "fill_value": 0, "codecs": [{"name": "bytes"}]}"#;
    for k in 0..1200 {
        put(&directory, &[(&format!("x.zarr/x{k}/zarr.json"), array)]);
    }
    let shown = stdout(&["info", &directory.path("x.zarr")]);
    assert!(shown.contains("  1200 arrays\n"));
    assert_eq!(shown.lines().count(), 1201);
    // 1500 groups stand in this file, each with a link.
    let shown = stdout(&["info", &format!("{}#links", fixture("hdf5/outside.h5"))]);
    assert!(shown.contains("1500 arrays\n"), "{}", &shown[..200]);
}

#[test]
fn a_converted_image_keeps_its_affine() {
    let directory = Scratch::new("convert-affine");
    let told = |uri: &str| {
        let shown = stdout(&["info", uri]);
        let at = shown.find("affine: ").unwrap();
        shown[at..].to_owned()
    };
    let image = fixture("nifti/int16.nii");
    let (zarr, packed) = (directory.path("x.zarr"), directory.path("x.nii.gz"));
    stdout(&["convert", &image, &zarr]);
    stdout(&["convert", &zarr, &packed]);
    assert_eq!(told(&packed).lines().next(), told(&image).lines().next());
    assert!(told(&packed).contains("units"));
    // What was done with the elements is not said of them again.
    let scaled = directory.path("scaled.zarr");
    stdout(&["convert", &fixture("nifti/scaled.nii"), &scaled]);
    assert!(!stdout(&["info", &scaled]).contains("scl_slope"));
}
