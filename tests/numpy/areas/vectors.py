"""Vectors that slide along each other, running extremes, folds of parts, positions of triangles, limits of dtypes."""

from areas.masks import computed
from divergences import instead, running
from expected import exact, nearly

MODES = ["", ", 'full'", ", 'same'", ", 'valid'", ", mode='same'", ", 0", ", 1", ", 2", ", 'nothing'", ", 3", ", None"]
SLIDES = ["{f}({x}, [1, 2, 1]{m})", "{f}({x}[:2], {x}[:5]{m})", "{f}({x}, {x}[3:7]{m})"]
PAIRS = ["{f}(t{a}, t{b}[:3])", "{f}(t{a}[::-1], t{b}[1:5], 'same')", "{f}(t{a}[:2], t{b}, 'full')"]
# What lies beyond the ends is no 0 times infinity.
EDGES = ["{f}(array([1.0, inf, 2.0]), array([0.0, 1.0]), 'full')", "{f}(array([1.0, 2.0, 3.0]), array([inf, 1.0]), 'full')", "{f}([1.0, nan, 2.0], [1.0, 0.0], 'same')", "{f}(tf8, tf8, 'full')[::-1]",
         "{f}([], [1])", "{f}([1], [])", "{f}(3, 4)", "{f}([1, 2], 4)", "{f}(4, [1, 2])", "{f}([[1]], [1])", "{f}(tf8_3x4, [1])", "{f}(ti4)", "{f}([1, 2, 3], [0, 1, 0.5])", "{f}(ti4[ti4 > 0], [1, 1])", "{f}('a', [1])",
         "{f}(arange(40), arange(9), 'same')[10:20:3]", "{f}([True, False], [True, True])", "{f}(array([100, 100], dtype='i1'), array([1, 2], dtype='i1'))"]
POWERS = ["vander({x})", "vander({x}[:3], 4)", "vander({x}[:3], N=2, increasing=True)", "vander({x}[:3], 0)", "vander({x}[:3], 1)", "vander({x}_0)", "vander({x}_3x4)", "vander({x}[:3], -1)", "vander({x}_s)", "vander({x}[:4], increasing=True)[:, 1]"]
JUMPS = ["unwrap({x})", "unwrap({x} * 3)", "unwrap({x}_3x4 * 4)", "unwrap({x}_3x4 * 4, axis=0)", "unwrap({x} * 2, period=4)", "unwrap({x} * 2, period=5)", "unwrap({x} * 2, 1)", "unwrap({x} * 2, discont=9, period=4.0)", "unwrap({x}, axis=1)",
         "unwrap({x}_0)", "unwrap({x}_s)", "unwrap({x}[:1])", "unwrap({x}_2x3x2 * 5, axis=-2, period=6)", "unwrap(array([0, 2, 4, 0, 2]), period=4)", "unwrap(array([4, 2, 0, 4]), period=4)", "unwrap({x} * 2, None, -1, 4)"]
KEYS = ["lexsort(({x}, {x} % 2))", "lexsort([{x} % 3, {x} % 2])", "lexsort(({x}_3x4, {x}_3x4 % 2), axis=0)", "lexsort({x}_3x4)", "lexsort({x}_2x3x2)", "lexsort({x}_2x3x2, axis=0)", "lexsort(({x},))", "lexsort(())", "lexsort(({x}, {x}[:3]))", "lexsort(({x}, {x}), axis=1)",
        "lexsort(([9, 4, 0, 4], [1, 1, 2, 1]))", "lexsort(({x}_0, {x}_0))", "lexsort((b1, {x} % 2, {x} % 3))", "{x}[lexsort(({x}, {x} % 2))]", "lexsort(array([[nan, 1.0, nan], [1, 1, 0]]))"]
EXTREMES = ["{f}.accumulate({x})", "{f}.accumulate({x}_3x4)", "{f}.accumulate({x}_3x4, axis=1)", "{f}.accumulate({x}_3x4, -1)", "{f}.accumulate({x}_2x3x2, axis=1)", "{f}.accumulate({x}_0)", "{f}.accumulate({x}_0x3, axis=1)", "{f}.accumulate({x}_s)",
            "{f}.accumulate({x}_3x4, axis=None)", "{f}.accumulate({x}, axis=None)", "{f}.accumulate({x}[::-1])[::2]", "{f}.accumulate({x}_3x4, axis=2)", "{f}.accumulate([3, 1, 2])", "{f}.accumulate(array={x}, axis=0)", "{f}.accumulate()"]
