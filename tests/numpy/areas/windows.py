"""Windows and blocks of elements, and what folds them. Sums are of dyadic numbers: they are exact."""

from expected import exact, nearly
from inputs import DTYPES

VIEWS = ["i4, 3", "i4, (3,)", "i4, 1", "i4, 12", "i4, 13", "i4, 0", "i4, -1", "i4_3x4, (2, 3)", "i4_3x4, 2", "i4_3x4, 2, 0",
         "i4_3x4, 2, axis=1", "i4_3x4, 2, axis=-1", "i4_3x4, (2,), (1,)", "i4_3x4, (2, 3), axis=(1, 0)", "i4_3x4, (2, 3), (-1, -2)",
         "i4_3x4, (2, 2), axis=(1, 1)", "i4_3x4, (2, 2, 2), axis=(0, 1, 1)", "i4_3x4, (2, 2), axis=0", "i4_3x4, 2, axis=2",
         "i4_3x4, (4, 1)", "i4_3x4, (2, 2, 2)", "i4_2x3x2, (2, 2, 1)", "i4_2x3x2, 2, 1", "f8_s, ()", "f8_s, 1", "f8_1, 1", "f8_0, 1",
         "f8_0x3, (0, 2)", "i4[::-2], 3", "i4_3x4.T, (3, 2)", "[1, 2, 3, 4], 2", "x=i4, window_shape=4, axis=0", "i4, [3]",
         "i4_3x4, window_shape=(2, 2)", "i4_3x4, (2, 0)", "f8_3x4, (1, 1)"]
FOLDED = ["t{}, 3", "t{}, 1", "t{}, 12", "t{}, 7", "t{}_3x4, (2, 3)", "t{}_3x4, 2, 0", "t{}_3x4, (2, 2), (1, 1)",
          "t{}_2x3x2, (2, 2), (1, 2)"]
AXES = {1: ["axis=-1", "axis=1", "-1, keepdims=True"], 2: ["axis=(-1, -2)", "axis=(2, 3)", "axis=-1", "axis=2", "axis=(0, -1)", "axis=(1, 2, 3)"]}


def folds(name, code):
    for text in FOLDED:
        view = f"sliding_window_view({text.format(code)})"
        windows = 2 if "(2, " in text else 1
        axes = AXES[windows]
        if "_2x3x2" in text:
            axes = ["axis=(-1, -2)", "axis=(3, 4)", "axis=-2"]
        elif windows == 1 and "_3x4" in text:
            axes = ["axis=-1", "axis=2", "axis=(0, 2)"]
        for axis in axes:
            yield f"{view}.{name}({axis})"


