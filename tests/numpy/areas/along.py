"""Along an axis: sorting, scans, arguments of extremes, quantiles, differences, bins."""

from areas.masks import computed
from arguments import calls
from divergences import rounded_once
from expected import exact
from inputs import DTYPES

# Every sort here is stable, and so are NumPy's in these lines.
SORTS = ["sort", "argsort"]
SCANS = ["cumsum", "cumprod", "nancumsum", "nancumprod"]
ARGUMENTS = ["argmin", "argmax"]
METHODS = [
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf",
    "hazen", "weibull", "linear", "median_unbiased", "normal_unbiased", "lower", "higher",
    "midpoint", "nearest",
]
CORNERS = ["f8_0", "f8_0x3", "f8_s", "f8_1", "f8_1x4", "f8_3x4[::-1, ::-2]", "f8_3x4.T", "i2_2x3x2", "5"]
HOLES = "array([3.5, nan, -1.0, 0.0, -0.0, inf, 2.0, -inf, 3.5, 0.0])"
ROW = "array([4.0, 1.5, -2.0, 8.25, 0.5, 3.0, 1.5])"
TABLE = "array([[3.0, 1.0, 2.0, nan], [0.5, 0.25, 8.0, -1.0], [2.0, 2.0, nan, 4.0]])"
COUNTS = "array([[5, 1, 4, 1], [9, 2, 6, 5], [3, 5, 8, 9]])"
BYTES = "array([100, -100, 3, 7, 127, -128, 3], dtype=int8)"
LONG = "array([18446744073709551615, 3, 9223372036854775808, 3], dtype=uint64)"
TRUTHS = "array([True, False, True, True])"
POINTS = "array([0.0, 1.0, 1.5, 3.0, 3.5, 5.0, 8.0])"
ARRAYS = [HOLES, ROW, f"{ROW}.astype(float32)", TABLE, COUNTS, BYTES, LONG, TRUTHS, "zeros((3, 0))"]


def scans(name, extra=""):
    """A call on every dtype, axis and corner."""
    for code in DTYPES:
        yield f"{name}({code}{extra})"
        yield f"{name}({code}_3x4, axis=0{extra})"
        yield f"{name}({code}_3x4, axis=-1{extra})"
    for x in ARRAYS + CORNERS:
        yield f"{name}({x}{extra})"
        yield f"{name}({x}, axis=0{extra})"
        yield f"{name}({x}, axis=None{extra})"
    yield f"{name}(f8_3x4, axis=2{extra})"
    yield f"{name}(f8_3x4, axis=-3{extra})"
    yield f"{name}(f8_3x4, axis=0{extra})[1:, ::-2]"
    yield f"{name}(i4_2x3x2, axis=1{extra})[:, :2, 0]"


def quantiles():
    for method in METHODS:
        for x in [HOLES, ROW, f"{ROW}.astype(float32)", BYTES, LONG, "ti4", "tf8", "array([7.0])",
                  "array([1.0, inf])", "array([200, 1, 255, 7], dtype=uint8)"]:
            for q in ["0.3", "[0.0, 0.1, 0.25, 0.5, 0.75, 0.99, 1.0]"]:
                yield f"quantile({x}, {q}, method={method!r})"
        yield f"quantile({TABLE}, [0.2, 0.8], axis=0, method={method!r})"
        yield f"nanquantile({TABLE}, [0.2, 0.8], axis=0, method={method!r})"
        yield f"nanquantile({TABLE}, 0.4, axis=1, keepdims=True, method={method!r})"
        yield f"percentile(tf8_3x4, [10, 50, 90], axis=(0, 1), method={method!r})"
        yield f"quantile(ti4_2x3x2, [0.3, 0.6], axis=(0, 2), method={method!r})[1]"
    for q in ["0", "1", "[0, 1]", "0.5", "[0.5]", "[]", "1.5", "-0.1", "nan"]:
        yield f"quantile({ROW}.astype(float32), {q})"
        yield f"quantile({COUNTS}, {q}, axis=1)"
    yield from [
        "percentile(tf4, 50)", "percentile(tf4, [50])", "percentile(tf8, 101)", f"quantile({TRUTHS}, 0.5)",
        f"quantile({TRUTHS}, 0.5, method='lower')", "quantile(tf8, 0.5, method='middle')",
        "quantile(f8_0x3, 0.5, axis=0)", "nanquantile(f8_0x3, 0.5, axis=0)",
        f"percentile({TABLE}, 25, axis=1)", f"nanpercentile({TABLE}, 25, axis=1)",
        "nanmedian(array([nan, nan]))",
    ]


