"""Operators that work element by element, and are exact."""

from arguments import BITS, binary, calls, unary, floating
from divergences import zeros
from expected import exact

UNARY = ["negative", "absolute", "abs", "square", "floor", "ceil", "invert", "bitwise_not"]
BINARY = ["add", "subtract", "multiply", "divide", "true_divide", "floor_divide", "remainder", "mod"]
COMPARE = ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"]
BITWISE = ["bitwise_and", "bitwise_or", "bitwise_xor"]
EXTREMES = ["minimum", "maximum"]

SYMBOLS = ["+", "-", "*", "/", "//", "%", "==", "!=", "<", "<=", ">", ">=", "&", "|", "^"]

WHERE = ["b1, f8, f8[::-1]", "b1, i4, f4", "b1, i1, u1", "b1, 1, 2", "b1, 1.5, f4", "b1, i1, 3",
         "f8 > 0, f8, 0", "f8, i4, -1", "b1_3x4, i4_3x1, f8_1x4", "b1_s, f8, f4", "True, i2, u2",
         "b1_0, f8_0, 1", "b1_0x3, 1, f8_s", "i4_3x4 < 0, -i4_3x4, i4_3x4", "b1, b1, False",
         "b1_3x4[::-1].T, i4_4x3, 0", "b1, f8_3x4, 0", "b1, f8, i8", "b1, u8, i8"]

POWER = ["ti4, 2", "tf8, 2", "tf8, 3", "tf8, 0", "tf8, 1", "ti1, 3", "tu1, 2", "ti8, tu1 % 5",
         "tu8, tu8 % 4", "i4, 2", "i8, 3", "u8, 3", "b1, b1", "b1, 2", "i4, 0", "tf4, -1", "i4, -1",
         "ti2, -2", "ti4_3x4, tu1_3x4 % 3", "ti4_0, 2", "ti4_s, 2", "tf8_s, 2"]


def lines():
    for name in UNARY:
        yield from calls(name, unary(), exact)
    yield from calls("sqrt", floating(), exact)
    for name in BINARY + COMPARE:
        texts = binary()
        if "divide" in name:
            texts = [text for text in texts if text not in ("u1, -1", "i1, 300")]
        yield from calls(name, texts, exact)
    for name in BITWISE:
        yield from calls(name, binary(BITS), exact)
    for name in EXTREMES:
        yield from calls(name, binary(), zeros(exact))
    yield from calls("where", WHERE, exact)
    for symbol in SYMBOLS:
        for a, b in [("i4", "i4[::-1]"), ("u1", "7"), ("2", "i2"), ("f8_3x1", "f8_1x4"), ("b1", "b1[::-1]"),
                     ("tf4", "0.5"), ("ti8_3x4", "(-3)")]:
            yield f"{a} {symbol} {b}", exact
    for text in ["-f8", "-i1", "-u1", "-b1", "+f8", "+i4", "~i4", "~b1", "~u1", "~f8", "abs(-i4)",
                 "-f8_3x4.T", "--f8", "~~i8", "-(i4 + 1)", "-i4 ** 2", "(-ti4) ** 2", "2 ** ti4_s"]:
        yield text, exact
    yield from calls("power", POWER, exact)
