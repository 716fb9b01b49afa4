"""Arrays that are made."""

from areas.masks import computed
from arguments import calls
from expected import exact, nearly, shape_only

MADE = {
    "zeros": ["5", "(2, 3)", "()", "0", "(0, 3)", "(2, 3), dtype=int8", "3, bool", "(2,), 'f4'", "shape=(2, 2)",
              "-1", "(2, -1)", "2.5", "(2, 2.0)", "[2, 3]", "(1, 1, 1), dtype='u2'", "True", "(2, 2), int, 'F'", "2, order='C'",
              "2, order='X'"],
    "ones": ["5", "(2, 3)", "()", "0", "(0, 3)", "(2, 3), dtype=int8", "3, bool", "(2,), 'f4'", "shape=(2, 2)",
             "(1, 2, 1), dtype=uint64", "[2]", "'a'"],
    "full": ["(2, 3), 7", "3, 2.5", "(2,), True", "(), 4", "0, 1", "(2, 2), -1, dtype=int8", "2, 300, dtype=int8",
             "2, -1, dtype=uint8", "2, 2.7, dtype=int32", "2, inf", "2, nan, dtype=float32", "(2, 3), [1, 2, 3]",
             "(2, 3), [1, 2]", "(3,), fill_value=1", "2, 2**63", "2, 2**64", "2, 7, float", "(2, 12), i4",
             "2, f8_s", "2, 1e300, dtype='f4'"],
    "zeros_like": ["i4_3x4", "f8_s", "b1", "f4_0", "i4, dtype=float64", "[1, 2]", "[1.5, 2]", "5", "f8_3x4.T",
                   "i4, shape=(2, 2)"],
    "ones_like": ["i4_3x4", "f8_s", "b1", "f4_0", "i4, dtype=float64", "[1, 2]", "u1[::-1]"],
    "full_like": ["i4_3x4, 7", "f8_s, 1", "b1, 2", "i4, 2.7", "i4, 2.7, dtype=float64", "f4, inf", "u1, -1",
                  "u1, 300", "[1, 2], 5", "i4, 1, shape=(2, 2)", "i4, 1, shape=3", "f4, 2, dtype=int8, shape=()"],
    "empty_like": ["i4[:0]"],
    "arange": ["5", "0", "-3", "2, 7", "2, 11, 3", "5, 0, -2", "0, 1, 0.1", "1, -1, -0.3", "3, 3", "0.5, 4",
               "5.0", "0, 5, 1, dtype=float32", "3, dtype=int8", "0, 10, 3, 'u1'", "2.5", "1, 2, 0", "5, 0, 1",
               "stop=3", "start=1, stop=4", "1, 10, 4.0", "10, step=3", "-2, 2, dtype='i2'", "0.0, 1.0, 0.25",
               "1e6, 1e6 + 3", "True", "2**40, 2**40 + 2", "3, dtype=bool", "inf", "nan", "0, 1, 1e-400",
               "5, dtype='f4'", "300, dtype=int8"],
    "linspace": ["0, 1, 5", "0, 1, 5, endpoint=False", "-1, 2, 7, dtype=float32", "3, 3, 4", "1, 2, 1", "1, 2, 0",
                 "-2.5, 2.5, 4, dtype=int64", "0, 1e-323, 4", "0.1, 0.7, 11", "0, 1, num=3", "0, 1", "5, 0, 6",
                 "0, 1, -1", "0, 1, 2.5", "0, 10, 11, dtype=int", "0, 1, 1, endpoint=False", "-0.0, -0.0, 1",
                 "0, 1, 2, False", "2**53, 2**53 + 2, 3", "0, inf, 3", "1, 100, 3, dtype='u1'"],
    "eye": ["3", "2, 4", "2, 4, 1", "4, 2, -1", "3, 3, 5", "0", "0, 2", "3, k=-1", "3, dtype=int8", "2, dtype=bool",
            "1", "3, M=2", "3, 3, -5", "-1", "2.5", "N=2"],
    "tri": ["3", "3, 4", "2, 5, 1", "4, 2, -1", "3, k=-5", "0", "3, dtype=int8", "2, 3, 0, bool"],
    "identity": ["3", "0", "2, dtype=int8", "1", "2, 'f4'", "-1"],
    "array": ["[1, 2, 3]", "[[1, 2], [3, 4]]", "[1.5, 2]", "[True, False]", "[]", "[[]]", "[[], []]", "5", "2.5",
              "True", "[1, 2], dtype=int8", "[1, 300], dtype=int8", "[1.7, -1.7], dtype=int32", "[1, 2.5, True]",
              "[True, 2]", "[2**63]", "[2**63, -1]", "[2**64]", "[-2**63]", "[inf, nan, -inf]", "[[1, 2], [3]]",
              "[[1], 2]", "((1, 2), (3, 4))", "[(1, 2), [3, 4]]", "i4", "i4, dtype=float32", "[i4, i4]", "[i4, 1]",
              "[[[1]]]", "[1, 2, 3], 'f4'", "[0.1, 0.2], dtype=float32", "[1e400]", "[-0.0, 0]", "['a']", "'a'",
              "[None]", "[1, 2], dtype=bool", "[nan], dtype=int32", "[f8_s, f8_s]", "[1e30], dtype='f4'",
              "[-1], dtype=uint8", "[1e300], dtype=float32", "[1, 2], ndmin=2", "i4_3x4, ndmin=3", "5, ndmin=1",
              "[1, 2], copy=True", "i4_3x4, order='F'", "[[1, 2]], ndmin=1"],
    "asarray": ["[1, 2, 3]", "i4", "5", "i4, float", "[[1.0], [2.0]]"],
}

