"""Arrays whose lengths data decide."""

from areas.masks import computed
from expected import exact
from inputs import DTYPES

MASKED = ["{x}[{x} > 1]", "{x}[{x} > 100]", "{x}[{x} < 100]", "{x}[b1]", "{x}[~b1]", "{x}_3x4[{x}_3x4 > 1]", "{x}_3x4[b1_3x4]",
          "{x}_3x4[b1[:3]]", "{x}_3x4[:, b1[:4]]", "{x}_3x4[b1[:3], 1]", "{x}_3x4[1, b1[:4]]",
          "{x}_3x4[b1[:3], ::-1]", "{x}_2x3x2[{x}_2x3x2 > 0]", "{x}_2x3x2[:, b1[1:4]]", "{x}_2x3x2[b1_3x4[:2, :3]]",
          "{x}_2x3x2[0, :, b1[1:3]]", "{x}_2x3x2[..., b1[1:3]]", "{x}_3x4[None, b1_3x4]", "{x}_3x4[b1[1:4], [0, 2]]",
          "{x}_3x4[b1[1:4], b1[:4]]", "{x}_3x4[[[0], [2]], b1[:4]]", "{x}_0[{x}_0 > 0]", "{x}_0x3[{x}_0x3 > 0]"]
AFTER = ["x[::-1]", "x[:3]", "x[-2:]", "x + 1", "x * x", "-x", "x > 2", "x.sum()", "x.mean()", "x.min()", "sort(x)",
         "argsort(x)", "cumsum(x)", "x[1:] - x[:-1]", "diff(x)", "concatenate([x, x])", "stack([x, x])", "x.reshape((-1, 1))",
         "x[:, None] + x", "x.argmax()", "x[x > 3]", "x[0]", "where(x > 3, x, 0)",
         "x[[0, 1]]", "take(x, [1, 0])", "x.astype('f4')", "x[:2].sum()", "sort(x)[:2]", "x[::2]", "median(x)", "x.dtype",
         "x.ndim", "tile(x, 2)", "repeat(x, 2)", "pad(x, 1)", "roll(x, 1)", "flip(x)", "x.any()", "x.T", "x.ravel()", "maximum(x, 4)",
         "y = x; y[0] = 100; y", "y = x; y[y > 3] = 3; y", "y = {x}; y[{x} > 1] = x * 2; y", "histogram(x, 3, (0, 10))[0]",
         "x @ x", "outer(x, x)", "searchsorted(sort(x), 4)", "unique(x)", "nonzero(x)[0]", "flatnonzero(x > 3)", "x[100]", "x + ones(2)",
         "x.reshape((3, -1))", "x[:2] + ones(2)", "quantile(x, 0.5)", "x.argmax(keepdims=True)", "argmin(x, axis=0, keepdims=True)",
         "diff(x, prepend=1)", "gradient(x)", "coarsen('sum', x, (1,))", "unique(x)[None]"]
PLACES = ["nonzero({x})", "flatnonzero({x})", "argwhere({x})", "where({x})", "nonzero({x}_3x4)", "where({x}_3x4 > 1)",
          "argwhere({x}_3x4 > 1)", "flatnonzero({x}_3x4 > 1)", "{x}_2x3x2.nonzero()", "argwhere({x}_2x3x2)", "nonzero({x}_0)",
          "argwhere({x}_0x3)", "flatnonzero({x}_s)", "nonzero({x}[:0])", "where({x} > 1, {x}, 0)", "where({x} > 1)[0]"]
CHOSEN = ["compress([True, False, True], {x})", "compress([0, 2, 0, 1], {x}_3x4, axis=1)", "compress({x} > 1, {x})",
          "compress(b1[:3], {x}_3x4, axis=0)", "compress(b1[:4], {x}_3x4, 1)", "compress([True, True], {x}_3x4)",
          "extract({x} > 1, {x})", "extract({x}_3x4 > 1, {x}_3x4)", "extract(b1_3x4, {x}_3x4)"]
