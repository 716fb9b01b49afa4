"""What is measured: each row's data, bars, and the peers' best known forms, written plainly.

A peer is a function of the row's arrays that gives a function to be timed. It may do beforehand
what a program does once: move arrays to where the library wants them, compile, allocate a result.
Chunked peers compute with two threads.
"""

from dataclasses import dataclass, field
from functools import partial

import blosc2
import dask
import dask.array as da
import dask_array as dx
import h5py
import jax
import jax.numpy as jnp
import nibabel
import numexpr as ne
import numpy as np
import zarr
from numba import njit, prange
from zarr.codecs import Crc32cCodec, ZstdCodec

jax.config.update("jax_enable_x64", True)
dask.config.set(scheduler="threads", num_workers=2)
ne.set_num_threads(2)
blosc2.set_nthreads(2)


@dataclass
class Row:
    """One line of the table."""

    name: str
    expression: str
    data: str
    arrays: tuple = ()
    peers: dict = field(default_factory=dict)
    # Files that are read while it is timed; peers are given their paths, behind the arrays.
    files: tuple = ()
    # Peer and how many times its time must be ours at least.
    reach: dict = field(default_factory=dict)
    # What a peer's time is multiplied by, where it is given less work than Tilewright.
    scaled: dict = field(default_factory=dict)
    # Seconds that it may take.
    within: float = 0
    # Whether the results agree with the first peer's, and how far: not for random numbers.
    check: bool = True
    rtol: float = 1e-9
    rounds: int = 5


ROWS = []


def row(name, expression, data, *arrays, **more):
    ROWS.append(Row(name, expression, data, arrays, **more))


def computing(make):
    """A chunked peer: the graph is built anew each time, as a program that runs once does."""
    return lambda *arrays: lambda: make(*arrays).compute()


def on_device(function):
    """JAX: arrays on the device, compiled."""

    def peer(*arrays):
        arrays = [jnp.asarray(array) for array in arrays]
        compiled = jax.jit(function)
        return lambda: compiled(*arrays).block_until_ready()

    return peer


def on_device_into(function):
    """The same into a result that is given and given back."""

    def peer(*arrays):
        arrays = [jnp.asarray(array) for array in arrays]
        last = len(arrays)
        compiled = jax.jit(
            lambda *a: function(*a[:last]), donate_argnums=last, keep_unused=True
        )
        out = [jnp.zeros_like(arrays[0])]

        def run():
            out[0] = compiled(*arrays, out[0])
            return out[0].block_until_ready()

        return run

    return peer


def evaluated(text, names, into=True):
    """numexpr, into a result that is there."""

    def peer(*arrays):
        local = dict(zip(names, arrays))
        out = np.empty_like(arrays[0]) if into else None
        return lambda: ne.evaluate(text, local_dict=local, global_dict={}, out=out)

    return peer


def looped(function, like=None):
    """Numba's compiled loops; `like` makes the result that they fill."""

    def peer(*arrays):
        if like is None:
            return lambda: function(*arrays)
        out = like(*arrays)

        def run():
            function(*arrays, out)
            return out

        return run

    return peer


def compressed(function):
    """blosc2: operands compressed in memory beforehand, as its arrays are."""

    def peer(*arrays):
        arrays = [blosc2.asarray(array) for array in arrays]
        return lambda: function(*arrays)

    return peer


# Random means: only a slice of them is asked for.


def random_peers(loc, scale, n, chunks, step, numpy):
    def dasks(library):
        def peer():
            make = lambda: library.random.default_rng(1).normal(loc, scale, (n, n), chunks=chunks)
            return lambda: make().mean(axis=0)[step].compute()

        return peer

    peers = {"Dask": dasks(da), "dask-array": dasks(dx)}
    if numpy:
        rng = np.random.default_rng(1)
        peers["NumPy"] = lambda: lambda: rng.normal(loc, scale, (n, n)).mean(axis=0)[step]
    return peers


