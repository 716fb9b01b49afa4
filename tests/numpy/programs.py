"""Random typed programs: which steps may follow each other?

A program is a list of leaves and a list of steps, each a text over the names before it. Every step
is evaluated by NumPy as it is drawn. Exact programs start from hostile values and hold exact
operators alone. The others start from small dyadic numbers, hold inexact operators, and carry the
bound of their error to the end: no comparison, rounding, cast, sort or index by value follows.
"""

import dataclasses
import re

import numpy as np

import divergences
from expected import DTYPES, REFUSALS
from inputs import FLOATS, INTEGERS, hostile
from names import NAMES

MOST_STEPS = 12
MOST_ELEMENTS = 400

# A leaf or a step among the words of a text.
NAME = re.compile(r"\b[xv]\d+\b")


@dataclasses.dataclass
class Leaf:
    """An input and its chunks."""

    array: np.ndarray
    sizes: list


@dataclasses.dataclass
class Program:
    """Leaves by name, steps as pairs of a name and a text, and whether every operator is exact."""

    leaves: dict
    steps: list
    exact: bool


class Rejected(Exception):
    """The step is left out; the argument says for which divergence or limit."""


def cut(rng, length):
    """An odd chunking of an axis."""
    sizes = []
    while sum(sizes) < length:
        sizes.append(int(min(rng.integers(1, 5), length - sum(sizes))))
    return sizes or [0]


def shape(rng):
    lengths = [0, 1, 1, 2, 3, 4, 5, 7]
    return tuple(int(rng.choice(lengths)) for _ in range(rng.choice([0, 1, 1, 2, 2, 2, 3])))


def leaf(rng, exact, like=None):
    lengths = shape(rng) if like is None else like
    if exact:
        code = rng.choice(["b1"] + INTEGERS + FLOATS * 3)
        array = rng.choice(hostile(code), lengths)
    else:
        array = (rng.integers(-32, 33, lengths) / 8).astype(rng.choice(["f2", "f4", "f4", "f8", "f8", "f8"]))
    return Leaf(np.asarray(array), [cut(rng, length) for length in lengths])


class Draw:
    """One program while it is drawn."""

    def __init__(self, rng, exact):
        self.rng, self.exact = rng, exact
        self.program = Program({}, [], exact)
        self.values, self.errors = {}, {}

    def fresh(self, like=None):
        """A leaf of any shape, or of one that fits."""
        name = f"x{len(self.program.leaves)}"
        self.program.leaves[name] = leaf(self.rng, self.exact, like)
        self.values[name] = self.program.leaves[name].array
        self.errors[name] = np.zeros(self.values[name].shape)
        return name

    def pick(self, wanted=lambda value: True):
        """A value there is, mostly the last; a fresh leaf if none is as wanted."""
        names = [name for name, value in self.values.items() if wanted(value)]
        if not names or self.rng.random() < 0.08:
            return self.fresh()
        return names[-1] if self.rng.random() < 0.6 else str(self.rng.choice(names))

    def partner(self, name):
        """A value that broadcasts with another."""
        lengths = self.values[name].shape

        def fits(value):
            try:
                return np.broadcast_shapes(value.shape, lengths) is not None
            except ValueError:
                return False

        if self.rng.random() < 0.6:
            return self.pick(fits)
        kept = [1 if self.rng.random() < 0.25 else length for length in lengths]
        return self.fresh(tuple(kept[int(self.rng.integers(0, len(kept) + 1)) if kept and
                                     self.rng.random() < 0.2 else 0:]))

    def axis(self, name, over=0):
        dimensions = self.values[name].ndim + over
        if dimensions == 0:
            raise Rejected("no axis")
        return int(self.rng.integers(-dimensions, dimensions))

    def axes(self, name):
        """Axes of a reduction as a keyword."""
        dimensions = self.values[name].ndim
        count = int(self.rng.integers(0, dimensions + 1))
        chosen = [int(a) for a in self.rng.permutation(dimensions)[:count]]
        keep = ", keepdims=True" if self.rng.random() < 0.3 else ""
        axes = "None" if count == 0 else chosen[0] if count == 1 else tuple(chosen)
        return f"axis={axes}{keep}"


# What a step of each kind looks like. A new operator is a name in one of the lists below.


