"""Derived indexes: built once, whole or not at all, kept while somebody reads them, cleared when nobody does."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from unittest.mock import patch

import pytest
from small_store import facts

from probatum.cli import say
from probatum.store import derived
from probatum.store.linking import linker
from probatum.store.prepared import prepare
from probatum.store.reader import Store
from probatum.store.writer import write


def build(folder: Path) -> None:
    (folder / "index.txt").write_text("built")


def test_many_threads_build_once(tmp_path: Path) -> None:
    builds = []

    def slowly(folder: Path) -> None:
        builds.append(folder)
        time.sleep(0.05)
        build(folder)

    threads = [threading.Thread(target=derived.folder, args=(tmp_path, "content", "names", slowly)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(builds) == 1
    assert derived.damaged(tmp_path) == []


def test_a_build_that_fails_leaves_nothing_and_what_a_kill_left_is_removed(tmp_path: Path) -> None:
    def broken(folder: Path) -> None:
        build(folder)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        derived.folder(tmp_path, "content", "names", broken)
    assert derived.built(tmp_path) == []
    left = tmp_path / derived.INDEXES / "content" / ".names-killed"
    left.mkdir()
    derived.folder(tmp_path, "content", "names", build)
    assert not left.exists() and len(derived.built(tmp_path)) == 1


def test_what_is_held_stays_and_the_rest_is_cleared(tmp_path: Path) -> None:
    for content in ("old", "read", "new"):
        derived.hold(tmp_path, content).close()
        derived.folder(tmp_path, content, "names", build)
    with derived.hold(tmp_path, "read"):
        derived.clear(tmp_path, "new")
        assert [index.parent.name for index in derived.built(tmp_path)] == ["new", "read"]
    (tmp_path / derived.INDEXES / ".gone-older").mkdir()  # as a kill leaves it
    derived.clear(tmp_path, "new")
    assert sorted(path.name for path in (tmp_path / derived.INDEXES).iterdir()) == ["new", "new.lock"]


def test_who_waits_for_a_build_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(say, "PATIENCE", 0.05)
    before = derived.watching.set(say.while_building)

    def slowly(folder: Path) -> None:
        time.sleep(0.4)
        build(folder)

    try:
        derived.folder(tmp_path, "content", "names", build)
        assert capsys.readouterr() == ("", "")
        derived.folder(tmp_path, "content", "words", slowly)
        told = capsys.readouterr()
        assert told.out == "" and told.err.count("building the index words") == 1
        derived.folder(tmp_path, "content", "words", slowly)  # it stands
        time.sleep(0.1)
        assert capsys.readouterr() == ("", "")
    finally:
        derived.watching.reset(before)


def test_what_searches_need_is_built_beforehand_and_once(tmp_path: Path) -> None:
    write(tmp_path, facts())
    with Store(tmp_path) as store:
        built = prepare(store)
        assert {name.partition("-")[0] for name in built} == {"clusters", "graph", "links", "suggest"}
        with patch.object(derived, "_manifest", side_effect=AssertionError("nothing is built again")):
            assert prepare(store) == ()
            assert store.suggest("spl") and linker(store)("splenomegaly")