row(
    "columns",
    "normal(0, 1, (10000, 10000), chunks=(1000, 1000)).mean(axis=0)[0:100]",
    "1e6 numbers needed",
    peers=random_peers(0, 1, 10_000, (1000, 1000), slice(0, 100), True),
    reach={"Dask": 20},
    check=False,
    rounds=3,
)
row(
    "tall-columns",
    "normal(0, 1, (10000, 10000), chunks=(10000, 100)).mean(axis=0)[0:100]",
    "1e6 numbers needed",
    peers=random_peers(0, 1, 10_000, (10_000, 100), slice(0, 100), False),
    reach={"Dask": 5},
    check=False,
)
row(
    "strided-columns",
    "normal(10, 0.1, (20000, 20000), chunks=(1000, 1000)).mean(axis=0)[::100]",
    "4e6 numbers needed",
    peers=random_peers(10, 0.1, 20_000, (1000, 1000), slice(None, None, 100), False),
    reach={"Dask": 150},
    check=False,
    rounds=1,
)
for name, chunks in [("whole-chunk", "(20000, 20000)"), ("small-chunks", "(25, 25)")]:
    row(
        name,
        f"normal(10, 0.1, (20000, 20000), chunks={chunks}).mean(axis=0)[::100]",
        "4e6 numbers needed",
        reach={"Tilewright, chunks (1000, 1000)": 1 / 1.5},
        check=False,
    )


def uniform_mean(library):
    def peer():
        shape, chunks = (1_500_000, 100_000), (10_000, 10_000)
        make = lambda: library.random.default_rng(1).uniform(0, 1, shape, chunks=chunks)
        return lambda: make()[:20_000, :40_000].mean().compute()

    return peer


row(
    "terabyte",
    "uniform(0, 1, (1500000, 100000), chunks=(10000, 10000))[:20000, :40000].mean()",
    "8 of 1500 chunks, 8e8 numbers",
    peers={"Dask": uniform_mean(da), "dask-array": uniform_mean(dx)},
    reach={"Dask": 2.5},
    check=False,
    rounds=1,
)

# An element-wise chain: bound by memory and the divider.


def chain(lib, x, y):
    return (x * 2 + y) / 3 - lib.sqrt(x * x + y * y)


def numpy_chain(x, y):
    out, work = np.empty_like(x), np.empty_like(x)

    def run():
        np.multiply(x, 2, out=out)
        np.add(out, y, out=out)
        np.divide(out, 3, out=out)
        np.multiply(x, x, out=work)
        square = y * y
        np.add(work, square, out=work)
        np.sqrt(work, out=work)
        return np.subtract(out, work, out=out)

    return run


@njit(parallel=True)
def numba_chain(x, y, out):
    for i in prange(x.size):
        out[i] = (x[i] * 2 + y[i]) / 3 - np.sqrt(x[i] * x[i] + y[i] * y[i])


@njit(parallel=True)
def numba_chain_sum(x, y):
    total = 0.0
    for i in prange(x.size):
        total += (x[i] * 2 + y[i]) / 3 - np.sqrt(x[i] * x[i] + y[i] * y[i])
    return total


def chunked(library, function):
    return computing(lambda *a: function(*[library.from_array(x) for x in a]))


