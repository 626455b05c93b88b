"""The source pmc: passages by section, each article under its own licence."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest
from source_contract import check_contract

from probatum.sources.pmc import pmc
from probatum.types import Concept, Fact, Malformed, Origin, Passage, Relation, Release

AT = Origin("pmc", "", "PMC:PMC700001")
SHARED = {
    "copyright": "© The Authors 2020",
    "journal": "Open storage disorders",
    "licence": "CC BY 4.0",
    "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    "published": "2020-01-09",
    "status": "retracted",
    "year": "2020",
}
TITLE = "Two doses of enzyme in Fabry disease"


def passage(id: str, text: str, **said: str) -> Passage:
    qualifiers = tuple(sorted((SHARED | said).items()))
    return Passage(f"PMC:PMC700001#{id}", text, TITLE, "en", AT, qualifiers=qualifiers)


PINNED: list[Fact] = [
    Concept("PMC:PMC700001", TITLE, "Publication", AT, xrefs=("PMID:2000001", "doi:10.5555/jsd.2020.101")),
    Relation(
        "PMC:PMC700001",
        "skos:exactMatch",
        "PMID:2000001",
        AT,
        qualifiers=(
            ("comment", "the record states the PMID"),
            ("confidence", "0.99"),
            ("mapping_justification", "semapv:UnspecifiedMatching"),
        ),
    ),
    passage("abstract-1", "The dose is not known.", section="Abstract > Background"),
    passage("abstract-2", "Gb3 fell.", section="Abstract > Results"),
    passage("body-3", "Before any section."),
    passage("body-4", "Forty men were treated1; the rate was 0.5 a year.", section="Methods"),
    passage("body-5", "All agreed.\nin writing and freely", section="Methods > Ethics"),
    passage("body-6", "See the table.", section="Results"),
    passage(
        "figure-1", "Figure 1 Flow. Who was asked and who took part.", section="Figure 1", media="flow-1", kind="figure"
    ),
    passage("table-2", "Table 1 Plasma values.\nDose | Gb3\n0.2 | -30%\n1.0 | -52%", section="Table 1", kind="table"),
    passage("supplement-3", "File 1 All values.", section="File 1", media="data.csv", kind="supplement"),
    Relation(
        "PMC:PMC700001", "biolink:related_to", "PMID:2000005", AT, qualifiers=(("original_predicate", "RetractionIn"),)
    ),
]


def test_the_contract(tiny: Path, tmp_path: Path) -> None:
    check_contract("pmc", tiny / "sources/pmc", PINNED, tmp_path)


def test_a_notice_points_at_the_paper_and_licences_differ(tiny: Path) -> None:
    facts = list(pmc(tiny / "sources/pmc"))
    (notice,) = [fact for fact in facts if isinstance(fact, Relation) and fact.origin.at == "PMC:PMC700002"]
    assert (notice.subject, notice.object) == ("doi:10.5555/jsd.2020.101", "PMC:PMC700002")
    (body,) = [fact for fact in facts if isinstance(fact, Passage) and fact.id == "PMC:PMC700002#body-1"]
    assert dict(body.qualifiers)["licence"] == "CC BY"


def test_an_archive_and_a_file_give_the_same(tiny: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "oa.tar.gz", "w:gz") as tar:
        for file in sorted((tiny / "sources/pmc").iterdir()):
            tar.add(file, file.name)
    whole = list(pmc(tiny / "sources/pmc"))
    packed = list(pmc(tmp_path / "oa.tar.gz"))
    assert packed[1:] == whole[1:] and isinstance(packed[0], Release)
    alone = list(pmc(tiny / "sources/pmc/PMC700002.nxml"))
    assert [type(fact) for fact in alone] == [Release, Concept, Passage, Relation]


def test_broken_and_doubled_articles_are_set_aside(tiny: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny / "sources/pmc", tmp_path / "pmc"))
    shutil.copy(folder / "PMC700001.nxml", folder / "PMC700009.nxml")
    (folder / "a.nxml").write_bytes(b"<article><front>")
    (folder / "b.xml").write_bytes(b"<article><front><article-meta/></front></article>")
    found = [fact for fact in pmc(folder) if isinstance(fact, Malformed)]
    assert [fact.path for fact in found] == ["PMC700009.nxml", "a.nxml", "b.xml"]
    assert [fact.text for fact in found] == ["PMC:PMC700001", "", ""]


@pytest.mark.shared
def test_the_real_articles(shared: Path) -> None:
    facts = list(pmc(shared / "pmc-oa-nxml"))
    assert sum(isinstance(fact, Concept) for fact in facts) == 6
    passages = [fact for fact in facts if isinstance(fact, Passage)]
    assert len(passages) == 152 and all(dict(fact.qualifiers)["licence"] for fact in passages)
    assert not any(isinstance(fact, Malformed) for fact in facts)


@pytest.mark.shared
def test_an_answer_of_efetch_is_read_as_the_files_are(shared: Path) -> None:
    facts = list(pmc(shared / "api-captures/ncbi_efetch"))
    assert sum(isinstance(fact, Passage) for fact in facts) == 19
    article = next(fact for fact in facts if isinstance(fact, Concept))
    assert (article.id, article.xrefs[0]) == ("PMC:PMC6329583", "PMID:30311380")
