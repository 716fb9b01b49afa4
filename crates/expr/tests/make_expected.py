"""Writes expected.txt: what NumPy 2 gives for the calls that tests/numpy.rs repeats.

Run: python make_expected.py > expected.txt   (needs numpy >= 2.1 and mpmath)

Line forms (fields separated by " | "; values by spaces; floats are the hex of their bits, or nan):
  values DTYPE | v v v …                    hostile values of a dtype, used by the lines below
  types OP DTYPE | result dtypes, - refused   the second argument runs over all dtypes
  map OP DTYPE… | result dtype | values     every combination of the arguments' hostile values
  weak OP DTYPE SCALAR | dtype | values     array op Python scalar; `refused` for an OverflowError
  index SHAPE | items | shape | values      of arange; items a:b:c, an integer, ... or None
  move NAME SHAPE | arguments | shape | values
  make NAME | arguments | dtype | values
  reduce NAME DTYPE SHAPE | axes | value per output, then the sum of |x| where floats round

Transcendentals come from mpmath, correctly rounded; float reductions from exact fractions. Where
Tilewright differs from NumPy on purpose, the line is left out or says so here: minimum and maximum
order -0.0 below 0.0.
"""

import itertools
import warnings
from fractions import Fraction

import mpmath
import numpy as np

warnings.simplefilter("ignore")
mpmath.mp.prec = 200

DTYPES = [
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float16", "float32", "float64",
]
FLOATS = ["float16", "float32", "float64"]


def hostile(name):
    dtype = np.dtype(name)
    if name == "bool":
        return np.array([False, True])
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        low = [info.min, -1, -7] if dtype.kind == "i" else [info.max - 1]
        return np.array(low + [0, 1, 3, info.max], dtype)
    info = np.finfo(dtype)
    return np.array(
        [0.0, -0.0, 1.0, -1.5, 7.25, -3.0, info.max, info.tiny, info.smallest_subnormal,
         np.inf, -np.inf, np.nan],
        dtype,
    )


VALUES = {name: hostile(name) for name in DTYPES}


def show(array):
    out = []
    for x in np.asarray(array).ravel():
        if x.dtype.kind == "f":
            bits = x.view({2: np.uint16, 4: np.uint32, 8: np.uint64}[x.dtype.itemsize])
            out.append("nan" if np.isnan(x) else f"{int(bits):x}")
        else:
            out.append(str(int(x)))
    return " ".join(out)


def cross(names):
    grids = np.meshgrid(*[VALUES[n] for n in names], indexing="ij")
    return [g.ravel() for g in grids]


UNARY = [
    "negative", "absolute", "square", "invert", "sqrt", "floor", "ceil",
    "positive", "fabs", "sign", "signbit", "reciprocal", "trunc", "rint", "round", "isnan",
    "isfinite", "isinf", "isposinf", "isneginf", "nan_to_num", "conjugate", "real", "imag",
    "logical_not",
]
BINARY = [
    "add", "subtract", "multiply", "divide", "floor_divide", "remainder", "minimum", "maximum",
    "equal", "not_equal", "less", "less_equal", "greater", "greater_equal",
    "bitwise_and", "bitwise_or", "bitwise_xor",
    "fmod", "copysign", "nextafter", "heaviside", "fmin", "fmax", "gcd", "lcm", "left_shift",
    "right_shift", "logical_and", "logical_or", "logical_xor", "isclose", "ldexp",
]
ROUNDED = {
    "exp": mpmath.exp, "exp2": lambda x: mpmath.mpf(2) ** x, "expm1": mpmath.expm1,
    "log": mpmath.log, "log2": lambda x: mpmath.log(x, 2), "log10": mpmath.log10,
    "log1p": mpmath.log1p, "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
    "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan,
    "asin": mpmath.asin, "acos": mpmath.acos, "atan": mpmath.atan,
    "deg2rad": lambda x: x * mpmath.pi / 180, "rad2deg": lambda x: x * 180 / mpmath.pi,
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh,
    "asinh": mpmath.asinh, "acosh": mpmath.acosh, "atanh": mpmath.atanh,
}
# NumPy has no such functions: where mpmath gives nothing finite, ISO C's values.
SPECIAL = {
    "erf": (mpmath.erf, lambda x: np.sign(x) if x else x),
    "erfc": (mpmath.erfc, lambda x: 1 - np.sign(x)),
    "special.gamma": (mpmath.gamma, lambda x: np.nan if x < 0 else np.copysign(np.inf, x)),
    "gammaln": (lambda x: mpmath.loggamma(x).real, lambda x: np.inf),
}
FLOAT_BINARY = {
    "hypot": mpmath.hypot, "atan2": mpmath.atan2, "logaddexp": None, "logaddexp2": None,
    "float_power": None,
}


