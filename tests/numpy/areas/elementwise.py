"""Operators that work element by element, and are exact."""

from arguments import BITS, BROADCAST, WIDE, binary, calls, unary
from divergences import zeros
from areas.masks import computed
from expected import exact

UNARY = ["negative", "absolute", "abs", "positive", "square", "sign", "floor", "ceil", "trunc", "fix", "invert",
         "bitwise_not", "isnan", "isinf", "isfinite", "logical_not", "nan_to_num"]
FLOATING = ["sqrt", "fabs", "rint", "signbit", "isneginf", "isposinf", "modf", "frexp"]
BINARY = ["add", "subtract", "multiply", "divide", "true_divide", "floor_divide", "remainder", "mod", "fmod",
          "equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or",
          "logical_xor", "copysign", "heaviside"]
ON_BITS = ["bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift", "gcd", "lcm"]
EXTREMES = ["minimum", "maximum", "fmin", "fmax"]

SYMBOLS = ["+", "-", "*", "/", "//", "%", "==", "!=", "<", "<=", ">", ">=", "&", "|", "^", "<<", ">>"]
BESIDE = [("i4", "i4[::-1]"), ("u1", "7"), ("2", "i2"), ("f8_3x1", "f8_1x4"), ("b1", "b1[::-1]"), ("tf4", "0.5"),
          ("ti8_3x4", "(-3)"), ("i4", "40")]
SIGNS = ["-f8", "-i1", "-u1", "-b1", "+f8", "+i4", "+b1", "~i4", "~b1", "~u1", "~f8", "abs(-i4)", "-f8_3x4.T",
         "--f8", "~~i8", "-(i4 + 1)", "-i4 ** 2", "(-ti4) ** 2", "2 ** ti4_s"]

