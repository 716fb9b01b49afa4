"""Which arrays do the corpus's expressions start from?

Named by dtype and shape: `f8` is a vector of hostile float64 (zeros of both signs, extremes, a
subnormal, infinities, NaN), `i4_3x4` the same kind of int32 as a matrix, `f8_s` an array of no
dimensions. Names with a `t` before hold tame values: small dyadic numbers, whose sums are exact.
Names with a `p` before hold dyadic numbers above 0 and at most 1.
"""

import numpy as np

INTEGERS = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
FLOATS = ["f2", "f4", "f8"]
DTYPES = ["b1"] + INTEGERS + FLOATS
SHAPES = ["0", "0x3", "s", "1", "1x4", "3x1", "3x4", "4x3", "2x3x2"]


def hostile(code):
    """Twelve values."""
    dtype = np.dtype(code)
    if dtype.kind == "b":
        return np.array([0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 0], "?")
    if dtype.kind == "f":
        info = np.finfo(dtype)
        return np.array([0.0, -0.0, 1.0, -1.5, 7.25, -3.0, info.max, info.tiny,
                         info.smallest_subnormal, np.inf, -np.inf, np.nan], dtype)
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    if dtype.kind == "u":
        return np.array([high - 1, 0, 1, 3, high, 7, 2, 100, high // 2, high // 2 + 1, 5, 64], dtype)
    return np.array([low, -1, -7, 0, 1, 3, high, low + 1, 2, -2, high - 1, 5], dtype)


def tame(code):
    """Twelve small values; floats are multiples of 1/8."""
    dtype = np.dtype(code)
    steps = np.array([3, -7, 12, 0, 5, -2, 8, -11, 1, -4, 9, 6])
    if dtype.kind == "b":
        return steps % 2 == 1
    if dtype.kind == "u":
        return abs(steps).astype(dtype)
    return (steps / 8).astype(dtype) if dtype.kind == "f" else steps.astype(dtype)


def positive(code):
    """Twelve values above 0 and at most 1."""
    return (np.array([3, 7, 12, 16, 5, 2, 8, 11, 1, 4, 9, 6]) / 16).astype(code)


def shaped(values, shape):
    """The values under a shape, from the end where it holds fewer."""
    if shape == "s":
        return np.array(values[2])
    lengths = tuple(map(int, shape.split("x")))
    return values[len(values) - int(np.prod(lengths)):].reshape(lengths)


def family(prefix, make, codes):
    for code in codes:
        yield prefix + code, make(code)
        for shape in SHAPES:
            yield f"{prefix}{code}_{shape}", shaped(make(code), shape)


INPUTS = {
    **dict(family("", hostile, DTYPES)),
    **dict(family("t", tame, DTYPES)),
    **dict(family("p", positive, FLOATS)),
}
