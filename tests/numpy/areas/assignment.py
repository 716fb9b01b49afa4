"""Assignment to parts of arrays."""

from areas.masks import computed
from expected import exact
from inputs import DTYPES

VECTOR = ["[0] = 1", "[-1] = 0", "[2:5] = 1", "[::2] = 0", "[::-1] = {x}", "[1::3] = {x}[:4]", "[10:2:-3] = {x}[:3]",
          "[:] = {x}[::-1]", "[...] = 1", "[3:3] = 1", "[[0, 3, 0]] = {x}[:3]", "[[1, -1, 1, 1]] = {x}[4:8]",
          "[{x} == {x}] = 1", "[{x} != {x}] = 1", "[{x} < 3] = 0", "[b1] = {x}[b1]", "[b1] = {x}[0]", "[b1[::-1]] = 1",
          "[None] = 1", "[None, 2:4] = {x}[None, :2]", "[array([2, 0, 2])] = {x}[:3]", "[2 * arange(3)] = {x}[3:6]"]
MATRIX = ["[0] = 1", "[1, 2] = 0", "[:, 1] = {v}[:3]", "[::2, 1:3] = 1", "[1:, ::2] = {x}[:2, :2]", "[::-1, ::-1] = {x}",
          "[::2, ::3] = {x}[:2, 1:3]", "[..., 0] = {v}[0]", "[0, :, None] = {v}[:4, None]", "[-1] = {x}[0]",
          "[[0, 2]] = {v}[:4]", "[[2, 0, 2], 1] = {v}[:3]", "[:, [3, 0]] = {x}[:, :2]", "[[0, 1, 0], [3, 2, 3]] = {v}[:3]",
          "[[[0], [2]], [1, 3]] = {x}[:2, :2]", "[1:, [0, 0]] = {x}[:2, :2]", "[[True, False, True]] = {v}[:4]",
          "[:, [True, False, False, True]] = {x}[:, 1:3]", "[b1_3x4] = 1", "[b1_3x4] = {x}[b1_3x4]", "[~b1_3x4] = 0",
          "[b1_3x4[:, 0]] = {v}[:4]", "[:, b1_3x4[0]] = {x}[:, :1]", "[0, b1_3x4[0]] = 1", "[{x} == 3] = 5",
          "[{x} > 1] = 0", "[b1[:3], 1] = 0", "[None, 0] = 1", "[1:2] = {x}[2:]", "[2, ::-3] = {v}[:2]"]
CUBE = ["[0] = 1", "[:, 1] = {x}[:, 0]", "[..., 0] = 0", "[1, ..., 1] = {v}[:3]", "[:, [2, 0]] = {x}[:, :2]",
        "[[1, 0], :, [0, 1]] = {v}[:3]", "[0, :, [1, 0, 1]] = 1", "[b1_3x4[:2, :3]] = {v}[:2]", "[:, b1[1:4]] = 0",
        "[::-1, ::2] = {x}[:, 1:]", "[:, :, None] = 1", "[[1], [0, 2]] = {x}[0, :2]"]

# As many values as the mask holds; and not as many.
COUNTED = ["x = ti4; x[ti4 > 3] = array([10, 20, 30, 40, 50]); x", "x = tf8; x[b1] = arange(6); x",
           "x = ti4_3x4; x[ti4_3x4 > 3] = arange(5); x", "x = ti4_3x4; x[b1[:3]] = ti4_3x4[1:]; x",
           "x = ti4_3x4; x[:, b1[:4]] = ti4_3x4[:, 2:]; x", "x = ti4_2x3x2; x[0, b1[:3]] = ti4_3x4[:2, :2]; x",
           "x = ti4; x[ti4 > 100] = []; x", "x = ti4; x[ti4 > 100] = array([1, 2]); x",
           "x = ti4; x[ti4 > 3] = array([1, 2]); x", "x = ti4_3x4; x[b1[:3]] = ti4_3x4; x",
           "x = ti4; x[ti4 > 3] = []; x"]

REFUSED = ["x = {x}; x[12] = 1; x", "x = {x}; x[0, 0] = 1; x", "x = {x}; x[:3] = {x}[:2]; x", "x = {x}; x[[0, 12]] = 1; x",
           "x = {x}; x[b1_3x4] = 1; x", "x = {x}; x[[0, 1]] = {x}[:3]; x", "x = {x}; x[::0] = 1; x",
           "x = {x}; x[1:1] = {x}[:2]; x", "x = {x}; x[b1] = ones((2, 6)); x"]
NUMBERS = ["1", "0", "-1", "300", "2 ** 40", "1.5", "-1.5", "300.5", "1e30", "nan", "inf", "True", "[1, 2, 3]", "[1.5, 2.5, 3.5]",
           "array([300, -1, 70000])", "array([1.75, -2.5, 3.0])", "array([True, False, True])", "[300, 1, 2]"]
CHAINS = ["x = ti4; x[:6] = 0; x[3:] = 1; x", "x = ti4; y = x; x[0] = 100; x + y", "x = ti4; x[x > 3] = 3; x.sum()",
          "x = zeros((4, 4)); x[1:3, 1:3] = 1; x[::3, ::3] = 2; x", "x = tf8_3x4; x[x < 0] = 0; x[x > 1] = 1; x",
          "x = ti4; x[1:] = x[:-1]; x", "x = ti4; x[::2] = x[1::2]; x", "x = ti4_3x4; x[:] = x[0]; x[1]",
          "x = ti4_3x4; x[1, 1:3] = [7, 8]; x[::-1]", "x = tf8; x[isnan(x)] = 0; x", "x = f8; x[isnan(x)] = 0; x",
          "x = f8; x[~isfinite(x)] = nan; x", "x = ti4; x[[0]] = 5; x"]
NOTHING = ["x = {x}_0; x[:] = 1; x", "x = {x}_0x3; x[:, 1] = 1; x", "x = {x}_s; x[...] = 1; x", "x = {x}_s; x[()] = 0; x",
           "x = {x}_1x4; x[0] = {x}[:4]; x", "x = {x}_3x1; x[:, 0] = 1; x",
           "x = {x}; x[[]] = 1; x", "x = {x}_3x4; x[:, []] = 1; x", "x = {x}_0; x[{x}_0 > 0] = 1; x"]


def lines():
    for code in DTYPES:
        x = "tu1" if code == "b1" else f"t{code}"
        full = code in ("i4", "f8", "b1", "u1")
        for shape, parts in [("", VECTOR), ("_3x4", MATRIX), ("_2x3x2", CUBE)]:
            for part in parts if full else parts[::3]:
                name = ("b1" if code == "b1" else x) + shape
                part = part.format(x=name, v="b1" if code == "b1" else x)
                yield f"x = {name}; x{part}; x", computed(exact)
        for number in NUMBERS:
            name = "b1" if code == "b1" else x
            # A float array beyond an integer dtype is undefined in NumPy.
            if "array([1.75" in number and code.startswith("u"):
                continue
            yield f"x = {name}; x[1:4] = {number}; x", exact
    for code in ["f8", "i2", "b1"]:
        for text in NOTHING:
            yield text.format(x=code), exact
    for code in ["f8", "i4"]:
        for text in REFUSED:
            yield text.format(x=f"t{code}"), exact
    for text in COUNTED:
        yield text, computed(exact)
    for text in CHAINS:
        yield text, exact