def unary(draw, name):
    return f"{name}({draw.pick()})"


def binary(draw, name):
    first = draw.pick()
    second = draw.partner(first) if draw.rng.random() < 0.85 else str(draw.rng.choice(NUMBERS))
    return f"{name}({second}, {first})" if draw.rng.random() < 0.5 else f"{name}({first}, {second})"


def ternary(draw, name):
    first = draw.pick()
    condition = draw.partner(first) if draw.exact else f"({draw.fresh(draw.values[first].shape)} > 0)"
    return f"{name}({condition}, {first}, {draw.partner(first)})"


def reduction(draw, name):
    array = draw.pick()
    return f"{name}({array}, {draw.axes(array)})"


def astype(draw, name):
    return f"{draw.pick()}.astype({draw.rng.choice(sorted(DTYPES))})"


def index(draw, name):
    array = draw.pick(lambda value: value.ndim > 0)
    items = []
    for length in draw.values[array].shape:
        kind = draw.rng.random()
        bound = lambda: "" if draw.rng.random() < 0.4 else int(draw.rng.integers(-length - 2, length + 3))
        if kind < 0.15 and length:
            items.append(str(draw.rng.integers(-length, length)))
        elif kind < 0.25:
            items += ["None", ":"]
        else:
            step = draw.rng.choice(["", ":-1", ":2", ":-2", ":3"])
            items.append(f"{bound()}:{bound()}{step}")
    if items and draw.rng.random() < 0.3:
        items[int(draw.rng.integers(0, len(items))):] = ["..."]
    return f"{array}[{', '.join(items) or '...'}]"


def transpose(draw, name):
    array = draw.pick()
    return f"transpose({array}, {tuple(int(a) for a in draw.rng.permutation(draw.values[array].ndim))})"


def factors(rng, size):
    if size == 0:
        return [0, int(rng.integers(1, 4))][:: rng.choice([-1, 1])]
    lengths = []
    while size > 1 and rng.random() < 0.8:
        factor = int(rng.choice([f for f in range(1, size + 1) if size % f == 0]))
        lengths.append(factor)
        size //= factor
    return lengths + [size]


def reshape(draw, name):
    array = draw.pick()
    lengths = factors(draw.rng, draw.values[array].size)
    if draw.rng.random() < 0.3 and draw.values[array].size and lengths:
        lengths[int(draw.rng.integers(0, len(lengths)))] = -1
    return f"reshape({array}, {tuple(lengths)})"


def broadcast(draw, name):
    array = draw.pick()
    lengths = [int(draw.rng.integers(1, 4)) if length == 1 else length for length in draw.values[array].shape]
    return f"broadcast_to({array}, {tuple([int(draw.rng.integers(1, 4))] * draw.rng.integers(0, 2) + lengths)})"


def expand(draw, name):
    array = draw.pick()
    return f"expand_dims({array}, {draw.axis(array, 1)})"


def squeeze(draw, name):
    return f"squeeze({draw.pick()})"


def joined(draw, name):
    first = draw.pick(lambda value: value.ndim > 0)
    lengths = draw.values[first].shape
    same = lambda value: value.shape == lengths
    over = 1 if name == "stack" else 0
    others = [draw.pick(same) if draw.rng.random() < 0.5 else draw.fresh(lengths) for _ in range(draw.rng.integers(1, 3))]
    return f"{name}([{', '.join([first] + others)}], axis={draw.axis(first, over)})"


def whole(draw, name):
    return f"{name}({draw.pick()})"


def flat(draw, name):
    """A function of one array that gives one of one axis, or of another array too."""
    return f"{name}({draw.pick()})"


def pair(draw, name):
    """Sets, and places in one of them."""
    return f"{name}({draw.pick()}, {draw.pick()})"


def sets(draw, name):
    # Arrays that only claim to be sets are told apart by these two.
    assumed = ", assume_unique=True" if name in ("intersect1d", "setxor1d") and draw.rng.random() < 0.3 else ""
    return f"{name}({draw.pick()}, {draw.pick()}{assumed})"


def masked(draw, name):
    """Where an array of truths of leading axes is true."""
    array = draw.pick()
    lengths = draw.values[array].shape
    axes = int(draw.rng.integers(0, len(lengths) + 1))
    return f"{array}[{draw.fresh(lengths[:axes])} > 0]"


