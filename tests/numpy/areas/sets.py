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
# Masks without axes, on their own and among other items; `computed` where an element decides.
NO_AXES = ["ti4_3x4[True, [0, 1]]", "ti4_3x4[True, -array([1, 2])]", "ti4_3x4[1, True]", "ti4_3x4[:, True]", "ti4_3x4[:, True, 1]",
           "ti4_3x4[..., True]", "ti4_3x4[..., False, 1]", "ti4_3x4[1, :, False]", "ti4_3x4[True, True]", "ti4_3x4[True, False]",
           "ti4_3x4[None, True]", "ti4_3x4[[0, 1], True, [1, 2]]", "ti4_3x4[False, [0, 1]]", "ti4_3x4[True, b1_3x4]", "ti4_3x4[array(True)]",
           "ti4_3x4[bool_(False)]", "ti4_3x4[ti4_s > 0]", "ti4_3x4[ti4_s > 100]", "ti4_3x4[ti4_s > 0, 1]", "ti4_3x4[ti4_s > 100].sum()",
           "ti4_3x4[ti4_s > 0, :, [1, 2]]", "ti4_3x4[any(b1), b1[:3]]", "ti4_s[ti4_s > 0]", "ti4_s[b1_s].sum()", "ti4[b1[3]]", "ti4[b1[1], b1]",
           "ti4[b1[1]].sum(axis=1)", "x = ti4_3x4; x[True] = 5; x", "x = ti4_3x4; x[False] = 5; x", "x = ti4_s; x[ti4_s > 0] = 5; x",
           "x = ti4_s; x[ti4_s > 100] = 5; x", "x = ti4_3x4; x[True, 0] = 5; x", "x = ti4_3x4; x[ti4_s > 0, 0] = ti4[:4]; x",
           "x = ti4_3x4; x[ti4_s > 0] = ti4_1x4; x", "x = ti4_3x4; x[..., ti4_s > 0] = ti4_3x1; x",
           "x = ti4_3x4; x[ti4_s > 0] = x[ti4_s > 0] + 1; x", "x = ti4_3x4; x[ti4_s > 0, 1] += 5; x", "take(ti4, [True, False])", "take(ti4, True)"]
PACKED = ["atleast_1d((ti4, ti8))", "atleast_1d((1, 2))", "atleast_1d(1, 2)", "atleast_2d(ti4, 1)", "atleast_3d(1, (2, 3))", "atleast_1d([1, 2], 3)",
          "broadcast_arrays([1, 2])", "broadcast_arrays((1, 2))", "broadcast_arrays(1, 2)", "broadcast_arrays((ti4_3x1, ti4_1x4))",
          "meshgrid((1, 2))", "meshgrid([1, 2], sparse=True)", "einsum('ij->ji', [[1, 2], [3, 4]])", "result_type(tu1, 3)"]
ASSUMED = ["setdiff1d([5, 3, 1, 3, 2], [1], assume_unique=True)", "setdiff1d(f8, [1], True)", "setdiff1d(ti4_3x4, [1, 3], True)",
           "setdiff1d(ti4[ti4 > 2], ti4[ti4 < 7], True)", "setxor1d([5, 5, 3, 1, 2], [1, 3], True)", "intersect1d([5, 5, 3, 1], [1, 3, 3], True)",
           "intersect1d(ti4_3x4, ti4_4x3, True, True)", "intersect1d([5, 3, 1, 2], [1, 3], assume_unique=True, return_indices=True)",
           "intersect1d(ti4[ti4 > 2], ti4[ti4 < 7], return_indices=True)", "setxor1d(f8, f8)", "setxor1d([], [])", "setxor1d(tf8[tf8 > 0], tf8)",
           "intersect1d([], [1], return_indices=True)"]
