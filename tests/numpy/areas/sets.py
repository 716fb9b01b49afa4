"""Sets, positions, curves, vectors: functions that are made of others."""

from areas.masks import computed
from expected import exact, nearly
from inputs import DTYPES

ISIN = ["isin({x}, [1, 2])", "isin({x}_3x4, {x}[:3])", "isin({x}, {x}[::-2], invert=True)", "isin({x}_0, {x})",
        "isin({x}, [])", "isin({x}_s, {x})", "isin(3, {x})", "isin({x}, 3, assume_unique=True, kind='sort')"]
PAIRS = ["union1d", "intersect1d", "setdiff1d", "setxor1d"]
SETS = ["{x}, {x}[::-2]", "{x}, [1, 2, 2]", "{x}_3x4, {x}[2:5]", "{x}_0, {x}", "{x}, {x}_0"]
MORE = ["intersect1d({x}, [5, 1, 2, 1], return_indices=True)", "unique_counts({x})", "unique_inverse({x}_3x4)",
        "unique_all(concatenate([{x}, {x}]))", "union1d({x}, f8[:3]).dtype", "setdiff1d({x}, [1, 2]).sum()"]
FLAT = ["ravel_multi_index(([1, 0], [2, 1]), (2, 3))", "ravel_multi_index(([1, 0], [2, 1]), (2, 3), order='F')",
        "ravel_multi_index(([1, -5], [7, 1]), (2, 3), mode='wrap')", "ravel_multi_index(([1, -5], [7, 1]), (2, 3), mode='clip')",
        "ravel_multi_index(([1, 5], [-2, 1]), (2, 3), mode=('clip', 'wrap'))", "ravel_multi_index(([1, 2], [0, 0]), (2, 3))",
        "ravel_multi_index(([1], [3]), (2, 3))", "ravel_multi_index(([1], [0], [0]), (2, 3))", "ravel_multi_index((1, 2), (2, 3))",
        "ravel_multi_index((abs(ti4) % 3, abs(ti8) % 4), (3, 4))", "ravel_multi_index(([1.5], [0]), (2, 3))",
        "unravel_index([5, 1, 0], (2, 3))", "unravel_index(5, (2, 3), order='F')", "unravel_index([6], (2, 3))",
        "unravel_index([-1], (2, 3))", "unravel_index(abs(ti4), (2, 3, 4))", "unravel_index([[5], [1]], (2, 3))",
        "unravel_index(7, 9)", "indices((2, 3))", "indices((2, 3), dtype='f4')", "indices((2, 3), sparse=True)", "indices((0, 3))",
        "indices((4,))", "indices((2, 3))[0] * 10 + indices((2, 3))[1]"]
TRUTHS = ["{x}[True]", "{x}[False]", "{x}_3x4[True]", "{x}_3x4[False]", "{x}_3x4[True, 1]", "{x}_3x4[True, :, ::-1]", "{x}_s[True]",
          "{x}_s[False]", "{x}_3x4[False, 0, 1:]", "{x}_s[True].sum()"]
ORDERS = ["reshape({x}_3x4, (6, 2), order='F')", "reshape({x}_3x4, -1, order='F')", "{x}_2x3x2.reshape((3, 4), order='F')",
          "ravel({x}_3x4, order='F')", "ravel({x}_3x4, 'C')", "{x}_2x3x2.flatten('F')", "reshape({x}_3x4, (2, 6), order='C')"]
VECTORS = ["cross({x}_3x4.T, {x}_3x4.T[::-1])", "cross({x}[:3], {x}[3:6])", "cross({x}_4x3, {x}[:3])", "cross({x}_3x4, {x}_3x4, axis=0)",
           "cross({x}_3x4, {x}_4x3, axisa=0, axisb=1)", "cross({x}_3x4, {x}_4x3, axisa=0, axisc=0)", "vecdot({x}, {x})",
           "vecdot({x}_3x4, {x}_3x4)", "vecdot({x}_3x4, {x}_1x4)", "vecdot({x}_3x4, {x}_3x4, axis=0)", "vecdot({x}_2x3x2, {x}[:2])",
           "vecdot({x}, {x}[:3])", "matvec({x}_3x4, {x}[:4])", "vecmat({x}[:3], {x}_3x4)", "cross({x}[:3], {x}[:4])"]
CURVES = ["trapezoid({x})", "trapezoid({x}, dx=0.5)", "trapezoid({x}_3x4, axis=0)", "trapezoid({x}_3x4, x=[0, 1, 3, 4])",
          "trapezoid({x}_3x4, tf8_3x4, axis=1)", "trapezoid({x}[:1])", "trapezoid({x}, [0, 1])"]
