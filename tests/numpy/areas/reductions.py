"""Reductions."""

import numpy as np

from arguments import AXES, along, calls, tamed
from expected import evaluate, exact, nearly, spread, within
from inputs import DTYPES, FLOATS

EXACT = ["min", "max", "any", "all", "amin", "amax"]
SUMS = ["sum", "prod"]
MEANS = ["mean"]
SPREADS = ["var", "std"]

METHODS = ["{x}.{name}()", "{x}.{name}(axis=0)", "{x}.{name}(1)", "{x}.{name}(axis=(0, 1))",
           "{x}.{name}(axis=-1, keepdims=True)", "{x}.T.{name}(axis=0)", "{x}[::-1].{name}(0)",
           "({x} > 0).{name}(axis=1)"]

DTYPED = ["ti1_3x4, dtype=int8", "ti4_3x4, axis=0, dtype=float32", "tf4, dtype=float64",
          "tf8_3x4, 1, float32", "b1_3x4, axis=1, dtype=uint8", "tu1, dtype=bool", "i8, dtype=int32",
          "tf8, dtype=int64"]


# Sums of these are exact; half of them are no numbers.
HOLES = ["where(b1, tf8, nan)", "where(b1_3x4, tf8_3x4, nan), axis=0", "where(b1_3x4, tf8_3x4, nan), axis=1",
         "where(tf8_3x4 > 0, tf8_3x4, nan), axis=-1, keepdims=True", "where(b1, tf4, float32(nan))",
         "where(b1_3x4, tf4_3x4, float32(nan)), axis=0", "where(b1_2x3x2, tf8_2x3x2, nan), axis=(0, 2)",
         "full((3, 4), nan), axis=0", "f8_0", "f8_0x3, axis=0", "f8_0x3, axis=1", "ti4_3x4, axis=0", "tu1", "b1",
         "ti2_3x4, 1", "f8_s", "nan", "[1.0, nan, 3.0]", "[[1.0, nan], [nan, nan]], axis=1", "tf8_3x4, axis=(0, 1)",
         "f8_3x4, axis=2", "f8_3x4, axis=(0, 0)", "where(b1, tf8, nan)[::-1]", "where(b1_3x4, tf8_3x4, nan).T, axis=0",
         "where(b1_3x4, tf8_3x4, nan), axis=()"]
NAN_FORMS = {"nansum": 0, "nanprod": 0, "nanmin": 0, "nanmax": 0, "nanmean": 1, "nanvar": 16, "nanstd": 16}
MASKED = ["tf8, where=b1", "tf8_3x4, axis=0, where=b1_3x4", "tf8_3x4, axis=1, where=b1_1x4", "ti4_3x4, axis=0, where=b1_3x1",
          "tf8_3x4, where=True", "tf8_3x4, where=False", "tf4_3x4, axis=-1, keepdims=True, where=tf4_3x4 > 0",
          "tu1, where=b1[::-1]", "b1_3x4, axis=0, where=b1_3x4[::-1]", "tf8, where=i4", "tf8, where=b1_3x4", "tf8_3x4, where=[True, False, True, True]",
          "f8_0, where=True", "ti1_2x3x2, axis=(0, 2), where=b1_2x3x2", "tf8_3x4, where=1", "tf8_s, where=b1_s"]
BEGUN = ["tf8, initial=3", "ti4_3x4, axis=0, initial=2.5", "tu1, initial=100", "f8_0, initial=5", "f8_0x3, axis=0, initial=-1.5",
         "tf8_3x4, axis=1, initial=1, where=b1_3x4", "ti1, initial=300", "tu1, initial=-1", "ti4, initial=inf", "tf8, initial=[1, 2]",
         "tf4_3x4, axis=0, keepdims=True, initial=2", "tf8, initial=None", "i4_3x4, axis=0, initial=f8_s[()]",
         "tf8_3x4, axis=(1, 0), initial=0, where=tf8_3x4 > 100", "f8_0x3, axis=1, initial=7"]
COUNTED = ["f8", "i4_3x4", "i4_3x4, axis=0", "i4_3x4, (0, 1)", "b1_3x4, axis=1, keepdims=True", "f8_0", "f8_0x3, axis=0", "5",
           "[[1, 0], [2, 0]]", "f4_3x4, -1", "f8_s", "i4_3x4, axis=2", "u1[::-1]"]
