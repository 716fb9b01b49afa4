"""Writes the corpus: expressions, and what NumPy gives for them.

Run with NumPy 2.4, SciPy 1.17 and mpmath 1.4: python tests/numpy/generate.py [AREA...]
The tables of operators are in areas/; a line of a table is an operator with its arguments.
"""

import importlib
import pathlib
import sys

import numpy as np

from expected import array_text
from inputs import INPUTS

HERE = pathlib.Path(__file__).parent


def written(area):
    """The lines of an area, each expression once."""
    table = importlib.import_module(f"areas.{area}")
    lines = {}
    for text, judge in table.lines():
        lines.setdefault(text, judge)
    return [f"{text}\t" + "\t".join(judge(text)) for text, judge in lines.items()]


def write(name, lines):
    head = f"# Written by generate.py with NumPy {np.__version__}.\n"
    path = HERE / "corpus" / f"{name}.tsv"
    path.write_text(head + "".join(line + "\n" for line in lines))
    print(f"{len(lines):6} {name}")


areas = sys.argv[1:] or sorted(path.stem for path in (HERE / "areas").glob("[a-z]*.py"))
write("inputs", [f"{name}\t{array_text(array)}" for name, array in INPUTS.items()])
for area in areas:
    write(area, written(area))
