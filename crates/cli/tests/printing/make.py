"""Writes expected.json: arrays and how NumPy prints them.

Run with NumPy 2.4: python make.py
"""

import json
import pathlib

import numpy as np

rng = np.random.default_rng(20260801)
cases = []


def case(array):
    array = np.asarray(array)
    cases.append(
        {
            "dtype": array.dtype.name,
            "shape": list(array.shape),
            "bytes": np.ascontiguousarray(array).tobytes().hex(),
            "text": str(array),
        }
    )


nan, inf = np.nan, np.inf
scalars = [0.0, -0.0, 1.0, 0.1, 1e-4, 9.9e-5, 1e15, 1e16, 123456789.0, 1 / 3, 2 / 3, nan, inf, -inf,
           5e-324, 1.7976931348623157e308, 999999.0, 1e6, 16777216.0, 3.4e38, 1e-45, 100.0]
for value in scalars:
    case(np.float64(value))
    with np.errstate(over="ignore", under="ignore"):
        case(np.float32(value))
        case(np.float16(value))
for dtype in ["bool", "int8", "int64", "uint64"]:
    case(np.array(1, dtype))
case(np.array(np.iinfo("uint64").max, "uint64"))
case(np.array(np.iinfo("int64").min, "int64"))

rows = [
    [0.5, 0.25, 0.125], [1.0, 2.0, 3.0], [1 / 3, 2 / 3], [0.1 + 0.2, 0.3], [1e8, 1.0], [99999999.0],
    [1e-5, 1.0], [1e-4, 0.1], [0.0001, 0.1], [0.00009], [1000.0, 1.0], [1001.0, 1.0], [1000.1, 1.0],
    [nan, 1.0], [nan, nan], [inf, 1.0], [-inf, 1.0], [-inf, nan, 1e100], [inf, -1.5, 1e-10],
    [-0.0, 0.0], [2.0**-9], [3 * 2.0**-9], [1e300, 1e-300], [1.5e-7, -2.5e-7], [123456.789, 0.001],
    [1e10, 1e20, 1e100], [-1.0, 10.0, -100.0], [1.23456789012345, 9.87654321],
    [0.999999999], [9.9999999999], [99999.999999999], [123456789.123], [0.000123456789123],
    [5e-324, 1.0], [100000000.0], [12345678.0, 1.5],
]
for row in rows:
    for dtype in ["float64", "float32", "float16"]:
        with np.errstate(over="ignore", under="ignore"):
            case(np.array(row, dtype))
for row in [[1, -1, 100], [0], [-128, 127], [10**18, -(10**18)], list(range(30)), [5] * 40]:
    case(np.array(row, "int64"))
case(np.array([0, 255], "uint8"))
case(np.array([True, False]))
case(np.array([True, True]))
for shape in [(0,), (0, 3), (3, 0), (1,), (1, 1, 1), (2, 3), (3, 2, 4), (2, 1, 2, 3), (1, 25), (40,)]:
    n = int(np.prod(shape))
    case(rng.normal(size=shape))
    case(np.arange(n).reshape(shape))
    case((np.arange(n) % 3 == 0).reshape(shape))
for shape in [(1000,), (1001,), (101, 10), (2, 600), (7, 200), (6, 6, 30), (3, 4, 5, 20), (1200, 1)]:
    n = int(np.prod(shape))
    case(rng.normal(size=shape).astype("float32"))
    case(np.arange(n).astype("int16").reshape(shape))
    case((rng.uniform(size=shape) < 0.5))
case(np.full(1500, 1e-9))
case(np.concatenate([np.zeros(1400), [nan, inf, 1e-9]]))
for _ in range(60):
    shape = tuple(rng.integers(1, 6, rng.integers(1, 4)))
    scale = 10.0 ** rng.integers(-6, 9)
    values = rng.normal(size=shape) * scale
    values = np.where(rng.uniform(size=shape) < 0.1, np.round(values, 1), values)
    values = np.where(rng.uniform(size=shape) < 0.05, nan, values)
    case(values)
    case(values.astype("float32"))
    with np.errstate(over="ignore", under="ignore"):
        case(values.astype("float16"))

here = pathlib.Path(__file__).parent
with open(here / "expected.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
print(len(cases), np.__version__)