CHAIN = "(x*2+y)/3 - sqrt(x*x+y*y)"
row(
    "chain",
    CHAIN + ", into given memory",
    "5e7 f64 each",
    "x",
    "y",
    peers={
        "NumPy": numpy_chain,
        "numexpr": evaluated(CHAIN, "xy"),
        "JAX": on_device_into(partial(chain, jnp)),
        "Numba": looped(numba_chain, lambda x, y: np.empty_like(x)),
        "Dask": chunked(da, partial(chain, da)),
        "blosc2": compressed(lambda x, y: chain(blosc2, x, y).compute()),
    },
    reach={"numexpr": 3.5, "JAX": 2.2, "Numba": 0.85},
    rounds=3,
)
row(
    "chain-sum",
    f"({CHAIN}).sum()",
    "5e7 f64 each",
    "x",
    "y",
    peers={
        "NumPy": lambda x, y: lambda: chain(np, x, y).sum(),
        "numexpr": evaluated(f"sum({CHAIN})", "xy", into=False),
        "JAX": on_device(lambda x, y: chain(jnp, x, y).sum()),
        "Numba": looped(numba_chain_sum),
        "Dask": chunked(da, lambda x, y: chain(da, x, y).sum()),
        "dask-array": chunked(dx, lambda x, y: chain(dx, x, y).sum()),
        "blosc2": compressed(lambda x, y: chain(blosc2, x, y).sum()),
    },
    reach={"numexpr": 6, "JAX": 2.3, "Numba": 1.5},
    rounds=3,
)


@njit(parallel=True, fastmath=True)
def read_all(x):
    total = 0.0
    for i in prange(x.size):
        total += x[i]
    return total


row(
    "sum",
    "x.sum()",
    "5e7 f64",
    "x",
    peers={
        "reading (Numba, fast-math)": looped(read_all),
        "NumPy": lambda x: lambda: x.sum(),
        "JAX": on_device(lambda x: x.sum()),
        "Dask": chunked(da, lambda x: x.sum()),
    },
    reach={"reading (Numba, fast-math)": 0.75},
)

# Transcendental functions.


def functions(lib, x, y):
    return lib.sin(x) * lib.exp(-y) + lib.log1p(x)


@njit(parallel=True)
def numba_functions(x, y, out):
    for i in prange(x.size):
        out[i] = np.sin(x[i]) * np.exp(-y[i]) + np.log1p(x[i])


@njit(parallel=True)
def numba_functions_sum(x, y):
    total = 0.0
    for i in prange(x.size):
        total += np.sin(x[i]) * np.exp(-y[i]) + np.log1p(x[i])
    return total


def numpy_functions(x, y):
    out, work = np.empty_like(x), np.empty_like(x)

    def run():
        np.negative(y, out=work)
        np.exp(work, out=work)
        np.sin(x, out=out)
        np.multiply(out, work, out=out)
        np.log1p(x, out=work)
        return np.add(out, work, out=out)

    return run


FUNCTIONS = "sin(x)*exp(-y)+log1p(x)"
row(
    "functions",
    FUNCTIONS + ", into given memory",
    "5e7 f64 each",
    "x",
    "y",
    peers={
        "NumPy": numpy_functions,
        "numexpr": evaluated(FUNCTIONS, "xy"),
        "JAX": on_device_into(partial(functions, jnp)),
        "Numba": looped(numba_functions, lambda x, y: np.empty_like(x)),
        "Dask": chunked(da, partial(functions, da)),
        "blosc2": compressed(lambda x, y: functions(blosc2, x, y).compute()),
    },
    reach={"numexpr": 4, "Numba": 4, "JAX": 3},
    rounds=3,
)
row(
    "functions-sum",
    f"({FUNCTIONS}).sum()",
    "5e7 f64 each",
    "x",
    "y",
    peers={
        "NumPy": lambda x, y: lambda: functions(np, x, y).sum(),
        "numexpr": evaluated(f"sum({FUNCTIONS})", "xy", into=False),
        "JAX": on_device(lambda x, y: functions(jnp, x, y).sum()),
        "Numba": looped(numba_functions_sum),
        "Dask": chunked(da, lambda x, y: functions(da, x, y).sum()),
    },
    reach={"JAX": 2.5},
    rounds=3,
)

# Statistics along axes.

row(
    "std",
    "x.std(axis=0)",
    "(30, 2000, 2000) f64",
    "images",
    peers={
        "NumPy": lambda x: lambda: x.std(axis=0),
        "JAX": on_device(lambda x: x.std(axis=0)),
        "Dask": chunked(da, lambda x: x.std(axis=0)),
        "dask-array": chunked(dx, lambda x: x.std(axis=0)),
    },
    reach={"NumPy": 8, "JAX": 10},
    rounds=3,
)


