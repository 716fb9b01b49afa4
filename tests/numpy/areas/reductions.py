"""Reductions."""

from arguments import AXES, along, calls, tamed
from expected import exact, spread, within
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


def lines():
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