JOINED = ["union1d(tu8, 5)", "union1d(5, tu1)", "union1d(tu1, 300)", "union1d(tu8, 2.5)", "union1d(tf4, 3.5)", "union1d(5, 6)", "union1d(tu8, ti8)",
          "union1d(u8, i8)", "setdiff1d(u8, i8)", "setdiff1d(i8, u8)", "setxor1d(tu8, ti8)", "setxor1d(tu8, 5)", "isin(u8, i8)", "isin(i8, u8)",
          "isin(array([9007199254740993, 18446744073709551615], dtype='u8'), [9007199254740992])", "isin(u8, -1)", "isin(tu1, 300)",
          "isin(array([0.1], dtype='f4'), 0.1)", "concatenate([tu1, 5], axis=None)", "concatenate([tu1, 300], axis=None)",
          "concatenate([ti1, True, 2.5], axis=None)", "concatenate((1, 2.5, True), axis=None)", "concatenate((tu1, 5))",
          "isin(ti4, [1, 2], kind='table')", "isin(tf4, [1, 2], kind='table')", "isin(ti4, tf8, kind='table')", "isin(ti4, [1, 2], kind='foo')"]
SORTERS = ["searchsorted([3, 1, 2], [1, 2], sorter=[1, 2, 0])", "searchsorted([3, 1, 2], [1, 2], sorter=[1, 2])",
           "searchsorted([3, 1, 2], [1, 2], sorter=[1, 2, 0, 0])", "searchsorted([3, 1, 2], [1, 2], sorter=[[1, 2, 0]])",
           "searchsorted([3, 1, 2], [1, 2], sorter=[1, -1, 0])", "searchsorted([3, 1, 2], 2, sorter=[True, False, True])",
           "searchsorted([3, 1, 2], [1, 2], sorter=[1.0, 2, 0])", "searchsorted(ti4, [0, 5], 'right', argsort(ti4))"]
EMPTY = ["ravel_multi_index(([1, 0], [2, 1]), (0, 3), mode='clip')", "ravel_multi_index(([1, 0], [2, 1]), (0, 3), mode='wrap')",
         "ravel_multi_index((ti4_0, ti4_0), (0, 3), mode='clip')", "ravel_multi_index(([3, 4], [5, -6]), (2, 0), mode='clip')",
         "ravel_multi_index(array([[1, 0], [2, 1]]), (2, 3))", "ravel_multi_index([[1, 0], [2, 1]], (2, 3))",
         "ravel_multi_index(ti4_3x4 % 2, (2, 2, 2))", "ravel_multi_index(array([1, 2]), (2, 3))", "ravel_multi_index(([True, False], [1, 0]), (2, 2))",
         "ravel_multi_index(array([3]), (5,))", "ravel_multi_index(3, (5,))"]
KEYWORDS = ["add(ti4, ti4, dtype='f4')", "multiply(tf4, tf4, dtype='f8')", "equal(ti4, ti4, dtype=bool)", "add(tf8, tf8, dtype='i4')",
            "add(tf8, tf8, dtype='i4', casting='unsafe')", "add(ti4, ti4, out=None, where=True)", "negative(tf8, order='C')", "divide(ti4, ti4, dtype='i4')",
            "add(ti4, 2, dtype='f4')", "add(ti4, ti4, dtype=bool)", "round(a=tf8, decimals=1)", "clip(a=tf8, a_min=0, a_max=None)",
            "ti4.astype('f4', casting='unsafe')", "ti4.astype('f4', casting='safe')", "ti4.astype('f8', order='K', copy=True)",
            "tf8.astype('i4', casting='same_kind')", "tril(m=ti4_3x4, k=1)", "diag(v=ti4[:3], k=-1)", "rot90(m=ti4_3x4, k=3, axes=(1, 0))",
            "take_along_axis(arr=ti4_3x4, indices=ti4_3x4 % 3, axis=0)", "broadcast_to(array=ti4, shape=(2, 12), subok=True)",
            "broadcast_arrays(ti4_3x1, ti4_1x4, subok=False)", "concatenate((tf8, ti8), axis=0, dtype='i4', casting='unsafe')",
            "concatenate((ti4, ti8), axis=0, dtype='f4', casting='safe')", "stack((tf8, tf8), dtype='i4')", "hstack(tup=(ti4, ti8), dtype='f4')",
            "vstack((ti4, ti8), dtype='f8', casting='same_kind')", "split(ary=ti4, indices_or_sections=3)", "append(arr=ti4, values=[1], axis=0)",
            "insert(arr=ti4, obj=[1, 2], values=[7, 8])", "delete(arr=ti4, obj=slice(None, None, 2))", "tile(A=ti4[:2], reps=(2, 2))",
            "pad(array=ti4, pad_width=(1, 2), mode='constant', constant_values=(5, 6))", "einsum('ij,jk->ik', ti4_3x4, ti4_4x3, dtype='f8')",
            "einsum('ij,jk->ik', ti4_3x4, ti4_4x3, casting='safe', order='C')", "zeros(3, device='cpu')", "zeros(3, device='gpu')", "logspace(0, 0, 3, axis=0)",
            "geomspace(1, 1, 4, axis=0)", "reshape(ti4_3x4, shape=(2, 6), copy=True)", "unique(ti4, axis=0)", "unique(ti4, sorted=True)",
            "histogram2d(tf8, tf4, bins=3)", "ediff1d(ary=ti4, to_end=[1, 2])", "array_split(ary=ti4, indices_or_sections=5)",
            "trapezoid(y=tf8)", "corrcoef(x=tf8_3x4)[0, 0]", "flip(m=ti4_3x4)", "exp(0 * tf8, dtype='f4')"]