TRUTHS = ["logical_and.accumulate({x})", "logical_or.accumulate({x}_3x4, axis=1)", "logical_or.accumulate([0, 2, 0])"]
PARTS = ["{f}.reduceat({x}, [0, 4, 8])", "{f}.reduceat({x}, [0, 5, 2, 11])", "{f}.reduceat({x}, [3])", "{f}.reduceat({x}_3x4, [0, 2], axis=1)", "{f}.reduceat({x}_3x4, [0, 1])", "{f}.reduceat({x}_2x3x2, [1, 0], -2)", "{f}.reduceat({x}, [])", "{f}.reduceat({x}, [0, 12])",
         "{f}.reduceat({x}, [0, -1])", "{f}.reduceat({x}, arange(0, 12, 3))", "{f}.reduceat({x}, 3)", "{f}.reduceat({x}, [[0, 1]])", "{f}.reduceat({x}, array([0, 4]))", "{f}.reduceat({x}_3x4, [0], axis=None)", "{f}.reduceat({x}_3x4, [0, 1], axis=2)"]
BITS = ["{f}.reduce({x})", "{f}.reduce({x}_3x4)", "{f}.reduce({x}_3x4, axis=1)", "{f}.reduce({x}_3x4, axis=None)", "{f}.reduce({x}_2x3x2, axis=(0, 2))", "{f}.reduce({x}_3x4, axis=-1, keepdims=True)", "{f}.reduce({x}_0)", "{f}.reduce({x}_0x3)", "{f}.reduce({x}_3x4, axis=2)", "{f}.reduce({x}_3x4, axis=(0, 0))"]
TRIANGLES = ["{f}(3)", "{f}(4, 1)", "{f}(4, -2)", "{f}(3, 0, 5)", "{f}(5, k=-1, m=2)", "{f}(0)", "{f}(-2)", "{f}(3, 9)", "{f}(3, -9)", "{f}(2, 0, 0)", "{f}(3, m=1)", "i, j = {f}(3); ti4_3x4[i, j]", "ti4_3x4[{f}(3, 1, 4)]", "{f}(4)[0][::-1]", "x = zeros((3, 3)); x[{f}(3)] = 7; x",
             "{f}('a')", "{f}()", "{f}_from(ti4_3x4)", "{f}_from(ti4_4x3, 1)", "{f}_from(ti4)", "{f}_from(tf8_3x1, k=-1)"]
DIAGONALS = ["diag_indices(3)", "diag_indices(2, 3)", "diag_indices(0)", "diag_indices(-1)", "diag_indices(3, ndim=1)", "diag_indices(2, 0)", "ti4_3x4[diag_indices(3)]", "diag_indices_from(ones((3, 3)))", "diag_indices_from(ones((2, 2, 2)))", "diag_indices_from(ti4_3x4)", "diag_indices_from(ti4)", "x = zeros((3, 3)); x[diag_indices(3)] = [1, 2, 3]; x"]
COUNTS = ["bitwise_count({x})", "bitwise_count({x}_3x4.T)", "bitwise_count({x}_s)", "bitwise_count({x}_0)"]
NUMBERS = ["bitwise_count(-1)", "bitwise_count(255)", "bitwise_count(True)", "bitwise_count(2**63)", "bitwise_count([1, 2, 3])", "bitwise_count(2.0)", "bitwise_count(tf8)", "bitwise_count(tf4)", "bitwise_count(f2)", "ti4.bitwise_count()", "bitwise_count(ti4) + 250"]
FLOAT_LIMITS = ["eps", "epsneg", "max", "min", "tiny", "smallest_normal", "smallest_subnormal", "resolution", "bits", "nmant", "nexp", "iexp", "maxexp", "minexp", "machep", "negep", "precision", "dtype", "nothing"]
LIMITS = ["finfo(float).eps", "finfo(1.0).max", "finfo(tf4.dtype).eps * 3", "finfo(int)", "finfo('i4')", "finfo('f4').eps", "iinfo(3).max", "iinfo(float)", "iinfo(bool)", "iinfo('f4')", "iinfo(ti4.dtype).max", "iinfo(int).min // 2", "clip(ti4, iinfo('i1').min, iinfo('i1').max)",
          "full(3, finfo(float).max)", "where(tf4 > 0, finfo('f4').max, tf4)", "finfo()", "ti4 * iinfo(int8).max", "finfo(float32(2)).eps"]