def searches():
    table = "array([-1.0, 0.0, 0.0, 2.0, 5.5])"
    for side in ["left", "right"]:
        for v in ["0.0", "[0.0, -7.0, 9.0, 2.0, nan, inf]", "[[0, 2], [5, 6]]", "tf8_3x4", "ti4", "f8_0"]:
            yield f"searchsorted({table}, {v}, side={side!r})"
        for code in DTYPES:
            yield f"searchsorted(sort(t{code}), t{code}, side={side!r})"
    yield from [f"searchsorted({COUNTS}, 2)", "searchsorted(array([1, 3, 5]), [3.5, 5])",
                "searchsorted(f8_0, [1.0])", f"{table}.searchsorted(tf8)"]
    for right in ["False", "True"]:
        yield f"digitize([0.2, 6.4, 3.0, 1.0, nan], [0.0, 1.0, 2.5, 4.0, 10.0], right={right})"
        yield f"digitize([0.2, 6.4, 3.0, 1.0], [10.0, 4.0, 2.5, 1.0, 0.0], right={right})"
        yield f"digitize([[1, 2], [3, 4]], [2, 3], right={right})"
        yield f"digitize(tf8_3x4, sort(tf8), right={right})"
        yield f"digitize(tf8_3x4, sort(tf8)[::-1], right={right})"
    yield "digitize([1.0], [0.0, 2.0, 1.0])"


def histograms():
    for k in [0, 1]:
        for call in [f"{ROW}", f"{ROW}, bins=4, range=(0, 8)", f"{ROW}, bins=[0.0, 1.5, 4.0, 4.0, 10.0]",
                     f"{ROW}.astype(float32), bins=5", f"{COUNTS}, bins=3", f"{COUNTS}, bins=[1, 2, 5, 9]",
                     f"{ROW}, bins=4, range=(1, 1)", "ones(3), bins=2", "zeros(0), bins=2",
                     f"{ROW}, bins=2, range=(-2, 6), weights=[1, 2, 3, 4, 5, 6, 7]",
                     f"{ROW}, bins=2, range=(-2, 6), weights=[1.0, .5, 3, 4, 5, 6, 7]",
                     f"{ROW}, bins=4, range=(-2, 6), density=True", "[nan, 1.0, 2.0], bins=2, range=(0, 2)",
                     "tf8, bins=6", "tf8_3x4, bins=4", "ti4_3x4, bins=5", "ti1, bins=3",
                     "tf4, 4, (-3, 3)", "tf8_3x4, bins=3, range=(-4, 4), weights=ti4_3x4"]:
            yield f"histogram({call})[{k}]"
    for call in ["bins=0", "bins=2, range=(3, 1)", "bins=2, range=(0, inf)", "bins=[1.0, 0.0]",
                 "bins=2, weights=[1.0]"]:
        yield f"histogram({ROW}, {call})"
    x, y = "[1.0, 2.0, 2.5, 4.0, 9.0]", "[0.0, 1.0, 1.0, 2.0, 3.0]"
    for k in [0, 1, 2]:
        yield f"histogram2d({x}, {y}, bins=[2, 3], range=[[0, 4], [0, 3]])[{k}]"
        yield f"histogram2d({x}, {y}, bins=4)[{k}]"
        yield f"histogram2d({x}, {y}, bins=2, density=True)[{k}]"
    yield "histogram_bin_edges(tf8, bins=4, range=(0, 1))"
    for x in ["tf8", "ti4", "tf4", "tu1", "b1", "f8_0", "ones(5)", "arange(100) % 17", "arange(60) ** 2 / 8", "[3, 3, 3, 4]", "tf8_3x4", "[1]", "[1.5, 2.5]", "arange(300) * 7 % 31 / 4",
              "concatenate([arange(40), arange(40) / 8 + 60])"]:
        yield f"histogram_bin_edges({x}, 'stone')"
        yield f"histogram({x}, bins='stone')"
        yield f"histogram_bin_edges({x}, 'stone', range=(1, 9))"
    for rule in ["auto", "fd", "doane", "scott", "rice", "sturges", "sqrt", "stones", ""]:
        for x in ["tf8", "ti4", "tf4", "tu1", "b1", "f8_0", "ones(5)", "arange(100) % 17", "arange(60) ** 2 / 8", "[3, 3, 3, 4]", "tf8_3x4", "[1]", "[1.5, 2.5]"]:
            yield f"histogram({x}, bins='{rule}')"
            yield f"histogram_bin_edges({x}, '{rule}', range=(-1, 1))"
    yield from ["histogram(tf8, 'auto', weights=tf8)", "histogram_bin_edges(tf8, 'fd', weights=tf8)", "histogram(tf8, 'auto', density=True)", "histogram(tf8, 'auto', range=(5, 5))",
                "histogram(tf8, 'auto', range=(5, 9))", "histogram(tf8, 'auto', range=(9, 5))", "histogram2d(tf8, tf8, 'auto')"]


