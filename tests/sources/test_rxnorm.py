"""The RxNorm source: term types, strengths, dose forms and brands; what other vocabularies may not be told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from source_contract import check_contract

from probatum.errors import BadPlan
from probatum.sources.rxnorm import rxnorm
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Malformed, Name, Origin, Relation, Release

AT = ("rxnorm", "20AB_260302F")


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the tiny release that a test may change."""
    return Path(shutil.copytree(tiny / "sources/rxnorm", tmp_path / "rxnorm"))


def concepts(folder: Path, **settings: object) -> dict[str, Concept]:
    return {fact.id: fact for fact in rxnorm(folder, **settings) if isinstance(fact, Concept)}  # type: ignore[arg-type]


def test_the_contract(tiny: Path, tmp_path: Path) -> None:
    pinned = (
        Concept("RXCUI:5487", "hydrochlorothiazide", "Drug", Origin(*AT, "5487")),
        Relation("RXCUI:5487", "biolink:category", "rxnorm:IN", Origin(*AT, "5487")),
        Concept(
            "RXCUI:6809",
            "metformin",
            "Drug",
            Origin(*AT, "6809"),
            names=(Name("Metformin", "en", "exact", "DRUGBANK"), Name("METFORMIN", "en", "exact", "MTHSPL")),
            xrefs=("DRUGBANK:DB00331", "UNII:9100L32L2N"),
        ),
    )
    check_contract("rxnorm", tiny / "sources/rxnorm", pinned, tmp_path)


def test_a_row_says_what_the_second_concept_has_to_the_first(tiny: Path) -> None:
    claims = [fact for fact in rxnorm(tiny / "sources/rxnorm") if isinstance(fact, Relation)]
    told = {(each.subject[6:], each.predicate[8:], each.object[6:]) for each in claims}
    assert ("151827", "tradename_of", "6809") in told  # Glucophage of metformin
    assert ("860974", "has_active_ingredient", "6809") in told
    assert ("861007", "has_part", "860974") in told  # consists of
    assert ("861007", "has_attribute", "317541") in told  # its dose form
    assert ("861008", "has_attribute", "151827") in told  # its brand, which RXNREL calls an ingredient
    assert ("5487", "part_of", "214618") in told
    assert not any((object_, predicate, subject) in told for subject, predicate, object_ in told)
    (brand,) = {each.qualifiers for each in claims if each.object == "RXCUI:151827"}
    assert brand == (("aspect", "brand_name"), ("original_predicate", "has_ingredient"), ("vocabulary", "RXNORM"))


def test_the_strength_stands_at_the_ingredient(tiny: Path, tmp_path: Path) -> None:
    write(tmp_path / "kb", rxnorm(tiny / "sources/rxnorm"))
    with Store(tmp_path / "kb") as store:
        doses = {
            each.object: each.qualifier("dose")
            for component in ("RXCUI:316047", "RXCUI:316151", "RXCUI:860974")
            for each in store.relations(component, "biolink:has_active_ingredient")
        }
    assert doses == {
        "RXCUI:5487": "12.5 MG",
        "RXCUI:29046": "10 MG",
        "RXCUI:6809": "500 MG",
        "RXCUI:235743": "500 MG",
    }


def test_product_codes_that_stand(tiny: Path) -> None:
    found = concepts(tiny / "sources/rxnorm")
    assert found["RXCUI:861008"].xrefs == ("NDC:00087606005",)  # one more is suppressed
    assert found["RXCUI:861009"].obsolete


def test_vocabularies_with_conditions_are_told_on_request(tiny: Path) -> None:
    place = tiny / "sources/rxnorm"
    assert "Metformin of the trade list" not in {name.text for name in concepts(place)["RXCUI:6809"].names}
    assert "NDC:00093-1048-01" not in concepts(place)["RXCUI:861007"].xrefs
    wider = concepts(place, restriction=3)
    assert Name("Metformin of the trade list", "en", "exact", "GS") in wider["RXCUI:6809"].names
    assert "NDC:00093-1048-01" in wider["RXCUI:861007"].xrefs
    release = next(rxnorm(place, restriction=3))
    assert isinstance(release, Release) and release.version == "20AB_260302F+restriction=3"
    assert release.published == "2026-03-02"


def test_the_prescribable_subset(tiny: Path) -> None:
    place = tiny / "sources/rxnorm"
    found = concepts(place, subset="prescribable")
    assert "RXCUI:861007" in found and "RXCUI:861009" not in found and "RXCUI:105376" not in found
    assert "DRUGBANK:DB00331" in found["RXCUI:6809"].xrefs
    with pytest.raises(BadPlan, match="all, prescribable"):
        list(rxnorm(place, subset="some"))


def test_retired_concepts(tiny: Path, tmp_path: Path) -> None:
    found = concepts(tiny / "sources/rxnorm")
    assert found["RXCUI:105376"].name == "Metformin 500 MG tablet, old wording"
    assert found["RXCUI:105377"].consider == ("RXCUI:861007", "RXCUI:861008")  # one became two
    write(tmp_path / "kb", rxnorm(tiny / "sources/rxnorm"))
    with Store(tmp_path / "kb") as store:
        assert store.resolve("RXCUI:105376") == "RXCUI:861007"


def test_the_folder_may_be_any_of_those_that_the_archive_unpacks_to(folder: Path, tiny: Path) -> None:
    before = list(rxnorm(tiny / "sources/rxnorm"))
    (folder / "prescribe").mkdir()
    (folder / "rrf").rename(folder / "prescribe/rrf")
    assert list(rxnorm(folder)) == list(rxnorm(folder / "prescribe/rrf")) == before


def test_a_relation_to_nothing_is_put_aside(folder: Path) -> None:
    with (folder / "rrf/RXNREL.RRF").open("a", encoding="utf-8") as file:
        file.write("6809||CUI|RN|999999||CUI|form_of|1||RXNORM||||N|4096|\n")
    aside = [fact for fact in rxnorm(folder) if isinstance(fact, Malformed)]
    assert [(each.path, each.text) for each in aside] == [("RXNREL.RRF", "6809|form_of|999999")]


def test_without_the_table_of_vocabularies_only_its_own_content_is_told(folder: Path) -> None:
    (folder / "rrf/RXNSAB.RRF").unlink()
    release, *facts = rxnorm(folder)
    assert isinstance(release, Release) and release.version == release.sha256
    metformin = next(fact for fact in facts if isinstance(fact, Concept) and fact.id == "RXCUI:6809")
    assert metformin.xrefs == ("UNII:9100L32L2N",)