def result_dtype(op, *names):
    try:
        return getattr(np, op)(*[np.ones(1, n) for n in names]).dtype.name
    except TypeError:
        return "-"


def zeros_ordered(op, a, b, out):
    if op in ("minimum", "maximum", "fmin", "fmax") and out.dtype.kind == "f":
        zero = (a == 0) & (b == 0)
        negative = np.signbit(a) | np.signbit(b)
        if op in ("maximum", "fmax"):
            negative = np.signbit(a) & np.signbit(b)
        sign = np.where(negative, -1.0, 1.0).astype(out.dtype)
        out = np.where(zero, np.copysign(np.zeros_like(out), sign), out)
    return out


def unspecified(op, *args):
    """Where NumPy's result is undefined, or depends on the sign of NaN."""
    if op == "reciprocal" and args[0].dtype.kind in "iu":
        return args[0] == 0
    if op == "copysign":
        return np.isnan(args[1])
    return np.zeros(len(args[0]), bool)


def show_but(skip, out):
    return " ".join("-" if s else v for s, v in zip(skip, show(out).split(" ")))


def types():
    for op in UNARY + list(ROUNDED) + ["sinc", "i0"]:
        for name in DTYPES:
            print(f"types {op} {name} | {result_dtype(op, name)}")
    for op in BINARY + ["power"] + list(FLOAT_BINARY):
        for name in DTYPES:
            print(f"types {op} {name} |", *[result_dtype(op, name, b) for b in DTYPES])
    for a in DTYPES:
        print(f"types where {a} |", *[np.where([True], np.ones(1, a), np.ones(1, b)).dtype.name
                                      for b in DTYPES])


def maps():
    for op in UNARY:
        for name in DTYPES:
            dtype = result_dtype(op, name)
            if dtype == "-":
                continue
            x = VALUES[name]
            out = getattr(np, op)(x)
            print(f"map {op} {name} | {out.dtype.name} | {show_but(unspecified(op, x), out)}")
    pairs = [(n, n) for n in DTYPES]
    mixed = [("int8", "uint8"), ("int64", "uint64"), ("uint64", "int8"), ("bool", "float32"),
             ("int32", "float32"), ("uint16", "float32"), ("float32", "float64"),
             ("int16", "uint16"), ("int8", "float16"), ("uint16", "float16"), ("float16", "float32"), ("float32", "int32"), ("float64", "int64")]
    for op in BINARY:
        for a, b in pairs + mixed:
            if result_dtype(op, a, b) == "-":
                continue
            x, y = cross([a, b])
            out = getattr(np, op)(x, y)
            out = zeros_ordered(op, x, y, out)
            skip = unspecified(op, x, y)
            print(f"map {op} {a} {b} | {out.dtype.name} | {show_but(skip, out)}")
    for name in DTYPES[1:]:
        x, low, high = cross([name, name, name])
        out = np.clip(x, low, high)
        skip = (out == 0) & (np.dtype(name).kind == "f")
        print(f"map clip {name} {name} {name} | {out.dtype.name} | {show_but(skip, out)}")
    for name in DTYPES:
        mask, x, y = cross(["bool", name, name])
        print(f"map where bool {name} {name} | {name} | {show(np.where(mask, x, y))}")
    # Powers of integers: NumPy refuses negative exponents.
    for name in DTYPES[1:9]:
        base, exponent = cross([name, name])
        keep = exponent >= 0
        out = np.zeros(len(base), name)
        out[keep] = np.power(base[keep], exponent[keep])
        print(f"map power {name} {name} | {name} |",
              *[str(int(v)) if k else "-" for v, k in zip(out, keep)])
    # Casts: out of range, float to integer saturates here; NumPy leaves it undefined.
    for a, b in itertools.product(DTYPES, DTYPES):
        x = VALUES[a]
        out = x.astype(b)
        if np.dtype(a).kind == "f" and np.dtype(b).kind in "iu":
            info = np.iinfo(b)
            exact = [0 if np.isnan(v) else info.max if v >= info.max else info.min
                     if v <= info.min else int(v) for v in x.tolist()]
            out = np.array(exact, b)
        print(f"cast {a} {b} | {show(out)}")