UNIQUE = ["unique({x})", "unique({x}_3x4)", "unique({x}, return_counts=True)", "unique({x}, return_index=True)",
          "unique({x}, return_inverse=True)", "unique({x}_3x4, True, True, True)", "unique({x}_0)", "unique({x}_s)",
          "unique(concatenate([{x}, {x}]), return_counts=True)", "unique({x} // 2, return_index=True, return_counts=True)",
          "unique({x})[::-1]", "unique({x}).sum()", "unique({x}_0, return_counts=True)"]
FLOATS = ["unique(array([nan, 1.0, nan, 2.0, 1.0, nan]), return_counts=True)", "unique(array([nan, 1.0, nan]), equal_nan=False)",
          "unique(array([inf, -inf, nan, inf]), return_inverse=True)", "f8[isfinite(f8)]", "f8[isnan(f8)]", "f8[f8 > 0]",
          "nonzero(f8)", "f4[f4 == f4]", "sort(f8[f8 > 0])", "f8[isfinite(f8)].min()"]
COUNTS = ["bincount(abs(ti4))", "bincount(tu1)", "bincount(tu1, minlength=20)", "bincount(b1)", "bincount(array([1, 3, 1]), minlength=2)",
          "bincount(abs(ti2), tf8)", "bincount([1, 3, 1], [0.5, 1, 2], 6)", "bincount([])", "bincount([], minlength=3)",
          "bincount(ti8_0, tf8_0)", "bincount(abs(ti8), ti4)", "bincount(tu1)[::-1]", "bincount(ti4)", "bincount(ti4_3x4)",
          "bincount(tu1, minlength=-1)", "bincount(tu1, tf8[:3])", "bincount(ti4[ti4 > 0])", "bincount(ti4 % 3)"]
REFUSED = ["compress(ones(13), ti4)", "compress(b1_3x4, ti4_3x4)", "nonzero(ti4_s)", "where(b1, ti4)",
           "ti4[b1 > 0] & tf8[b1]", "ti4[b1].sum(axis=2)", "ti4_3x4[b1_3x4[:2]]", "ti4[b1[:3]]"]
# What does not fit the greatest length, and fits the one that is counted.
FITTING = ["ti4[ti4 > 1] + arange(6)", "argmax(ti4[ti4 > 1] + arange(6), keepdims=True)", "argmin((ti4[ti4 > 1] + arange(6)).reshape((2, 3)), axis=0, keepdims=True)",
           "coarsen('sum', ti4[ti4 > 1] + arange(6), (2,))", "pad(ti4[ti4 > 1] + arange(6), 1, mode='reflect')", "pad(ti4[ti4 > 1].reshape((2, 3)), ((1, 0), (2, 1)))",
           "pad(ti4[ti4 > 100].reshape((0, 3)), 1, mode='edge')", "repeat(ti4[ti4 > 1] + arange(6), 2)", "sort(ti4[ti4 > 1] + arange(6))[::-1]",
           "ti4_1[ti4_1 > 100].squeeze().sum(axis=0)", "squeeze(ti4_1[ti4_1 > 100])[::-1]", "squeeze(ti4_1[ti4_1 < 100])", "ti4[ti4 > 1].squeeze()[0]", "ti4[ti4 == 12].squeeze()", "squeeze(ti4_1x4[:, ti4_1x4[0] > 0]).max(axis=0)",
           "ti4_1[ti4_1 < 100].squeeze()[0]", "squeeze(ti4_1[ti4_1 > 100], axis=0)"]


def lines():
    for code in DTYPES:
        x = f"t{code}" if code != "b1" else "tu1"
        full = code in ("i4", "f8", "u1")
        for table in (MASKED, PLACES, CHOSEN, UNIQUE):
            for form in table if full else table[::4]:
                yield form.format(x=x), exact
    for code in ("i4", "f8"):
        for form in AFTER:
            statements = form.format(x=f"t{code}")
            judge = computed(exact)
            yield f"x = t{code}[t{code} > 1]; {statements}", judge
    for text in FLOATS:
        yield text, exact
    for text in REFUSED + COUNTS + FITTING:
        yield text, computed(exact)
