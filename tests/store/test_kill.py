"""A store whose writer is killed at any moment loses nothing and doubles nothing: the issue of a life is the same."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

from probatum.store import derived
from probatum.store.reader import Store
from probatum.store.schema import DATABASE
from probatum.store.verify import verify

KILLS = int(os.environ.get("PROBATUM_KILLS", "30"))  # 500 in `make soak`
PHASES = 7  # of a life: see life.py
ROUND = (0, 0, 1, 2, 3, 4, 5, 6)  # the phases in which the lives of one store are ended


@dataclass
class Lives:
    """The process that lives stores and is told of their phases."""

    said: IO[str]
    told: IO[str]
    lengths: dict[int, float] = field(default_factory=dict)  # seconds that each phase takes undisturbed
    steps: int = 0  # statements of the last life that came to its end

    def undisturbed(self, folder: Path) -> dict[int, float]:
        """The seconds that each phase of a life takes that comes to its end."""
        began: list[tuple[int, float]] = []
        for word, number in self._of(folder):
            if word == "phase":
                began.append((number, time.monotonic()))
            elif word == "steps":
                self.steps = number
            elif word == "ended":
                assert number == 0
        ends = [moment for _, moment in began[1:]] + [time.monotonic()]
        return {phase: end - start for (phase, start), end in zip(began, ends, strict=True)}

    def killed_at_step(self, folder: Path, step: int) -> bool:
        """Whether a life was killed before its n-th statement; else it has come to its end."""
        return dict(self._of(folder, step))["ended"] != 0

    def killed_in_time(self, folder: Path, phase: int, share: float) -> bool:
        """Whether a life could be killed at that share of that phase's usual length; else it has come to its end."""
        process, waited = 0, False
        for word, number in self._of(folder):
            if word == "born":
                process = number
            elif word == "phase" and number >= phase and not waited:
                waited = True
                time.sleep(share * self.lengths[number])
                with suppress(ProcessLookupError):  # it has come to its end meanwhile
                    os.kill(process, signal.SIGKILL)
            elif word == "ended":
                assert number in {0, -signal.SIGKILL}
                return number != 0
        raise AssertionError("the process that lives the stores is no more")

    def _of(self, folder: Path, last_step: int = 0) -> Iterator[tuple[str, int]]:
        self.told.write(f"{last_step} {folder}\n")
        self.told.flush()
        for line in self.said:
            word, number = line.split()
            yield word, int(number)
            if word == "ended":
                return


@pytest.fixture
def lives() -> Iterator[Lives]:
    script = Path(__file__).with_name("life.py")
    process = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    with process:
        yield Lives(process.stdout, process.stdin)
        process.stdin.close()


def issue(folder: Path) -> dict[str, object]:
    """All that a life has brought about: content, counts, quarantine, indexes; and what should not be there."""
    with sqlite3.connect(folder / DATABASE) as link:
        quarantine = link.execute("SELECT path, line, reason, text FROM quarantine ORDER BY line").fetchall()
        tables = {
            table: link.execute(f"SELECT count(*), sum(count) FROM {table}").fetchone()  # noqa: S608
            for table in ("claims", "concepts", "passages", "records")
        }
        papers = link.execute("SELECT paper, asked, reason FROM retractions ORDER BY 1").fetchall()
        gone = [link.execute(f"SELECT sum(withdrawn) FROM {table}").fetchone() for table in ("claims", "passages")]  # noqa: S608
    link.close()
    left = sorted(path.name for path in folder.rglob("*") if path.name.startswith(".") and path.suffix != ".lock")
    indexes = {str(path.relative_to(folder)): derived.sums(path) for path in derived.built(folder)}
    with Store(folder) as store:
        return {
            "content": store.content, "stats": store.stats(), "releases": store.releases(), "tables": tables,
            "quarantine": quarantine, "indexes": indexes, "left": left, "wrong": verify(folder).wrong,
            "papers": papers, "withdrawn": gone,
        }  # fmt: skip


def test_a_life_that_is_killed_again_and_again_comes_to_the_same_issue(tmp_path: Path, lives: Lives) -> None:
    lives.lengths = lives.undisturbed(tmp_path / "calm")
    expected = issue(tmp_path / "calm")
    assert expected["wrong"] == () and expected["left"] == [] and expected["indexes"]
    assert set(lives.lengths) == set(range(PHASES))
    steps = lives.steps
    draw = random.Random(9)
    kills, rounds = 0, 0
    while kills < KILLS:
        folder = tmp_path / f"round{rounds}"
        for phase in ROUND:
            kills += lives.killed_in_time(folder, phase, draw.random())
            kills += lives.killed_at_step(folder, 1 + int(draw.random() ** 2 * steps))  # fewer steps are left each time
        lives.undisturbed(folder)
        assert issue(folder) == expected, (rounds, kills)
        shutil.rmtree(folder)
        rounds += 1
    assert kills >= 3 * rounds, "most lives came to their end before they were killed"
