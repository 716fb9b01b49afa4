//! The command under real faults: killed, out of space, started again.

#![allow(clippy::unwrap_used, reason = "tests")]

mod program;
mod scratch;

use program::{command, run};
use scratch::Scratch;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn stats(args: &[&str]) -> serde_json::Value {
    serde_json::from_slice(&run(&[args, &["--stats", "-"]].concat()).stdout).unwrap()
}

fn printed(expr: &str) -> String {
    String::from_utf8(run(&["run", expr]).stdout).unwrap()
}

/// Every file below a directory, with its bytes.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(directory) = waiting.pop() {
        for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), bytes);
            }
        }
    }
    found
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// Chunks that stand in a store that is hidden still.
fn chunks_hidden(directory: &Scratch) -> usize {
    let hidden = directory.names().into_iter();
    let hidden = hidden.filter(|name| name.starts_with('.') && name.ends_with(".partial"));
    let count = |name: String| {
        let files = files(&directory.0.join(name)).into_keys();
        files
            .filter(|path| path.starts_with("c") && !is_hidden(path))
            .count()
    };
    hidden.map(count).sum()
}

/// Chunks that stand in a file that is hidden still, of an array of two axes.
fn entries_hidden(directory: &Scratch) -> usize {
    let journal = |name: String| std::fs::metadata(directory.0.join(name).join("journal"));
    let lens = directory
        .names()
        .into_iter()
        .filter_map(|name| journal(name).ok());
    lens.map(|journal| journal.len() as usize / 40).sum()
}

