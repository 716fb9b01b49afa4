"""Every operator alone, on every dtype, layout and size, beside NumPy and eager `ndarray`."""

import time

import numpy as np
import scipy.special

DTYPES = ["float32", "float64", "int16", "int32", "int64", "uint8", "bool"]
LAYOUTS = ["contiguous", "strided", "broadcast"]

# Elements of the table of layouts, and what else lies contiguous: sizes at which kernels alone
# are timed, and one that is larger than the caches.
USUAL, ALONE, LARGE = 1_000_000, [10_000, 100_000], 10_000_000
LARGE_DTYPES = ["float32", "float64", "int32", "uint8"]

# Runs of which the shortest counts; fewer of long ones.
ROUNDS, PATIENCE = 5, 0.1

# Arguments in the domain of the function; elsewhere 0.1 to 0.9.
DOMAINS = {"arccosh": (1.1, 1.9), "acosh": (1.1, 1.9), "gamma": (0.5, 20), "gammaln": (0.5, 20)}


def numpy_function(name):
    """NumPy's or SciPy's function of the name."""
    for library in (np, scipy.special):
        found = getattr(library, name, None)
        if callable(found):
            return found
    return None


def operand(dtype, domain, seed, shape):
    rng = np.random.default_rng(seed)
    if dtype == "bool":
        return rng.integers(0, 2, shape).astype(bool)
    if dtype.startswith("float"):
        return rng.uniform(*domain, shape).astype(dtype)
    return rng.integers(1, 100, shape, dtype=dtype)


class Operators:
    """Operands of every operator, in files that the other side loads."""

    def __init__(self, directory):
        self.directory = directory
        self.known = {}

    def operands(self, name, count, dtype, layout, size):
        """File names and arrays; `where` takes its first operand as a mask."""
        domain = DOMAINS.get(name, (0.1, 0.9))
        files = []
        for k in range(count):
            kind = "bool" if name == "where" and k == 0 else dtype
            shape = {"contiguous": (size,), "strided": (2 * size,)}.get(layout, (size // 1000, 1000))
            if layout == "broadcast" and k + 1 == count:
                shape = (1000,)
            file = f"{kind}-{domain[0]}-{k}-{'x'.join(map(str, shape))}"
            if file not in self.known:
                self.known[file] = operand(kind, domain, k, shape)
                np.save(self.directory / f"{file}.npy", self.known[file])
            files.append(file)
        step = 2 if layout == "strided" else 1
        return files, [self.known[file][::step] for file in files]

    def remove(self):
        for file in self.known:
            (self.directory / f"{file}.npy").unlink()


def best(run):
    """The shortest of a few runs, `run` giving seconds."""
    times, started = [], time.perf_counter()
    while len(times) < ROUNDS and (len(times) < 2 or time.perf_counter() - started < PATIENCE):
        times.append(run())
    return min(times)


def timed(function, arrays):
    start = time.perf_counter()
    function(*arrays)
    return time.perf_counter() - start


def measure(ours, directory):
    """For each operator and dtype the time of NumPy and of `ndarray` over Tilewright's: of NumPy by
    layout, size, and kernels alone; of `ndarray` by layout, where it has the operator."""
    table = {}
    for dtype in DTYPES:
        # Arrays of one dtype are kept at a time.
        operators = Operators(directory)
        for entry in ours.ask("operators").split("|"):
            name, _, count = entry.split(" ")
            function = numpy_function(name)
            if function is None:
                continue
            ask = lambda verb: float(ours.ask(verb))

            def ratio(layout, size, verb):
                """NumPy's time over ours, and `ndarray`'s or nothing; nothing if refused."""
                files, arrays = operators.operands(name, int(count), dtype, layout, size)
                if ours.ask(f"operator {name} {layout} {' '.join(files)}") == "refused":
                    return None
                try:
                    with np.errstate(all="ignore"):
                        theirs = best(lambda: timed(function, arrays))
                except TypeError:
                    return None
                ours.ask(verb)
                seconds = best(lambda: ask(verb))
                eager = None
                if verb != "kernels" and size == USUAL and ours.ask("eager") != "none":
                    eager = best(lambda: ask("eager")) / seconds
                return theirs / seconds, eager

            usual = [
                ratio(layout, USUAL, "run Tilewright")
                for layout in LAYOUTS
                if layout != "broadcast" or count != "1"
            ]
            usual = [each for each in usual if each]
            if not usual:
                continue
            large = dtype in LARGE_DTYPES and ratio("contiguous", LARGE, "run Tilewright")
            alone = [ratio("contiguous", size, "kernels") for size in ALONE]
            table.setdefault(name, {})[dtype] = {
                "numpy": [numpy for numpy, _ in usual],
                "ndarray": [eager for _, eager in usual if eager],
                "large": [large[0]] if large else [],
                "alone": [numpy for numpy, _ in alone],
            }
        operators.remove()
    return table