DRAWN = ["random.normal(0, 1, (3, 4))", "random.normal(size=5)", "random.uniform(0, 1, (2, 3))",
         "random.uniform(size=(2, 2))", "random.random((3,))", "random.standard_normal((2, 2))",
         "random.randint(0, 10, (2, 3))", "random.rand(2, 3)", "random.randn(4)", "random.uniform(-1, 1, 7)",
         "random.default_rng(1).normal(size=(2, 2))", "random.default_rng(1).integers(0, 5, 3)",
         "random.default_rng(1).random(3)", "random.default_rng(2).uniform(0, 2, (2,))",
         "random.default_rng(3).integers(10, size=(2, 2), dtype=int8)", "random.normal(tf8, 1)",
         "random.randint(5, size=3)", "random.exponential(2, (2, 3))", "random.exponential(size=3)",
         "random.default_rng(1).exponential(tf8 ** 2)", "random.standard_exponential((2, 2))", "random.laplace(0, 1, 4)",
         "random.logistic(size=(2,))", "random.gumbel(1, 2, 3)", "random.rayleigh(2, 3)", "random.pareto(3, 5)",
         "random.power(3, 5)", "random.default_rng(1).power(3, 5)", "random.weibull(1.5, (2, 2))",
         "random.triangular(1, 2, 4, 6)", "random.lognormal(0, 1, 3)", "random.standard_cauchy(4)", "random.wald(1, 2, 3)",
         "random.geometric(0.5, 7)", "random.geometric([0.5, 0.1])", "random.permutation(5)", "random.permutation(i4_3x4)",
         "random.permutation([1.5, 2.5])", "random.choice(5, 3)", "random.choice(f4, (2, 3))",
         "random.choice(5, 5, False)", "random.choice(3, 4, p=[0.2, 0.3, 0.5])", "random.choice([True, False], 2)",
         "random.exponential()", "random.gamma(2, 3, (2, 2))", "random.default_rng(1).gamma(2)", "random.standard_gamma(0.5, 3)",
         "random.chisquare(2, 3)", "random.beta(1, 2, 3)", "random.f(2, 3, 4)", "random.standard_t(3, 4)", "random.poisson(3, 5)",
         "random.poisson([1, 20])", "random.poisson(size=2)", "random.binomial(10, 0.5, 4)", "random.negative_binomial(3, 0.5, 4)",
         "random.logseries(0.5, 3)", "random.dirichlet([1, 2, 3])", "random.dirichlet([1, 2, 3], (2, 2))",
         "random.gamma(tf8 ** 2 + 1)"]

# Every law of NumPy's, with parameters of which one may be an array.
LAWS = {
    "uniform": "0, 1", "normal": "0, 1", "standard_normal": "", "exponential": "2", "standard_exponential": "", "gamma": "2, 3", "standard_gamma": "2",
    "beta": "1, 2", "chisquare": "2", "f": "2, 3", "standard_t": "3", "standard_cauchy": "", "lognormal": "0, 1", "laplace": "0, 1", "logistic": "0, 1",
    "gumbel": "0, 1", "rayleigh": "2", "pareto": "3", "power": "3", "weibull": "2", "triangular": "1, 2, 4", "wald": "1, 2", "vonmises": "0, 1",
    "poisson": "3", "binomial": "10, 0.5", "negative_binomial": "3, 0.5", "geometric": "0.5", "hypergeometric": "5, 6, 7", "logseries": "0.5", "zipf": "2",
}
SIZES = ["size=3", "size=(2, 2)", "size=()", "size=(0, 3)"]
OTHERS = ["random.default_rng(1).integers(0, 9, (2, 3))", "random.default_rng(1).integers(5, size=())", "random.default_rng(1).integers(0, 9, 3, dtype=int16, endpoint=True)",
          "random.random(())", "random.random(5)", "random.random((2, 0))", "random.default_rng(1).random((2, 3))",
          "random.multinomial(10, [0.2, 0.3, 0.5])", "random.multinomial(10, [0.5, 0.5], size=4)", "random.multinomial(10, [0.5, 0.5], size=(2, 2))",
          "random.default_rng(1).multinomial([3, 4], [0.2, 0.8])", "random.default_rng(1).multinomial([3, 4], [[0.2, 0.8], [0.5, 0.5]])",
          "random.default_rng(1).multinomial([[3], [4]], [[0.2, 0.8], [0.5, 0.5]])", "random.default_rng(1).multinomial(2**60, [0.2, 0.8])", "random.default_rng(1).multinomial(2.5, [0.5, 0.5])",
          "random.dirichlet([1, 2], 3)", "random.dirichlet([1, 2], size=())", "random.default_rng(1).dirichlet([1, 2, 3])", "random.permutation(0)",
          "random.permutation(tf8)", "random.choice(5)", "random.choice(tf8, (2, 0))"]
