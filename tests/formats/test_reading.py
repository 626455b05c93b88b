"""Files open plain or packed; what is broken or hostile is put aside or refused, with its place."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.formats import reading
from probatum.formats.reading import contents, digest, lines, loads, members, whole
from probatum.naming import find
from probatum.types import Malformed, Release

BONE = "\u9aa8"


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def archive(path: Path, entries: list[tuple[tarfile.TarInfo, bytes]], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as tar:  # type: ignore[call-overload]
        for entry, data in entries:
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return path


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@pytest.mark.parametrize("packed", [False, True])
def test_lines_are_numbered_and_lose_their_ends(tmp_path: Path, packed: bool) -> None:
    data = "\ufeffone\r\nzwei: \u00fc\n\n\u80bf\x0b\u2028x".encode()
    file = write(tmp_path / "a", gzip.compress(data, mtime=0) if packed else data)
    assert list(lines(file)) == [(1, "one"), (2, "zwei: \u00fc"), (3, ""), (4, "\u80bf\x0b\u2028x")]


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    assert list(lines(write(tmp_path / "a", b""))) == []
    assert list(lines(write(tmp_path / "b", gzip.compress(b"", mtime=0)))) == []


def test_a_line_that_is_not_utf8_is_put_aside_and_the_rest_read(tmp_path: Path) -> None:
    file = write(tmp_path / "a", b"good\nb\xe4d\nnul\0\r\nlast")
    assert list(lines(file)) == [
        (1, "good"),
        Malformed("a", 2, "not UTF-8 at byte 1 of the line", "b\ufffdd"),
        Malformed("a", 3, "a zero byte; text was expected", "nul\0"),
        (4, "last"),
    ]


@pytest.mark.parametrize("length", [reading.LINE + 1, 3 * reading.LINE, 3 * reading.LINE + 262_144])
def test_a_huge_line_is_put_aside_and_the_rest_read(tmp_path: Path, length: int) -> None:
    for before in (b"", b"a\n", b"a\n" * 200_000):
        count = before.count(b"\n")
        found = list(lines(write(tmp_path / "a", before + b"x" * length + b"\nafter\nend")))
        assert found[count] == Malformed("a", count + 1, "a line of more than 1,000,000 bytes", "x" * 200)
        assert found[count + 1 :] == [(count + 2, "after"), (count + 3, "end")]


def test_a_line_of_just_the_longest_length_is_read(tmp_path: Path) -> None:
    found = list(lines(write(tmp_path / "a", b"x" * reading.LINE + b"\nafter")))
    assert found == [(1, "x" * reading.LINE), (2, "after")]


def test_lines_agree_with_a_plain_reading_across_blocks(tmp_path: Path) -> None:
    text = "".join(f"{n} {BONE * (n % 700)}\n" for n in range(3000))
    file = write(tmp_path / "a", text.encode())
    assert list(lines(file)) == list(enumerate(text.splitlines(), start=1))


def test_a_truncated_gzip_is_refused_with_its_line(tmp_path: Path) -> None:
    packed = gzip.compress("".join(f"{n * 7919 % 10007}\n" for n in range(200_000)).encode())
    file = write(tmp_path / "a.gz", packed[: len(packed) * 3 // 4])
    with pytest.raises(BadFormat, match=r"a\.gz:\d+: the packed file is broken"):
        list(lines(file))
    with pytest.raises(BadFormat, match="broken"):
        digest([file])
    with pytest.raises(BadFormat, match="broken"):
        whole(file)


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SPARE", 1 << 20)
    file = write(tmp_path / "a.gz", gzip.compress(b"0\n" * (10 << 20), mtime=0))
    with pytest.raises(BadFormat, match="far more than a real file"):
        for _ in lines(file):
            pass


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match="no such file"):
        list(lines(tmp_path / "a"))
    with pytest.raises(BadFormat, match="cannot be read"):
        list(lines(tmp_path))
    with pytest.raises(NeedsFile):
        list(members(tmp_path / "a.tar", ".xml"))


def test_whole_keeps_to_its_limit(tmp_path: Path) -> None:
    file = write(tmp_path / "a", b"12345")
    assert whole(file, 5) == b"12345"
    with pytest.raises(BadFormat, match="more than 4 bytes"):
        whole(file, 4)


# --- archives and folders ---


def test_a_folder_and_its_archive_give_the_same_members_and_digest(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    for name in ("b/2.xml", "a/1.xml", "a/no.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    names = ["a/1.xml", "a/no.txt", "b/2.xml"]
    tar = archive(tmp_path / "f.tar.gz", [(entry(name), name.encode()) for name in names])
    assert (
        list(members(folder, ".xml"))
        == list(members(tar, ".xml"))
        == [("a/1.xml", b"a/1.xml"), ("b/2.xml", b"b/2.xml")]
    )
    assert digest([], contents(folder, ".xml")) == digest([], contents(tar, ".xml"))


def test_a_hostile_archive_gives_its_good_members_alone(tmp_path: Path) -> None:
    tar = archive(
        tmp_path / "t.tar",
        [
            (entry("../../out.xml"), b"x"),
            (entry("/etc/out.xml"), b"x"),
            (entry("a/..\\..\\out.xml"), b"x"),
            (entry("link.xml", tarfile.SYMTYPE, "/etc/passwd"), b""),
            (entry("hard.xml", tarfile.LNKTYPE, "good.xml"), b""),
            (entry("pipe.xml", tarfile.FIFOTYPE), b""),
            (entry("\udcff.xml"), b"x"),
            (entry("good.xml"), b"good"),
        ],
        "w",
    )
    found = list(members(tar, ".xml"))
    assert found[-1] == ("good.xml", b"good")
    refused = [each for each in found if isinstance(each, Malformed)]
    assert [each.reason.split(";")[0] for each in refused] == [
        *["a name that leads out of the archive"] * 3,
        *["a link or a device in the archive"] * 3,
        "a file name that is not UTF-8",
    ]
    assert all(each.text.encode() for each in refused)
    assert [path.name for path in tmp_path.iterdir()] == ["t.tar"]


def test_a_member_that_is_too_large_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MEMBER", 4)
    tar = archive(tmp_path / "t.tar", [(entry("a.xml"), b"12345"), (entry("b.xml"), b"1234")])
    (tmp_path / "f").mkdir()
    write(tmp_path / "f" / "a.xml", b"12345")
    first, second = members(tar, ".xml")
    assert isinstance(first, Malformed) and second == ("b.xml", b"1234")
    assert [type(each) for each in members(tmp_path / "f", ".xml")] == [Malformed]


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MEMBERS", 1)
    tar = archive(tmp_path / "t.tar", [(entry("a.xml"), b"1"), (entry("b.xml"), b"2")])
    with pytest.raises(BadFormat, match="more than 1 files"):
        list(members(tar, ".xml"))


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n" * 200, gzip.compress(b"no tar", mtime=0), b"\x1f\x8b broken"]
)
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadFormat, match="not a whole tar archive"):
        list(members(write(tmp_path / "t.tar.gz", data), ".xml"))


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    data = bytes(n * 7919 % 251 for n in range(100_000))
    whole_file = archive(tmp_path / "t.tar.gz", [(entry("a.xml"), data), (entry("b.xml"), data[::-1])]).read_bytes()
    with pytest.raises(BadFormat, match="not a whole tar archive"):
        list(members(write(tmp_path / "t.tar.gz", whole_file[: len(whole_file) // 2]), ".xml"))


# --- JSON ---


def test_json_is_read() -> None:
    assert loads(b'"\\ud83e\\uddec"', "x") == "\U0001f9ec"
    assert loads(b'\xef\xbb\xbf{"a": [1, {"b": null}]}', "x") == {"a": [1, {"b": None}]}
    assert loads(b"[" * reading.DEPTH + b"]" * reading.DEPTH, "x")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a":\n [1,,]}', r"x:2: not JSON: Expecting value at column 5"),
        (b"", "x:1: not JSON"),
        (b"\xff\xfe{", "x: not UTF-8 at byte 0"),
        (b"[" * 201 + b"]" * 201, "nested more than 200 deep"),
        (b"[" * 100_000, "nested more than 200 deep"),
        (b'{"a":' * 100_000, "nested more than 200 deep"),
        (b"NaN", "NaN is no JSON number"),
        (b"1" * 10_000, "not JSON"),
        (b'{"a": "\\uD800"}', "half a character"),
    ],
)
def test_json_that_is_not_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadFormat, match=said):
        loads(data, "x")


def _zipped(path: Path, *inside: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in inside:
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["full database.xml", "../../out.xml", "/etc/out.xml", "C:\\out.xml"])
def test_the_one_file_of_a_zip_is_read_like_the_plain_one(tmp_path: Path, name: str) -> None:
    plain, data = tmp_path / "plain", b"one\r\ntwo\n" * 30_000
    plain.write_bytes(data)
    packed = _zipped(tmp_path / "packed.zip", ("folder/", b""), (name, data), ("__MACOSX/._it", b"a Mac's own"))
    assert list(lines(packed)) == list(lines(plain)) and digest([packed]) == digest([plain])
    assert whole(packed) == data
    assert sorted(each.name for each in tmp_path.iterdir()) == ["packed.zip", "plain"], "nothing is written to disk"


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SPARE", 1 << 20)
    bomb = _zipped(tmp_path / "bomb.zip", ("bomb", bytes(30 << 20)))
    with pytest.raises(BadFormat, match="far more than a real file would"):
        digest([bomb])


@pytest.mark.parametrize("names", [(), ("a", "b")])
def test_a_zip_of_several_files_or_none_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    archive = _zipped(tmp_path / "x.zip", ("folder/", b""), *((name, b"x") for name in names))
    with pytest.raises(BadFormat, match=f"a zip archive of {len(names)} files") as refused:
        list(lines(archive))
    assert "give the folder" in refused.value.mend


def test_broken_and_locked_zips_are_refused(tmp_path: Path) -> None:
    good = _zipped(tmp_path / "good.zip", ("it", b"clinical " * 5_000)).read_bytes()
    head, end = good.index(b"PK\x01\x02"), len(good)
    hurt = {
        "truncated": good[: end // 2],
        "flipped": good[:60] + bytes([good[60] ^ 0xFF]) + good[61:],
        "locked": good[: head + 8] + b"\x01" + good[head + 9 :],
        "packed oddly": good[: head + 10] + b"\x63" + good[head + 11 :],
        "no directory": good[:4] + bytes(200),
    }
    for name, data in hurt.items():
        path = tmp_path / f"{name}.zip"
        path.write_bytes(data)
        with pytest.raises(BadFormat):
            digest([path])


@pytest.mark.parametrize(("source", "file"), [("drugbank", "full database.xml"), ("drugbank_vocabulary", "v.csv")])
def test_drugbank_is_read_as_it_is_handed_out(tiny: Path, tmp_path: Path, source: str, file: str) -> None:
    (sample,) = [each for each in (tiny / "sources" / source).rglob("*") if each.suffix == Path(file).suffix]
    _zipped(tmp_path / f"{file}.zip", (file, sample.read_bytes()))
    read = find("sources", source)
    plain, packed = (list(read(place)) for place in (sample, tmp_path))
    told = [[fact for fact in side if not isinstance(fact, Release | Malformed)] for side in (plain, packed)]
    assert len(told[0]) > 3 and told[0] == told[1] and len(plain) == len(packed)
    assert packed[0].sha256 == plain[0].sha256


@pytest.mark.parametrize("digits", [30, 5_000])
def test_an_absurd_length_in_an_extended_header_is_a_broken_archive(digits: int, tmp_path: Path) -> None:
    record = b"9" * digits + b" path=a.json\n"
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, kind, data in (("header", tarfile.XHDTYPE, record), ("a.json", tarfile.REGTYPE, b"{}")):
            entry = tarfile.TarInfo(name)
            entry.type, entry.size = kind, len(data)
            archive.addfile(entry, io.BytesIO(data))
    (tmp_path / "cases.tar").write_bytes(target.getvalue())
    with pytest.raises(BadFormat, match="tar archive"):
        list(members(tmp_path / "cases.tar", ".json"))