def round_to(value, dtype):
    """The float nearest to an mpmath number, subnormals included."""
    if mpmath.isnan(value):
        return dtype.type(np.nan)
    if mpmath.isinf(value):
        return dtype.type(np.inf if value > 0 else -np.inf)
    digits, low = {2: (11, -24), 4: (24, -149), 8: (53, -1074)}[dtype.itemsize]
    if value == 0:
        return dtype.type(0)
    exponent = max(int(mpmath.floor(mpmath.log(abs(value), 2))) - digits + 1, low)
    scaled = mpmath.nint(mpmath.ldexp(value, -exponent))
    return dtype.type(float(mpmath.ldexp(scaled, exponent)))


POINTS = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.141592653589793, -7.25, 1e-3, 1e-20, 88.7, -103.5, 709.0,
          -744.0, 1e5, 1e10, 0.999, 1.001, np.inf, -np.inf, np.nan]


def transcendental():
    for op, exact in ROUNDED.items():
        for name in FLOATS:
            x = np.array(POINTS, name)
            special = getattr(np, op)(x)
            out = []
            for v, s in zip(x, special):
                if np.isfinite(v) and np.isfinite(s):
                    rounded = round_to(exact(mpmath.mpf(float(v))), x.dtype)
                    out.append(np.copysign(rounded, s) if rounded == 0 else rounded)
                else:
                    out.append(s)
            print(f"near {op} {name} | {show(x)} | {show(np.array(out, name))}")
    for op, (exact, edge) in SPECIAL.items():
        for name in FLOATS:
            x = np.array(POINTS, name)
            # SciPy has no function of float16.
            kind = np.dtype("float32" if name == "float32" else "float64")
            out = []
            for v in x:
                pole = "gamma" in op and v <= 0 and v == np.floor(v)
                if np.isnan(v):
                    out.append(v)
                elif np.isinf(v) or pole or v == 0:
                    out.append(kind.type(edge(v)))
                else:
                    out.append(round_to(exact(mpmath.mpf(float(v))), kind))
            print(f"near {op} {name} | {show(x)} | {show(np.array(out, kind))}")
    for op in ["hypot", "atan2"]:
        for name in FLOATS:
            points = np.array([v for v in POINTS if not 50 < abs(v) < 1e4], name)
            x, y = [v.ravel() for v in np.meshgrid(points, points)]
            out = []
            for a, b, s in zip(x, y, getattr(np, op)(x, y)):
                if np.isfinite(a) and np.isfinite(b) and a != 0 and b != 0:
                    exact = FLOAT_BINARY[op](mpmath.mpf(float(a)), mpmath.mpf(float(b)))
                    out.append(round_to(exact, x.dtype))
                else:
                    out.append(s)
            print(f"near {op} {name} {name} | {show(x)} ; {show(y)} | {show(np.array(out, name))}")
    for name in FLOATS:
        x, y = [v.ravel() for v in np.meshgrid(
            np.array([0.0, -0.0, 1.0, -1.0, 0.3, -2.0, 10.0, 1e-5, np.inf, -np.inf, np.nan], name),
            np.array([0.0, 1.0, -1.0, 2.0, 3.0, 0.5, -2.5, 30.0, np.inf, -np.inf, np.nan], name))]
        special = np.power(x, y)
        out = []
        for a, b, s in zip(x, y, special):
            if np.isfinite(a) and np.isfinite(b) and a != 0 and not np.isnan(s):
                out.append(round_to(mpmath.power(mpmath.mpf(float(a)), mpmath.mpf(float(b))).real,
                                    x.dtype))
            else:
                out.append(s)
        print(f"near power {name} {name} | {show(x)} ; {show(y)} | {show(np.array(out, name))}")


