"""What is expected of an expression?

The text is evaluated by NumPy as it stands. `exact` takes its results; `near` takes the correctly
rounded value from mpmath; `within` takes the exact value from fractions, with the bound that
docs/numerics.md states for float reductions.
"""

import fractions
import itertools
import math
import re
import warnings

import mpmath
import numpy as np

import names
from inputs import INPUTS

mpmath.mp.prec = 600
np.seterr(all="ignore")
warnings.simplefilter("ignore", RuntimeWarning)

# What Python and NumPy raise for an expression that they refuse.
REFUSALS = (ValueError, TypeError, IndexError, OverflowError, AttributeError, ZeroDivisionError,
            NameError, RuntimeError, SyntaxError, np.exceptions.AxisError)

# Dtypes that the language has; arrays of others are refused.
DTYPES = {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16",
          "float32", "float64"}


def evaluate(text, inputs=INPUTS):
    """The value that Python gives the text."""
    *statements, last = [part.strip() for part in text.split(";")]
    variables = {**names.NAMES, **inputs}
    for statement in statements:
        if not re.search(r" \S*= ", statement):
            raise SyntaxError(statement)
        target = re.match(r"(\w+)(\[.*?\])? (\S*)= ", statement)
        if target and (target[2] or target[3]):
            # A part of an array, or its change: of a new one, as names are values in the language.
            whole = variables.get(target[1])
            if target[2] or isinstance(whole, np.ndarray):
                variables[target[1]] = np.array(whole)
        exec(statement, variables)
    return eval(last, variables)


def digits(value):
    """An element as the corpus writes it."""
    if value.dtype.kind == "f":
        kind = {2: "u2", 4: "u4", 8: "u8"}[value.dtype.itemsize]
        return "nan" if np.isnan(value) else f"{int(value.view(kind)):x}"
    return str(int(value))


def array_text(array, tolerance=""):
    array = np.asarray(array)
    shape = "x".join(map(str, array.shape)) or "-"
    values = " ".join(digits(value) for value in array.ravel())
    return " ".join(filter(None, [array.dtype.name, shape, values, tolerance]))


def is_array(value):
    return isinstance(value, (np.ndarray, np.generic))


def parts(value):
    """Arrays in tuples and lists stand for themselves."""
    if isinstance(value, (tuple, list)) and any(is_array(part) for part in value):
        return itertools.chain.from_iterable(map(parts, value))
    return [value]


def plain_text(value):
    if isinstance(value, float):
        return digits(np.float64(value))
    if isinstance(value, np.dtype):
        return value.name
    return str(value)


def known(value):
    """Whether the language has this kind of value."""
    if isinstance(value, (tuple, list)):
        return all(map(known, value))
    if is_array(value) or isinstance(value, np.dtype):
        return getattr(value, "dtype", value).name in DTYPES
    return isinstance(value, (bool, int, float, str))


def result(value):
    return array_text(value) if is_array(value) else "plain " + plain_text(value)


def exact(text):
    """NumPy's own results."""
    try:
        value = evaluate(text)
    except REFUSALS:
        return ["refused"]
    return [result(part) for part in parts(value)] if known(value) else ["refused"]


def refused(text):
    """Python that is no part of the language."""
    return ["refused"]


def shape_only(text):
    """NumPy's dtype and shape: of random arrays, whose numbers are others."""
    value = np.asarray(evaluate(text))
    return [f"{value.dtype.name} {'x'.join(map(str, value.shape)) or '-'} ?"]


def round_to(value, dtype):
    """The float nearest to an mpmath number, subnormals included."""
    if mpmath.isnan(value):
        return dtype.type(np.nan)
    if value == 0 or mpmath.isinf(value):
        return dtype.type(float(value))
    bits, low = {2: (11, -24), 4: (24, -149), 8: (53, -1074)}[dtype.itemsize]
    exponent = max(int(mpmath.floor(mpmath.log(abs(value), 2))) - bits + 1, low)
    scaled = mpmath.ldexp(mpmath.nint(mpmath.ldexp(value, -exponent)), exponent)
    if abs(scaled) > mpmath.mpf(float(np.finfo(dtype).max)):
        return dtype.type(np.inf if scaled > 0 else -np.inf)
    return dtype.type(float(scaled))