def numpy_normalise(x):
    out = np.empty_like(x)
    return lambda: np.divide(x, x.max(axis=(1, 2))[:, None, None], out=out)


def normalise(x):
    return x / x.max(axis=(1, 2))[:, None, None]


row(
    "normalise",
    "im / im.max(axis=(1, 2))[:, None, None], into given memory",
    "(30, 2000, 2000) f64",
    "images",
    peers={
        "NumPy": numpy_normalise,
        "JAX": on_device_into(normalise),
        "Dask": chunked(da, normalise),
        "dask-array": chunked(dx, normalise),
    },
    reach={"NumPy": 2, "JAX": 4},
    rounds=3,
)


def tsnr(lib, *runs):
    x = lib.concatenate(runs, axis=-1)
    return x.mean(axis=-1) / x.std(axis=-1)


row(
    "tsnr",
    "x.mean(-1) / x.std(-1), x = concatenate of 5 runs",
    "(64, 64, 30, 759) int16",
    *[f"run{k}" for k in range(5)],
    peers={
        "NumPy": lambda *runs: lambda: tsnr(np, *runs),
        "Dask": chunked(da, lambda *runs: tsnr(da, *runs)),
        "dask-array": chunked(dx, lambda *runs: tsnr(dx, *runs)),
        # Its mean of int16 would be a float32.
        "JAX": on_device(lambda *runs: tsnr(jnp, *[run.astype(float) for run in runs])),
    },
    reach={"NumPy": 10, "Dask": 6},
    rounds=3,
)


