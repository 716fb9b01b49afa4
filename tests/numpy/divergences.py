"""Where does Tilewright differ from NumPy on purpose?

The names are those of the table in docs/numerics.md. Each changes NumPy's own results into those
that the table promises, and marks the lines that it changed.
"""

import numpy as np

import expected

ZEROS = "`minimum(-0.0, 0.0)`"
CASTS = "float to integer out of range, NaN"
HALVES = "float16 along an axis"


def marked(lines, changed, name):
    return changed if changed == lines else changed + [f"! {name}"]


def zeros(judge):
    """minimum and maximum order -0.0 below 0.0."""

    def judged(text):
        lines = judge(text)
        if lines == ["refused"] or not lines[0].startswith("float"):
            return lines
        out = np.array(expected.evaluate(text))
        head = text[: text.index("(")]
        arguments = expected.evaluate(f"({text[text.index('(') + 1:text.rindex(')')]},)")
        a, b = np.broadcast_arrays(*[np.asarray(x).astype(out.dtype) for x in arguments])
        both = (a == 0) & (b == 0) & (np.signbit(a) != np.signbit(b))
        lower = -0.0 if head in ("minimum", "fmin") else 0.0
        changed = [expected.array_text(np.where(both, np.array(lower, out.dtype), out))]
        return marked(lines, changed, ZEROS)

    return judged


def running(text):
    """minimum.accumulate and maximum.accumulate, which order -0.0 below 0.0, too."""
    lines = expected.exact(text)
    if not lines[0].startswith("float"):
        return lines
    own = expected.evaluate(text)
    # Zeros as the least numbers of either sign, which no input here is.
    least = {name: np.where(array == 0, np.copysign(np.array(5e-324), array), array)
             for name, array in expected.INPUTS.items() if array.dtype.kind == "f"}
    wide = expected.evaluate(text, {**expected.INPUTS, **least})
    out = np.where(own == 0, np.copysign(own, wide), own)
    return marked(lines, [expected.array_text(out.astype(own.dtype))], ZEROS)


def rounded_once(text):
    """Scans of float16 are computed in float32 and rounded once."""
    lines = expected.exact(text)
    if not lines[0].startswith("float16"):
        return lines
    wide = {name: array.astype("f4") if array.dtype == np.float16 else array
            for name, array in expected.INPUTS.items()}
    changed = [expected.array_text(expected.evaluate(text, wide).astype("f2"))]
    return marked(lines, changed, HALVES)


def instead(other):
    """Floats beyond an integer dtype: what the other text gives."""
    return lambda text: marked(expected.exact(text), expected.exact(other), CASTS)


def saturated(text):
    """The cast `NAME.astype(DTYPE)`: truncates and saturates, NaN gives 0."""
    lines = expected.exact(text)
    name, _, dtype = text.partition(".astype(")
    dtype = np.dtype(dtype.strip("')"))
    given = np.asarray(expected.evaluate(name))
    if given.dtype.kind != "f" or dtype.kind not in "iu":
        return lines
    info = np.iinfo(dtype)
    low, high = int(info.min), int(info.max)
    whole = [0 if np.isnan(v) else high if v >= high else low if v <= low else int(v)
             for v in given.ravel().tolist()]
    changed = [expected.array_text(np.array(whole, dtype).reshape(given.shape))]
    return marked(lines, changed, CASTS)
