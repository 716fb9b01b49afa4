"""The arrays both sides work on, as NPY files that each side loads into its own memory."""

from pathlib import Path

import numpy as np

N = 50_000_000


def _rng(seed):
    return np.random.default_rng(seed)


# Each is made when a row first asks for it, and kept until the run ends.
MAKERS = {
    "x": lambda: _rng(1).uniform(0.5, 1.5, N),
    "y": lambda: _rng(2).uniform(0.5, 1.5, N),
    "images": lambda: _rng(3).uniform(0.5, 1.5, (30, 2000, 2000)),
    "square": lambda: _rng(4).uniform(0.5, 1.5, (8000, 8000)),
    "points": lambda: _rng(5).uniform(0, 20, (7000, 3)),
    "left": lambda: _rng(30).uniform(0.5, 1.5, (2000, 2000)),
    "right": lambda: _rng(31).uniform(0.5, 1.5, (2000, 2000)),
    "numbers": lambda: _rng(6).integers(-1000, 1000, (10000, 10000), dtype=np.int32),
    "grains": lambda: _rng(7).uniform(0.5, 1.5, 1_000_000),
    "few": lambda: _rng(20).uniform(0.5, 1.5, 10),
    "ten": lambda: _rng(21).uniform(0.5, 1.5, 10),
    "row": lambda: _rng(8).uniform(0.5, 1.5, 8000),
} | {
    f"run{k}": lambda k=k, n=n: _rng(9 + k).integers(100, 1000, (64, 64, 30, n), dtype=np.int16)
    for k, n in enumerate([184, 238, 76, 173, 88])
}


class Data:
    """The arrays of one run, in a directory."""

    def __init__(self, directory):
        self.directory = Path(directory)

    def load(self, name):
        """The array in memory; its file is there afterwards."""
        path = self.directory / f"{name}.npy"
        if not path.exists():
            np.save(path, MAKERS[name]())
        return np.load(path)