def weak():
    scalars = [3, -1, 0, 300, 2**31, 2**63, -2**63 - 1, 2**64, 1.5, True]
    for op in ["add", "multiply", "less", "equal", "greater_equal", "maximum"]:
        for name in ["bool", "int8", "uint8", "int64", "uint64", "float16", "float32"]:
            for scalar in scalars:
                # Beyond int64, NumPy refuses what it compares for every other dtype; not here.
                if name == "bool" and isinstance(scalar, int) and not -2**63 <= scalar < 2**63:
                    continue
                try:
                    out = getattr(np, op)(VALUES[name], scalar)
                except OverflowError:
                    print(f"weak {op} {name} {scalar!r} | refused")
                    continue
                if out.dtype == object:
                    continue
                if out.dtype.kind == "f":
                    out = zeros_ordered(op, VALUES[name].astype(out.dtype),
                                        np.full(len(VALUES[name]), scalar, out.dtype), out)
                print(f"weak {op} {name} {scalar!r} | {out.dtype.name} | {show(out)}")


def shape_text(shape):
    return "x".join(map(str, shape)) or "-"


def index():
    cases = [
        ((6,), ["0", "-1", "2:5", "::-1", "5:1:-2", "-3:", "10:", ":-10", "4:2", "::7", "::-7",
                "None", "...", "None ::2", "... None", "None 3 None"]),
        ((4, 5), ["1", "1 2", "-1 -5", "::2 1:4", "::-1 ::-1", ": 3", "... 0", "None ...",
                  ": None 1:3", "3:0:-2 None ::4", "2:2", "2:2 ::-1", "None 1 None 2 None",
                  "... ::-2", "0 ... None"]),
        ((2, 3, 4), ["1 ... 2", "... 1 ::-1", ": 1", "None : 1 ... None", "::-1 None 2 ::3",
                     "0 1 2", "0 1 2 None", ": : 3:0:-1", "1 0:0"]),
        ((0, 3), ["::-1", ": 1", "None", "1:5 ::2"]),
        ((), ["...", "None", "None None ..."]),
        ((1, 1), ["0 0", "::-1 0", "-1"]),
    ]
    for shape, items in cases:
        x = np.arange(np.prod(shape, dtype=int)).reshape(shape)
        for item in items:
            key = tuple(eval(f"np.s_[{part}]") for part in item.split())
            out = x[key]
            print(f"index {shape_text(shape)} | {item} | {shape_text(out.shape)} | {show(out)}")


def moves():
    def emit(name, shape, arguments, out):
        print(f"move {name} {shape_text(shape)} | {arguments} | {shape_text(out.shape)} | {show(out)}")

    for shape in [(2, 3, 4), (4, 5), (1, 3), (0, 2), ()]:
        x = np.arange(np.prod(shape, dtype=int)).reshape(shape)
        for axes in itertools.permutations(range(len(shape))):
            emit("transpose", shape, " ".join(map(str, axes)), x.transpose(axes))
        for axis in range(len(shape) + 1):
            emit("expand_dims", shape, axis, np.expand_dims(x, axis))
            emit("stack", shape, axis, np.stack([x, x + 1], axis))
        for axis in range(len(shape)):
            emit("concatenate", shape, axis, np.concatenate([x, x[::-1]], axis))
        if x.size:
            emit("reshape", shape, "-1", x.reshape(-1))
        emit("reshape", shape, " ".join(map(str, (1,) + shape)), x.reshape((1,) + shape))
        emit("broadcast_to", shape, " ".join(map(str, (2,) + shape)),
             np.broadcast_to(x, (2,) + shape))
        emit("squeeze", shape, "", np.squeeze(x))
    emit("reshape", (2, 3, 4), "4 -1 2", np.arange(24).reshape(4, -1, 2))
    emit("broadcast_to", (1, 3), "4 3", np.broadcast_to(np.arange(3).reshape(1, 3), (4, 3)))
    emit("broadcast_to", (4, 1), "2 4 3", np.broadcast_to(np.arange(4).reshape(4, 1), (2, 4, 3)))


