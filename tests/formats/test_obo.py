"""OBO: terms with names, synonyms, definitions and ids; broken lines are put aside, their term stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.obo import release, terms
from probatum.formats.ontology import Term, curie, release_in
from probatum.types import Malformed, Name

HEAD = "format-version: 1.2\ndata-version: hp/releases/2025-01-16\n\n"


def obo(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "t.obo"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    return file


def read(tmp_path: Path, stanzas: str) -> tuple[list[Term], list[Malformed]]:
    found = list(terms(obo(tmp_path, HEAD + stanzas)))
    return [x for x in found if isinstance(x, Term)], [x for x in found if isinstance(x, Malformed)]


def test_the_tiny_ontology(tiny: Path) -> None:
    found = [term for term in terms(tiny / "sources/hpo/hp.obo") if isinstance(term, Term)]
    assert release(tiny / "sources/hpo/hp.obo") == "2025-01-16"
    assert len(found) == 15
    assert found[0] == Term("HP:0000001", "All", 8, xrefs=("UMLS:C0444868",))
    assert found[6] == Term(
        id="HP:0001250",
        name="Seizure",
        line=47,
        definition='A spell in which nerve cells "fire" together, seen from without or not.',
        definition_references=("PMID:12345678", "https://orcid.org/0000-0000-0000-0001"),
        synonyms=(Name("Epileptic seizure", scope="narrow"), Name("Seizures", scope="exact", kind="layperson")),
        is_a=("HP:0000707",),
        alternatives=("HP:0001275",),
        xrefs=("SNOMEDCT_US:91175000", "UMLS:C0036572"),
    )
    assert found[9].id == "HP:0001744"
    assert found[4].obsolete and found[4].replaced_by == ("HP:0000118",) and found[4].consider == ("HP:0001250",)
    assert found[-1].id == "HP:0031797"


def test_escapes_modifiers_and_comments(tmp_path: Path) -> None:
    found, wrong = read(
        tmp_path,
        "! a remark\n[Term]\nid: X:1 ! one\nname: a\\, b\\nc\n"
        'def: "Said \\"so\\"." [PMID:1 "a, title", https://x.org/a\\,b , ] {source="y"}\n'
        'synonym: "s [1]" RELATED abbreviation [X:9]\nis_a: X:2 {source="z"} ! two\nxref: Y:3 "three"\n',
    )
    assert not wrong
    assert found[0].name == "a, b\nc"
    assert found[0].definition == 'Said "so".'
    assert found[0].definition_references == ("PMID:1", "https://x.org/a,b")
    assert found[0].synonyms == (Name("s [1]", scope="related", kind="abbreviation"),)
    assert found[0].is_a == ("X:2",)
    assert found[0].xrefs == ("Y:3",)


def test_broken_lines_are_put_aside_and_the_term_stays(tmp_path: Path) -> None:
    found, wrong = read(
        tmp_path,
        '[Term]\nid: X:1\nname: one\nis_a: two\nsynonym: unquoted EXACT []\nsynonym: "x" NEARLY []\ndef: "x\n'
        "no tag here\nalt_id: \nname\udce4: x\nis_a: X:3\n",
    )
    assert [(each.line, each.reason.split(":")[0]) for each in wrong] == [
        (11, "'tag"),
        (13, "not UTF-8 at byte 4 of the line"),
        (7, "is_a must be an id"),
        (8, "synonym"),
        (9, "synonym"),
        (10, "def"),
        (12, "alt_id must be an id"),
    ]
    assert found == [Term("X:1", "one", 4, is_a=("X:3",))]


def test_terms_without_id_or_name_and_second_ones_are_put_aside(tmp_path: Path) -> None:
    found, wrong = read(
        tmp_path, "[Term]\nname: no id\n[Term]\nid: X:1\n[Term]\nid: X:2\nname: a\n[Term]\nid: X:2\nname: b\n"
    )
    assert [term.name for term in found] == ["a"]
    assert [(each.line, each.reason.split(" ")[0]) for each in wrong] == [(4, "a"), (6, "a"), (11, "a")]


def test_cycles_do_not_trouble_the_reader(tmp_path: Path) -> None:
    found, _ = read(tmp_path, "[Term]\nid: X:1\nname: a\nis_a: X:1\nis_a: X:2\n[Term]\nid: X:2\nname: b\nis_a: X:1\n")
    assert [term.is_a for term in found] == [("X:1", "X:2"), ("X:1",)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "hello\n",
        "[Term]\nid: X:1\n",
        "\udcff\udcfe[\0T\0",
        "\udc89PNG\r\n\x1a\n",
        '{"graphs": []}',
        "x" * 1_100_000,
    ],
)
def test_what_is_no_obo_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFormat, match="OBO header"):
        list(terms(obo(tmp_path, text)))


def test_a_release_is_a_date_or_the_version_itself(tmp_path: Path) -> None:
    assert release(obo(tmp_path, "format-version: 1.2\ndata-version: 4.1\n")) == "4.1"
    assert release(obo(tmp_path, "format-version: 1.2\n")) == ""
    assert release_in("http://purl.obolibrary.org/obo/hp/releases/2025-01-16/hp.json") == "2025-01-16"
    assert curie("<http://purl.obolibrary.org/obo/HP_0000001>") == "HP:0000001"
    assert curie("https://example.org/x_1") == "https://example.org/x_1"


@pytest.mark.shared
def test_the_whole_release(shared: Path) -> None:
    found = list(terms(shared / "hpo/2025-01-16/hp.obo.gz"))
    assert len(found) == 19_484 and all(isinstance(each, Term) for each in found)
    assert sum(len(term.is_a) for term in found if isinstance(term, Term)) == 23_392
    assert sum(len(term.synonyms) for term in found if isinstance(term, Term)) == 23_519
    assert sum(bool(term.definition) for term in found if isinstance(term, Term)) == 16_454
    assert sum(term.obsolete for term in found if isinstance(term, Term)) == 450


@pytest.mark.shared
def test_a_release_of_2017_and_another_ontology_s_import(shared: Path) -> None:
    old = [term for term in terms(shared / "hpo/hp.2017-04-13.obo.gz") if isinstance(term, Term)]
    assert len(old) == 12_358 and sum(len(term.is_a) for term in old) == 16_044
    new = list(terms(shared / "hpo/mondo-import/hp_import.obo"))
    assert len(new) == 1_188
    assert [each.text for each in new if isinstance(each, Malformed)] == ["id: HP:0006872"]  # it has no name