ZERO_AXES = ["sum(ti4_s, axis=0)", "sum(ti4_s, axis=-1)", "sum(ti4_s, axis=(0,))", "min(ti4_s, axis=0, keepdims=True)", "any(ti4_s, axis=0)",
             "mean(ti4_s, axis=0)", "ptp(ti4_s, axis=0)", "count_nonzero(ti4_s, axis=0)", "nansum(tf8_s, axis=-1)", "sum(ti4_s, axis=1)",
             "compress([True], ti4_s, axis=0)", "take(ti4_s, [0, 0], axis=0)", "take(ti4_s, 0, axis=-1)", "repeat(ti4_s, 2, axis=0)",
             "squeeze(ti4_s, axis=0)", "squeeze(ti4_s, axis=1)", "argwhere(ti4_s)", "argwhere(ti4_s - ti4_s)", "take([1, 2, 3], [])",
             "cumsum(ti4_s, axis=0)", "sort(ti4_s, axis=0)", "roll(ti4_s, 1, axis=0)"]
PYTHON = ["[1, 2] * True", "[1, 2] * 1.5", "[1, 2] * 2", "[1, 2] + 1", "(1, 2) * False", "[1, 2] - [1]", "[1, 2] ** 2", "[1, 2] * ti4[:2]",
          "linspace(0, 1, 5, retstep=True)", "linspace(0, 1, 5, False, True)", "coarsen('nanany', tf8_3x4, (1, 2))",
          "coarsen('nansum', tf8_3x4, (1, 2))", "matvec(ti4[:4], ti4_3x4)", "vecmat(ti4_3x4, ti4[:4])", "matvec(ti4_2x3x2, ti4[:2])"]
GAPS = ["trapezoid(tf8_3x4, tf8_1x4)", "trapezoid(tf8_3x4, tf8_3x1, axis=0)", "trapezoid(tf8_2x3x2, tf8_3x1, axis=0)", "trapezoid(tf8_3x4, tf8_4x3.T)",
        "trapezoid(tf8_2x3x2, [0, 1, 3, 4], axis=1)", "trapezoid(tf8_3x4, dx=[1, 2, 3])", "trapezoid(tf8_3x4, dx=[1, 2, 3], axis=0)",
        "trapezoid(tf8_3x4, dx=tf8_3x1)", "trapezoid(tf4_3x4, dx=tf8_s)", "trapezoid(tf4_3x4, dx=0.1)", "trapezoid(ti4, dx=True)"]
WEIGHED = ["zeros(12)", "tf8", "f8", "f4", "abs(tf8)", "b1", "tf8 * 0", "abs(tf8) * inf", "ones(12) * 1e308", "full(12, 0.0)", "full(12, 2)",
           "[1, 2, 1, 0, nan, 1, 1, 2, 5, 1, 0, 1]", "[1, 2, 1, 0, -3, 1, 1, 2, 5, 1, 0, 1]", "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]"]
