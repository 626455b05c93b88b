"""Pickle files as plain data: every protocol, and no object, call or import of any kind."""

from __future__ import annotations

import os
import pickle
from collections import Counter
from pathlib import Path

import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.pickled import plain

SHARED = ["again", "again"]
VALUE = [
    {"image": "a", "n": 1, "large": 1 << 70, "half": 0.5, "none": None, "yes": True, "no": False, "é": "中"},
    (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), SHARED, SHARED, {"in": {"in": []}}, -3, 70_000,
]  # fmt: skip


@pytest.mark.parametrize("protocol", range(6))
def test_plain_data_of_every_protocol(tmp_path: Path, protocol: int) -> None:
    (tmp_path / "x.pkl").write_bytes(pickle.dumps(VALUE, protocol))
    assert plain(tmp_path / "x.pkl") == VALUE


class Harm:
    """What runs a command where a pickle file is loaded the usual way."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch harmed",)


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_nothing_is_ever_run(tmp_path: Path, protocol: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for held in ([Harm()], Counter("ab"), {1, 2}, Path("a")):
        (tmp_path / "x.pkl").write_bytes(pickle.dumps(held, protocol))
        with pytest.raises(BadFormat, match="more than plain data"):
            plain(tmp_path / "x.pkl")
    assert not (tmp_path / "harmed").exists()


def test_broken_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile):
        plain(tmp_path / "no.pkl")
    whole = pickle.dumps(VALUE, 4)
    for data in (
        b"",
        b"\x80",
        whole[:-9],
        b"plain text",
        b"].",
        b"a.",
        b"K\x01K\x02.",
        b"(.",
        b"h\x00.",
        b"]K\x01u.",
        b"N.",
    ):
        (tmp_path / "x.pkl").write_bytes(data)
        if data in {b"].", b"N."}:
            assert plain(tmp_path / "x.pkl") in ([], None)
        else:
            with pytest.raises(BadFormat, match=r"x\.pkl"):
                plain(tmp_path / "x.pkl")