def rows(draw, name):
    array = draw.pick(lambda value: value.ndim > 0)
    return f"{name}({array}, axis={draw.axis(array)})"


def windows(draw, name):
    """A reduction of windows along an axis."""
    array = draw.pick(lambda value: value.ndim > 0)
    axis = draw.axis(array)
    length = int(draw.rng.integers(1, draw.values[array].shape[axis] + 2))
    return f"sliding_window_view({array}, {length}, axis={axis}).{name}(-1)"


def coarsened(draw, name):
    array = draw.pick(lambda value: value.ndim > 0)
    each = tuple(int(draw.rng.integers(1, 4)) for _ in draw.values[array].shape)
    return f"coarsen('{name}', {array}, {each}, trim_excess=True)"


def moved(draw, name):
    array = draw.pick()
    if name == "pad":
        width = int(draw.rng.integers(0, 4))
        mode = draw.rng.choice(["constant", "edge", "reflect", "symmetric", "wrap", "empty", "median", "odd"])
        if mode == "empty":
            # What was there before, without what lay beyond.
            inner = ", ".join([f"{width}:{width + length}" for length in draw.values[array].shape]) or "..."
            return f"pad({array}, {width}, mode='empty')[{inner}]"
        if mode == "odd":
            return f"pad({array}, {width}, mode='reflect', reflect_type='odd')"
        return f"pad({array}, {width}, mode='{mode}')"
    if name == "tile":
        return f"tile({array}, {int(draw.rng.integers(0, 4))})"
    count = int(draw.rng.integers(-3, 4))
    axis = draw.axis(array) if draw.values[array].ndim else 0
    return f"roll({array}, {count}, axis={axis})" if name == "roll" else f"{name}({array}, {abs(count)}, axis={axis})"


def taken(draw, name):
    array = draw.pick(lambda value: value.ndim > 0)
    axis = draw.axis(array)
    length = draw.values[array].shape[axis]
    places = [int(draw.rng.integers(-length, length)) for _ in range(draw.rng.integers(0, 6))] if length else []
    mode = draw.rng.choice(["", ", mode='wrap'", ", mode='clip'"])
    return f"take({array}, {places}, axis={axis}{mode})"


def distinct(draw, name):
    """Lines along an axis, each once; or where they stand."""
    array = draw.pick(lambda value: value.ndim > 0)
    part = draw.rng.choice(["", "", "return_counts", "return_inverse", "return_index"])
    more = f", {part}=True)[1]" if part else ")"
    return f"unique({array}, axis={draw.axis(array)}{more}"


def held(draw, name):
    """A result in an array of its own, or where a mask is true."""
    first = draw.pick()
    second = draw.partner(first)
    try:
        lengths = np.broadcast_shapes(draw.values[first].shape, draw.values[second].shape)
    except ValueError:
        lengths = draw.values[first].shape
    mask = f", where={draw.fresh(lengths)} > 0" if draw.rng.random() < 0.5 else ""
    place = f"ones({lengths}, dtype='{draw.rng.choice(['f8', 'f4', 'i8', 'u1', 'f2'])}')"
    return f"{name}({first}, {second}, out={place}{mask})"


def pieces(draw, name):
    # Not of what is counted: its functions are called when it is written.
    array = draw.fresh()
    bodies = ["v + v", "v * v", "where(v > 1, v, v * v)", "v"]
    first, second = (str(draw.rng.choice(bodies)) for _ in range(2))
    return f"piecewise({array}, [{array} > 0, {array} < 0], [lambda v: {first}, lambda v: {second}])"


def placed(draw, name):
    """At positions that are computed, or as often as is."""
    array = draw.pick(lambda value: value.ndim > 0)
    axis = draw.axis(array)
    length = draw.values[array].shape[axis]
    if name == "repeat":
        return f"repeat({array}, arange({length}) % 3, axis={axis})"
    places = f"arange({int(draw.rng.integers(0, 4))}) * 2 % {max(length, 1)}"
    value = ", 1" if name == "insert" else ""
    return f"{name}({array}, {places}{value}, axis={axis})"