SPECIAL = {
    "where": ["b1, f8, f8[::-1]", "b1, i4, f4", "b1, i1, u1", "b1, 1, 2", "b1, 1.5, f4", "b1, i1, 3",
              "f8 > 0, f8, 0", "f8, i4, -1", "b1_3x4, i4_3x1, f8_1x4", "b1_s, f8, f4", "True, i2, u2",
              "b1_0, f8_0, 1", "b1_0x3, 1, f8_s", "i4_3x4 < 0, -i4_3x4, i4_3x4", "b1, b1, False",
              "b1_3x4[::-1].T, i4_4x3, 0", "b1, u1, -1", "b1, u1, 300", "b1, f8_3x4, 0", "b1, f8, i8", "b1, u8, i8"],
    "power": ["ti4, 2", "tf8, 2", "tf8, 3", "tf8, 0", "tf8, 1", "ti1, 3", "tu1, 2", "ti8, tu1 % 5", "tu8, tu8 % 4",
              "i4, 2", "i8, 3", "u8, 3", "b1, b1", "b1, 2", "i4, 0", "tf4, -1", "i4, -1", "ti2, -2",
              "ti4_3x4, tu1_3x4 % 3", "ti4_0, 2", "ti4_s, 2", "tf8_s, 2"],
    # A zero's reciprocal is no integer, and NumPy's differs by machine.
    "reciprocal": ["f8", "f4", "tf8_3x4", "i4[4:]", "u1[2:]", "i1[4:]", "u8[2:]", "f8_0", "f8_s", "f8_3x4.T", "2.5", "4"],
    "nextafter": [f"{code}, {code}[::-1]" for code in WIDE] + BROADCAST,
    "divmod": ["i4, ti4[::-1]", "f8, f8[::-1]", "ti4, 3", "ti4, -3", "tf8, 0.75", "tu1, 7", "7, ti4", "i4, 0", "b1, b1",
               "f4, 2", "i4_3x4, i4_1x4", "7, 2", "-7, 2"],
    "round": ["tf8", "tf8, 1", "tf8 * 1.37, 2", "tf8 * 123.456, -1", "tf4 * 1.37, decimals=1", "ti4", "ti4 * 17, -1",
              "ti8 * 17, -2", "f8", "f4, 1", "f8, 2", "b1", "tf8_3x4", "tf8_0", "tf8_s, 3", "tu1 * 13, -1", "tf8 + 0.5",
              "tf8 / 2"],
    "around": ["tf8 * 1.37, 2", "tf8"],
    "clip": ["f8, -1, 1", "i4, -3, 3", "tf4, 0.5, inf", "u1, 3, 100", "i4, 0, None", "i4, None, 2", "tf8, tf8_s, 1",
             "tf8_3x4, tf8_1x4, 1", "i1, -300, 300", "i4, 0.5, 2.5", "f8, nan, 1", "f8, 1, -1", "i4, a_min=0, a_max=2",
             "i4, min=0, max=2", "tf8_0, 0, 1", "f8_s, 0, 1", "f4, -1, 1", "b1, 0, 1", "tf8, a_max=0.5, a_min=None"],
    "isclose": ["tf8, tf8 + 1e-9", "tf8, tf8[::-1]", "f8, f8", "f8, f8, equal_nan=True", "tf8, tf8 + 0.01, rtol=0.1",
                "tf8, tf8 + 0.01, 0, 0.1", "ti4, ti4 + 1, atol=1", "f8, f8[::-1]", "tf4, tf8", "1.0, 1.0 + 1e-9",
                "tf8_3x4, tf8_1x4"],
    "allclose": ["tf8, tf8 + 1e-9", "tf8, tf8[::-1]", "f8, f8", "f8, f8, equal_nan=True", "tf8, tf8 + 0.01, rtol=0.1",
                 "tf8, tf8 + 0.01, 0, 0.1", "ti4, ti4 + 1, atol=1", "tf8_0, tf8_0", "1.0, 1.0 + 1e-9", "tf8_3x4, tf8_1x4",
                 "tf4, tf8", "tf8_3x4, tf8"],
    "array_equal": ["ti4, ti4", "ti4, ti4[::-1]", "f8, f8", "f8, f8, equal_nan=True", "ti4, ti4_3x4", "tf8_0, tf8_0",
                    "b1, b1", "[1, 2], [1, 2]", "[1, 2], [1.0, 2.0]", "3, 3", "ti4, ti4, True", "ti4, ti8[:2]"],
    "array_equiv": ["ti4, ti4", "[1, 2], [[1, 2], [1, 2]]", "[1, 2], [[1, 2], [1, 3]]", "[1, 2], [1, 2, 3]", "f8, f8",
                    "3, [3, 3, 3]", "tf8_0, 1"],
    "ldexp": ["tf8, ti4", "f8, 3", "tf4, ti4", "f8, ti4 * 200", "ti4, 2", "tf8_3x1, ti4_1x4", "f4, -140", "tf8, tf8",
              "f8, ti1"],
    "select": ["[i4 < 0, i4 > 2], [i4, i4 * 2]", "[b1, ~b1], [f8, -f8], 7", "[i4 > 0], [f4], default=-1",
               "[tf8_3x4 > 0], [1], 0", "[], []", "[i4], [i4]",
               "[b1], [u1], -1", "[b1], [u1], 300", "[b1, ~b1], [u2, i1], f4", "[b1], [5], 300"],
    "choose": ["ti4 % 3, [i4, i4 * 2, -i4]", "[0, 1, 0], [[1, 2, 3], [4, 5, 6]]", "ti4 % 3, [1, 2, 3]",
               "ti4, [i4, i4], mode='wrap'", "ti4, [i4, i4], mode='clip'", "b1, [f4, i4]", "tf8, [i4, i4]",
               "b1, [u1, -1]", "[0, 1, 2], [u2[:3], i1[:3], f4[:3]]", "[0, 2, 0], [1, 2]", "[0, -1], [1, 2]", "[0, 2], [1, 2], mode='clip'",
               "[0, -1], [1, 2], mode='wrap'", "[5], [1, 2], mode='nothing'"],
    "piecewise": ["tf8, [tf8 < 0, tf8 >= 0], [-1, 1]", "tf8, [tf8 < 0], [-1, 1]", "ti4, [ti4 > 0, ti4 < -3], [5, 6, 7]"],
}
METHODS = ["i4.round(1)", "tf8.round(1)", "tf8.clip(0, 1)", "i4.clip(0)", "i4.clip(max=3)", "i4.real", "f8.imag"]


def lines():
    for name in UNARY:
        yield from calls(name, unary(), exact)
    for name in FLOATING:
        yield from calls(name, unary(), exact)
    for name in BINARY:
        yield from calls(name, binary(), exact)
    for name in ON_BITS:
        yield from calls(name, binary(BITS), exact)
    for name in EXTREMES:
        yield from calls(name, binary(), zeros(exact))
    yield "choose(b1, [i4])", computed(exact)
    yield "choose(ti4, [i4, -i4])", computed(exact)
    for name, arguments in SPECIAL.items():
        yield from calls(name, arguments, exact)
    for symbol in SYMBOLS:
        for a, b in BESIDE:
            yield f"{a} {symbol} {b}", exact
    for text in SIGNS + METHODS:
        yield text, exact
