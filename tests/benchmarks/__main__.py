"""Run the benchmarks named on the command line, or all; print them and keep them as JSON."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

from tests.benchmarks.target import NotLoadedError

NAMES = ("drill", "hours", "tiles", "map_page", "auth", "stats", "density", "etl", "demo")
SLOW = ("growth",)
"""Measured only when named: it takes ten minutes."""
RESULTS = Path("build/bench.json")


def main(names: list[str]) -> int:
    """Measure; figures of benchmarks that did not run this time are kept."""
    known = (*NAMES, *SLOW)
    unknown = sorted(set(names) - set(known))
    if unknown:
        sys.stderr.write(f"no benchmark {', '.join(unknown)}: there are {', '.join(known)}\n")
        return 1
    for name in names or NAMES:
        try:
            figures = import_module(f"tests.benchmarks.{name}").measure()
        except NotLoadedError as error:
            sys.stderr.write(f"{name}: {error}\n")
            return 1
        report(figures)
    return 0


def report(figures: dict[str, float]) -> None:
    """Print figures and merge them into build/bench.json."""
    RESULTS.parent.mkdir(exist_ok=True)
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    rounded = {name: round(value, 3) for name, value in figures.items()}
    RESULTS.write_text(json.dumps(kept | rounded, indent=1, sort_keys=True) + "\n")
    for name, value in rounded.items():
        sys.stdout.write(f"{name:32} {value:>14,.3f}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