def differences():
    for x in ARRAYS + ["ti1", "tu2", "tf8_3x4", "tf4_2x3x2"]:
        yield from [f"diff({x})", f"diff({x}, n=2)", f"diff({x}, axis=0)", f"diff({x}, n=0)",
                    f"ediff1d({x})", f"gradient({x}, axis=0)",
                    f"gradient({x}, 0.5, axis=0, edge_order=2)"]
    yield from [
        f"diff({COUNTS}, n=-1)", f"diff({COUNTS}, prepend=0, append=[[1], [2], [3]])",
        f"diff({ROW}, prepend=1.5)", "diff(ti4, prepend=1)", "diff(tu1, append=[1, 2])", "diff(tf4, append=1.5)", "ediff1d(tu1, to_end=1)",
        "ediff1d(ti4, to_end=2**40)", "ediff1d(ti4, to_begin=1.5)", "ediff1d(tf4, to_end=1.5)", f"ediff1d({ROW}, to_begin=0.5, to_end=[1.0, 2.0])",
        f"ediff1d({COUNTS}, to_begin=0.5)", f"gradient({ROW}, {POINTS})",
        f"gradient({ROW}, {POINTS}, edge_order=2)", f"gradient({ROW}, edge_order=3)",
        "gradient(array([1.0]))", "gradient(tf8_3x4)", "gradient(tf8_3x4, 2.0, 0.5)", "diff(f8_s)",
    ]


AT = ["{f}({x}, array([0.1, 0.5]))", "{f}({x}, arange(3) / 2)", "{f}({x}, array([[0.1, 0.5], [0.25, 1.0]]), axis=0)", "{f}({x}_3x4, array([0.1, 0.5]), axis=0)", "{f}({x}_3x4, arange(4)[1:] / 4, axis=1, keepdims=True)",
      "{f}({x}_3x4, array([[0.1, 0.5], [0.25, 1.0]]), axis=1)", "{f}({x}, array(0.25))", "{f}({x}, array([0.3, 0.6]), method='lower')", "{f}({x}, array([0.3, 0.6]), method='hazen')", "{f}({x}_2x3x2, array([0.5, 0.75]), axis=(0, 2))",
      "{f}({x}, [[0.5, 0.25]])", "{f}({x}, array([0, 1]))", "{f}({x}, array([0.5, 2]))", "{f}({x}, array([]))", "{f}({x}, array([True, False]))", "{f}({x}, [array(0.5), array(0.25)])"]
# Fractions in narrower floats, of which positions are; and weights beside fractions that are arrays.
NARROW = ["{f}({x}, array([0.1, 0.5, 0.73], dtype='{q}'), method='{m}')", "{f}({x}_3x4, array([[0.3, 0.9]], dtype='{q}'), axis=0, method='{m}')", "{f}({x}, array(0.3, dtype='{q}'), method='{m}')"]
NARROWED = ["linear", "lower", "hazen", "weibull", "median_unbiased", "closest_observation", "averaged_inverted_cdf", "midpoint"]
WEIGHTED = ["{f}({x}, array([0.1, 0.5]), weights=arange(12), method='inverted_cdf')", "{f}({x}_3x4, array([[0.1, 0.5], [0.0, 1.0]]), axis=0, weights=[1, 2, 1], method='inverted_cdf')",
            "{f}({x}, array(0.4), weights=ones(12), method='inverted_cdf')", "{f}({x}, array([0.5, 2]), weights=ones(12), method='inverted_cdf')", "{f}({x}, array([0, 1]), weights=arange(12), method='inverted_cdf')",
            "{f}({x}_3x4, array([0.2, 0.4, 0.7]), axis=(0, 1), weights={x}_3x4 ** 2, method='inverted_cdf', keepdims=True)", "{f}({x}, array([0.5]), weights=ones(12))"]
