"""Programs as they are pasted from tutorials; no operator of its own."""

from areas.masks import computed
from expected import exact, refused

TEXTS = [
    "np.arange(6).reshape(2, 3)", "np.arange(15).reshape(3, 5).sum(axis=0)", "np.zeros((3, 4), dtype=np.int16)",
    "np.array([[1, 2], [3, 4]], dtype=float)", "np.linspace(0, 2, 9)", "a = np.arange(12).reshape(3, 4); a[1, ::2]",
    "a = np.arange(10)**3; a[2:5]", "a = np.arange(10)**3; a[::-1]", "a = np.array([20, 30, 40, 50]); a < 35",
    "a = np.array([20, 30, 40, 50]); b = np.arange(4); a - b", "b = np.arange(4); b**2",
    "A = np.array([[1, 1], [0, 1]]); B = np.array([[2, 0], [3, 4]]); A * B", "np.ones(3, dtype=np.int32) + np.pi",
    "a = np.ones((2, 3), dtype=int); a * 3", "b = np.arange(12).reshape(3, 4); b.sum(axis=0)",
    "b = np.arange(12).reshape(3, 4); b.min(axis=1)", "np.sqrt(np.arange(3))", "np.add(np.arange(3), np.array([2., -1., 4.]))",
    "x = np.arange(10); x[x.shape[0] // 2:]", "np.arange(4).dtype", "np.array([1, 2]).shape", "np.ones((2, 2)).ndim",
    "(1, 2)", "1 + 2", "2 ** 10", "7 // 2", "-7 // 2", "-7 % 3", "7 / 2", "1e3", "0x1f", "0b101", "0o17", "1_000",
    ".5", "5.", "1e-3", "True", "not_there", "np.not_there", "x = 3; x * 2", "x = (2, 3); np.ones(x)", "2 ** -1",
    "1 / 0", "1 // 0", "1 % 0", "1.0 / 0", "3 == 3.0", "3 < 2", "(1, 2) == (1, 2)", "abs(-3)", "min(1, 2)",
    "max(1, 2.5)", "len([1, 2])", "np.pi", "np.e", "np.inf", "-np.inf", "np.nan", "np.float32(1.5)",
    "np.int8(3)", "np.uint8(200) + np.uint8(100)", "np.float64(1) / 0", "np.int8(100) + 100", "np.int8(127) + np.int8(1)",
    "i4 + 1; i4 - 1", "i4, f8", "(i4, f8)", "i4,", "[i4, f8]", "(i4 > 0) & (i4 < 3)", "i4 > 0 & i4 < 3",
    "~(i4 > 0) | (i4 < -3)", "(i4)", "((i4))", "i4 .sum()", "i4.sum ()", "i4 [ 0 ]", " i4",
    "i4 # a comment", "i4.sum().sum()", "i4.T.T.T", "(i4 + i4)[0]", "i4[0] + i4[1]",
    "i4.astype(np.float64).sum()", "f8_3x4.sum(axis=0).max()", "np.where(i4 > 0, i4, 0).sum()",
    "np.array([1, 2, 3])[::-1]", "np.concatenate((np.zeros(2), np.ones(2)))", "np.stack([np.arange(3)] )",
    "-i4[0]", "-2 ** 2", "2 ** 3 ** 2", "1 - 2 - 3", "8 / 4 / 2", "2 * 3 % 4", "1 << 3", "1 << 3 + 1", "6 & 3 | 8",
    "5 ^ 3", "~5", "+5", "- -5", "1 + True", "True + True", "True & False", "True | 2", "3.0 // 2", "-3.5 % 2",
    "1e308 * 10", "2 ** 0.5", "(-8) ** (1 / 3)",
    "i4[", "i4)", "(i4", "i4 +", "* i4", "i4 i4",
    "i4..T", "i4.", "1 2", "'abc", "x.y", "np", "np.random",
    "sum", "sum()", "sum(i4, i4)", "sum(i4, axis=0, axis=0)", "sum(i4, nonsense=1)", "sum(a=i4)", "i4.sum(a=1)",
    "sum(i4, 0, 0, 0, 0, 0, 0, 0, 0)", "i4.nonsense", "i4.nonsense()", "i4.shape()", "i4.sum", "i4.T()", "i4()",
    "'a' + i4", "None + i4", "i4 + None", "i4 + 'a'", "i4 + (1, 2)", "i4_3x4 + [1, 2, 3, 4]", "[1, 2] + [3]",
    "(1, 2) + (3,)", "i4 + [1, 2]", "i4 * ...", "-None", "-'a'", "~2.5", "~f4", "i4 ** 'a'", "i4[i4",
   
    "np.sum(i4)", "dtype('f4')", "np.dtype('int8')", "i4.dtype == 'int32'", "i4.dtype == np.int32",
    "i4.dtype == np.float64", "zeros((2,) * 2)", "array([1, 2] * 3)", "sum([[1, 2]] * 3)", "2 * (3,)", "array([1] * 0)", "i4.dtype.itemsize", "i4.dtype.name", "np.sum(i4_3x4, 1)",
    "np.random.normal(size=2).shape",
]