INTERP = ["interp([0.5, 2.5, 9, -1], [0, 1, 2], [3, 4, 1])", "interp([0.5, 2.5, 9, -1], [0, 1, 2], [3, 4, 1], left=-5, right=7)",
          "interp([0.5, 2.5, 9, -1], [0, 1, 2], [3, 4, 1], period=3)", "interp(1.5, [0, 1, 2], [3, 4, 1])", "interp([nan, 1], [0, 1], [3, 4])",
          "interp([0, 1, 2], [0, 1, 2], [3, inf, 1])", "interp([0.5, 1.5], [0, 1, 2], [inf, inf, 1])", "interp([3, 4], [3], [7])",
          "interp(tf8_3x4, [-1, 0, 0.5, 2], [1, 0, 4, 8])", "interp(ti4, [-8, 0, 8], ti2[:3])", "interp([1], [0, 1], [1])", "interp([1], [], [])",
          "interp([0.25, 0.75, 1.25], [1, 0.5, 0], [10, 20, 30], period=2)", "interp([1], [0, 1], [2, 3], period=0)"]
WEIGHTS = ["average({x}_3x4, axis=0, returned=True)", "average({x}_3x4, returned=True)", "average({x}_3x4, axis=1, weights=[1, 2, 1, 4], returned=True)",
           "average({x}_3x4, weights=abs({x}_3x4) + 1, returned=True)", "average({x}_3x4, axis=1, keepdims=True, returned=True)"]
SPREADS = ["cov({x}_3x4, fweights=[1, 2, 3, 1])", "cov({x}_3x4, aweights=[1, 0.5, 0.25, 1])", "cov({x}_3x4, fweights=[1, 2, 0, 1], aweights=[1, 2, 4, 1])",
           "cov({x}_3x4, bias=True, fweights=[1, 2, 3, 1])", "cov({x}_3x4, rowvar=False, aweights=[1, 2, 4])", "cov({x}, ddof=0)",
           "cov({x}_3x4, {x}_3x4, fweights=[1, 2, 3, 1])", "cov({x}_3x4, fweights=[1, 2])", "cov({x}_3x4, aweights=[1, -2, 3, 1])",
           "cov({x}_3x4, fweights=[1.5, 2, 3, 1])", "corrcoef({x}_3x4, rowvar=False)"]
QUANTILES = ["quantile({x}, 0.5, weights=[1, 2, 1, 0, 3, 1, 1, 2, 5, 1, 0, 1], method='inverted_cdf')",
             "quantile({x}_3x4, [0, 0.2, 0.7, 1], axis=1, weights=[1, 2, 1, 0], method='inverted_cdf')",
             "quantile({x}_3x4, 0.3, axis=0, weights=abs({x}_3x4) + 1, method='inverted_cdf')",
             "percentile({x}_3x4, [10, 90], axis=(0, 1), weights=abs({x}_3x4), method='inverted_cdf', keepdims=True)",
             "quantile({x}, 0.5, weights=[1, 2], method='inverted_cdf')", "quantile({x}, 0.5, weights={x}, method='linear')"]
HOLES = ["quantile(f8, 0.5, weights=ones(12), method='inverted_cdf')", "nanquantile(f8, [0.25, 0.5], weights=arange(12), method='inverted_cdf')",
         "intersect1d(f8[:6], f8[3:])", "setdiff1d(tf8, ti4)", "nan_to_num(f8, nan=9, posinf=1, neginf=2)", "nan_to_num(f4, True, 5)",
         "logspace(0, 1, num=-1)", "geomspace(1, 2, num=-1)", "linspace(0, 1, num=-1)"]


def lines():
    for code in DTYPES:
        x = "tu1" if code == "b1" else f"t{code}"
        full = code in ("i4", "f8", "u1", "f2")
        texts = ISIN + MORE + TRUTHS + ORDERS + VECTORS + [f"{name}({pair})" for name in PAIRS for pair in SETS]
        for form in texts if full else texts[::5]:
            yield form.format(x=x), computed(exact)
        for form in QUANTILES if full else QUANTILES[:2]:
            yield form.format(x=x), exact
    for x in ["ti4", "tf8", "tf4", "tu1"]:
        for form in CURVES + WEIGHTS:
            yield form.format(x=x), nearly(2)
    for x in ["ti4", "tf8"]:
        for form in SPREADS:
            yield form.format(x=x), nearly(64)
    for text in FLAT + HOLES:
        yield text, exact
    for text in INTERP:
        yield text, nearly(2)
