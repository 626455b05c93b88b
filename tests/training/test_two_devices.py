"""Two processes train as one does: data-parallel through our loop, and with every weight in shards."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("torch")

import probatum

WORK = Path(__file__).with_name("two_devices.py")
SOURCE = str(Path(probatum.__file__).parents[1])


@pytest.fixture(scope="module")
def alone() -> ModuleType:
    """What one process does of the same."""
    spec = importlib.util.spec_from_file_location("two_devices", WORK)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_two(what: list[str], folder: Path) -> None:
    """Runs something in two processes that find each other on this machine; raises where one fails."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", *what]
    env = os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo", "PYTHONPATH": SOURCE}
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def alike(one: dict[str, list[float]], other: dict[str, list[float]]) -> float:
    """The largest difference between weights of the same names."""
    assert one.keys() == other.keys()
    return max(abs(a - b) for name in one for a, b in zip(one[name], other[name], strict=True))


def said(folder: Path, rank: int) -> dict[str, Any]:
    return json.loads((folder / f"told.{rank}").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("what", ["course", "sharded"])
def test_two_processes_equal_one(what: str, alone: ModuleType, tmp_path: Path) -> None:
    """Texts of different lengths: the mean is over the tokens of both, not over both means."""
    by_two([str(WORK), what, str(tmp_path / "told")], tmp_path)
    one = alone.course(1) if what == "course" else alone.sharded()
    first, second = said(tmp_path, 0), said(tmp_path, 1)
    assert first["losses"] == pytest.approx(one["losses"], abs=1e-6) and first["losses"][-1] < first["losses"][0]
    assert alike(first["weights"], one["weights"]) < 1e-5 and first["weights"] == second["weights"]
    if what == "course":
        assert first["tokens"] == second["tokens"] == one["tokens"]
    else:
        assert first["held"] + second["held"] == one["held"]  # each holds its part alone
        assert max(first["held"], second["held"]) < 0.6 * one["held"]
