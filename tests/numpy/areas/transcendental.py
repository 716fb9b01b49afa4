"""Functions that are rounded: at most 1 ULP from the correctly rounded value, powers 2."""

import mpmath

from arguments import calls, unary
from expected import near

FUNCTIONS = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
}
ARGUMENTS = unary() + [
    "tf8", "tf4", "pf8", "pf4", "ti4", "tu2", "pf8_3x4.T", "-pf4[::-1]", "tf8 * 100", "tf4 * 20", "pf8 * 1e-20",
    "1 + pf8 * 1e-9", "tf8_3x4[1]"]


def lines():
    for name, function in FUNCTIONS.items():
        yield from calls(name, ARGUMENTS, near(function))
    powers = ["tf8, 0.5", "pf8, pf8[::-1]", "pf4, tf4", "tf8, tf8[::-1]", "pf8, 2.5", "f8, 2", "f8, f8[::-1]",
              "f4, f4[::-1]", "2.0, tf8", "ti4, 0.5", "pf8_3x1, tf8_1x4", "f8, 0", "1, f8", "pf4, ti2"]
    yield from calls("power", powers, near(mpmath.power, 2))
