"""Every operator alone, on every dtype and layout, beside NumPy."""

import time

import numpy as np
import scipy.special

N = 1_000_000
DTYPES = ["float32", "float64", "int16", "int32", "int64", "uint8", "bool"]
LAYOUTS = ["contiguous", "strided", "broadcast"]
ROUNDS = 5

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

    def operands(self, name, count, dtype, layout):
        """File names and arrays; `where` takes its first operand as a mask."""
        domain = DOMAINS.get(name, (0.1, 0.9))
        files = []
        for k in range(count):
            kind = "bool" if name == "where" and k == 0 else dtype
            shape = {"contiguous": (N,), "strided": (2 * N,)}.get(layout, (1000, 1000))
            if layout == "broadcast" and k + 1 == count:
                shape = (1000,)
            file = f"{kind}-{domain[0]}-{k}-{'x'.join(map(str, shape))}"
            if file not in self.known:
                self.known[file] = operand(kind, domain, k, shape)
                np.save(self.directory / f"{file}.npy", self.known[file])
            files.append(file)
        step = 2 if layout == "strided" else 1
        return files, [self.known[file][::step] for file in files]


def best(run):
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def measure(ours, directory):
    """For each operator and dtype, NumPy's time over Tilewright's by layout."""
    operators, table = Operators(directory), {}
    for entry in ours.ask("operators").split("|"):
        name, kind, count = entry.split(" ")
        function = numpy_function(name)
        if function is None:
            continue
        for dtype in DTYPES:
            for layout in LAYOUTS:
                if layout == "broadcast" and count == "1":
                    continue
                files, arrays = operators.operands(name, int(count), dtype, layout)
                if ours.ask(f"operator {name} {layout} {' '.join(files)}") == "refused":
                    continue
                try:
                    with np.errstate(all="ignore"):
                        function(*arrays)
                        theirs = best(lambda: function(*arrays))
                except TypeError:
                    continue
                ours.ask("run Tilewright")
                time_ours = min(float(ours.ask("run Tilewright")) for _ in range(ROUNDS))
                table.setdefault(name, {}).setdefault(dtype, []).append(theirs / time_ours)
    return table