RANGES = ["tf8", "ti4_3x4, axis=0", "tf8_3x4, axis=(0, 1)", "i1", "u1_3x4, axis=1, keepdims=True", "b1", "f8_0", "f8_0x3, axis=1", "f8",
          "tf4_3x4.T, axis=-1", "f8_s", "[3, 1, 2]"]
AVERAGES = ["tf8", "ti4_3x4, axis=0", "tf8_3x4, axis=1, weights=[1, 2, 3, 4]", "tf8_3x4, weights=tf8_3x4 ** 2",
            "tf8_3x4, weights=[1, 2, 3, 4]", "ti4_3x4, axis=0, weights=[1, 2, 3]", "ti1_3x4, axis=0, weights=ti1_3x4[:, 1] ** 2",
            "tf4_3x4, axis=0, weights=[1, 2, 4]", "tf4_3x4, 0, array([1, 2, 4], dtype='f4')", "tf8_3x4, axis=(0, 1), weights=tf8_3x4 ** 2",
            "tf8_2x3x2, axis=(0, 1), weights=ones((2, 3))", "tf8_2x3x2, axis=(1, 0), weights=ones((3, 2))",
            "tf8_2x3x2, axis=(1, 2), weights=arange(6).reshape((3, 2)), keepdims=True", "tf8_3x4, axis=1, weights=[1, 2, 3]",
            "tf8_3x4, axis=1, weights=tf8_3x4 ** 2", "b1, weights=tf8 ** 2", "tf8_3x4, axis=2, weights=[1, 2]", "tf8, returned=False"]
NORMS = ["tf8", "tf8_3x4", "tf8_2x3x2", "tf8_3x4, 'fro'", "tf8, 'fro'", "tf8, 1", "tf8_3x4, 1", "tf8_3x4, inf", "tf8_3x4, -1", "tf8_3x4, -inf",
         "tf8, 0", "tf8, inf", "tf8, -inf", "tf8, 3", "tf8, 0.5", "tf8 + 20, -1", "tf8, ord=2", "tf8_3x4, axis=0", "tf8_3x4, 3, axis=0",
         "tf8_3x4, axis=(0, 1)", "tf8_2x3x2, axis=(0, 2)", "tf8_2x3x2, axis=(0, 1, 2)", "tf8_2x3x2, 1", "tf8_2x3x2, 1, axis=(2, 0)",
         "ti4_3x4", "ti1", "ti4, 1", "tf4_3x4", "tf4, 3", "tf4, 0", "tf8_3x4, keepdims=True", "tf8_3x4, axis=0, keepdims=True",
         "tf8_3x4, inf, (1, 0), True", "f8_0", "f8_0, inf", "f8_0, -inf", "5.0", "5.0, 1", "tf8_3x4, 5", "tf8, 'x'", "b1", "b1, 0",
         "tf8_3x4, 0, axis=1", "tf8_3x4.T, -1, axis=(0, 1)", "f8_0x3, 1", "tf8_3x4, axis=2", "[3, 4]"]
SINGULAR = [f"{x}, {order}{more}" for x in ["tf8_3x4", "tf8_4x3", "ti4_3x4", "tf4_3x4", "b1_3x4", "f8_0x3", "tf8_3x1", "zeros((2, 2))", "tf8_3x4[:, :3]"]
            for order in ["2", "-2", "'nuc'"] for more in ["", ", keepdims=True"]]
SINGULAR += ["tf8_2x3x2, 2, axis=(0, 1)", "tf8_2x3x2, 'nuc', axis=(2, 0)", "tf8_2x3x2, -2, (1, 2), True", "tf8_2x3x2, 2", "tf8_2x3x2, 2.0, axis=(-1, 0), keepdims=True", "tf8, 'nuc'", "tf8_3x4, 'nuc', axis=0",
             "tf2_3x4, 2", "tf2_3x4, 'nuc'", "tf8_3x4, 2, axis=(0, 0)", "tf8_3x4, 'nu'", "tf8_3x4, 'f'", "[[inf, 1]], 2", "ones((3, 2)), 2, axis=(0, 1)", "tf8_3x4, -2.0", "tf8_3x4, ord=2", "f8_0x3, -2, axis=(1, 0)"]


