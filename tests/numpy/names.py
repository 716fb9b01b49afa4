"""What do the names of an expression mean in Python?

NumPy's, and those that Tilewright takes from Dask and SciPy.
"""

import builtins
import types

import numpy as np
import scipy.special



def plainly(name):
    """Python's own function of plain numbers, NumPy's of arrays."""
    own, other = getattr(builtins, name), getattr(np, name)

    def call(*arguments, **keywords):
        plain = all(type(x) in (bool, int, float) for x in arguments) and not keywords
        plain = plain and len(arguments) >= (2 if name in ("min", "max") else 1)
        return own(*arguments) if plain else other(*arguments, **keywords)

    return call


def moment(a, order, axis=None, keepdims=False, ddof=0):
    """Dask's: central moments."""
    a = np.asarray(a)
    dtype = a.dtype if a.dtype.kind == "f" else np.dtype("f8")
    a = a.astype("f8")
    if order < 0:
        raise ValueError("order")
    if order < 2:
        return np.full_like(a.sum(axis, keepdims=keepdims), 1.0 - order, dtype=dtype)
    powers = (a - a.mean(axis, keepdims=True)) ** order
    count = a.size // max(powers.sum(axis).size, 1)
    return np.asarray(powers.sum(axis, keepdims=keepdims) / (count - ddof)).astype(dtype)


def coarsen(reduction, x, axes, trim_excess=False):
    """Dask's: blocks of elements reduced to one each; a dictionary has factors for some axes."""
    x = np.asarray(x)
    if isinstance(axes, dict):
        factors = [1] * x.ndim
        for axis, factor in axes.items():
            factors[axis] = factor
        axes = factors
    reduction = getattr(np, reduction) if isinstance(reduction, str) else reduction
    if len(axes) != x.ndim or min(axes, default=1) < 1:
        raise ValueError("axes")
    if trim_excess:
        x = x[tuple(slice(0, length // factor * factor) for length, factor in zip(x.shape, axes))]
    shape = [part for length, factor in zip(x.shape, axes) for part in (length // factor, factor)]
    return reduction(x.reshape(shape), axis=tuple(range(1, 2 * x.ndim, 2)))


def fill_diagonal(a, val, wrap=False):
    """NumPy's, as a new array."""
    a = np.array(a)
    np.fill_diagonal(a, val, wrap)
    return a


def argtopk(a, k, axis=-1):
    """Dask's: where the largest are, or the smallest of a negative number, in order."""
    order = np.argsort(a if k < 0 else -np.asarray(a, "f8"), axis=axis, kind="stable")
    return np.take(order, range(min(abs(k), a.shape[axis])), axis)


def topk(a, k, axis=-1):
    return np.take_along_axis(a, argtopk(a, k, axis), axis)


def lazily(name):
    """NumPy answers with Python's own truth; what is not computed yet is an array without axes."""
    return lambda *arguments, **keywords: np.bool_(getattr(np, name)(*arguments, **keywords))


NAMES = {name: value for name, value in vars(np).items() if not name.startswith("_")}
NAMES.update(
    np=np,
    sliding_window_view=np.lib.stride_tricks.sliding_window_view,
    moment=moment,
    fill_diagonal=fill_diagonal,
    topk=topk,
    argtopk=argtopk,
    coarsen=coarsen,
    da=np,
    int=int,
    float=float,
    bool=bool,
    len=len,
    slice=slice,
    abs=plainly("abs"),
    pow=plainly("pow"),
    min=plainly("min"),
    max=plainly("max"),
    divmod=lambda a, b, *places, **more: divmod(a, b) if type(a) is type(b) is int else np.divmod(a, b, *places, **more),
    **{name: lazily(name) for name in ("allclose", "array_equal", "array_equiv")},
    special=types.SimpleNamespace(gamma=scipy.special.gamma),
    erf=scipy.special.erf,
    erfc=scipy.special.erfc,
    gammaln=scipy.special.gammaln,
)
