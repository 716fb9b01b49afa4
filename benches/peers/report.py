"""The table and the picture of one run."""

import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

from operators import DTYPES  # noqa: E402

OURS = "Tilewright"
# Least that an operator alone is to reach of a peer's time, and of it its kernels alone.
LEAST, LEAST_ALONE = 0.9, 0.5
PACKAGES = [
    *["numpy", "numexpr", "numba", "jax", "dask", "dask-array", "blosc2", "h5py", "zarr"],
    "nibabel",
]


@dataclass
class Measured:
    """A row's times in seconds, Tilewright's first, and Tilewright's peak in bytes."""

    row: object
    times: dict
    peak: int

    @property
    def ours(self):
        return self.times[OURS]

    def bars(self):
        """Peer, what is to be reached, what was."""
        for peer, reach in self.row.reach.items():
            yield peer, reach, self.times[peer] / self.ours
        if self.row.within:
            yield f"{self.row.within} s", 1, self.row.within / self.ours


def milliseconds(seconds):
    value = seconds * 1e3
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def ratio(value):
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def bar(peer, reach, reached):
    mark = "" if reached >= reach else " **missed**"
    return f"{peer}: {ratio(reached)} of {ratio(reach)}{mark}"


def line(measured):
    """One row, for a terminal."""
    times = ", ".join(f"{name} {milliseconds(t)}" for name, t in measured.times.items())
    bars = "; ".join(bar(*each) for each in measured.bars())
    return f"{measured.row.name}: {times} ms; {bars}"


def processor():
    names = (
        text.split(":", 1)[1].strip()
        for text in Path("/proc/cpuinfo").read_text().splitlines()
        if text.startswith("model name")
    )
    flags = Path("/proc/cpuinfo").read_text()
    level = "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "neither AVX2"
    return f"{next(names, platform.machine())} with {level}"


def table(rows):
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    lines = [
        f"Shortest of up to 5 turns of up to 5 runs each, in milliseconds, two threads, on {processor()}, with "
        f"Python {platform.python_version()}, {versions}. The last column says how many times as "
        "long as Tilewright a peer takes, of how many are to be reached.",
        "",
        "| expression | data | Tilewright | peak MB | others | reached |",
        "|---|---|--:|--:|---|---|",
    ]
    for each in rows:
        others = [f"{n} {milliseconds(t)}" for n, t in each.times.items() if n != OURS]
        cells = [
            "`" + each.row.expression.replace("|", "\\|") + "`",
            each.row.data,
            milliseconds(each.ours),
            f"{each.peak / 1e6:.3g}",
            ", ".join(others),
            "; ".join(bar(*b) for b in each.bars()),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def operator_table(alone, parts, least):
    """Ratios of some parts of what was measured of each operator and dtype, and how many reach."""
    lines = [
        "| operator | " + " | ".join(DTYPES) + " |",
        "|---|" + "--:|" * len(DTYPES),
    ]
    reached, known = 0, 0
    for name, by_dtype in alone.items():
        cells = [
            [r for part in parts for r in by_dtype.get(dtype, {}).get(part, [])] for dtype in DTYPES
        ]
        if any(cells):
            texts = [" ".join(ratio(r) for r in cell) for cell in cells]
            lines.append(f"| `{name}` | " + " | ".join(texts) + " |")
        known += sum(len(cell) for cell in cells)
        reached += sum(r >= least for cell in cells for r in cell)
    lines += ["", f"{reached} of {known} are at least {least}."]
    return "\n".join(lines) + "\n"


COLOURS = {
    "NumPy": "#4c72b0",
    "numexpr": "#8172b3",
    "Numba": "#55a868",
    "JAX": "#c44e52",
    "Dask": "#dd8452",
    "dask-array": "#937860",
    "blosc2": "#8c8c8c",
}


def picture(path, rows):
    """How many times as long as Tilewright each peer takes."""
    shown = [each for each in rows if any(name in COLOURS for name in each.times)]
    figure, axes = plt.subplots(figsize=(9, 0.36 * len(shown) + 1.2), layout="constrained")
    for height, each in enumerate(reversed(shown)):
        for name, seconds in each.times.items():
            if name in COLOURS:
                at = seconds / each.ours
                axes.scatter(at, height, color=COLOURS[name], s=36, zorder=3, label=name)
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log")
    axes.set_yticks(range(len(shown)), [each.row.name for each in reversed(shown)])
    axes.set_xlabel("time as a multiple of Tilewright's (to the right: slower)")
    axes.grid(axis="x", alpha=0.3)
    handles = dict(zip(*reversed(axes.get_legend_handles_labels())))
    known = [name for name in COLOURS if name in handles]
    axes.legend([handles[name] for name in known], known, ncols=len(known), loc="lower center",
                bbox_to_anchor=(0.5, 1.0), frameon=False, fontsize=8)
    matplotlib.rcParams["svg.hashsalt"] = "peers"
    figure.savefig(path, metadata={"Date": None})


def insert(page, name, text):
    """Puts text between the markers of a name."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, rest = page.read_text().split(begin)
    _, after = rest.split(end)
    page.write_text(before + begin + text + end + after)


def write(root, rows, alone):
    insert(root / "docs/benchmarks.md", "peers", table(rows))
    if alone:
        page = root / "docs/operator-speed.md"
        insert(page, "numpy", operator_table(alone, ["numpy"], LEAST))
        insert(page, "ndarray", operator_table(alone, ["ndarray"], LEAST))
        insert(page, "large", operator_table(alone, ["large"], LEAST))
        insert(page, "alone", operator_table(alone, ["alone"], LEAST_ALONE))
    picture(root / "docs/peers.svg", rows)
    print("wrote docs/benchmarks.md, docs/operator-speed.md and docs/peers.svg")
