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


def lazily(name):
    """NumPy answers with Python's own truth; what is not computed yet is an array without axes."""
    return lambda *arguments, **keywords: np.bool_(getattr(np, name)(*arguments, **keywords))


NAMES = {name: value for name, value in vars(np).items() if not name.startswith("_")}
NAMES.update(
    np=np,
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
    divmod=lambda a, b: divmod(a, b) if type(a) is type(b) is int else np.divmod(a, b),
    **{name: lazily(name) for name in ("allclose", "array_equal", "array_equiv")},
    special=types.SimpleNamespace(gamma=scipy.special.gamma),
    erf=scipy.special.erf,
    erfc=scipy.special.erfc,
    gammaln=scipy.special.gammaln,
)