#[test]
fn a_store_killed_at_a_hundred_points_ends_as_if_nothing_had_been() {
    let directory = Scratch::new("killed");
    let (want, out) = (directory.path("want.zarr"), directory.path("out.zarr"));
    let expr = "sin(uniform(0, 1, (1200, 1200), chunks=(40, 60), seed=1)) * 2";
    let whole = stats(&["run", expr, "-o", &want]);
    let mut killed = 0;
    for point in 0..100u64 {
        let before = chunks_hidden(&directory);
        let mut child = command(&["run", expr, "-o", &out, "--threads", "2"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(point));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        if Path::new(&out).exists() {
            // It shows, and so it is whole.
            assert!(files(Path::new(&out)) == files(Path::new(&want)), "{point}");
            std::fs::remove_dir_all(&out).unwrap();
        } else {
            assert!(!status.success(), "{point}");
            assert!(
                chunks_hidden(&directory) >= before,
                "{point}: what stands stays"
            );
            killed += 1;
        }
    }
    assert!(killed > 0);
    let left = chunks_hidden(&directory) as u64;
    let rest = stats(&["run", expr, "-o", &out]);
    assert!(files(Path::new(&out)) == files(Path::new(&want)));
    assert_eq!(directory.names(), ["out.zarr", "want.zarr"]);
    let computed = |stats: &serde_json::Value| stats["elements_generated"].as_u64().unwrap();
    assert!(computed(&rest) <= computed(&whole));
    if left == 600 {
        assert_eq!(computed(&rest), 0, "nothing was missing");
    }
}

#[test]
fn only_what_is_missing_is_computed_again() {
    let expr = "uniform(0, 1, (6000, 4000), chunks=(500, 500), seed=1)";
    for (name, chunks) in [
        ("out.zarr", chunks_hidden as fn(&Scratch) -> usize),
        ("out.npy", entries_hidden),
        ("out.h5#/x", entries_hidden),
    ] {
        let directory = Scratch::new("resumed");
        let out = directory.path(name);
        let mut child = command(&["run", expr, "-o", &out, "--threads", "1"])
            .spawn()
            .unwrap();
        while chunks(&directory) < 8 {
            assert!(
                child.try_wait().unwrap().is_none(),
                "the store is too fast to be killed"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let stand = chunks(&directory) as u64;

        let other = command(&["run", "ones((6000, 4000)) * 2", "-o", &out])
            .output()
            .unwrap();
        let error = String::from_utf8(other.stderr).unwrap();
        assert_eq!(other.status.code(), Some(1), "{name}");
        assert!(
            error.contains("another expression") && error.contains("--overwrite"),
            "{name}: {error}"
        );

        let rest = stats(&["run", expr, "-o", &out]);
        let drawn = rest["elements_generated"].as_u64().unwrap();
        assert!(
            drawn <= (96 - stand) * 250_000,
            "{name}: {drawn} with {stand} that stood"
        );
        assert!(drawn > 0, "{name}");
        assert_eq!(directory.names(), [name.split('#').next().unwrap()]);
        assert!(printed(&format!("all(read({out:?}) == {expr})")).starts_with("True"));
    }
}

#[test]
fn parts_go_into_arrays_that_exist() {
    let directory = Scratch::new("parts");
    let out = directory.path("out.zarr");
    run(&[
        "run",
        "arange(12).reshape(3, 4)",
        "-o",
        &out,
        "--chunks",
        "2",
    ]);
    run(&["run", "0 - arange(4)[None]", "-o", &out, "--append", "0"]);
    run(&[
        "run",
        "zeros((2, 2), dtype='i8')",
        "-o",
        &out,
        "--region",
        "1:3, -2:",
    ]);
    let read = format!("read({out:?})");
    let want = "array([[0, 1, 2, 3], [4, 5, 0, 0], [8, 9, 0, 0], [0, -1, -2, -3]])";
    assert_eq!(
        printed(&format!("all({read} == {want})")),
        printed("all(ones(1) == 1)")
    );
    // An array may be made from itself: what is read is what stood there.
    run(&[
        "run",
        &format!("{read}[::-1]"),
        "-o",
        &out,
        "--region",
        "...",
    ]);
    assert_eq!(
        printed(&format!("all({read} == {want}[::-1])")),
        printed("all(ones(1) == 1)")
    );
    for (args, want) in [
        (&["--region", "0"][..], "slices"),
        (&["--region", "0:9, :"], "shape"),
        (&["--append", "1"], "5 elements along axis 0"),
        (&["--append", "7"], "axis"),
    ] {
        let expr = "zeros((5, 4), dtype='i8')";
        let output = command(&[&["run", expr, "-o", &out], args].concat())
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {error}");
        assert!(
            error.contains(want) && error.contains("try"),
            "{args:?}: {error}"
        );
    }
    let npy = directory.path("x.npy");
    let output = command(&["run", "ones(3)", "-o", &npy, "--append", "0"])
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("replaced as a whole") && error.contains("try"),
        "{error}"
    );
    assert_eq!(directory.names(), ["out.zarr"]);
}

#[test]
fn several_arrays_go_to_several_places_in_one_pass() {
    let directory = Scratch::new("several");
    let source = directory.path("x.zarr");
    run(&[
        "run",
        "uniform(0, 1, (400, 300), chunks=(50, 60), seed=2)",
        "-o",
        &source,
    ]);
    let [a, b, c] = ["a.zarr", "b.npy", "c.h5#/c"].map(|name| directory.path(name));
    let expr = format!("x = read({source:?}); x * 2, x.mean(axis=0), x[::2] > 0.5");
    // The targets' chunks lie across the source's.
    let args = ["run", &expr, "-o", &a, "-o", &b, "-o", &c, "--chunks", "70"];
    let stats = stats(&args);
    assert!(stats["bytes_written"].as_u64().unwrap() > 0);
    let checks = [
        format!("all(read({a:?}) == read({source:?}) * 2)"),
        format!("all(read({b:?}) == read({source:?}).mean(axis=0))"),
        format!("all(read({c:?}) == (read({source:?})[::2] > 0.5))"),
    ];
    for check in checks {
        assert_eq!(printed(&check), printed("all(ones(1) == 1)"), "{check}");
    }
}

#[test]
fn a_full_disk_is_an_error_that_leaves_nothing() {
    let directory = Scratch::new("full");
    let kept = directory.path("kept.zarr");
    run(&["run", "ones(5)", "-o", &kept]);
    let before = files(Path::new(&kept));
    for name in [
        "x.npy",
        "x.h5#/x",
        "x.zarr",
        "x.nii",
        "x.nii.gz",
        "x.npystack",
        "x.npz",
        "x.raw",
        "kept.zarr",
    ] {
        let out = directory.path(name);
        let binary = env!("CARGO_BIN_EXE_tilewright");
        // Files of at most 64 blocks; a write beyond them fails as on a full disk.
        let script = "ulimit -f 64; exec \"$0\" \"$@\"";
        let expr = "uniform(0, 1, (1000, 1000), chunks=(500, 1000), seed=1)";
        let output = Command::new("sh")
            .args(["-c", script, binary, "run", expr, "-o", &out, "--overwrite"])
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}: {error}");
        assert!(
            error.contains("writing failed") && error.contains("space"),
            "{name}: {error}"
        );
        assert_eq!(directory.names(), ["kept.zarr"], "{name}");
    }
    assert!(files(Path::new(&kept)) == before);
}

/// The command as nobody, whom permissions bind; the superuser may do everything.
fn as_nobody(binary: &str, args: &[&str]) -> Output {
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    let mut command = Command::new(binary);
    command.args(args);
    if std::fs::metadata("/proc/self")
        .is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
    {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.output().unwrap()
}

#[test]
fn without_permission_nothing_is_read_or_written() {
    use std::os::unix::fs::PermissionsExt;
    let allow = |path: &str, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let directory = Scratch::new("denied");
    // Nobody may not enter where the tests are built.
    let binary = directory.path("tilewright");
    std::fs::copy(env!("CARGO_BIN_EXE_tilewright"), &binary).unwrap();
    let may_not_read = |uri: &str| {
        let output = as_nobody(&binary, &["run", &format!("read({uri:?}).sum()")]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{uri}: {error}");
        assert!(
            error.contains("denied") && error.contains("who may read"),
            "{uri}: {error}"
        );
    };
    for name in ["x.zarr", "x.npy", "x.h5#/x", "x.nii"] {
        let uri = directory.path(name);
        run(&["run", "arange(6).reshape(2, 3)", "-o", &uri]);
        let file = uri.split('#').next().unwrap();
        let hidden = if name == "x.zarr" {
            directory.path("x.zarr/c/0/0")
        } else {
            file.to_owned()
        };
        allow(&hidden, 0o000);
        may_not_read(&uri);
        allow(&hidden, 0o644);
    }
    for (name, said) in [
        ("tiff/tiles_zlib.tif", ""),
        ("npz/packed.npz", "#a"),
        ("raw/plain.bin", "?shape=23,17&dtype=float64"),
        ("nifti/packed.nii.gz", ""),
    ] {
        let file = directory.path(name.split('/').next_back().unwrap());
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
        std::fs::copy(fixtures.join(name), &file).unwrap();
        allow(&file, 0o000);
        let uri = format!("{file}{said}");
        may_not_read(&uri);
    }
    let closed = directory.path("closed");
    std::fs::create_dir(&closed).unwrap();
    allow(&closed, 0o555);
    for name in [
        "y.zarr",
        "y.npy",
        "y.h5#/y",
        "y.nii.gz",
        "y.npystack",
        "y.npz#y",
        "y.raw",
    ] {
        let output = as_nobody(
            &binary,
            &["run", "ones(3)", "-o", &format!("{closed}/{name}")],
        );
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}: {error}");
        assert!(error.contains("you may write to"), "{name}: {error}");
    }
    assert_eq!(std::fs::read_dir(&closed).unwrap().count(), 0);
}

#[test]
fn a_killed_store_of_a_file_is_swept_by_the_next() {
    let directory = Scratch::new("swept");
    for name in ["x.npy", "x.h5#/x", "x.nii"] {
        let out = directory.path(name);
        let expr = "uniform(0, 1, (30000, 4000), chunks=(1000, 1000), seed=1)";
        let mut child = command(&["run", expr, "-o", &out]).spawn().unwrap();
        while directory.names().is_empty() {
            assert!(
                child.try_wait().unwrap().is_none(),
                "the store is too fast to be killed"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        // Another store of the name leaves the place of one that lives alone.
        run(&["run", "ones((2, 2))", "-o", &out]);
        assert_eq!(directory.names().len(), 2, "{name}");
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(directory.names().len(), 2, "{name}");
        run(&["run", "ones((2, 2))", "-o", &out, "--overwrite"]);
        assert_eq!(directory.names().len(), 1, "{name}");
        let file = name.split('#').next().unwrap();
        std::fs::remove_file(directory.path(file)).unwrap();
    }
}

#[test]
fn a_store_of_a_file_killed_at_a_hundred_points_ends_as_if_nothing_had_been() {
    let directory = Scratch::new("files-killed");
    let names = [
        "x.npy",
        "x.h5#/x",
        "x.nii",
        "x.nii.gz",
        "x.npystack",
        "x.npz",
    ];
    let expr = "sin(uniform(0, 1, (800, 600), chunks=(40, 600), seed=1)) * 2";
    let file = |name: &str| directory.path(name.split('#').next().unwrap());
    let whole = |name: &str| match std::fs::read(file(name)) {
        Ok(bytes) => BTreeMap::from([(PathBuf::new(), bytes)]),
        Err(_) => files(Path::new(&file(name))),
    };
    let remove = |name: &str| match std::fs::remove_file(file(name)) {
        Ok(()) => {}
        Err(_) => std::fs::remove_dir_all(file(name)).unwrap(),
    };
    let want = names.map(|name| {
        run(&["run", expr, "-o", &directory.path(name)]);
        let stored = whole(name);
        remove(name);
        stored
    });
    let (mut killed, mut shown) = (0, 0);
    for point in 0..100 {
        let k = point % names.len();
        let mut child = command(&["run", expr, "-o", &directory.path(names[k])]);
        let mut child = child.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(point as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        if !Path::new(&file(names[k])).exists() {
            killed += 1;
            continue;
        }
        // It shows, and so it is whole, however often it was killed before.
        shown += 1;
        assert!(whole(names[k]) == want[k], "{} at {point}", names[k]);
        remove(names[k]);
    }
    assert!(killed > 0, "{shown} were too fast to be killed");
    for (name, want) in names.iter().zip(&want) {
        run(&["run", expr, "-o", &directory.path(name)]);
        assert!(whole(name) == *want, "{name}");
    }
    let want = ["x.h5", "x.nii", "x.nii.gz", "x.npy", "x.npystack", "x.npz"];
    assert_eq!(directory.names(), want);
}

#[test]
fn two_processes_that_store_to_one_place_do_not_mix() {
    let directory = Scratch::new("two");
    let out = directory.path("out.zarr");
    let slow = "uniform(0, 1, (3000, 2000), chunks=(500, 500), seed=1)";
    let mut child = command(&["run", slow, "-o", &out, "--threads", "1"])
        .spawn()
        .unwrap();
    while chunks_hidden(&directory) == 0 {
        assert!(
            child.try_wait().unwrap().is_none(),
            "the store is too fast to be met"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    // The same would be done twice: it is told at once. Another takes its course, and is first.
    let same = command(&["run", slow, "-o", &out]).output().unwrap();
    let error = String::from_utf8(same.stderr).unwrap();
    let told = error.contains("another process") || error.contains("exists already");
    assert_eq!(same.status.code(), Some(1), "{error}");
    assert!(told && error.contains("try"), "{error}");
    let other = command(&["run", "ones(3)", "-o", &out]).output().unwrap();
    let first = child.wait_with_output().unwrap().status.success();
    assert_ne!(
        first,
        other.status.success(),
        "one of them stores, one is told"
    );
    let want = if first { slow } else { "ones(3)" };
    let check = format!("all(read({out:?}) == {want})");
    assert_eq!(printed(&check), printed("all(ones(1) == 1)"));
    assert_eq!(directory.names(), ["out.zarr"]);
}