def about(draw, name):
    """A spread about a mean that is given."""
    array = draw.pick(lambda value: value.ndim > 0)
    return f"{name}({array}, axis={draw.axis(array)}, mean={draw.rng.choice(['0.5', '-2', '1'])})"


def cross(draw, name):
    """Of vectors of three components."""
    first = draw.fresh((3,)) if draw.rng.random() < 0.5 else draw.fresh((2, 3))
    return f"cross({first}, {draw.fresh((3,))})"


NUMBERS = ["2", "0", "-1", "3", "0.5", "-2.5", "True"]

EXACT = {
    unary: ["negative", "absolute", "square", "floor", "ceil", "invert", "sqrt", "sign", "trunc", "rint", "isnan",
            "isfinite", "signbit", "logical_not", "fabs", "nan_to_num"],
    binary: ["add", "subtract", "multiply", "divide", "floor_divide", "remainder", "fmod", "minimum", "maximum",
             "fmin", "fmax", "equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "bitwise_and",
             "bitwise_or", "bitwise_xor", "left_shift", "right_shift", "gcd", "lcm", "copysign", "heaviside",
             "logical_and", "logical_xor"],
    ternary: ["where"],
    astype: ["astype"],
    reduction: ["min", "max", "any", "all", "sum", "prod", "argmin", "argmax", "count_nonzero"],
    flat: ["unique", "flatnonzero", "argwhere"],
    sets: ["setdiff1d", "intersect1d", "setxor1d", "isin"],
    pair: ["union1d"],
    masked: ["masked"],
    rows: ["sort", "cumsum", "diff"],
    windows: ["min", "max", "sum"],
    coarsened: ["min", "max", "sum", "any"],
    cross: ["cross"],
    distinct: ["unique"],
    held: ["add", "multiply", "less", "bitwise_or"],
    pieces: ["piecewise"],
    placed: ["delete", "insert", "repeat", "take"],
}
MOVES = {
    index: ["index"],
    transpose: ["transpose"],
    reshape: ["reshape"],
    broadcast: ["broadcast_to"],
    expand: ["expand_dims"],
    squeeze: ["squeeze"],
    joined: ["concatenate", "stack"],
    whole: ["ravel", "atleast_2d", "flip"],
    moved: ["roll", "repeat", "tile", "pad"],
    taken: ["take"],
}
INEXACT = {
    unary: ["negative", "absolute", "exp", "sin", "cos"],
    binary: ["add", "subtract", "multiply"],
    ternary: ["where"],
    reduction: ["sum", "mean", "min", "max", "var", "std"],
    windows: ["sum", "mean", "min", "max"],
    coarsened: ["sum", "mean", "max"],
    rows: ["trapezoid", "cumsum", "diff"],
    about: ["var", "std"],
}


def kinds(exact):
    """Every kind of step with its name, as often as it is drawn."""
    rows = [(kind, name) for kind, names in (EXACT if exact else INEXACT).items() for name in names]
    moves = [(kind, name) for kind, names in MOVES.items() for name in names]
    return rows + moves * 2


TABLES = {exact: kinds(exact) for exact in (True, False)}

# Steps whose lengths data decide: what NumPy refuses of their results is refused when it is computed.
COUNTED = ["delete", "insert", "repeat", "unique", "flatnonzero", "argwhere", "setdiff1d", "intersect1d", "setxor1d", "union1d"]

# Functions whose order of zeros of both signs is NumPy's own.
SORTED = ["sort", "unique", "setdiff1d", "intersect1d", "setxor1d", "union1d"]


# What tells a kind from others of the same names.
MARKS = {", out=": held, ", mean=": about, "arange(": placed}


def which(exact, step):
    """The kind and the name of a step's text."""
    if "sliding_window_view" in step:
        return windows, step.rsplit(".", 1)[1].split("(")[0]
    if step.startswith("coarsen"):
        return coarsened, step.split("'")[1]
    for mark, kind in MARKS.items():
        if mark in step:
            return kind, step.split("(")[0]
    if "(" not in step.split("[")[0] and "[" in step:
        return (masked, "masked") if " > 0]" in step else (index, "index")
    name = step.split("(")[0].split(".")[-1]
    rows = [(kind, row) for kind, row in TABLES[exact] if kind not in (windows, coarsened, distinct, *MARKS.values())]
    return {row: kind for kind, row in rows}[name], name


