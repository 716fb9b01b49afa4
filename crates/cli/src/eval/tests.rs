use super::{EvalError, Value, evaluate};
use crate::output::array;
use crate::parse;
use tilewright::{Engine, Kind, Session};

fn roots(text: &str) -> Result<Vec<Value>, EvalError> {
    let program = parse::program(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let roots = evaluate(&program, Vec::new())?;
    Ok(roots.into_iter().map(|root| root.node).collect())
}

/// The values of a program's roots as text, by the reference engine and by machine code.
fn show(text: &str) -> String {
    let roots = roots(text).unwrap_or_else(|error| panic!("{}", error.render(text)));
    let session = |engine| {
        Session::builder()
            .threads(1)
            .memory(1 << 30)
            .engine(engine)
            .build()
    };
    let (plain, clever) = (
        session(Engine::Reference).unwrap(),
        session(Engine::Jit).unwrap(),
    );
    let lines = roots.iter().map(|value| match value {
        Value::Array(x) => {
            let line = array::text(&plain.compute(x).unwrap());
            assert_eq!(array::text(&clever.compute(x).unwrap()), line, "{text}");
            format!("{line} {}", x.dtype().unwrap().name())
        }
        value => value.to_string(),
    });
    lines.collect::<Vec<_>>().join("; ").replace('\n', "")
}

fn refused(text: &str) -> EvalError {
    match roots(text) {
        Ok(values) => panic!("{text} gives {values:?}"),
        Err(error) => error,
    }
}

#[test]
fn plain_numbers_are_pythons() {
    for (text, want) in [
        (
            "2**40, 7 // 2, -7 % 3, 1 / 4, 2**-1",
            "1099511627776; 3; 2; 0.25; 0.5",
        ),
        (
            "True + 1, ~5, -True, 3 < 2.5, 1 == 1.0",
            "2; -6; -1; False; True",
        ),
        (
            "0.1 + 0.2, 1e16, 1e-5, -0.0, 1e22",
            "0.30000000000000004; 1e+16; 1e-05; -0.0; 1e+22",
        ),
        (
            "(1, 2) + (3,), [1, 2][-1], (1, 2, 3)[::-2], (4,)",
            "(1, 2, 3); 2; (3, 1); (4,)",
        ),
        (
            "abs(-3), max(2, 3.5), min(1, 2), pow(2, 5), len((1, 2))",
            "3; 3.5; 1; 32; 2",
        ),
        (
            "int(3.7), int(-3.7), float(2), bool(0), pi, inf",
            "3; -3; 2.0; False; 3.141592653589793; inf",
        ),
        (
            "5 & 3 | 8 ^ 1, 1 << 70, -9 >> 1",
            "9; 1180591620717411303424; -5",
        ),
        (
            "ones((4, 3)).shape, ones((4, 3)).shape[0] // 2, ones(3).ndim",
            "(4, 3); 2; 1",
        ),
        (
            "x = ones((4, 6), chunks=(3, -1)); x.chunks, x.chunksize, x.numblocks, x.size, x.nbytes",
            "((3, 1), (6,)); (3, 6); (2, 1); 24; 192",
        ),
        (
            "ones(2).dtype, ones(2).dtype == 'f8', ones(2).dtype == int8, 'a', None",
            "float64; True; False; 'a'; None",
        ),
    ] {
        assert_eq!(show(text), want, "{text}");
    }
}

#[test]
fn operators_and_promotion_are_numpys() {
    for (text, want) in [
        ("arange(3) + 1", "[1 2 3] int64"),
        ("arange(3, dtype='i1') * 2", "[0 2 4] int8"),
        ("arange(3, dtype=float32) * 2.0", "[0. 2. 4.] float32"),
        ("arange(3, dtype='i1') / 2", "[0.  0.5 1. ] float64"),
        (
            "1 - arange(3), -arange(3), +arange(2)",
            "[ 1  0 -1] int64; [ 0 -1 -2] int64; [0 1] int64",
        ),
        (
            "array([7, -7]) // 2, array([7, -7]) % 3",
            "[ 3 -4] int64; [1 2] int64",
        ),
        (
            "arange(4)**2, arange(3.) ** 0.5",
            "[0 1 4 9] int64; [0.         1.         1.41421356] float64",
        ),
        (
            "arange(4) < 2, 2 <= arange(4)",
            "[ True  True False False] bool; [False False  True  True] bool",
        ),
        (
            "a = array([True, False]); a & True, ~a, a | ~a, a ^ a",
            "[ True False] bool; [False  True] bool; [ True  True] bool; [False False] bool",
        ),
        (
            "arange(3) + [10, 20, 30], [1.5] * arange(2)",
            "[10 21 32] int64; [0.  1.5] float64",
        ),
        ("where(arange(4) % 2 == 0, 1, -1)", "[ 1 -1  1 -1] int64"),
        (
            "minimum(arange(3), 1), maximum([1, nan], 0)",
            "[0 1 1] int64; [ 1. nan] float64",
        ),
        (
            "sqrt([4, 9]), abs(array([-1, 2])), square(3)",
            "[2. 3.] float64; [1 2] int64; 9 int64",
        ),
        (
            "np.exp(0.), np.log(1.), np.floor(-0.5), np.ceil([0.5])",
            "1.0 float64; 0.0 float64; -1.0 float64; [1.] float64",
        ),
        (
            "float32(0.1), int8(3) + int8(4), uint8([255]) + uint8(1)",
            "0.1 float32; 7 int8; [0] uint8",
        ),
    ] {
        assert_eq!(show(text), want, "{text}");
    }
}

#[test]
fn reductions_take_numpys_arguments() {
    for (text, want) in [
        (
            "x = arange(6).reshape(2, 3); x.sum(), x.sum(0), x.sum(axis=(0, 1)), sum(x, 1)",
            "15 int64; [3 5 7] int64; 15 int64; [ 3 12] int64",
        ),
        (
            "arange(6).reshape(2, 3).max(axis=-1, keepdims=True)",
            "[[2] [5]] int64",
        ),
        (
            "x = arange(4); x.mean(), x.var(), x.var(ddof=1), x.std(axis=0)",
            "1.5 float64; 1.25 float64; 1.6666666666666667 float64; 1.118033988749895 float64",
        ),
        (
            "arange(4).prod(), any([0, 1]), all([0, 1]), arange(3).min()",
            "0 int64; True bool; False bool; 0 int64",
        ),
        (
            "arange(300).sum(dtype='i1'), arange(3).mean(dtype=float32)",
            "50 int8; 1.0 float32",
        ),
        (
            "ones((2, 3)).sum(()), ones((2, 3), dtype='f4').mean(0, split_every=4)",
            "[[1. 1. 1.] [1. 1. 1.]] float64; [1. 1. 1.] float32",
        ),
        (
            "zeros((0, 2)).sum(axis=0), zeros((0,)).mean()",
            "[0. 0.] float64; nan float64",
        ),
    ] {
        assert_eq!(show(text), want, "{text}");
    }
}

#[test]
fn subscripts_and_moves_are_numpys() {
    for (text, want) in [
        (
            "x = arange(12).reshape(3, 4); x[1], x[-1, ::-2], x[:, 1][::2]",
            "[4 5 6 7] int64; [11  9] int64; [1 9] int64",
        ),
        (
            "x = arange(12).reshape(3, 4); x[..., 0], x[None, 2].shape, x[1:2, None].shape, x[()].shape",
            "[0 4 8] int64; (1, 4); (1, 1, 4); (3, 4)",
        ),
        (
            "x = arange(12).reshape(3, 4); x[x.shape[0] // 2, x.shape[1] - 1], x[99:, :].shape",
            "7 int64; (0, 4)",
        ),
        (
            "x = arange(6).reshape(2, 3); x.T, transpose(x, (1, 0)).shape, x.transpose(1, 0).shape",
            "[[0 3] [1 4] [2 5]] int64; (3, 2); (3, 2)",
        ),
        (
            "arange(6).reshape((3, -1)).shape, reshape(arange(4), (2, 2)), ravel(ones((2, 2))).shape",
            "(3, 2); [[0 1] [2 3]] int64; (4,)",
        ),
        (
            "broadcast_to([1, 2], (2, 2)), expand_dims([1], 0).shape, squeeze(ones((1, 2))).shape",
            "[[1 2] [1 2]] int64; (1, 1); (2,)",
        ),
        (
            "concatenate([[1], [2, 3]]), stack([[1], [2]], axis=1), stack((arange(2), ones(2)))",
            "[1 2 3] int64; [[1 2]] int64; [[0. 1.] [1. 1.]] float64",
        ),
        (
            "ones((4, 4)).rechunk((2, -1)).numblocks, from_array(ones(4), chunks=2).numblocks",
            "(2, 1); (2,)",
        ),
        (
            "x = ones((4, 4), chunks=(2, 3)); x.rechunk((None, 1)).chunks",
            "((2, 2), (1, 1, 1, 1))",
        ),
        (
            "x = ones((4, 4), chunks=(2, 3)); x.rechunk({-1: 1}).chunks, x.rechunk({0: -1}).numblocks",
            "((2, 2), (1, 1, 1, 1)); (1, 2)",
        ),
        (
            "arange(3).astype('f4'), arange(3).astype(bool), astype([1.9], int)",
            "[0. 1. 2.] float32; [False  True  True] bool; [1] int64",
        ),
    ] {
        assert_eq!(show(text), want, "{text}");
    }
}

#[test]
fn arrays_are_made_with_numpys_arguments() {
    for (text, want) in [
        (
            "zeros(3), ones((1, 2), int8), full((2,), 7), full(2, 1.5, 'f4')",
            "[0. 0. 0.] float64; [[1 1]] int8; [7 7] int64; [1.5 1.5] float32",
        ),
        (
            "arange(2, 8, 3), arange(0, 1, 0.25), arange(3, dtype=float), arange(5, 2, -1)",
            "[2 5] int64; [0.   0.25 0.5  0.75] float64; [0. 1. 2.] float64; [5 4 3] int64",
        ),
        (
            "linspace(0, 1, 5), np.linspace(0, 10, num=3, endpoint=False, dtype=int)",
            "[0.   0.25 0.5  0.75 1.  ] float64; [0 3 6] int64",
        ),
        (
            "eye(2), eye(2, 3, k=1, dtype=int)",
            "[[1. 0.] [0. 1.]] float64; [[0 1 0] [0 0 1]] int64",
        ),
        (
            "array([[1, 2], [3, 4]], dtype=int8), array([1, 2.5]), array(5), array([True])",
            "[[1 2] [3 4]] int8; [1.  2.5] float64; 5 int64; [ True] bool",
        ),
        (
            "array([2**63]), array([]), array([[], []]).shape",
            "[9223372036854775808] uint64; [] float64; (2, 0)",
        ),
        (
            "zeros_like(arange(2)), ones_like([1.5]), full_like(arange(2), 9)",
            "[0 0] int64; [1.] float64; [9 9] int64",
        ),
    ] {
        assert_eq!(show(text), want, "{text}");
    }
}

#[test]
fn random_calls_are_numpys_and_repeat_by_seed() {
    let same = |a: &str, b: &str| assert_eq!(show(a), show(b), "{a} against {b}");
    same(
        "normal(0, 1, (2, 3), seed=7)",
        "da.random.normal(size=(2, 3), chunks=1, seed=7)",
    );
    same(
        "normal(0, 1, (2, 3), seed=7)",
        "np.random.standard_normal((2, 3), seed=7)",
    );
    same(
        "random.random((2, 2), seed=1)",
        "uniform(size=(2, 2), seed=1)",
    );
    same(
        "random.rand(2, 2, seed=1)",
        "random.random_sample((2, 2), seed=1)",
    );
    same(
        "randint(10, size=5, seed=2)",
        "random.integers(0, 9, (5,), endpoint=True, seed=2)",
    );
    same(
        "normal(10, 2, 3, seed=7)",
        "10 + 2 * normal(size=3, seed=7)",
    );
    same(
        "random.default_rng(7).normal(size=3)",
        "normal(size=3, seed=7)",
    );
    assert_eq!(
        show("r = random.default_rng(7); (r.random(3) == r.random(3)).any()"),
        "False bool"
    );
    assert_eq!(
        show("(random.random(9) == random.random(9)).any()"),
        "False bool"
    );
    assert_eq!(
        show("normal([0, 1], 1).shape, normal().shape, randint(0, 2, 3).dtype"),
        "(2,); (); int64"
    );
}

#[test]
fn wrong_programs_are_refused_at_their_place() {
    for (text, place, message, way_out) in [
        ("x + 1", "x", "unknown name \"x\"", "`tilewright ops`"),
        (
            "nrmal(0, 1)",
            "nrmal",
            "unknown function \"nrmal\"",
            "normal",
        ),
        (
            "ones(3).men()",
            "men",
            "unknown method \"men\"",
            ".mean(...)",
        ),
        (
            "ones(3).shap",
            "shap",
            "unknown attribute \"shap\"",
            "shape",
        ),
        ("ones(3).mean", "mean", "mean is a method", ".mean(...)"),
        (
            "ones(3).sin()",
            "sin",
            "sin is a function, not a method",
            "sin(x)",
        ),
        ("sin", "sin", "sin is a function", "sin(...)"),
        ("sin()", "sin()", "sin needs the argument x", "sin(x)"),
        ("sin(1., 2.)", "2.", "sin takes 1 argument, not 2", "sin(x)"),
        (
            "ones(3).sum(axs=0)",
            "axs",
            "sum has no argument axs",
            "axis=",
        ),
        (
            "ones(3).sum(0, axis=0)",
            "axis",
            "sum is given axis twice",
            "each argument once",
        ),
        (
            "ones(3) + ones(4)",
            "ones(3) + ones(4)",
            "do not broadcast",
            "slice",
        ),
        (
            "1 + ones(3).sum(axis=1)",
            "ones(3).sum(axis=1)",
            "axis 1 is out of range",
            "-1 to 0",
        ),
        (
            "ones(3)[5]",
            "ones(3)[5]",
            "index 5 is out of range",
            "-3 to 2",
        ),
        (
            "ones(3)[::0]",
            "ones(3)[::0]",
            "step is 0",
            "positive or negative",
        ),
        (
            "ones(3)[[0, 3]]",
            "ones(3)[[0, 3]]",
            "index 3 is out of range",
            "-3 to 2",
        ),
        (
            "ones(3)[0.5]",
            "0.5",
            "a float is not an index",
            "an integer",
        ),
        ("1 / 0", "1 / 0", "division by zero", "other than 0"),
        ("10**39", "10**39", "does not fit 128 bits", "floats"),
        (
            "ones((2.5,))",
            "(2.5,)",
            "a float where a length is wanted",
            "//",
        ),
        ("ones(-1)", "ones(-1)", "negative length", "0 or more"),
        (
            "ones(3, chunks=0)",
            "ones(3, chunks=0)",
            "a chunk size is 0",
            "1 or more",
        ),
        ("ones(3, dtype='f16')", "'f16'", "unknown dtype", "float32"),
        (
            "array([[1], [2, 3]])",
            "[[1], [2, 3]]",
            "different lengths",
            "equal length",
        ),
        (
            "array([300], dtype='i1')",
            "[300]",
            "300 does not fit int8",
            "wider",
        ),
        (
            "concatenate([ones(2), ones((2, 2))])",
            "concatenate([ones(2), ones((2, 2))])",
            "differ",
            "slices",
        ),
        (
            "concatenate([])",
            "concatenate([])",
            "of no arrays",
            "at least one",
        ),
        (
            "normal(0, -1, 3)",
            "normal(0, -1, 3)",
            "scale -1 is negative",
            "0 or more",
        ),
        ("normal(0, 1, 3, seed=-1)", "-1", "the seed -1", "0 to"),
        (
            "ones(3) @ ones(4)",
            "ones(3) @ ones(4)",
            "matmul of axes of lengths 3 and 4",
            "axes of one length",
        ),
        (
            "~ones(3)",
            "~ones(3)",
            "invert does not take float64",
            "astype",
        ),
        (
            "read('/nonexistent.npy')",
            "'/nonexistent.npy'",
            "there is no",
            "",
        ),
        ("len(3)", "3", "an int has no length", "an array"),
        ("x = ones(3); x(2)", "x", "x is a variable", "x[...]"),
        ("(3).foo", "foo", "an int has no attribute foo", "arrays"),
    ] {
        let error = refused(text);
        assert!(
            error.error.message().contains(message),
            "{}",
            error.render(text)
        );
        assert_eq!(error.span.of(text), place, "{}", error.render(text));
        assert!(
            error
                .error
                .suggestion()
                .is_some_and(|t| t.contains(way_out)),
            "{}",
            error.render(text)
        );
    }
    assert_eq!(
        refused("read('/nonexistent.npy')").error.kind(),
        Kind::Source
    );
    assert_eq!(refused("ones((2, 3)) + ones(2)").error.kind(), Kind::Shape);
}

#[test]
fn an_error_shows_its_place_its_facts_and_a_way_out() {
    let text = "2 * (ones((4, 3)) + ones((4, 5)))";
    assert_eq!(
        refused(text).render(text),
        "\
error: shapes [4, 3] and [4, 5] do not broadcast
  at     2 * (ones((4, 3)) + ones((4, 5)))
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  in     add
  a      full 1.0  f64[4, 3]
  b      full 1.0  f64[4, 5]
  axis 1 3 against 5, and neither is 1
  try    a slice [0:3] on axis 1, or [:, None] for a new axis
"
    );
}

#[test]
fn the_deepest_program_evaluates() {
    let chain = vec!["1"; 250].join(" + ");
    assert_eq!(show(&chain), "250");
    let arrays = vec!["ones(1)"; 250].join(" + ");
    assert_eq!(show(&arrays), "[250.] float64");
    let calls = format!("{}1.0{}", "abs(".repeat(120), ")".repeat(120));
    assert_eq!(show(&calls), "1.0");
}