@njit
def half_by_hand(x, out):
    """Half the rows of x + x.T, their means: squares that stay in the cache."""
    n = x.shape[0]
    edge = 32
    out[:] = 0
    for row in range(0, n // 2, edge):
        for column in range(50, n, edge):
            for i in range(row, min(row + edge, n // 2)):
                total = 0.0
                for j in range(column, min(column + edge, n)):
                    total += x[2 * i, j] + x[j, 2 * i]
                out[i] += total
    for i in range(n // 2):
        out[i] /= n - 50


def half(x):
    y = x + x.T
    return y[::2, 50:].mean(axis=1)


row(
    "turned",
    "y = x + x.T; y[::2, 50:].mean(axis=1)",
    "(8000, 8000) f64",
    "square",
    peers={
        "NumPy": lambda x: lambda: half(x),
        "by hand (Numba, 1 thread)": looped(half_by_hand, lambda x: np.empty(x.shape[0] // 2)),
        "JAX": on_device(half),
        "Dask": chunked(da, half),
        "dask-array": chunked(dx, half),
    },
    reach={"NumPy": 6, "by hand (Numba, 1 thread)": 0.9},
    rounds=3,
)

# Pairs of points.


def pairs(lib, c):
    d = ((c[:, None, :] - c[None, :, :]) ** 2).sum(-1)
    s = (1 / d) ** 3
    return lib.nansum(4 * (s * s - s)) / 2


@njit(parallel=True)
def pairs_by_hand(c):
    total = 0.0
    for i in prange(c.shape[0]):
        x, y, z = c[i, 0], c[i, 1], c[i, 2]
        part = 0.0
        for j in range(i):
            a, b, d = x - c[j, 0], y - c[j, 1], z - c[j, 2]
            r = 1 / (a * a + b * b + d * d)
            s = r * r * r
            part += 4 * (s * s - s)
        total += part
    return total


def numpy_pairs(c):
    def run():
        with np.errstate(all="ignore"):
            return pairs(np, c)

    return run


row(
    "pairs",
    "d = ((c[:,None] - c[None])**2).sum(-1); s = (1/d)**3; nansum(4*(s*s-s)) / 2",
    "c (7000, 3) f64",
    "points",
    peers={
        "NumPy": numpy_pairs,
        "by hand (Numba)": looped(pairs_by_hand),
        "JAX": on_device(partial(pairs, jnp)),
        "Dask": chunked(da, partial(pairs, da)),
    },
    reach={"NumPy": 18, "by hand (Numba)": 0.8},
    rounds=3,
)


@njit(parallel=True)
def numba_squares(x):
    total = 0
    for i in prange(x.shape[0]):
        for j in range(x.shape[1]):
            total += np.int64(x[i, j] * x[i, j])
    return total


row(
    "squares",
    "(x**2).sum()",
    "(10000, 10000) int32",
    "numbers",
    peers={
        "NumPy": lambda x: lambda: (x**2).sum(),
        "Numba": looped(numba_squares),
        "Dask": chunked(da, lambda x: (x**2).sum()),
        "dask-array": chunked(dx, lambda x: (x**2).sum()),
    },
    reach={"NumPy": 5},
)

row(
    "product",
    "x @ y",
    "(2000, 2000) f64 each",
    "left",
    "right",
    peers={
        "NumPy": lambda x, y: lambda: x @ y,
        "JAX": on_device(lambda x, y: x @ y),
        "Dask": chunked(da, lambda x, y: x @ y),
    },
)

# Many chunks of one element: Dask gets a hundredth of them.
GRAINS = 100
row(
    "grains",
    "(x*2).sum(), chunks of 1",
    "1e6 f64",
    "grains",
    peers={"Dask": lambda x: lambda: (da.from_array(x[:: GRAINS], chunks=1) * 2).sum().compute()},
    scaled={"Dask": GRAINS},
    reach={"Dask": 1000, "Tilewright, chunks of 1000": 1 / 20},
    check=False,
    rounds=1,
)

row(
    "small",
    CHAIN,
    "10 f64 each",
    "few",
    "ten",
    peers={
        "NumPy": lambda x, y: lambda: chain(np, x, y),
        "numexpr": evaluated(CHAIN, "xy", into=False),
        "JAX": on_device(partial(chain, jnp)),
        "Dask": chunked(da, partial(chain, da)),
        "dask-array": chunked(dx, partial(chain, dx)),
    },
    rounds=50,
)

# The same on one thread and two.
for name, expression, data, reach, arrays in [
    ("scaling-memory", f"({CHAIN}).sum()", "5e7 f64 each, in memory", 1.6, ("x", "y")),
    (
        "scaling-cache",
        "the same of x[:, None] and y",
        "8000 f64 each, in cache",
        1.8,
        ("row",),
    ),
]:
    row(name, expression, data, *arrays, reach={"Tilewright, 1 thread": reach}, check=False)

# Stored arrays: files are opened while it is timed, and stay in the system's cache.

STORED = "1e8 f64"


def dask_sum(read):
    """`read` opens a path as what Dask makes an array of."""
    return lambda path, *_: lambda: da.from_array(read(path)).sum().compute()


def loop_sum(path, *_):
    """A chunk after the other, by hand."""

    def run():
        with h5py.File(path) as file:
            x, total = file["x"], 0.0
            piece = np.empty(1_000_000)
            for start in range(0, x.size, piece.size):
                x.read_direct(piece, np.s_[start : start + piece.size])
                total += piece.sum()
        return total

    return run


def mapped_sum(_, path):
    return lambda: np.load(path, mmap_mode="r").sum()


def dataset(name):
    return lambda path: h5py.File(path)[name]


for name, kind, file in [
    ("hdf5-sum", "HDF5 in chunks of 1e6", "chunked.h5"),
    ("hdf5-whole-sum", "HDF5 in one piece", "contiguous.h5"),
]:
    row(
        name,
        f"x.sum(), {kind}",
        STORED,
        files=(file, "decimals.npy"),
        peers={
            "NumPy, mapped NPY": mapped_sum,
            "h5py loop": loop_sum,
            "Dask": dask_sum(dataset("x")),
        },
        reach={"Dask": 2.5, "NumPy, mapped NPY": 0.8},
        rounds=3,
    )

for kind, reach in [("raw", 3), ("zstd", 1.4), ("blosc", 1.6)]:
    row(
        f"zarr-{kind}-sum",
        f"x.sum(), Zarr 3 in chunks of 1e6, {kind}",
        STORED,
        files=(f"{kind}.zarr",),
        peers={"Dask": lambda path: lambda: da.from_zarr(path).sum().compute()},
        reach={"Dask": reach},
        rounds=3,
    )


def fields(directory):
    """The days of a directory, for Dask."""
    paths = sorted(directory.iterdir())
    return da.stack([da.from_array(dataset("t2m")(path), chunks=(500, 500)) for path in paths])


def loop_mean(directory):
    def run():
        total, paths = None, sorted(directory.iterdir())
        for path in paths:
            with h5py.File(path) as file:
                field = file["t2m"]
                if total is None:
                    total, piece = np.zeros(field.shape), np.empty(field.shape, field.dtype)
                field.read_direct(piece)
            total += piece
        return (total / len(paths)).astype(piece.dtype)

    return run


for name, directory, data, loop in [
    ("days-mean", "days", "31 HDF5 files, (2880, 5760) f32, raw chunks of 500²", 2),
    ("days-gzip-mean", "days-gzip", "10 such files (of 31), gzip and shuffle", 1.5),
]:
    row(
        name,
        "stack(d).mean(axis=0)",
        data,
        files=(directory,),
        peers={
            "h5py loop": loop_mean,
            "Dask": computing(lambda directory: fields(directory).mean(axis=0)),
        },
        reach={"Dask": 2.5, "h5py loop": loop} if directory == "days" else {"h5py loop": loop},
        rtol=1e-5,
        rounds=3,
    )


def target(directory, shape):
    """A new Zarr array, packed as Tilewright packs them."""
    packing = (ZstdCodec(level=1), Crc32cCodec())
    return zarr.create_array(
        directory.parent / "theirs.zarr",
        shape=shape,
        chunks=(1, 500, 500),
        dtype="f4",
        compressors=packing,
        overwrite=True,
    )


def loop_store(directory):
    def run():
        paths = sorted(directory.iterdir())
        for k, path in enumerate(paths):
            with h5py.File(path) as file:
                part = file["t2m"][:][::2, ::2]
            if k == 0:
                stored = target(directory, (len(paths), *part.shape))
            stored[k] = part
        return stored

    return run


def dask_store(directory):
    def run():
        part = fields(directory)[:, ::2, ::2].rechunk((1, 500, 500))
        da.store(part, target(directory, part.shape), lock=False)

    return run


row(
    "subsample",
    "stack(d)[:, ::2, ::2], stored to Zarr",
    "the 31 files, into chunks of (1, 500, 500), zstd",
    files=("days",),
    peers={"h5py loop": loop_store, "Dask": dask_store},
    reach={"h5py loop": 3},
    rounds=3,
)


def images(directory):
    return [nibabel.load(path).dataobj for path in sorted(directory.iterdir())]


row(
    "tsnr-files",
    "x.mean(-1) / x.std(-1), x = concatenate of 5 NIfTI files",
    "(64, 64, 30, 759) int16",
    files=("runs",),
    peers={
        "NumPy": lambda directory: lambda: tsnr(np, *map(np.asanyarray, images(directory))),
        "Dask": computing(lambda directory: tsnr(da, *map(da.from_array, images(directory)))),
    },
    reach={"Dask": 6},
    rounds=3,
)


def one_of_many(directory):
    def run():
        files = [np.load(path, mmap_mode="r") for path in sorted(directory.iterdir())]
        return da.concatenate([da.from_array(file) for file in files])[-5, 3].compute()

    return run


row(
    "point",
    "concatenate(files)[-5, 3], opening the files included",
    "10,000 NPY files, (10, 100) f64",
    files=("sites",),
    peers={"Dask": one_of_many},
    within=0.5,
    rounds=1,
)