def is_counted(program):
    steps = [which(True, text) for _, text in program.steps if not NAME.fullmatch(text)] if program.exact else []
    return any(kind is masked or name in COUNTED for kind, name in steps)


# How far may a value be off, after a step? In float64; of values that are all finite.


def spacing(out):
    return np.spacing(np.abs(out)).astype("f8")


def slope(name, value, error):
    """How much an error of the argument grows."""
    return np.exp(value.astype("f8") + error) if name == "exp" else 1.0


def error_of(draw, kind, name, text, out):
    """The bound of a step's result."""
    arguments = text.replace("(", " ").replace(",", " ").replace(")", " ").split()[1:]
    given = [(np.asarray(draw.values.get(word, number(word)), "f8"), draw.errors.get(word, np.zeros(())))
             for word in arguments if word in draw.values or word in NUMBERS]
    if kind is ternary:
        condition, first, second = text[text.index("(") + 1:-1].split(", ")
        values = dict(draw.errors)
        values["condition"] = eval(condition, NAMES, draw.values)
        return np.asarray(eval(f"where(condition, {first}, {second})", NAMES, values), "f8")
    if kind in MOVES:
        if "mode='median'" in text or "'odd'" in text:
            raise Rejected("pads that compute")
        return np.asarray(eval(text, NAMES, draw.errors), "f8")
    if kind is about:
        return error_about(draw, name, text, out)
    if kind is unary:
        value, error = given[0]
        if name in ("negative", "absolute"):
            return error
        return slope(name, value, error) * error * 1.01 + 6 * spacing(out)
    if kind is binary:
        (a, ea), (b, eb) = given[:2]
        grown = ea + eb if name != "multiply" else abs(a) * eb + abs(b) * ea + ea * eb
        return np.broadcast_to(grown + np.where(grown > 0, 2 * spacing(out), 0), out.shape)
    if kind in (windows, coarsened, rows):
        return error_along(draw, kind, name, text, out)
    value, error = given[0]
    along = text[text.index(",") + 2:-1]
    size = max(value.size, 1)
    unit = float(np.finfo(out.dtype).eps)
    total = lambda x, how: np.asarray(eval(f"{how}(x, {along})", NAMES, {"x": np.asarray(x)}), "f8")
    if name in ("min", "max"):
        return total(error, "max")
    if name in ("sum", "mean"):
        # Of both sides, in whichever order.
        return total(error, name) + 2 * size * unit * total(abs(value), name)
    if error.any():
        raise Rejected("spread of what is not exact")
    variance = total(value, "var")
    wrong = (size + 32) * unit * (variance + unit * np.max(abs(value), initial=0) ** 2)
    return wrong if name == "var" else np.where(variance > 0, wrong / np.sqrt(np.maximum(variance, 1e-300)), 0)


def error_about(draw, name, text, out):
    """The bound of a spread about a mean: of squares that are exact but for a few roundings each."""
    array = NAME.search(text).group()
    if draw.errors[array].any():
        raise Rejected("spread of what is not exact")
    value = draw.values[array].astype("f8")
    variance = np.asarray(eval(text.replace("std(", "var("), NAMES, {array: value}), "f8")
    wrong = (value.size + 32) * float(np.finfo(out.dtype).eps) * variance
    return wrong if name == "var" else np.where(variance > 0, wrong / np.sqrt(np.maximum(variance, 1e-300)), 0)


def error_along(draw, kind, name, text, out):
    """The bound of a fold of windows, blocks or rows: that of the errors, and the folds own rounding."""
    array = NAME.search(text).group()
    value, error = abs(draw.values[array].astype("f8")), np.broadcast_to(draw.errors[array], draw.values[array].shape)
    if name in ("min", "max"):
        text = text.replace(f"'{name}'", "'max'").replace(f".{name}(", ".max(")
    elif name == "diff":
        axis = int(text.split("axis=")[1][:-1])
        if value.shape[axis] < 2:
            return np.zeros(out.shape)
        text = f"sliding_window_view({array}, 2, axis={axis}).sum(-1)"
    fold = lambda x: np.asarray(eval(text, NAMES, {array: np.asarray(x, "f8")}), "f8")
    if name in ("min", "max"):
        return fold(error)
    return fold(error) + 2 * max(value.size, 1) * float(np.finfo(out.dtype).eps) * fold(value)