# Functions that are written out, where NumPy takes a function.
LAMBDAS = ["fromfunction(lambda i, j: i + j, (3, 4))", "fromfunction(lambda i, j: i == j, (3, 3), dtype=int)", "fromfunction(lambda i: i ** 2, (5,))", "fromfunction(lambda i, j: 10 * i + j, (2, 3), dtype='i4')",
           "fromfunction(lambda i: i, (0,))", "fromfunction(lambda i, j, k: i * j - k, (2, 3, 2))", "fromfunction(lambda i, j: sin(i) * 0 + tf8_3x4, (3, 4))", "n = 3; fromfunction(lambda i: i * n, (4,))",
           "fromfunction(lambda i: i, (2, 2))", "fromfunction(lambda: 1, (2,))", "fromfunction(lambda i, j: i, (2,))", "fromfunction(lambda i, j: nonsense, (2, 2))", "fromfunction(lambda i: i + [1, 2], (3,))",
           "i = 5; fromfunction(lambda i: i + 1, (3,)) + i", "fromfunction(lambda np_: np_ + 1, (3,))", "fromfunction(lambda i: where(i > 1, i, -i), (4,))", 
           "fromfunction(function=lambda i: i + 1, shape=(3,))", "fromfunction(lambda i: fromfunction(lambda j: j, (2,)), (3,))", "fromfunction(lambda i: (i, i + 1), (2,))", "sum(lambda x: x)",
           "fromfunction(lambda i: i.astype('i4'), (3,))", "(lambda x: x) + 1",
           "piecewise({x}, [{x} < 0, {x} >= 0], [lambda x: -x, lambda x: x * 2])", "piecewise({x}, [{x} < 0], [lambda v: v * 10, 7])", "piecewise({x}, [{x} < 0], [0, lambda v: v + 1])",
           "piecewise({x}, [{x} > 1, {x} < -1], [1, lambda x: x, lambda x: x * x])", "piecewise({x}, [{x} > 0], [negative])", "piecewise({x}, [{x} > 0], [lambda x: x.sum()])", "piecewise({x}, [{x} > 0], [lambda x: 3])",
           "piecewise({x}, [{x} > 0], [lambda x: x[:2]])", "piecewise({x}_3x4, [{x}_3x4 > 0, {x}_3x4 < 0], [lambda x: x + 1, lambda x: x - 1])", "piecewise({x}_3x4, [{x}_3x4 > 0], [lambda x: x / 2, lambda x: x.max()])",
           "piecewise({x}[{x} > 0], [{x}[{x} > 0] > 2], [lambda x: x * 2, lambda x: -x])", "piecewise({x}[{x} > 0], [{x}[{x} > 0] > 2], [lambda x: x.sum(), 1])", "y = {x}[{x} < 0]; piecewise(y, [y < -2, y > -1], [square, lambda v: v + 1, lambda v: v.sum()])",
           "y = {x}_3x4[{x}_3x4 > 0]; piecewise(y, [y > 1], [lambda v: v - 1])",
           "piecewise({x}, [{x} > 0], [lambda x, y: x])", "piecewise({x}, [{x} > 0, {x} > 2], [lambda x: x, square])", "piecewise({x}, [{x} > 0], [lambda x: x, lambda x: x, lambda x: x])", "piecewise({x}, [{x} > 100], [lambda x: x + 1])"]

# Python that is no part of the language.
PYTHON = ["1 if True else 2", "lambda: 1", "f = lambda x: x; f(1)", "fromfunction(lambda *a: a, (2,))", "fromfunction(lambda i=1: i, (2,))", "[x for x in i4]", "i4 is None", "print(i4)", "1 < 2 < 3", "f'{i4}'",
          "i4 if i4 else i4", "import os", "x += 1", "del i4", "pass", "yield", "i4: int = 3", "i4 = 3", "1 in i4",
          "i4 and i4", "i4 or i4", "not i4", "i4 := 3", "{1: 2, **i4}", "{1, 2}", "i4 == 3 == 3", "(x := i4)", "i4 + *i4",
          "sum(*i4)", "sum(**i4)", "b'x'", "1j", "i4 + 2j", "async def f(): pass", "for x in i4: x", "if i4: i4",
          "while True: 1", "class A: pass", "def f(x): return x", "return i4", "assert i4", "global i4", "from os import path",
          "with i4: i4", "try: i4", "raise i4", "await i4", "a, b = i4", "(x for x in i4)", "{x for x in i4}", "x = y = i4",
          "i4[0] = 1; i4; i4 = 2", "i4.shape = (3, 4); i4", "@i4", "i4 <> i4", "i4 not in i4", "i4 is not i4", "2 ** 200", "10 ** 400"]


def lines():
    for text in TEXTS:
        yield text, exact
    for form in LAMBDAS:
        for x in ["tf8", "ti4", "tf4"] if "{x}" in form else [""]:
            yield form.format(x=x), computed(exact) if "x[:2]" in form else exact
    for text in PYTHON:
        yield text, refused
