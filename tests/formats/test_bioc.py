"""BioC: text by offset, annotations in one or several stretches, relations; what is broken is said, not swallowed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.bioc import Document, documents
from probatum.types import Malformed

HEAD = '<?xml version="1.0"?><!DOCTYPE collection SYSTEM "BioC.dtd"><collection>'


def test_text_annotations_and_relations(tiny: Path) -> None:
    found = list(documents(tiny / "datasets/bc5cdr.BioC.xml"))
    assert [each.id for each in found if isinstance(each, Document)] == [f"900000{n}" for n in range(1, 7)]
    first, last = found[0], found[-1]
    assert isinstance(first, Document) and isinstance(last, Document)
    assert first.text.startswith("Amiodarone-induced thyroiditis in an elderly man. A man of 71")
    spans = [(each.parts, each.text) for each in first.annotations[:2]]
    assert spans == [(((0, 10),), "Amiodarone"), (((19, 30),), "thyroiditis")]
    assert all(first.text[each.parts[0][0] : each.parts[-1][1]] == each.text for each in first.annotations)
    assert first.relations == ((("relation", "CID"), ("Chemical", "D000638"), ("Disease", "D013966")),)
    assert last.annotations[1].parts == ((0, 6), (19, 23)) and last.annotations[1].text == "Visual loss"


def test_a_packed_file_reads_the_same(tiny: Path, tmp_path: Path) -> None:
    plain = tiny / "datasets/bc5cdr.BioC.xml"
    (tmp_path / "x.xml.gz").write_bytes(gzip.compress(plain.read_bytes()))
    assert list(documents(tmp_path / "x.xml.gz")) == list(documents(plain))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<document><passage><offset>0</offset><text>a</text></passage></document>", "needs an id"),
        ("<document><id>1</id><passage><offset>x</offset><text>a</text></passage></document>", "invalid literal"),
        (
            "<document><id>1</id><passage><offset>5</offset><text>a</text></passage>"
            "<passage><offset>2</offset><text>b</text></passage></document>",
            "a passage at offset 2",
        ),
        (
            "<document><id>1</id><passage><offset>0</offset><text>abc</text><annotation id='0'>"
            "<location offset='2' length='9'/><text>c</text></annotation></passage></document>",
            "outside the text",
        ),
        (
            "<document><id>1</id><passage><offset>99999999999</offset><text>a</text></passage></document>",
            "a passage at",
        ),
    ],
)
def test_a_broken_document_is_set_aside_and_the_rest_read(tmp_path: Path, body: str, said: str) -> None:
    file = tmp_path / "x.xml"
    file.write_text(f"{HEAD}{body}<document><id>2</id></document></collection>")
    broken, whole = documents(file)
    assert isinstance(broken, Malformed) and said in broken.reason
    assert whole == Document("2", "", (), ())


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x00\x01", b"<collection><document>", b"\xff\xfe<\x00",
        b'<!DOCTYPE c [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><c><document><id>&b;</id></document></c>',
    ],
)  # fmt: skip
def test_what_is_no_sound_xml_raises(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.xml").write_bytes(data)
    with pytest.raises(BadFormat):
        list(documents(tmp_path / "x.xml"))
    with pytest.raises(NeedsFile):
        list(documents(tmp_path / "none.xml"))
