"""Runs rows: peers in this process, Tilewright in its own, in turns; the shortest time counts.

The first argument is Tilewright's binary. Without others every row is measured, and the documents
are written. With names of rows, these are measured and kept beside what was measured before;
`write` writes the documents from that.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import operators
import report
from data import Data
from rows import ROWS

ROOT = Path(__file__).resolve().parents[2]

# What was measured, between runs.
KEPT = ROOT / "target/peers-measured.json"

# The table of operators, and the documents, among the names of rows.
OPERATORS, WRITE = "operators", "write"

# Seconds after which a row starts no further round.
PATIENCE = 30.0

# Seconds and runs that a side has in its turn: a machine that others disturb seldom leaves a single
# short run alone.
TURN, RUNS = 0.5, 5


# NumPy asks for huge pages for its arrays by itself; here the C library does for the arrays that
# Tilewright computes with.
HUGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


class Tilewright:
    """The other process: it loads, computes and times a row by name."""

    def __init__(self, binary, directory):
        command = [binary, directory]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **HUGE_PAGES},
        )

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit("Tilewright's side ended")
        return answer.strip()


def timed(run):
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def turn(run):
    """The shortest of the runs of one turn, and what the last of them gave."""
    started, best = time.perf_counter(), float("inf")
    for _ in range(RUNS):
        seconds, result = run()
        best = min(best, seconds)
        if time.perf_counter() - started > TURN:
            break
    return best, result


def agree(row, ours, theirs):
    """Whether two results differ by rounding alone."""
    theirs = np.asarray(theirs)
    if ours.shape != theirs.shape or not np.allclose(ours, theirs, rtol=row.rtol, equal_nan=True):
        raise SystemExit(f"{row.name}: Tilewright and its peer give different results")


def measure(row, data, ours):
    """Seconds of every side, Tilewright's variants included, and Tilewright's peak in bytes."""
    arrays = [data.load(name) for name in row.arrays] + [data.path(name) for name in row.files]
    runs = {name: make(*arrays) for name, make in row.peers.items()}
    variants = ours.ask(f"row {row.name}").split("|")
    times = {name: [] for name in [*variants, *runs]}
    started = time.perf_counter()
    # The first round warms up: it compiles, and its times do not count.
    for number in range(row.rounds + 1):
        if number > 1 and time.perf_counter() - started > PATIENCE:
            break
        for variant in variants:
            seconds, _ = turn(lambda: (float(ours.ask(f"run {variant}")), None))
            times[variant].append(seconds)
        for name, run in runs.items():
            if number == 0 and row.rounds == 1:
                continue
            seconds, result = turn(lambda: timed(run))
            times[name].append(seconds * row.scaled.get(name, 1))
            if number == 0 and row.check and name == next(iter(runs)):
                path = Path(data.directory) / "result.npy"
                ours.ask(f"store {path}")
                agree(row, np.load(path), result)
            del result
    best = {name: min(each[1:] or each) for name, each in times.items()}
    return best, int(ours.ask("peak"))


def measured(binary, names, keep):
    """Measures rows, `operators` among them; calls `keep` after each.

    Arrays that are loaded come from files in memory; what is read while it is timed stands on a
    disk, in the system's cache, as it does for users.
    """
    memory = Path("/dev/shm")
    places = [(memory if memory.is_dir() else None, False), (ROOT / "target", True)]
    for place, reads in places:
        with tempfile.TemporaryDirectory(dir=place) as directory:
            data, ours = Data(directory), Tilewright(binary, directory)
            for row in ROWS:
                if row.name in names and bool(row.files) == reads:
                    times, peak = measure(row, data, ours)
                    keep(row.name, {"times": times, "peak": peak})
                    print(report.line(report.Measured(row, times, peak)), flush=True)
            if OPERATORS in names and not reads:
                keep(OPERATORS, operators.measure(ours, Path(directory)))


def main(binary, names):
    known = [*[row.name for row in ROWS], OPERATORS]
    unknown = set(names) - {*known, WRITE}
    if unknown:
        raise SystemExit(f"no such row: {', '.join(sorted(unknown))}")
    kept = json.loads(KEPT.read_text()) if names and KEPT.exists() else {}

    def keep(name, value):
        kept[name] = value
        KEPT.write_text(json.dumps(kept))

    if names != [WRITE]:
        measured(binary, names or known, keep)
    if not names or WRITE in names:
        rows = [report.Measured(row, **kept[row.name]) for row in ROWS if row.name in kept]
        report.write(ROOT, rows, kept.get(OPERATORS, {}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