def number(word):
    return eval(word) if word in NUMBERS else 0


def checked(draw, kind, name, text, out):
    """Refuses a result that is another on purpose, or that leaves the bounds of a program."""
    if np.asarray(out).dtype.name not in DTYPES:
        raise Rejected("a dtype that is not there")
    if out.size > MOST_ELEMENTS or out.ndim > 5:
        raise Rejected("size")
    words = text[text.index("(") + 1:-1].split(", ") if "(" in text else []
    if name in ("minimum", "maximum", "fmin", "fmax"):
        a, b = np.broadcast_arrays(*[np.asarray(draw.values.get(word, number(word))) for word in words])
        if np.any((a == 0) & (b == 0) & (np.signbit(a.astype("f8")) != np.signbit(b.astype("f8")))):
            raise Rejected(divergences.ZEROS)
    used = [draw.values[word] for word in NAME.findall(text)]
    if name in SORTED:
        zeros = [np.signbit(x[x == 0].astype("f8")) for x in used]
        if len(np.unique(np.concatenate(zeros))) > 1:
            raise Rejected("zeros of both signs in a sort")
    if "unique(" in text and "axis=" in text and any(x.dtype == np.float16 and np.isnan(x).any() for x in used):
        raise Rejected("lines of float16 with NaN, which NumPy puts first or last")
    if name in ("isin", "setdiff1d") and {x.dtype.name for x in used} == {"int64", "uint64"}:
        raise Rejected("int64 among uint64, which NumPy may compare as floats")
    if draw.exact and name == "cumsum" and out.dtype == np.float16:
        raise Rejected(divergences.HALVES)
    if name in ("signbit", "copysign"):
        given = np.asarray(draw.values.get(words[-1], number(words[-1])))
        if given.dtype.kind == "f" and np.any(np.isnan(given)):
            raise Rejected("the sign of a NaN")
    if name in ("min", "max") and out.dtype.kind == "f" and np.any(out == 0):
        raise Rejected(divergences.ZEROS)
    if name == "astype":
        given = draw.values[text.split(".")[0]]
        if given.dtype.kind == "f" and out.dtype.kind in "iu":
            info = np.iinfo(out.dtype)
            if not np.all((given > float(info.min)) & (given < float(info.max))):
                raise Rejected(divergences.CASTS)
    if draw.exact and name in ("sum", "prod") and out.dtype.kind == "f":
        raise Rejected("a float sum of hostile values")
    if not draw.exact and not np.all(np.isfinite(out)):
        raise Rejected("no longer finite")


def step(draw):
    """Adds a step; what NumPy raised, if it refuses."""
    kind, name = TABLES[draw.exact][draw.rng.integers(len(TABLES[draw.exact]))]
    text = kind(draw, name)
    target = f"v{len(draw.program.steps)}"
    try:
        out = np.asarray(eval(text, NAMES, draw.values))
    except REFUSALS as refusal:
        draw.program.steps.append((target, text))
        return refusal
    checked(draw, kind, name, text, out)
    if not draw.exact:
        error = np.broadcast_to(error_of(draw, kind, name, text, out), out.shape)
        if not np.all(error < 1e-3 * (1 + abs(out.astype("f8")))):
            raise Rejected("the bound grew too large")
        draw.errors[target] = error
    draw.values[target] = out
    draw.program.steps.append((target, text))
    return None


def program(rng, rejected):
    """A program, the value of its last step, and its bound; the value is `None` if NumPy refuses."""
    draw = Draw(rng, exact=rng.random() < 0.6)
    draw.fresh()
    wanted = int(rng.integers(1, MOST_STEPS + 1))
    for _ in range(4 * wanted):
        try:
            refusal = step(draw)
        except Rejected as reason:
            rejected[str(reason)] = rejected.get(str(reason), 0) + 1
            continue
        if refusal is not None:
            if rng.random() < 0.15:
                return draw.program, None, None
            draw.program.steps.pop()
            continue
        if len(draw.program.steps) >= wanted:
            break
    if not draw.program.steps:
        return program(rng, rejected)
    last = draw.program.steps[-1][0]
    return draw.program, draw.values[last], draw.errors.get(last)
