"""Draws programs and compares Tilewright with NumPy on each.

python tests/numpy/live.py [--programs 20000] [--seed SEED] [--judge PROGRAM]

Tilewright's half is the example `numpy-live` of the package `tilewright-tests`; it is built if no
other is named. A program that differs is shrunk and printed as the command line can run it.
"""

import argparse
import copy
import random
import re
import subprocess
import sys
import time

import numpy as np

import programs
from expected import REFUSALS, array_text

CARGO = ["cargo", "run", "--quiet", "-p", "tilewright-tests", "--example", "numpy-live"]
SHOWN = 10


class Judge:
    """The other half."""

    def __init__(self, command):
        self.command = command
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.DEVNULL)

    def ask(self, program, results):
        """`ok`, or what is different."""
        lines = []
        for name, leaf in program.leaves.items():
            sizes = ";".join(",".join(map(str, axis)) for axis in leaf.sizes) or "-"
            lines.append(f"input {name}\t{sizes}\t{array_text(leaf.array)}")
        lines.append("run " + text(program) + "\t" + "\t".join(results))
        self.process.stdin.write("\n".join(lines) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().rstrip("\n").replace("⏎", "\n")
        if not answer:
            self.start()
            return "the other half died"
        return answer


def text(program):
    statements = [f"{name} = {step}" for name, step in program.steps]
    return "; ".join(statements + [program.steps[-1][0]])


def results(value, error, program):
    if value is None:
        return ["fails" if programs.is_counted(program) else "refused"]
    tolerance = ""
    # Also a bound of 0: the sign of an empty sum's zero is no part of it.
    if error is not None and np.size(error):
        tolerance = "~ " + " ".join(f"{bound * 1.001:.3g}" for bound in np.ravel(error))
    return [array_text(value, tolerance)]


def again(program):
    """What NumPy says of a changed program, with the bounds; nothing if it cannot be judged."""
    draw = programs.Draw(None, program.exact)
    for name, leaf in program.leaves.items():
        draw.values[name], draw.errors[name] = leaf.array, np.zeros(leaf.array.shape)
    for name, step in program.steps:
        try:
            out = np.asarray(eval(step, programs.NAMES, draw.values))
        except REFUSALS:
            return results(None, None, program) if name == program.steps[-1][0] else None
        try:
            if not re.fullmatch(r"[xv]\d+", step):
                kind, called = programs.which(program.exact, step)
                programs.checked(draw, kind, called, step, out)
                if not program.exact:
                    error = programs.error_of(draw, kind, called, step, out)
                    draw.errors[name] = np.broadcast_to(error, out.shape)
            else:
                draw.errors[name] = draw.errors[step]
        except (programs.Rejected, KeyError, ValueError, IndexError):
            return None
        draw.values[name] = out
    last = program.steps[-1][0]
    return results(draw.values[last], None if program.exact else draw.errors[last], program)


def smaller(program):
    """Programs one change smaller."""
    needed = cut(program, program.steps)
    if len(needed.steps) < len(program.steps):
        yield needed
    for k in range(len(program.steps) - 1, 0, -1):
        yield cut(program, program.steps[:k])
    for k, (name, step) in enumerate(program.steps):
        for word in re.findall(r"\b[xv]\d+\b", step):
            if step != word:
                yield cut(program, [*program.steps[:k], (name, word), *program.steps[k + 1:]])
    for name, leaf in program.leaves.items():
        if any(len(axis) > 1 for axis in leaf.sizes):
            yield changed(program, name, leaf.array, [[length] for length in leaf.array.shape])
        for axis, length in enumerate(leaf.array.shape):
            if length > 1:
                fewer = np.take(leaf.array, range(length - 1), axis)
                yield changed(program, name, fewer, [[length] for length in fewer.shape])
        for place in np.ndindex(leaf.array.shape):
            if leaf.array[place] != 1:
                simple = leaf.array.copy()
                simple[place] = 1
                yield changed(program, name, simple, leaf.sizes)


def cut(program, steps):
    """The steps that the last one needs."""
    needed, kept = {steps[-1][0]}, []
    for name, step in reversed(steps):
        if name in needed:
            kept.insert(0, (name, step))
            needed |= set(re.findall(r"\b[xv]\d+\b", step))
    leaves = {name: leaf for name, leaf in program.leaves.items() if name in needed}
    return programs.Program(leaves, kept, program.exact)


def changed(program, name, array, sizes):
    program = copy.deepcopy(program)
    program.leaves[name] = programs.Leaf(np.asarray(array), sizes)
    return program


def shrunk(judge, program):
    tries = 0
    while tries < 2000:
        for candidate in smaller(program):
            tries += 1
            wanted = again(candidate)
            if wanted is not None and judge.ask(candidate, wanted) != "ok":
                program = candidate
                break
        else:
            break
    return program


def number(value):
    if value.dtype.kind == "b":
        return str(bool(value))
    return repr(value.item()).replace("infinity", "inf")


def shown(program):
    """The program as the command line runs it."""
    lines = []
    for name, leaf in program.leaves.items():
        values = ", ".join(number(value) for value in leaf.array.ravel())
        sizes = "(" + "".join(f"{tuple(axis)}, " for axis in leaf.sizes) + ")"
        lines.append(f"{name} = array([{values}], dtype={leaf.array.dtype.name}).reshape({leaf.array.shape})"
                     f".rechunk({sizes})")
    return "\n".join(lines + [f"{name} = {step}" for name, step in program.steps] + [program.steps[-1][0]])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--programs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--judge", nargs="+", default=CARGO)
    options = parser.parse_args()
    rng, judge, rejected = np.random.default_rng(options.seed), Judge(options.judge), {}
    started, wrong, refusals, steps, inexact = time.time(), 0, 0, 0, 0
    print(f"seed {options.seed}", flush=True)
    for k in range(options.programs):
        program, value, error = programs.program(rng, rejected)
        refusals += value is None
        inexact += not program.exact
        steps += len(program.steps)
        wanted = results(value, error, program)
        if judge.ask(program, wanted) == "ok":
            continue
        wrong += 1
        if wrong <= SHOWN:
            small = shrunk(judge, program)
            wanted = again(small) or wanted
            print(f"\nprogram {k}\n{shown(small)}\nNumPy: {' '.join(wanted)}")
            print(judge.ask(small, wanted), flush=True)
    took = time.time() - started
    print(f"{options.programs} programs of {steps} steps, {inexact} inexact, {refusals} refused by NumPy, "
          f"{wrong} different, {took:.0f} s")
    for reason, count in sorted(rejected.items()):
        print(f"  steps not taken: {count:7} {reason}")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
