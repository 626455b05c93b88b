"""DrugBank's full database: what each drug holds; marks become references; what is not this layout is refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.drugbank_xml import Drug, Interaction, Polypeptide, drugs, release
from probatum.types import Malformed


@pytest.fixture
def file(tiny: Path) -> Path:
    return tiny / "sources/drugbank/full_database.xml"


def read(file: Path) -> dict[str, Drug]:
    return {each.id: each for each in drugs(file) if isinstance(each, Drug)}


def test_a_drug_with_all_that_it_holds(file: Path) -> None:
    warfarin = read(file)["DB00682"]
    assert (warfarin.name, warfarin.type, warfarin.cas, warfarin.unii) == (
        "Warfarin", "small molecule", "81-81-2", "5Q7ZVV76EI",
    )  # fmt: skip
    assert warfarin.others == ("APRD00341",) and warfarin.groups == ("approved",)
    assert warfarin.brands == ("Marevan", "Coumadin")
    assert warfarin.synonyms[1] == ("Warfarina", "spanish", "inn")
    assert warfarin.categories == (("Vitamin K Antagonists", ""), ("Anticoagulants", "D000925"))
    assert warfarin.atc[0][:2] == (("B01AA03", "Warfarin"), ("B01AA", "Vitamin K antagonists"))
    assert warfarin.interactions[0] == Interaction(
        "DB01118", "Amiodarone", "The metabolism of Warfarin can be decreased when combined with Amiodarone."
    )
    assert warfarin.salts == (("DBSALT000044", "Warfarin sodium", "6153CWM0CL"),)
    assert warfarin.pathways[0].drugs == ("DB00682", "DB00170")  # drugs within drugs are no records of their own
    assert warfarin.reactions[0].right == ("DBMET00186", "7-hydroxywarfarin")


def test_marks_become_references_and_links_words(file: Path) -> None:
    texts = {each.section: each for each in read(file)["DB00682"].texts}
    assert texts["pharmacodynamics"].text == "Its effect is followed by the INR. Bleeding is the chief danger."
    assert texts["pharmacodynamics"].references == ("PMID:15358623", "https://example.org/warfarin-label")
    mechanism = texts["mechanism-of-action"].text
    assert mechanism.split("\n\n")[1] == "Compare acenocoumarol, which does the same; the t1/2 differs."


def test_partners_bear_actions_references_and_chains(file: Path) -> None:
    target, enzyme, carrier = read(file)["DB00682"].partners
    assert (target.role, enzyme.role, carrier.role) == ("target", "enzyme", "carrier")
    assert target.actions == ("inhibitor",) and target.references == ("PMID:14765194",) and target.known_action == "yes"
    assert target.polypeptides == (
        Polypeptide(
            "Q9BQB4",
            "Vitamin K epoxide reductase complex subunit 1",
            "VKORC1",
            "Humans",
            "9606",
            (("HUGO Gene Nomenclature Committee (HGNC)", "HGNC:23663"), ("UniProtKB", "Q9BQB4")),
            ("Vitamin K1 2,3-epoxide reductase subunit 1",),
            "Makes vitamin K fit for use again.",
        ),
    )
    assert read(file)["DB01118"].partners[0].strengths == (("inhibition", "moderate"),)


def test_the_release_and_what_is_no_drug(file: Path, tmp_path: Path) -> None:
    assert release(file) == "5.1_2025-01-02"
    (bad,) = [each for each in drugs(file) if isinstance(each, Malformed)]
    assert bad == Malformed(
        "full_database.xml", 243, "a drug needs an id DB and five digits, and a name", "no id Broken"
    )
    packed = tmp_path / "full.xml.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert len(read(packed)) == len(read(file)) == 9


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not XML"),
        (b"<drugbank/>", "root is 'drugbank'"),
        (b'<drugbank xmlns="http://www.drugbank.ca"/>', "no drug"),
        (b'<!DOCTYPE d [<!ENTITY a "b">]><drugbank xmlns="http://www.drugbank.ca"><drug/></drugbank>', "document type"),
        (b'<drugbank xmlns="http://www.drugbank.ca"><drug>', "not XML"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "x.xml").write_bytes(data)
    with pytest.raises(BadFormat, match=said):
        list(drugs(tmp_path / "x.xml"))
    with pytest.raises(NeedsFile):
        list(drugs(tmp_path / "nowhere.xml"))