def singular(text):
    """NumPy's own values, which are within some units of the largest of the matrix."""
    lines = exact(text)
    if not lines[0].startswith("float") or len(lines[0].split()) < 3:
        return lines
    own = np.asarray(evaluate(text))
    unit = float(np.finfo(own.dtype).eps)
    given = evaluate(f"(lambda x, *a, **k: x){text[text.index('('):]}")
    most = float(np.abs(np.nan_to_num(np.asarray(given, "f8"))).max(initial=0)) * 12
    bounds = " ".join([f"{64 * unit * most:.3g}"] * own.size)
    return [f"{lines[0]} ~ {bounds}"]


ABOUT = ["tf8, mean=1.5", "tf8_3x4, axis=0, mean=mean(tf8_3x4, axis=0, keepdims=True)", "tf8_3x4, axis=1, mean=tf8_3x1, ddof=1", "ti4_3x4, axis=0, mean=2",
         "tf8_3x4, mean=tf8_1x4, keepdims=True", "tf8_3x4, axis=1, mean=0.5, where=b1_3x4", "b1, mean=0.5", "tf4, mean=tf8_s", "ti8, mean=True", "tf8_2x3x2, axis=(0, 2), mean=1",
         "tf8_0x3, axis=1, mean=1", "tf8, mean=[1, 2]", "f8_0, mean=1", "tf8[:1], mean=1, ddof=2", "tf8_3x4, axis=0, mean=tf8[:4], dtype='f8'"]
TRACES = ["tf8_3x4", "ti1_3x4", "tf8_3x4, 1", "tf8_3x4, offset=-2", "tf8_3x4, -5", "tf8_2x3x2", "tf8_2x3x2, 0, 1, 2", "tf8_2x3x2, 1, -1, 0",
          "tf8", "ti4_3x4, dtype='f4'", "ti4_3x4, dtype='i1'", "b1_3x4", "tf4_3x4", "tf8_3x4, axis1=0, axis2=0", "f8_0x3", "[[1, 2], [3, 4]]"]