NOTHING = ["{f}(f8_0, {q})", "{f}(f8_0x3, {q}, axis=0)", "{f}(f8_0x3, {q}, axis=1)", "{f}(f8_0x3, {q}, keepdims=True)", "{f}(f4_0, {q})", "{f}(i4_0, {q})", "{f}(b1_0, {q})"]
BEYOND = ["quantile(tf8, tf8)", "percentile(tf8, tf8)", "nanquantile(tf8, tf8 * nan)", "quantile(tf8, where(b1, 0.5, nan))"]


def lines():
    for name in ["quantile", "nanquantile", "percentile"]:
        for x in ["tf8", "ti4", "tf4"]:
            yield from [(form.format(f=name, x=x), exact) for form in AT]
    yield from [(text, computed(exact)) for text in BEYOND]
    for x in ["tf8", "ti4", "tf4"]:
        for q in ["f4", "f2"]:
            yield from [(form.format(f="quantile", x=x, q=q, m=m), exact) for form in NARROW for m in NARROWED]
        yield f"percentile({x}, array([10, 40], dtype='f4'))", exact
        yield f"nanpercentile({x}, array([10, 40], dtype='f2'))", exact
        yield from [(form.format(f="quantile", x=x), exact) for form in WEIGHTED]
        # NumPy's own nanquantile has no fractions of two axes beside weights.
        yield from [(form.format(f="nanquantile", x=x), exact) for form in WEIGHTED if "[[" not in form]
    for q in ["0.5", "[0.5, 0.25]", "array([0.5, 0.25])", "array([[0.5]])", "2", "[2.0]"]:
        yield from [(form.format(f=f, q=q), exact) for form in NOTHING for f in ["nanquantile", "quantile"]]
    yield from [(text, exact) for text in ["quantile(b1, array([0.5]))", "quantile(f8_0, array([0.5]))", "percentile(tf8, array([25, 50, 75]))"]]
    for name in SORTS:
        yield from [(text, exact) for text in scans(name, ", kind='stable'")]
    for name in SCANS:
        yield from [(text, rounded_once) for text in scans(name)]
    for name in ARGUMENTS:
        yield from [(text, exact) for text in scans(name)]
    for name in ARGUMENTS:
        yield from calls(name, ["f8_3x4, keepdims=True", "f8_3x4, axis=1, keepdims=True", "ti4_2x3x2, axis=-1, keepdims=True", "tf8_s, keepdims=True",
                                "tf8_s, axis=0, keepdims=True", "tf8, axis=0, keepdims=True", "tf8_0x3, keepdims=True"], exact)
    for name in ["nanargmin", "nanargmax"]:
        yield from calls(name, ["tf8", "ti4", "f8", HOLES, "tf8_3x4, axis=0", "f8_0", COUNTS], exact)
    for name in ["median", "nanmedian"]:
        # A mean is a sum from 0 on: none is -0.
        for zeros in ["array([-0.0])", "array([-0.0, -0.0])", "array([[-0.0, 1.0, nan]])"]:
            yield f"{name}({zeros}, axis=0)", exact
        # Which of two zeros is the middle one is not said.
        texts = [text.replace("f8_3x4[", "tf8_3x4[") for text in DTYPES + ARRAYS + CORNERS]
        yield from calls(name, texts, exact)
        yield from calls(name, [f"{x}, axis=0" for x in texts], exact)
        yield from calls(name, ["f8_3x4, axis=-1, keepdims=True", "tf8_3x4, axis=(0, 1), keepdims=True",
                                "ti4_2x3x2, axis=(0, 2)", "tf8_3x4, axis=2"], exact)
    for table in [quantiles, searches, histograms, differences]:
        yield from [(text, exact) for text in table()]
    yield from [(text, exact) for text in [
        "cumsum(tf8, dtype=float32)", "cumsum(ti4, axis=0, dtype=float64)", "cumsum(ti4, dtype=int8)",
        "cumprod(tu1, dtype=uint8)", "tf8_3x4.cumsum(axis=1)", "ti4_3x4.cumprod(0)", "ti4.argsort()",
        "tf8_3x4.argmax(axis=0)", f"cumulative_sum({ROW})", f"cumulative_sum({ROW}, include_initial=True)",
        f"cumulative_prod({COUNTS}, axis=1, include_initial=True)", f"cumulative_sum({COUNTS})",
    ]]
