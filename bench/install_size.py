"""What an install costs: distributions, wheels and megabytes of the core, its own wheel, and the time of `--help`.

Usage: bench/install_size.py [--check]      with --check it exits 1 where a bound is broken (time is only reported)
Run it with the Python of an environment in which Probatum is installed; the wheels are fetched to be weighed.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
BOUNDS = {"distributions": 60, "MB of wheels": 100, "MB on disk": 300}
CARRIED = ("py.typed", "survey.toml", "benchmarks/phenopackets.toml", "web/static/", "web/templates/")


def plain(name: str) -> str:
    """A distribution's name in its normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def core() -> dict[str, metadata.Distribution]:
    """The distributions that the core needs, without any extra, by their names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, metadata.Distribution] = {}
    waiting = [Requirement(line) for line in project["dependencies"]]
    while waiting:
        wanted = waiting.pop()
        if plain(wanted.name) in found:
            continue
        found[plain(wanted.name)] = there = metadata.distribution(wanted.name)
        extras = wanted.extras or {""}
        needs = [Requirement(line) for line in there.requires or ()]
        waiting += [
            need for need in needs if not need.marker or any(need.marker.evaluate({"extra": e}) for e in extras)
        ]
    return found


def disk(distributions: dict[str, metadata.Distribution]) -> float:
    """Megabytes of their files, as they lie on this disk."""
    files = (Path(str(file.locate())) for each in distributions.values() for file in each.files or ())
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def wheels(names: set[str], folder: Path) -> float:
    """Megabytes of their wheels at the locked versions."""
    locked = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    blocks = re.findall(r"^\S+==[^\n]+\n(?: +--hash=\S+[^\n]*\n)+", locked, re.MULTILINE)
    listed = folder / "core.txt"
    listed.write_text("".join(block for block in blocks if block.partition("==")[0] in names), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    pip += ["--only-binary", ":all:", "--require-hashes", "--dest", str(folder / "wheels"), "-r", str(listed)]
    subprocess.run(pip, check=True)
    return sum(file.stat().st_size for file in (folder / "wheels").iterdir()) / 1e6


def lacking(folder: Path) -> list[str]:
    """What our own wheel, built anew, should carry and does not."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)], check=True)
    with zipfile.ZipFile(next(folder.glob("probatum-*.whl"))) as wheel:
        inside = wheel.namelist()
    return [part for part in CARRIED if not any(name.startswith(f"probatum/{part}") for name in inside)]


def help_time(runs: int = 11) -> float:
    """Median seconds of `probatum --help`, the first run left out."""
    took = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "probatum.cli", "--help"], check=True, stdout=subprocess.DEVNULL)
        took.append(time.perf_counter() - start)
    return statistics.median(took[1:])


def main() -> int:
    """Prints the figures; gives 1 where a bound is broken and that matters."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--check", action="store_true", help="exit 1 where a bound is broken")
    check = asked.parse_args().check
    distributions = core()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = dict(
            zip(BOUNDS, (len(distributions), wheels(set(distributions), folder), disk(distributions)), strict=True)
        )
        absent = lacking(folder)
    for what, value in size.items():
        print(f"core install: {value:.0f} {what} (at most {BOUNDS[what]})")
    print("our wheel: " + (f"lacks {', '.join(absent)}" if absent else "whole"))
    print(f"probatum --help: {help_time():.2f} s (aim 0.5)")
    return int(check and (bool(absent) or any(value > BOUNDS[what] for what, value in size.items())))


if __name__ == "__main__":
    sys.exit(main())
