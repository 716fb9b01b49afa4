"""Which arguments does an operator meet?

Argument lists as texts; `calls` puts an operator's name before each.
"""

from inputs import DTYPES, FLOATS, INTEGERS

BITS = ["b1"] + INTEGERS
WIDE = ["i2", "i4", "i8", "u2", "u4", "u8"] + FLOATS

CORNERS = ["f8_0", "f8_0x3", "f8_s", "f4_s", "i4_s", "f8_1x4", "f8_3x4[::-1, ::-2]", "f4_3x4.T",
           "i2_2x3x2[:, ::-1]", "u8_3x1", "3", "-2.5", "True", "[1, 2, 3]"]


def unary(codes=DTYPES):
    return list(codes) + CORNERS


MIXED = ["i1, u1", "i1, u2", "u4, i4", "i8, u8", "u8, i8[::-1]", "i8, f4", "i4, f4", "u2, f4",
         "i2, f4", "f4, f8", "i1, f2", "i2, f2", "u4, f2", "f2, f4", "b1, i1", "b1, f4", "f8, i8", "u1, i8", "u1, u4"]
WEAK = ["i1, 3", "u1, 3", "u1, -1", "i1, 300", "f4, 2.5", "i4, 2.5", "b1, True", "3, i2", "b1, 2",
        "f4, 3", "f2, 0.1", "f2, 70000", "f8, True", "2.5, f4", "u8, 7"]
BROADCAST = ["f8_3x1, f8_1x4", "i4_3x4, i4_1x4[:, ::-1]", "f8_s, f8", "f8_0x3, f8_s", "f8_0, f8_1",
             "i4_3x4.T, i4_4x3", "i4_3x4, f8_4x3", "i2_2x3x2, i2_3x1", "f4_s, f4_s", "[1, 2], 3",
             "i4_0x3, f4_1"]


def rotated(code):
    return f"{code}, concatenate([{code}[5:], {code}[:5]])"


def binary(codes=DTYPES):
    same = [f"{code}, {code}[::-1]" for code in codes] + [rotated(code) for code in codes]
    return same + MIXED + WEAK + BROADCAST


def along(code, matrix=None):
    """What a reduction meets: axes of every kind, on arrays of one dtype."""
    matrix = matrix or f"{code}_3x4"
    return [code, f"{matrix}, axis=0", f"{matrix}, axis=-1, keepdims=True"]


AXES = ["f8_3x4", "f8_3x4, 1", "f8_3x4, axis=(0, 1)", "f8_3x4, axis=(1, 0), keepdims=True",
        "f8_3x4, axis=None, keepdims=True", "f8_3x4.T, axis=0", "f8_3x4[::-1, ::2], axis=1",
        "i4_2x3x2, axis=(0, 2)", "i4_2x3x2, axis=(-1, 0)", "i4_2x3x2, axis=1, keepdims=True",
        "i4_3x4, axis=()", "f8_0", "f8_0x3, axis=0", "f8_0x3, axis=1", "f8_0x3, axis=1, keepdims=True",
        "f8_s", "i1_s", "f8_1", "f8_1x4, axis=0", "f8_3x1, axis=1", "[[1, 2], [3, 4]], axis=0", "5",
        "f8_3x4, axis=2", "f8_3x4, axis=-3", "f8_3x4, axis=(0, 0)", "f8_s, axis=1", "f8, axis=1.5",
        "f8_3x4, axis=[0]", "f8_3x4, axis=(0, -2)"]


def tamed(texts):
    """The same with tame values, whose sums are exact."""
    return [prefix_names(text) for text in texts]


def prefix_names(text, prefix="t"):
    words = sorted({code for code in DTYPES}, key=len, reverse=True)
    for code in words:
        for end in ("_", ",", ".", "["):
            text = text.replace(f"{code}{end}", f"{prefix}{code}{end}")
        if text.endswith(code):
            text = text[: -len(code)] + prefix + code
    return text


def calls(name, arguments, judge):
    return [(f"{name}({text})", judge) for text in arguments]