def lines():
    for name, ulps in NAN_FORMS.items():
        yield from calls(name, HOLES, nearly(ulps) if ulps else exact)
        yield from calls(name, MASKED, nearly(ulps) if ulps else exact)
        yield from calls(name, [text.replace("tf8_3x4,", "where(tf8_3x4 > 0, tf8_3x4, nan),") for text in MASKED if "tf8_3x4," in text],
                         nearly(ulps) if ulps else exact)
        if not ulps:
            yield from calls(name, BEGUN, exact)
    yield from calls("nansum", ["f8", "f4", "where(b1, tf4, nan), dtype='f8'", "where(b1, tf8, nan), dtype='i4'", "ti4, dtype='f4'",
                                "where(b1, tf8, nan), None, 'f4'"], nearly(2))
    yield from calls("nanmean", ["where(b1, tf4, nan), dtype='f8'", "where(b1, tf8, nan), dtype='i4'", "ti4, dtype='i4'", "ti4_3x4, axis=0, dtype='f4'",
                                 "f8", "f4"], nearly(2))
    for name in SPREADS:
        for text in ["where(b1_3x4, tf8_3x4, nan), axis=0, ddof=1", "where(b1, tf8, nan), ddof=2", "where(b1, tf8, nan), ddof=100", "ti4, ddof=12",
                     "where(b1, tf8, nan), correction=1", "where(b1, tf8, nan), dtype='i4'", "f8"]:
            yield f"nan{name}({text})", nearly(16)
        yield from calls(name, ["tf8, correction=1", "tf8, ddof=1, correction=1", "tf8_3x4, axis=0, ddof=1, where=b1_3x4", "tf8, where=b1, ddof=50"],
                         nearly(16))
    for name in EXACT + SUMS + MEANS + SPREADS:
        yield from calls(name, MASKED, nearly(NAN_FORMS.get(f"nan{name}", 0)) if name in MEANS + SPREADS else exact)
        yield from calls(name, BEGUN, exact)
    yield from calls("mean", ["ti4, dtype='i4'", "ti8_3x4, axis=0, dtype='i1'", "[100, 100], dtype='i1'", "[1.5, 2.7], dtype='i4'", "b1, dtype=bool",
                              "ti4_3x4, axis=1, dtype='i4', where=b1_3x4 | True"], exact)
    yield from calls("count_nonzero", COUNTED, exact)
    yield from calls("ptp", RANGES, exact)
    yield from calls("average", AVERAGES, nearly(4))
    yield from calls("np.linalg.norm", NORMS, nearly(8))
    yield from calls("np.linalg.norm", SINGULAR, singular)
    yield from calls("np.linalg.svdvals", ["tf8_3x4", "tf8_4x3", "ti4_3x4", "tf4_3x4", "tf8_2x3x2", "tf8", "tf2_3x4", "b1_3x4", "f8_0x3", "zeros((2, 3))", "[[3, 0], [0, 4]]", "tf8_3x4.T", "tf8_2x3x2[:, ::2]",
                                           "[[1e200, 2e200], [3e200, 5e200]]", "[[1e-200, 2e-200], [3e-200, 5e-200]]", "[[inf, 1]]"], singular)
    yield from calls("trace", TRACES, exact)
    for name in ["var", "std", "nanvar", "nanstd"]:
        yield from calls(name, ABOUT, nearly(64))
    yield from calls("moment", ["tf8, 2", "tf8, 3", "tf8_3x4, 2, axis=0", "ti4_3x4, 4, axis=1", "tf8, 0", "tf8, 1", "tf4, 2", "tf8, 2, ddof=1",
                                "tf8_3x4, 2, axis=(0, 1), keepdims=True", "tf8, -1"], nearly(64))
    for text in ["tf8_3x4.trace()", "ti4_3x4.trace(1)", "tf8.ptp()", "tf8_3x4.sum(axis=0, where=b1_3x4)", "tf8_3x4.max(axis=0, initial=0, where=b1_3x4)",
                 "np.linalg.norm(tf8)", "tf8_3x4.mean(where=b1_3x4)", "any(b1, initial=True)", "mean(tf8, initial=1)"]:
        yield text, nearly(2)
    for name in EXACT + SUMS + MEANS + SPREADS:
        judge = exact if name in EXACT else spread if name in SPREADS else within
        for code in DTYPES:
            texts = along(code)
            # Products of hostile floats overflow or vanish on the way, as their order has it.
            if name in SPREADS or (name in ("mean", "prod") and code in FLOATS):
                texts = tamed(texts)
            yield from calls(name, texts, judge)
        yield from calls(name, AXES if judge is exact else tamed(AXES), judge)
        for form in METHODS:
            for x in ["tf8_3x4", "ti4_3x4"]:
                yield form.format(x=x, name=name), judge
    for name in SUMS:
        yield from calls(name, DTYPED, within)
    for name in MEANS + SPREADS:
        yield from calls(name, ["tf4, dtype=float64", "ti4, dtype=float32",
                                "tf8_3x4, 0, float32"], spread if name in SPREADS else within)
    for name in SPREADS:
        yield from calls(name, ["tf8, ddof=1", "tf8_3x4, axis=0, ddof=1", "tf8_1, ddof=1",
                                "tf8_3x4, ddof=0.5", "ti4_3x4, axis=1, ddof=2, keepdims=True",
                                "tf8_3x4, axis=0, ddof=3"], spread)
    yield from calls("mean", ["f8", "f4", "f8_3x4, axis=0", "f8_3x4, axis=1"], within)
    yield from calls("sum", ["f8_3x4, axis=1", "arange(1300)", "arange(1300) - 600, dtype=int16"], within)
    for text in ["sum([-0.0])", "sum([-0.0, -0.0], axis=0)", "sum(zeros((9, 2)) * -1, axis=0)", "mean([-0.0, -0.0])",
                 "sum(-tf8_s * 0)", "sum(zeros((2, 3)) * -1, axis=())", "sum(full((2, 600), -0.0), axis=1)",
                 "sum(full((600, 2), -0.0), axis=0)", "prod([-0.0])", "sum(arange(1300) % 7)", "max(arange(1300) % 1000)", "mean(arange(1300))",
                 "sum(arange(1300.0))", "sum((arange(1300) % 3).reshape((26, 50)), axis=0)",
                 "prod(arange(20) + 1)", "prod(arange(30) + 1)", "min(arange(700)[::-3])"]:
        yield text, exact
