"""Archives of several files: what is inside is read as a folder is, and hostile ones are refused whole."""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from probatum import verbs
from probatum.errors import BadFormat, NeedsConsent, ProbatumError
from probatum.formats import archives
from probatum.naming import card_of, find
from probatum.store import consent
from probatum.store.reader import Store

FILES = {"a.txt": b"one", "deep/er/b.txt": b"two", "__MACOSX/._a.txt": b"aside", "deep/.DS_Store": b"aside"}
ENCRYPTED = 1


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix in {".gz", ".tgz"} else "w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def inside(path: Path, **settings: bool) -> dict[str, bytes]:
    with archives.opened(path, **settings) as place:
        assert place is not None and place != path and place.name == "x"
        return {file.relative_to(place).as_posix(): file.read_bytes() for file in place.rglob("*") if file.is_file()}


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz", "x.tgz"])
def test_the_files_come_out_and_are_gone_afterwards(
    pack: Callable[..., Path], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    (tmp_path / "in").mkdir()
    archive = pack(tmp_path / "in" / name, FILES)
    wanted = {"a.txt": b"one", "deep/er/b.txt": b"two"}
    assert inside(archive) == wanted == inside(tmp_path / "in")  # a folder with an archive alone stands for it
    assert list((tmp_path / "scratch").iterdir()) == []


def test_what_is_no_archive_of_several_files_is_left_as_it_is(tmp_path: Path) -> None:
    plain, one = tmp_path / "plain.txt", zipped(tmp_path / "one.zip", {"a.txt": b"x", "__MACOSX/._a": b"y"})
    plain.write_bytes(b"PK is no archive")
    tar = tarred(tmp_path / "x.tar.gz", FILES)
    for path, settings in ((plain, {}), (one, {}), (tmp_path, {}), (tmp_path / "none", {}), (tar, {"tar": False})):
        with archives.opened(path, **settings) as place:
            assert place == path
    with archives.opened(None) as nothing:
        assert nothing is None


def _linked(path: Path) -> None:
    with tarfile.open(path, "w") as archive:
        for name, kind in (("a", tarfile.REGTYPE), ("b", tarfile.SYMTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry, io.BytesIO())


def _zip_link(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("b")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr("a", "x")
        archive.writestr(link, "/etc/passwd")


def _twice(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a", "x")
        archive.writestr("a", "y")


def _cut(path: Path) -> None:
    data = zipped(path, {"a": os.urandom(5_000), "b": os.urandom(5_000)}).read_bytes()
    path.write_bytes(data[:3_000] + bytes(3_000) + data[6_000:])


def _password(path: Path) -> None:
    zipped(path, {"a": b"x", "b": b"y"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= ENCRYPTED  # in the directory at the end
    path.write_bytes(data)


def _with(name: str, pack: Callable[..., Path] = zipped) -> Callable[[Path], object]:
    return lambda path: pack(path, {"fine.txt": b"x", name: b"y"})


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "up": (_with("../up.txt"), "leads out"),
    "far up": (_with("a/../../up.txt", tarred), "leads out"),
    "absolute": (_with("/up.txt", tarred), "leads out"),
    "drive": (_with("C:/up.txt"), "leads out"),
    "backslash": (_with("a\\..\\up.txt", tarred), "leads out"),
    "control": (_with("a\nb", tarred), "no plain file name"),
    "long": (_with("a" * 300), "too long"),
    "file as folder": (_with("fine.txt/b"), "a file where a folder is"),
    "deep": (_with("/".join("a" * 40), tarred), "no plain file name"),
    "tar link": (_linked, "a link or a device"),
    "zip link": (_zip_link, "a link or a device"),
    "twice": (_twice, "second file"),
    "cut": (_cut, "not a whole archive"),
    "password": (_password, "password"),
    "bomb": (lambda path: zipped(path, {"a": bytes(30 << 20), "b": b"x"}), "far more"),
    "tar bomb": (lambda path: tarred(path.with_suffix(".tgz"), {"a": bytes(30 << 20)}).rename(path), "far more"),
}


@pytest.mark.parametrize("how", HOSTILE)
def test_hostile_archives_are_refused_and_leave_nothing(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, why = HOSTILE[how]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    make(tmp_path / "x.zip")
    with pytest.raises(BadFormat, match=why), archives.opened(tmp_path / "x.zip"):
        pytest.fail("it was opened")
    assert list(scratch.iterdir()) == [] and {path.name for path in tmp_path.iterdir()} == {"scratch", "x.zip"}


def test_a_lie_about_sizes_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "SPARE", 1_000)
    monkeypatch.setattr(archives, "RATIO", 1)
    path = zipped(tmp_path / "x.zip", {"a": bytes(100_000), "b": b"x"})
    monkeypatch.setattr(archives._Room, "expect", lambda self, size: None)
    with pytest.raises(BadFormat, match="far more"), archives.opened(path):
        pytest.fail("it was opened")


@pytest.mark.parametrize("source", ["umls", "rxnorm", "hetionet", "openfda", "medquad"])
@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_sources_read_an_archive_as_the_folder(source: str, suffix: str, tiny: Path, tmp_path: Path) -> None:
    sample = tiny / "sources" / source
    files = {
        file.relative_to(sample).as_posix(): file.read_bytes() for file in sorted(sample.rglob("*")) if file.is_file()
    }
    archive = (zipped if suffix == ".zip" else tarred)(tmp_path / f"{source}{suffix}", files)
    contents = []
    for number, path in enumerate((sample, archive)):
        kb = tmp_path / f"kb{number}"
        if (card := card_of(find("sources", source))).gated:
            with pytest.raises(NeedsConsent):
                verbs.ingest(kb, source, path)
            consent.accept(kb, source, card, "a test")
        verbs.ingest(kb, source, path)
        with Store(kb) as store:
            contents.append((sum(1 for _ in store.names()), sum(1 for _ in store.relations()), store.stats()))
        assert verbs.ingest(kb, source, path).written == 0
    assert contents[0] == contents[1] or source == "medquad"  # which reads tar itself, its judged answers apart


def test_the_errors_are_those_that_the_program_tells(tmp_path: Path) -> None:
    _cut(tmp_path / "x.zip")
    with pytest.raises(ProbatumError, match="not a whole archive"):
        verbs.ingest(tmp_path / "kb", "hetionet", tmp_path / "x.zip")
