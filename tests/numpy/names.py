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
    special=types.SimpleNamespace(gamma=scipy.special.gamma),
    erf=scipy.special.erf,
    erfc=scipy.special.erfc,
    gammaln=scipy.special.gammaln,
)