def make():
    for args, dtype in [((0, 5, 1), "int64"), ((2, 11, 3), "int64"), ((5, 0, -2), "int32"),
                        ((0, 1, 0.1), "float64"), ((1, -1, -0.3), "float64"), ((3, 3, 1), "int64"),
                        ((0.5, 4, 1), "float32"), ((0, 1, 0.1), "float16"), ((0, 10, 1), "float64"), ((5, 0, 1), "int64")]:
        out = np.arange(*args, dtype=dtype)
        print(f"make arange | {' '.join(map(repr, args))} | {dtype} | {show(out)}")
    for args, dtype in [((0.0, 1.0, 5, 1), "float64"), ((0.0, 1.0, 5, 0), "float64"),
                        ((-1.0, 2.0, 7, 1), "float32"), ((-1.0, 2.0, 7, 1), "float16"), ((3.0, 3.0, 4, 1), "float64"),
                        ((1.0, 2.0, 1, 1), "float64"), ((1.0, 2.0, 0, 1), "float64"),
                        ((-2.5, 2.5, 4, 1), "int64"), ((0.0, 5e-324, 4, 1), "float64"),
                        ((0.1, 0.7, 11, 1), "float64"), ((-0.0, -0.0, 1, 1), "float64")]:
        out = np.linspace(args[0], args[1], args[2], endpoint=bool(args[3]), dtype=dtype)
        print(f"make linspace | {' '.join(map(repr, args))} | {dtype} | {show(out)}")
    for n, m, k in [(3, 3, 0), (2, 4, 1), (4, 2, -1), (3, 3, 5), (0, 2, 0)]:
        print(f"make eye | {n} {m} {k} | float64 | {show(np.eye(n, m, k))}")


def data(name, shape):
    """The same formula as in numpy.rs: a linear congruential generator, scaled."""
    out, state = [], 12345
    for _ in range(int(np.prod(shape, dtype=int))):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append(state >> 40)
    if name in FLOATS:
        return ((np.array(out, "float64") - 2**23) / 2**16).astype(name).reshape(shape)
    return np.array(out, "uint64").astype(name).reshape(shape)


def reductions():
    cases = [((7,), (0,)), ((3, 5), (0,)), ((3, 5), (1,)), ((3, 5), (0, 1)), ((3, 5), ()),
             ((2, 3, 4), (1,)), ((2, 3, 4), (0, 2)), ((), ()), ((1300,), (0,)), ((2, 700), (1,)),
             ((700, 3), (0,)), ((40, 50), (0, 1))]
    for name in ["bool", "int8", "uint8", "int32", "int64", "uint64", "float16", "float32", "float64"]:
        for shape, axes in cases:
            x = data(name, shape)
            kept = [a for a in range(len(shape)) if a not in axes]
            rows = x.transpose(kept + list(axes)).reshape(
                int(np.prod([shape[a] for a in kept], dtype=int)), -1)
            exact = name not in FLOATS
            head = f"{name} {shape_text(shape)} | {' '.join(map(str, axes))}"
            ops = ["sum", "min", "max", "any", "all"] + (["prod"] if exact else [])
            for op in ops:
                if x.size > 100 and op in ("any", "all", "min"):
                    continue
                if op == "sum" and not exact:
                    sums = [sum(map(Fraction, row.tolist())) for row in rows]
                    sizes = [float(sum(abs(Fraction(v)) for v in row.tolist())) for row in rows]
                    print(f"reduce sum {head} | {name} | {show([np.float64(float(s)) for s in sums])}"
                          f" | {show(np.array(sizes))}")
                    continue
                out = getattr(x, op)(axis=axes)
                print(f"reduce {op} {head} | {np.asarray(out).dtype.name} | {show(out)}")
            means, variances = [], []
            for row in rows:
                row = [Fraction(v) for v in row.tolist()]
                mean = sum(row) / len(row)
                means.append(float(mean))
                variances.append(float(sum((v - mean) ** 2 for v in row) / len(row)))
            dtype = name if name in FLOATS else "float64"
            print(f"reduce mean {head} | {dtype} | {show(np.array(means))}")
            print(f"reduce var {head} | {dtype} | {show(np.array(variances))}")


for name in DTYPES:
    print(f"values {name} | {show(VALUES[name])}")
types()
maps()
transcendental()
weak()
index()
moves()
make()
reductions()