WEIGHING = ["quantile(ti4, 0.5, weights={w}, method='inverted_cdf')", "percentile(f8, [0, 40], weights={w}, method='inverted_cdf')",
            "nanquantile(f8, 0.5, weights={w}, method='inverted_cdf')"]
LINES = ["quantile(tf8_3x4, 0.5, weights=[0, 0, 0, 0], axis=1, method='inverted_cdf')", "quantile(tf8_3x4, 0.5, weights=tf8_3x4 * 0, axis=1, method='inverted_cdf')",
         "quantile(tf8_3x4, 0.5, weights=maximum(tf8_3x4, 0), axis=1, method='inverted_cdf')",
         "quantile(tf8_3x4, [0.5, 0.2], weights=abs(tf8_3x4), axis=0, method='inverted_cdf', keepdims=True)",
         "nanquantile(array([nan, nan]), 0.5, weights=[0, 0], method='inverted_cdf')"]


# Tame values have no zeros of both signs, of which NumPy's sort gives either.
MATRICES = ["[{x}_3x4[0], {x}_3x4[1], {x}_3x4[0]]", "concatenate([{x}_3x4, {x}_3x4[::-1]])", "{x}_2x3x2", "{x}_3x4 > 1", "stack([{x}, {x}, {x}[::-1]]) // 3", "{x}_0x3", "{x}_3x4[:, :0]",
            "{x}_1x4", "{x}", "zeros((2, 2, 2))", "{x}_s", "{x}_3x4.T[::-1]"]
UNIQUE = ["unique({m}, axis={k})", "unique({m}, axis={k}, return_counts=True)", "unique({m}, return_inverse=True, axis={k})",
          "unique({m}, return_index=True, return_inverse=True, return_counts=True, axis={k})", "unique({m}, axis={k}, equal_nan=False)"]
NANS = ["[[nan, 1], [nan, 0], [1, 2], [nan, 1]]", "[[2, nan], [2, 1], [nan, nan], [nan, nan], [2, 1]]", "[[inf, -inf], [-inf, inf], [inf, -inf]]", "f8_3x4[:, 2:]", "array([[nan, 1], [1, 1]], 'f4')",
        "[nan, nan, 1.0]"]


def lines():
    for x in ["ti4", "tf8", "tf4", "tu1", "b1"]:
        for form in UNIQUE[:4] if x in ("ti4", "tf8") else UNIQUE[3:]:
            for k, matrix in enumerate(MATRICES):
                if x == "b1" and "//" in matrix:
                    continue
                for axis in [0, -1] if x == "ti4" else [k % 2]:
                    yield form.format(m=matrix.format(x=x), k=axis), exact
    for form in UNIQUE:
        for matrix in NANS:
            for axis in [0, 1]:
                yield form.format(m=matrix, k=axis), exact
    for text in ["diagflat(v=ti4[:3])", "real(val=tf8)", "imag(val=tf8)", "np.lib.stride_tricks.sliding_window_view(tf8, 3, subok=True, writeable=False)", "unique(ti4_3x4, axis=2)", "unique(ti4_3x4, axis=(0,))", "unique(ti4_3x4, axis=None)", "unique(ti4_3x4, axis='a')", "sort(unique_values(ti4_3x4))", "sort(unique_values([nan, 1.0, nan]))"]:
        yield text, exact
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
    for text in FLAT + HOLES + PACKED + PYTHON + ZERO_AXES + KEYWORDS + SORTERS + EMPTY:
        yield text, exact
    for text in NO_AXES + ASSUMED + JOINED + LINES:
        yield text, computed(exact)
    for form in WEIGHING:
        for weights in WEIGHED:
            # Weights that are written out are refused at once.
            written = weights[0] == "[" and "nan" not in form
            yield form.format(w=weights), exact if written else computed(exact)
    for text in INTERP + GAPS:
        yield text, nearly(2)
