"""Assignments other than of one value to one name: with an operator, and to several names."""

from areas.masks import computed
from expected import exact, refused

OPERATORS = ["+=", "-=", "*=", "/=", "//=", "%=", "**=", "&=", "|=", "^=", "<<=", ">>="]
ARRAYS = ["ti4", "tu1", "tf8", "tf4", "b1", "ti4_3x4", "tf8_0"]
VALUES = ["2", "1.5", "True", "{x}", "ti4_1x4", "array([[1], [2]])", "tf8", "ti1"]
PARTS = ["[0] {op} 2", "[2:5] {op} 2", "[{x} > 1] {op} 2", "[[0, 3, 0]] {op} 1", "[::-1] {op} {x}", "[1:] {op} {x}[:-1]", "[...] {op} 1.5", "[0] {op} 1.5",
         "[{x} > 1] {op} 1.5", "[99] {op} 1", "[None, :3] {op} 1"]
CHAINS = ["x = ti4; x += 1; x *= 2; x -= x[0]; x", "x = tf8; y = x; x += 1; x - y", "x = tf8_3x4; x -= x.mean(axis=0); x /= 2; x", "x = tf8; x -= x.min(); x /= x.max(); x",
          "x = 3; x += 4; x", "x = (1, 2); x += (3,); ones(x).shape", "x = [1, 2]; x += [3]; array(x)", "x = 2; x **= 3; arange(x)", "x = 7; x //= 2; x", "x = 1.5; x *= ti4; x",
          "x = ti4_3x4; x @= [[1, 0], [0, 1]]; x", "x = tf8_3x4[:, :3]; x @= eye(3); x", "not_there += 1; 1", "x = 'a'; x += 1; x", "x = ti4; x += 'a'; x", "x = ti4; x += None; x",
          "x = tu1; x += 300; x", "x = tu1; x -= 1; x", "x = ti4.sum(); x += 0.5; x", "x = ti4; x += ones((2, 12)); x", "x = ti4; x += [1, 2]; x", "x = ti4[:3]; x += [1, 2, 3]; x",
          "x = tf8; x[isnan(x)] += 1; x", "x = zeros(5); x[1:] += 1; x[2:] += 1; x", "x = ti4_3x4; x[0, 0] += 10; x[:, 1] *= 2; x[1] -= x[0]; x", "x = tf4; x += tf8; x", "x = ti4; x += ti8; x",
          "x = tu4; x += ti4; x", "x = ti4; x[0] = [1]; x", "x = ti4_3x4; x[1, 2] = array([1]); x", "x = ti4_3x4; x[1] = array([1]); x"]
UNPACKED = ["a, b = (1, 2); a + b", "a, b = ti4[:2]; a - b", "a, b, c = tf8_3x4; a + b * c", "[a, b] = [ti4, tf8]; a + b", "a, = [5]; a", "a, b = ti4; a", "a, b = 1, 2; a, b = b, a; a - b",
            "a, b = 3; a", "a, b = (1, 2, 3); a", "h, e = histogram(tf8, bins=3); e[h.argmax()]", "v, c = unique(ti4 % 3, return_counts=True); v * c", "m, e = frexp(tf8); ldexp(m, e)", "q, r = divmod(ti4, 5); q * 5 + r",
            "f, w = modf(tf8); f + w", "i, j = nonzero(tf8_3x4 > 1); i + j", "n, m = tf8_3x4.shape; n * m", "x, y = meshgrid(arange(3), arange(2)); x * y", "a = b = ti4; a + b", "a = b = c = 2; a * b * c",
            "a = b = ti4; a += 1; b", "a, b = split(ti4, 2); a - b", "a, b = f8_s; a", "a, b = ti4_3x4[:2]; a"]
# What Python takes and the language does not.
PYTHON = ["(a, b), c = ((1, 2), 3); a", "a, *b = ti4; b", "a[0], b = ti4[:2]; b", "x = ti4; x[0] = y = 3; x", "x = ti4; x[0][0] += 1; x"]


def lines():
    for x in ARRAYS:
        for op in OPERATORS:
            for value in VALUES:
                # Negative powers of integers show when they are computed.
                yield f"x = {x}; x {op} {value.format(x=x)}; x", computed(exact) if op == "**=" else exact
    for x in ["ti4", "tf8", "tu1"]:
        for op in ["+=", "-=", "*=", "/=", "//=", "**="]:
            for part in PARTS:
                yield f"x = {x}; x{part.format(x=x, op=op)}; x", computed(exact)
    for text in CHAINS:
        yield text, exact
    for text in UNPACKED:
        yield text, computed(exact)
    for text in PYTHON:
        yield text, refused