NO_LAWS = ["random.default_rng(1).multinomial(10, [0.9, 0.9, 0.2])", "random.default_rng(1).multinomial(-1, [0.5, 0.5])",
           "random.default_rng(1).multinomial(3, [[0.5, 0.5], [1.5, 0.5]])", "random.default_rng(1).multinomial([3, -4], [0.5, 0.5])",
           "random.default_rng(1).multinomial(3, [0.5, nan, 0.5])",
           "random.default_rng(1).multinomial([1, 2, 3], [[0.5, 0.5], [0.5, 0.5]])"]


SPACES = {
    "logspace": ["0, 3, 4", "0, 3, 4, endpoint=False", "-2, 2, 5", "0, 3, 4, True, 2", "1, 4, 4, base=2.5", "0, 3, 4, dtype='f4'",
                 "0, 2, 3, dtype=int", "0, 1, 0", "0, 1, 1", "0, 1, -1", "2, 3", "0, 1, 3, base=-2"],
    "geomspace": ["1, 1000, 4", "1, 256, 9", "1000, 1, 4", "-1, -1000, 4", "1, 1000, 3, endpoint=False", "1, 2, 5, dtype='f4'",
                  "1, 0, 3", "0, 1, 3", "1, 10, 1", "1, 10, 0", "2, 3", "1, 10, -1", "0.5, 8, 5"],
}
BETWEEN = ["logspace([0, 1], [2, 3], 3)", "logspace(array([0.0, 1.0]), 3, 4, base=2)", "logspace([0, 1], 2, 3, endpoint=False)", "logspace(0, 2, 3, base=[2, 3])", "logspace([0, 1], [1, 2], 3, base=[2, 10])",
           "logspace([0, 1], 2, 3, dtype='f4')", "logspace([0, 1], 2, 3, axis=1)", "logspace([[0, 1], [1, 2]], 3, 2, axis=-1)", "logspace(array([0, 1], 'f4'), 2, 3)", "logspace([0, 1], [1, 2, 3], 3)",
           "logspace([0, 1], 2, 0)", "logspace([0, 1], 2, -1)", "logspace(ti4, tf8, 2, base=2)", "logspace([], [], 3)", "logspace([0, 1], 2, 1)", "logspace([0, 1], 2, 3, dtype=int)", "logspace(0, [1, 2], 3, base=[[2], [3]])",
           "geomspace([1, 2], [1000, 16], 4)", "geomspace([1, 16], [16, 1], 5)", "geomspace([-1, -2], [-8, -32], 4)", "geomspace([1, 2], 64, 3, endpoint=False)", "geomspace([1, 2], 64, 4, axis=1)",
           "geomspace(array([1, 2], 'f4'), 8, 3)", "geomspace([1, 2], 8, 3, dtype='f4')", "geomspace([1, 2], 8, 3, dtype=int)", "geomspace([1, 2], [8, 8, 8], 3)", "geomspace([1, 2], 8, 0)", "geomspace([1, 2], 8, 1)",
           "geomspace([1, 2], 8, -1)", "geomspace(abs(tf8) + 1, 64, 3)", "geomspace([], [], 3)"]
ZERO_ENDS = ["geomspace([1, 0], 8, 3)", "geomspace([1, 2], [0, 8], 3)"]
GRIDS = ["meshgrid([1, 2, 3], [4, 5])", "meshgrid([1, 2, 3], [4, 5], indexing='ij')", "meshgrid(i4[:3], f8[:2], b1[:4])",
         "meshgrid(i4[:3], f8[:2], b1[:4], indexing='ij')", "meshgrid([1, 2], [3, 4, 5], sparse=True)", "meshgrid([1, 2, 3])",
         "meshgrid(i4_3x4, [1, 2])", "meshgrid(5, [1, 2])", "meshgrid([1, 2], [3], indexing='no')", "meshgrid([1], f8_0)",
         "meshgrid([1, 2], [3, 4], sparse=True, indexing='ij')", "meshgrid([1, 2, 3], [4, 5])[1]"]


def lines():
    for name, arguments in SPACES.items():
        yield from calls(name, arguments, nearly(8))
    for text in BETWEEN:
        yield text, nearly(8)
    for text in ZERO_ENDS:
        yield text, computed(exact)
    for text in GRIDS:
        yield text, exact
    for name, arguments in MADE.items():
        for text in arguments:
            yield f"{name}({text})", exact
    for text in DRAWN + OTHERS:
        yield text, shape_only
    for law, parameters in LAWS.items():
        for size in SIZES:
            given = ", ".join(filter(None, [parameters, size]))
            yield f"random.{law}({given})", shape_only
            yield f"random.default_rng(1).{law}({given})", shape_only
        if parameters:
            first, *rest = parameters.split(", ")
            yield f"random.{law}({', '.join([f'[{first}, {first}]', *rest])})", shape_only
    for text in NO_LAWS:
        yield text, exact