CROSSES = ["cross({x}[:2], {x}[2:4])", "cross({x}[:2], {x}[:3])", "cross({x}[:3], {x}[:2])", "cross({x}_2x3x2, {x}_2x3x2[::-1])", "cross({x}_2x3x2, {x}[:3])", "cross({x}_3x4[:2], {x}_3x4[1:], axis=0)", "cross({x}_3x4[:2], {x}_3x4, axis=0)", "cross({x}_3x4[:2].T, {x}_3x4, axisb=0)",
           "cross({x}_3x4, {x}_3x4[:2], axis=0)", "cross({x}_3x4[:2], {x}_3x4, axisa=0, axisb=0, axisc=0)", "cross([1, 2], {x}[:2])", "cross({x}[:4], {x}[:4])", "linalg.cross({x}[:2], {x}[:2])", "linalg.cross({x}[:3], {x}[3:6])", "linalg.cross({x}_3x4, {x}_3x4[::-1], axis=0)", "linalg.cross({x}_3x4, {x}_3x4)", "cross({x}_s, {x}[:3])"]
# What stood among the known differences.
MENDED = ["tri(-2)", "tri(3, -1)", "tri(-1, 3)", "tri(-2, k=1, dtype=int)", "eye(-1)", "identity(-1)", "full_like(ti4, nan, dtype=bool)", "full_like(tf4, nan)", "full_like(ti4, 2.7)", "full(3, -2.7, dtype='i4')", "full_like(ti1, 300)", "full((2, 3), [1, 2, 3], dtype='f4')", "full(3, [1.5, 300.0, -2.0], dtype='i4')",
          "cov(ones((0, 3)))", "cov(ones((0, 0)))", "cov(ones((0, 3)), rowvar=False)", "cov(ones((0, 3), dtype='f4'), ones((2, 3)))", "corrcoef(ones((0, 3)))", "cov(ones((3, 0)))", "gradient(tf8_3x4, axis=(0, 0))", "gradient(tf8_3x4, axis=(0, -2))", "gradient(tf8_3x4, axis=(1, 0))", "gradient(tf8_3x4, axis=())",
          "bincount(tf8_0)", "bincount(tf4_0)", "bincount([])", "bincount(ti4_0)", "bincount([], minlength=3)", "bincount(())", "i0(inf)", "i0(-inf)", "i0(array([inf, -inf, nan], dtype='f4'))", "i0(array([inf], dtype='f2'))"]
