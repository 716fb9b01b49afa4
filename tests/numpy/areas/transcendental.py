"""Functions that are rounded: at most 1 ULP from the correctly rounded value, powers 2."""

import mpmath

from arguments import calls, unary
from expected import exact, near, nearly
from inputs import DTYPES

FUNCTIONS = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
}
MORE = {
    "exp2": lambda x: mpmath.power(2, x),
    "expm1": mpmath.expm1,
    "log2": lambda x: mpmath.log(x, 2),
    "log10": mpmath.log10,
    "log1p": mpmath.log1p,
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
    "tan": mpmath.tan,
    "asin": mpmath.asin,
    "acos": mpmath.acos,
    "atan": mpmath.atan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "asinh": mpmath.asinh,
    "acosh": mpmath.acosh,
    "atanh": mpmath.atanh,
    "erf": mpmath.erf,
}
LONGER = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh"}
PAIRS = {"hypot": mpmath.hypot, "atan2": mpmath.atan2, "arctan2": mpmath.atan2}
LOOSE = {"erfc": (mpmath.erfc, 4), "special.gamma": (mpmath.gamma, 4), "gammaln": (lambda x: mpmath.log(abs(mpmath.gamma(x))), 4),
         "i0": (lambda x: mpmath.besseli(0, x), 6)}
ARGUMENTS = unary() + [
    "tf8", "tf4", "pf8", "pf4", "ti4", "tu2", "pf8_3x4.T", "-pf4[::-1]", "tf8 * 100", "tf4 * 20", "pf8 * 1e-20",
    "1 + pf8 * 1e-9", "tf8_3x4[1]"]

FEWER = DTYPES + ["f8_0", "f8_0x3", "f8_s", "f8_3x4[::-1, ::-2]", "tf8", "pf8", "pf4_3x4.T", "tf4 * 20", "1 + pf8 * 1e-9", "3", "-2.5", "True"]
FEW = ["pf8", "tf4", "f8", "ti4", "u1_3x4", "0.5"]
POSITIVE = ["pf8", "pf4", "pf8_3x4.T", "pf8_0", "pf8_s", "pf8 * 8", "tu1 + 1", "2.5"]
TWO = ["tf8, pf8", "f8, f8[::-1]", "f4, f4[::-1]", "pf8_3x1, tf8_1x4", "ti4, tf4", "tf8, 2", "3, ti2", "tf8_0, tf8_0", "tf8, tf8[:5]"]


def lines():
    for name, function in FUNCTIONS.items():
        yield from calls(name, ARGUMENTS, near(function))
    for name, function in MORE.items():
        yield from calls(name, FEWER, near(function))
    for name, longer in LONGER.items():
        yield from calls(longer, FEW, near(MORE[name]))
    for name, function in PAIRS.items():
        yield from calls(name, TWO, near(function))
    for name, (function, ulps) in LOOSE.items():
        yield from calls(name, POSITIVE, near(function, ulps))
    for name in ("logaddexp", "logaddexp2"):
        yield from calls(name, [two for two in TWO if "f4, f4" not in two and "f8, f8" not in two], nearly(8))
        yield from calls(name, ["inf, -inf", "nan, 1", "f8[9], f8[10]"], exact)
    # NumPy multiplies by a constant that is rounded to float32.
    for name in ("deg2rad", "rad2deg", "radians", "degrees"):
        yield from calls(name, FEW + ["f4", "f2", "f8_0"], nearly(1))
    yield from calls("sinc", ["tf8", "pf8", "pf4[:3]", "ti4", "0", "tf8_3x4", "tf8_0"], nearly(8))
    yield from calls("float_power", ["pf8, tf8", "ti4, 2", "pf4, 0.5", "tf8_0, 2", "3, ti2", "pf8_3x1, tf8_1x4"], near(mpmath.power, 2))
    powers = ["tf8, 0.5", "pf8, pf8[::-1]", "pf4, tf4", "tf8, tf8[::-1]", "pf8, 2.5", "f8, 2", "f8, f8[::-1]",
              "f4, f4[::-1]", "2.0, tf8", "ti4, 0.5", "pf8_3x1, tf8_1x4", "f8, 0", "1, f8", "pf4, ti2"]
    yield from calls("power", powers, near(mpmath.power, 2))