def near(function, ulps=1):
    """The correctly rounded value of an mpmath function; NumPy's own where it is special."""

    def judge(text):
        try:
            own = evaluate(text)
        except REFUSALS:
            return ["refused"]
        own = np.asarray(own)
        arguments = evaluate(f"({text[text.index('(') + 1:text.rindex(')')]},)")
        arguments = np.broadcast_arrays(*[np.asarray(x).astype(own.dtype) for x in arguments])
        out = own.copy()
        for place in np.ndindex(own.shape):
            values = [mpmath.mpf(float(x[place])) for x in arguments]
            if not np.isfinite(own[place]) or own[place] == 0 or not all(map(mpmath.isfinite, values)):
                continue
            try:
                rounded = round_to(mpmath.re(function(*values)), own.dtype)
            except (ValueError, ZeroDivisionError, OverflowError):
                continue
            out[place] = np.copysign(rounded, own[place]) if rounded == 0 else rounded
        return [array_text(out, f"~ {ulps} ulp" if out.size else "")]

    return judge


def fraction(value):
    finite = np.isfinite(value) if value.dtype.kind == "f" else True
    return fractions.Fraction(value.item()) if finite else fractions.Fraction(0)


def as_fractions(array):
    """The array's elements as fractions; 0 for those that are not finite."""
    out = np.empty(array.shape, object)
    for place in np.ndindex(array.shape):
        out[place] = fraction(array[place])
    return out


def gamma(length, dtype):
    """γ_d of docs/numerics.md for a sum of so many elements in as many chunks as there may be, its
    quotient by their number, and the rounding of what is expected."""
    length = max(length, 1)
    depth = math.ceil(min(length, 512) / 8) + 5 + math.ceil(math.log2(length))
    unit = {2: 2.0**-11, 4: 2.0**-24, 8: 2.0**-53}[dtype.itemsize]
    return depth * unit / (1 - depth * unit)


def in_fractions(text):
    """The exact value, and the one for the inputs' absolute values; `None` where Python has none."""
    text = re.sub(r", (dtype=)?'?(float|int|bool)\w*'?", "", text)
    used = {name for name in re.findall(r"\w+", text) if name in INPUTS}
    # Masks stay what they are.
    masks = {name: INPUTS[name] for name in used if INPUTS[name].dtype == bool and "[" in text}
    values = {name: as_fractions(INPUTS[name]) for name in used - set(masks)}
    sizes = {name: abs(value) for name, value in values.items()} | masks
    values |= masks
    try:
        results = [np.asarray(evaluate(text, inputs), object) for inputs in (values, sizes)]
        # The product of nothing with nothing is `None` for objects.
        return [np.where(result == None, 0, result) for result in results]  # noqa: E711
    except ZeroDivisionError:
        return None


def rounded(value, dtype):
    value = fractions.Fraction(value)
    return round_to(mpmath.mpf(value.numerator) / value.denominator, dtype)


def within(text):
    """The exact value, with the bound of float sums; for integers NumPy's own."""
    lines = exact(text)
    if not lines[0].startswith("float"):
        return lines
    own = np.asarray(evaluate(text))
    finite = np.isfinite(own)
    precise = in_fractions(text) if finite.any() else None
    if precise is None:
        return lines
    used = [INPUTS[name].size for name in re.findall(r"\w+", text) if name in INPUTS]
    error = 1.001 * gamma(max(used, default=1), own.dtype)
    out, bounds = own.copy(), []
    for place in np.ndindex(own.shape):
        if finite[place]:
            out[place] = rounded(precise[0][place], own.dtype)
        size = float(abs(fractions.Fraction(precise[1][place]))) if finite[place] else 0.0
        bounds.append(f"{error * size:.3g}")
    return [array_text(out, "~ " + " ".join(bounds))]


def nearly(ulps):
    """NumPy's own results, to so many units in the last place."""

    def judge(text):
        loose = lambda line: line.startswith("float") and len(line.split()) > 2
        return [f"{line} ~ {ulps} ulp" if loose(line) else line for line in exact(text)]

    return judge


def spread(text):
    """The exact variance, or its root, within 16 ULP."""
    lines = exact(text)
    if not lines[0].startswith("float"):
        return lines
    own = np.asarray(evaluate(text))
    precise = in_fractions(text.replace("std(", "var("))
    if precise is None or not own.size:
        return lines
    out = own.copy()
    for place in np.ndindex(own.shape):
        if np.isfinite(own[place]):
            value = fractions.Fraction(precise[0][place])
            value = mpmath.mpf(value.numerator) / value.denominator
            out[place] = round_to(mpmath.sqrt(value) if "std(" in text else value, own.dtype)
    return [array_text(out, "~ 16 ulp")]