# What random calls found to differ.
HUNTED = ["piecewise(ti4, ti4 > 0, [1, 2])", "piecewise(tf8, tf8 > 0, [sqrt])", "piecewise(ti4_3x4, [ti4_3x4 > 0], [lambda v: -v])", "piecewise([1, 2, 3], [True, False, True], [5])", "piecewise(arange(2), [[True, False], [False, True]], [5, 6])", "piecewise(ti4, (ti4 > 2, ti4 < 0), [1, 2])", "piecewise(tf8_s, tf8_s > 0, [7])", "piecewise(ti4, [], [1])",
          "choose(ti4 % 2, ti4)", "choose([0, 1, 0], ti4_3x4[:, :3])", "select([ti4 > 0, ti4 < 0], ti4_3x4[:2, :1])", "select(tb1_3x4, ti4_3x4)", "split(ti4, array([2, 5]))", "array_split(ti4_3x4, ti4[2:3] // 6)", "split(ti4, array(3))", "ones(array(2))", "zeros(array([2, 3]))", "reshape(ti4, array([3, 4]))", "ti4.reshape(array([4, -1]))", "transpose(ti4_3x4, array([1, 0]))",
          "roll(ti4, array(2))", "allclose(tf8, tf8 + 0.1, atol=array(0.2))", "allclose(tf4, tf4, rtol=float32(2))", "gradient(tf8, array(2))", "gradient(ti4_3x4, array(2), axis=0)", "identity(array(2))", "repeat(ti4, array(2))", "add.outer(tu1, 2**40)", "maximum.outer(3, tu1)", "subtract.outer(ti1, int8(2))", "multiply.outer(ti1[:3], 2.5)", "add.outer(2, 3)",
          "sum(ti4, where=[1, 0, 1] * 4)", "mean(tf8_3x4, where=(1,))", "sum(ti4, where=array([1, 0, 1] * 4))", "zeros((2, 2), order='K')", "ones(3, order='A')", "full(3, 1, order='K')", "eye(2, order='A')", "zeros_like(ti4, order='K')", "full_like(ti4, 1, order='Z')", "array([1], order='A')", "empty(3, order='K').shape", "tf8.std(correction=1)", "tf8.var(ddof=1)", "std(tf8[:4], correction=1)",
          "ti4_3x4.transpose(axes=(1, 0))", "ti4_3x4.transpose((1, 0))", "block((ti4, ti4))", "block([[ti4], (ti4,)])", "rollaxis(ti4_3x4, None)", "swapaxes(ti4_3x4, 0, None)", "stack([ti4, ti4], axis=None)", "trace(ti4_3x4, axis2=None)", "diagonal(ti4_3x4, axis1=None)", "trapezoid(tf8, axis=None)", "diff(ti4, axis=None)", "insert(tu1, 0, -1)", "insert(tu1, [0, 1], 300)", "insert(ti4, 0, nan)", "insert(ti4, 0, 2.7)", "insert(ti1, 0, array([300]))",
          "fill_diagonal(tu1_3x4, -1)", "fill_diagonal(ti4_3x4, nan)", "fill_diagonal(ti4_3x4, 2.5)", "pad(ti1, 1, constant_values=300)", "pad(ti4, 1, constant_values=nan)", "pad(ti4, 1, constant_values=2.7)", "pad(tf4, 1, constant_values=nan)", "pad(ti4, 1, mode='mean', stat_length=-1)", "indices(3)", "sin(ti4, casting='no')", "sin(tf8, casting='no')", "add(ti4, ti4, casting='no')", "add(ti4, ti1, casting='equiv')", "add(ti4, ti1, casting='safe')",
          "minimum(ti4, 2.5, dtype='i4')", "minimum(ti4, 2.5, dtype='i4', casting='unsafe')", "concatenate([ti4, ti4], casting='foo')", "dot(tf8_3x4, -0.0)", "dot(ti4_s, tf8)", "inner(tf8, -0.0)", "tensordot(tf8, -tf8_0x3[:, :0].sum(1)[:0], 0)", "tensordot(tf8[:3], array([0.0, -1.0]), 0)", "einsum('i,j->ij', tf8[:3], array([0.0, -1.0]))", "outer(tf8[:4], array([0.0, -1.0]))", "kron(tf8[:4], array([0.0, -1.0]))",
          "quantile(ti1, float32(0.3))", "quantile(ti1, array([0.3, 0.5], dtype='f4'))", "quantile(tu2, array([0.3], dtype='f2'))", "quantile(ti4, float32(0.3))", "percentile(ti2, float32(30))", "nanquantile(tu1_3x4, float32(0.25), axis=1)", "quantile(ti1, 0.3)", "gcd.reduce(ti4_s)", "bitwise_or.reduce(5)", "gcd.reduce(ti4[:1])", "lexsort((ti4_s, ti4_s))", "lexsort([3, 1, 2])", "linspace(0, 1, num=None)"]
# Floats that integers do not hold, and what they saturate to.
FILLED = {"full_like(ti4, nan)": "full_like(ti4, 0)", "full_like(ti4, inf)": "full_like(ti4, 2**31 - 1)", "full(3, -inf, dtype='i1')": "full(3, -128, dtype='i1')", "full_like(tu1, -2.5)": "full_like(tu1, 0)", "full((2,), 1e20, dtype=int)": "full((2,), 2**63 - 1, dtype=int)"}
# An array without axes is changed in place; a number of NumPy's is replaced.
NAMES = ["x = array(3); x += 2; x", "x = array(3); x += 2.5; x", "x = array(3); x /= 2; x", "x = array(3.0); x /= 2; x", "x = ti4_s; x += 2.5; x", "x = ti4_s; x *= 2; x", "x = zeros(()); x += 1; x", "x = ones((), dtype='i1'); x += 300; x", "x = array(3, dtype='i1'); x += array(2.5); x", "x = array(3); x += ti4; x", "x = array(3); y = x; y += 2.5; y",
         "x = array(3).T; x += 2.5; x", "x = array(3).copy(); x += 2.5; x", "x = array(3).astype('f4'); x += 2.5; x", "x = ti4_s.astype('i1'); x += 2.5; x", "x = ti4[:1].reshape(()); x += 2.5; x", "x = ti4.sum(); x += 2.5; x", "x = ti4[0]; x += 2.5; x", "x = ti4_s + 1; x += 2.5; x", "x = ti4.sum().astype('i1'); x += 2.5; x", "x = int8(3); x += 2.5; x",
         "x = array(3); x = x + 1; x += 2.5; x", "x = ti4; x[0] += 2.5; x", "x, y = array([1, 2]); x += 2.5; x", "x = where(True, ti4_s, 1); x += 2.5; x", "x = full((), 3); x -= 0.5; x", "x = zeros_like(ti4_s); x += 0.5; x", "x = ti4_s; x += 1; x += 2.5; x"]
