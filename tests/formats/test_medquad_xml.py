"""MedQuAD XML: three element vocabularies, pairs by their place; hostile documents are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.medquad_xml import Document, Pair, document
from probatum.formats.reading import members
from probatum.types import Malformed

GOOD = (
    '<Document id="1" source="GARD" url="u"><QAPairs><QAPair pid="1"><Question>q</Question></QAPair></QAPairs>'
    "</Document>"
)


def tiny_document(tiny: Path, name: str) -> Document:
    return document((tiny / "sources/medquad" / name).read_bytes(), name)


def test_a_document(tiny: Path) -> None:
    found = tiny_document(tiny, "2_GARD_QA/0002396.xml")
    assert found.pairs[3] == Pair(
        4,
        "What are the treatments for Gaucher disease ?",
        "treatment",
        "The missing enzyme can be given, or less of the fat made.",
    )
    assert found == Document(
        source="GARD",
        id="0002396",
        url="https://rarediseases.info.nih.gov/gard/2396/gaucher-disease",
        focus="Gaucher disease",
        concepts=("C0017205",),
        types=("T047",),
        synonyms=("Glucocerebrosidase deficiency", "GBA deficiency"),
        pairs=found.pairs,
    )
    assert found.pairs[1].answer == "A large spleen & liver, few platelets, pain in the bones."


def test_the_other_two_vocabularies_and_an_empty_answer(tiny: Path) -> None:
    small = tiny_document(tiny, "6_NINDS_QA/0000007.xml")
    assert (small.source, small.id, small.focus, small.concepts) == ("NINDS", "0000007", "Holmes-Adie", ())
    assert small.pairs[0].question == "what is holmes-adie syndrome ?"
    other = tiny_document(tiny, "9_CDC_QA/0000397.xml")
    assert (other.source, other.id, len(other.pairs)) == ("CDC", "0000397", 1)
    assert other.pairs[0].answer.startswith("A tapeworm lives in the gut.\n\nIt comes")
    assert [pair.answer for pair in tiny_document(tiny, "10_MPlus_ADAM_QA/0000486.xml").pairs] == ["", ""]


SECRET = "root:x"  # noqa: S105
LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "data",
    [
        f"<!DOCTYPE d [{LAUGHS}]>{GOOD.replace('>q<', '>&i;<')}".encode(),
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>{GOOD.replace(">q<", ">&x;<")}'.encode(),
        f'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">{GOOD}'.encode(),
        f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d [<!ENTITY x "y">]>{GOOD}'.encode("utf-16"),
    ],
)
def test_entities_and_document_types_are_refused(data: bytes) -> None:
    with pytest.raises(BadFormat, match="document type or an entity") as refused:
        document(data, "x.xml")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", r"x\.xml:\d+: not XML"),
        (GOOD[:60].encode(), r"x\.xml:1: not XML"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not XML"),
        (GOOD.replace("q<", "\u00e4<").encode("latin-1"), "not XML"),
        (b'<?xml version="1.0" encoding="no-such"?>' + GOOD.encode(), "not XML"),
        (b"<a>" * 5000 + b"</a>" * 5000, "not XML"),
        (b"<Document/>", "needs a source and an id"),
        (GOOD.replace("<Question>q</Question>", "").encode(), "a pair needs a question"),
        (GOOD.replace("<QAPairs>", "<CUI>7</CUI><QAPairs>").encode(), "'7' is no UMLS id"),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadFormat, match=said):
        document(data, "x.xml")


@pytest.mark.shared
@pytest.mark.slow
def test_the_whole_collection(shared: Path) -> None:
    documents = pairs = answered = old = 0
    for member in members(shared / "medquad/medquad-xml.tar.gz", ".xml"):
        assert not isinstance(member, Malformed)
        found = document(member[1], member[0])
        documents += 1
        pairs += len(found.pairs)
        answered += sum(bool(pair.answer) for pair in found.pairs)
        old += len(found.pairs) if b"<qaPairs>" in member[1] else 0
    # 47,457 is the number that its makers give; 16 of them stand in an older vocabulary and are easily overlooked
    assert (documents, pairs, answered) == (11_274, 47_457, 16_423)
    assert (pairs - old, answered - old) == (47_441, 16_407)