OTHERS = ["sliding_window_view(tf8, 4)[::2].sum(axis=-1)", "sliding_window_view(tf8, 4)[:, ::2].sum(axis=-1)",
          "sliding_window_view(tf8, 5)[2:7, 1:4].max(-1)", "(sliding_window_view(tf8, 4) ** 2).sum(axis=-1)",
          "(sliding_window_view(ti4, 4) * 2 + 1).min(axis=-1)", "isnan(sliding_window_view(f8, 3)).any(axis=-1)",
          "sliding_window_view(f8[2:], 3).max(axis=-1)", "sliding_window_view(f8[2:], 3).min(axis=-1)",
          "nansum(sliding_window_view(where(b1, tf8, nan), 3), axis=-1)", "nanmax(sliding_window_view(where(b1, tf8, nan), 4), axis=-1)",
          "nanmin(sliding_window_view(where(b1, tf8, nan), 5), -1)", "sliding_window_view(tf8, 3).sum(-1, dtype='f4')",
          "sliding_window_view(ti1, 3).sum(-1, dtype='i1')", "sliding_window_view(tf8, 3).sum(-1, initial=2)",
          "sliding_window_view(tf8, 3).min(-1, initial=0)", "argmin(sliding_window_view(ti4, 4), axis=-1)",
          "argmax(sliding_window_view(ti4, 4), axis=-1)", "median(sliding_window_view(tf8, 5), axis=-1)",
          "sort(sliding_window_view(i4, 4), axis=-1)", "sliding_window_view(tf8, 3) @ array([1.0, 2.0, 1.0])",
          "cumsum(sliding_window_view(ti4, 4), axis=0)", "ptp(sliding_window_view(ti4, 4), axis=-1)",
          "count_nonzero(sliding_window_view(i4, 4), axis=-1)", "sliding_window_view(sliding_window_view(ti4, 3), 2, 0).sum((-1, -2))",
          "sliding_window_view(ti4, 3).sum(-1)[::-1]", "sliding_window_view(ti4, 3)[::-1].sum(-1)", "sliding_window_view(tf8, 3).sum()",
          "sliding_window_view(ti4_3x4, (2, 2)).T", "sliding_window_view(b1, 3).all(-1)", "sliding_window_view(b1, 3).any(-1)",
          "sliding_window_view(i4, 3)[2, 1]", "sliding_window_view(i4, 3)[[0, 5, 2]]", "sliding_window_view(i4, 3).reshape(-1)",
          "np.lib.stride_tricks.sliding_window_view(i4, 3)", "np.lib.stride_tricks.sliding_window_view(i4_3x4, 2, axis=0).sum(-1)",
          "sliding_window_view(ti4, 3) + sliding_window_view(ti4[::-1], 3)", "sliding_window_view(tf8, 3).mean()"]
MEANS = ["ti1, 5", "tu1, 5", "ti4, 12", "i4, 3", "ti8, 3", "tf4, 3", "tf8, 5", "b1, 3", "tf8_3x4, (2, 2)"]

COARSE = ["ti4, (3,)", "ti4, (5,)", "ti4, (5,), trim_excess=True", "ti4, [4]", "tf8_3x4, (3, 2)", "tf8_3x4, (1, 4)", "tf8_3x4.T, (2, 3)",
          "tf8_3x4, (2, 2), trim_excess=True", "tf8_3x4, (2, 2)", "tf4_3x4[::-1], (1, 2)", "tu1, (6,)", "b1, (4,)", "ti1_2x3x2, (2, 1, 2)",
          "tf8_3x4, (2,)", "tf8_3x4, (3, 0)", "tf8_3x4, (4, 4), True", "i4, (2,)"]


def lines():
    for name in ["sum", "max", "any", "mean"]:
        for text in COARSE:
            judge = nearly(1) if name == "mean" else exact
            if "(4, 4)" not in text or name in ("sum", "any"):
                yield f"coarsen('{name}', {text})", judge
    yield "coarsen('nansum', where(b1, tf8, nan), (3,))", exact
    yield "coarsen('var', tf8, (4,))", nearly(16)
    yield "coarsen('std', x=tf8, axes=(6,))", nearly(16)
    yield "coarsen('total', tf8, (4,))", exact
    for text in VIEWS:
        yield f"sliding_window_view({text})", exact
    for code in DTYPES:
        yield f"sliding_window_view({code}_3x4, (2, 2))", exact
    for code in ["b1", "i1", "i4", "u2", "i8", "f2", "f4", "f8"]:
        for name in ["sum", "min", "max", "any", "all"]:
            for text in folds(name, code):
                yield text, exact
    for code in ["b1", "i1", "u8", "i8"]:
        for text in folds("prod", code):
            yield text, exact
    for text in OTHERS:
        yield text, exact
    for text in MEANS:
        axis = "(-1, -2)" if "(2, 2)" in text else "-1"
        yield f"sliding_window_view({text}).mean(axis={axis})", nearly(1)
        for name in ["var", "std"]:
            yield f"sliding_window_view({text}).{name}(axis={axis})", nearly(16)
    yield "sliding_window_view(tf8, 4).var(axis=-1, ddof=1)", nearly(16)
    yield "nanmean(sliding_window_view(where(b1, tf8, nan), 3), axis=-1)", nearly(1)
    yield "sliding_window_view(full(9, 0.1), 4).var(axis=-1) * 0", exact