EMPTY = ["piecewise({x}, [{x} > 99, {x} < 0], [lambda v: v - v.min(), lambda v: v.max()])", "piecewise({x}, [{x} > 99], [lambda v: v.max(), 7])", "piecewise({x}, [{x} > 0], [lambda v: v - v.mean()])", "piecewise({x}, [{x} > -99], [1, lambda v: v.min()])", "piecewise({x}_3x4, [{x}_3x4 > 99], [lambda v: v / v.min()])", "piecewise({x}, [{x} > 0, {x} > 99], [lambda v: v.sum(), max])"]


def lines():
    for f in ["convolve", "correlate"]:
        for x in ["ti4", "tf8"]:
            for form in SLIDES:
                for mode in MODES if "1, 2, 1" in form else MODES[1:4]:
                    yield form.format(f=f, x=x, m=mode), exact
        for a, b in [("i1", "u1"), ("f4", "i2"), ("f4", "f8"), ("b1", "b1"), ("u8", "i8"), ("f2", "f2"), ("b1", "i2")]:
            for form in PAIRS:
                yield form.format(f=f, a=a, b=b), exact
        for form in EDGES:
            yield form.format(f=f), computed(exact) if "[ti4 >" in form else exact
    for x in ["ti4", "tf8", "tu1", "tf4"]:
        for form in POWERS:
            yield form.format(x=x), exact
        for form in CROSSES:
            yield form.format(x=x), exact
    for x in ["ti4", "tf8", "tf4"]:
        for form in JUMPS:
            yield form.format(x=x), exact if "period=4" in form or "period=5" in form or ", 4)" in form or "period=6" in form else nearly(64)
    for x in ["ti4", "tf8", "f8", "tu1", "tf2"]:
        for form in KEYS:
            yield form.format(x=x), exact
    for f in ["minimum", "maximum"]:
        for x in ["ti4", "f8", "tu1", "b1", "f4", "f2", "i8", "u8", "i1"]:
            for form in EXTREMES if x in ("ti4", "f8", "b1") else EXTREMES[:3]:
                yield form.format(f=f, x=x), running
        yield f"{f}.accumulate(ti4, dtype='f4')", exact
    for x in ["ti4", "f8", "b1"]:
        for form in TRUTHS:
            yield form.format(x=x), exact
    for f in ["add", "multiply", "minimum", "maximum", "logical_and", "logical_or"]:
        for x in ["ti4", "tf8", "b1"] if f == "add" else ["ti4"]:
            for form in PARTS:
                yield form.format(f=f, x=x), exact
    for f in ["bitwise_and", "bitwise_or", "bitwise_xor", "logical_xor", "gcd", "lcm"]:
        for x in ["ti4", "u1", "b1"]:
            for form in BITS:
                # Bools have no divisors; of none NumPy has no least common multiple.
                yield form.format(f=f, x=x), exact
    for f in ["tril_indices", "triu_indices"]:
        for form in TRIANGLES:
            yield form.format(f=f), exact
    for text in DIAGONALS + NUMBERS + LIMITS + MENDED + HUNTED:
        yield text, nearly(1) if "sqrt" in text or "std(" in text or "var(" in text or "mean(" in text else exact
    for x in ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
        for form in COUNTS:
            yield form.format(x=x), exact
    for name in FLOAT_LIMITS:
        for code in ["float16", "float32", "float64"]:
            yield f"finfo({code}).{name}", exact
    for name in ["min", "max", "bits", "kind", "dtype", "eps"]:
        for code in ["int8", "uint64", "int"]:
            yield f"iinfo({code}).{name}", exact
    for text, other in FILLED.items():
        yield text, instead(other)
    for text in NAMES:
        yield text, exact
    for x in ["ti4", "tf8"]:
        for form in EMPTY:
            yield form.format(x=x), computed(exact)
