"""The arrays both sides work on: NPY files that each side loads into its own memory, and files of
other formats that each side reads while it is timed."""

from pathlib import Path

import h5py
import nibabel
import numpy as np
import zarr
from zarr.codecs import BloscCodec, ZstdCodec

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


# What is stored: numbers, days of a climate model, runs of a scanner, many small files.
STORED, PIECE = 100_000_000, 1_000_000
DAYS, PACKED_DAYS, DAY = 31, 10, (2880, 5760)
RUNS = [184, 238, 76, 173, 88]
SITES = 10_000


def numbers():
    """Three digits, so that compression finds something."""
    return _rng(40).uniform(0.5, 1.5, STORED).round(3)


def hdf5_numbers(path, **how):
    with h5py.File(path, "w") as file:
        file.create_dataset("x", data=numbers(), **how)


def zarr_numbers(path, compressors):
    store = zarr.create_array(path, shape=(STORED,), chunks=(PIECE,), dtype="f8",
                              compressors=compressors)
    store[:] = numbers()


def days(directory, count, **how):
    """A field of temperatures for each day, in tenths of a degree."""
    directory.mkdir()
    rng = _rng(41)
    rows = np.linspace(-30, 30, DAY[0])[:, None]
    for k in range(count):
        field = (280 + rows + rng.normal(0, 3, DAY)).round(1).astype("f4")
        with h5py.File(directory / f"{k:02}.h5", "w") as file:
            file.create_dataset("t2m", data=field, chunks=(500, 500), **how)


def runs(directory):
    directory.mkdir()
    for k, n in enumerate(RUNS):
        image = _rng(42 + k).integers(100, 1000, (64, 64, 30, n), dtype=np.int16)
        nibabel.save(nibabel.Nifti1Image(image, np.eye(4)), directory / f"{k}.nii")


def sites(directory):
    directory.mkdir()
    for k in range(SITES):
        np.save(directory / f"{k:05}.npy", _rng(k).uniform(0.5, 1.5, (10, 100)))


# Files and directories of files, by name.
FILES = {
    "decimals.npy": lambda path: np.save(path, numbers()),
    "chunked.h5": lambda path: hdf5_numbers(path, chunks=(PIECE,)),
    "contiguous.h5": hdf5_numbers,
    "raw.zarr": lambda path: zarr_numbers(path, None),
    "zstd.zarr": lambda path: zarr_numbers(path, ZstdCodec(level=1)),
    "blosc.zarr": lambda path: zarr_numbers(path, BloscCodec()),
    "days": lambda path: days(path, DAYS),
    "days-gzip": lambda path: days(path, PACKED_DAYS, compression="gzip", shuffle=True),
    "runs": runs,
    "sites": sites,
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

    def path(self, name):
        """The file or directory of this name, which is there afterwards."""
        path = self.directory / name
        if not path.exists():
            FILES[name](path)
        return path
