"""One test for each database of the survey that is said to work: it asserts what working means for its row."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import probatum
from probatum.annotators.dictionary import dictionary
from probatum.errors import BadFormat, NeedsConsent
from probatum.naming import card_of, find
from probatum.store import consent
from probatum.store.explosion import passages_under
from probatum.store.graph import Graph
from probatum.store.linking import concepts_in
from probatum.store.reader import Store
from probatum.store.wording import in_words
from probatum.store.words import words as word_index
from probatum.store.writer import write
from probatum.types import Concept, Mention, Origin, Passage, Release

# --- named knowledge graphs: an import of each layout, the same queries, source and version on every edge ---


def _asked(source: str, sample: Path, folder: Path, edge: tuple[str, str, str], *, word: str, found: str) -> None:
    """Loads one layout and asks of it what is asked of every graph: by each part of an edge, by a word, by steps."""
    store_folder = folder / sample.name
    written = write(store_folder, find("sources", source)(sample))
    release = next(iter(find("sources", source)(sample)))
    subject, predicate, object = edge
    with Store(store_folder) as store:
        every = list(store.relations())
        assert every and written.written >= len(every)
        for claim in every:
            origin = claim.origin
            assert (origin.source, origin.release) == (source, release.version) and origin.at and origin.retrieved
            assert store.concept(claim.subject) is not None and store.concept(claim.object) is not None
        asked = store.relations(*edge), store.relations(subject=subject), store.relations(object=object)
        (claim,) = list(asked[0])
        assert all(claim in list(answer) for answer in asked[1:])
        assert claim in list(store.relations(predicate=predicate)) and not claim.negated
        assert {
            hit.concept for hit in dictionary(store, kinds=(store.kind_of(found),))(word) if isinstance(hit, Mention)
        } == {found}
        graph = Graph.open(store)
        said = {(each.subject, each.predicate, each.object) for each in every if not each.negated}
        assert (object, 1) in graph.neighbours(subject) and graph.edges == len(said)
        assert graph.shortest_paths(object, subject)[0][0].predicate == predicate
        assert store.name_of(object) in in_words(store, claim) and store.name_of(subject) in in_words(
            store, claim, "zh"
        )


def test_spoke(tiny: Path, tmp_path: Path) -> None:
    folder = tiny / "sources/spoke"
    treats = ("DRUGBANK:DB00053", "biolink:treats", "DOID:1926")
    _asked("spoke", folder / "export.jsonl", tmp_path, treats, word="imiglucerase", found=treats[0])
    takes_part = ("UniProtKB:P06280", "biolink:participates_in", "spoke:Pathway/PC7_1")
    _asked("spoke", folder / "export.csv", tmp_path, takes_part, word="Fabry disease", found="DOID:14499")
    write(tmp_path / "contexts", find("sources", "spoke")(folder / "contexts.csv"))
    with Store(tmp_path / "contexts") as store:
        (context,) = store.passages(about="DOID:1926")
        assert "GBA1" in context.text and context.origin.source == "spoke"


def test_cmekg(tiny: Path, tmp_path: Path) -> None:
    folder = tiny / "sources/cmekg"
    treats = ("cmekg:伊米苷酶", "biolink:treats", "cmekg:戈谢病")
    _asked("cmekg", folder / "triples.tsv", tmp_path, treats, word="考虑戈谢病", found="cmekg:戈谢病")
    shows = ("cmekg:法布里病", "biolink:has_phenotype", "cmekg:肢端疼痛")
    _asked("cmekg", folder / "disease.json", tmp_path, shows, word="肢端疼痛", found="cmekg:肢端疼痛")


def test_the_graph_of_shennong(tiny: Path, tmp_path: Path) -> None:
    used = ("shennong_tcm:人参", "biolink:applied_to_treat", "shennong_tcm:气虚")
    sample = tiny / "sources/shennong_tcm/TCM-KG_triples.txt"
    _asked("shennong_tcm", sample, tmp_path, used, word="服用人参", found="shennong_tcm:人参")


def test_the_knowledge_base_of_qizhen(tiny: Path, tmp_path: Path) -> None:
    treats = ("qizhen:伊米苷酶", "biolink:treats", "qizhen:戈谢病")
    _asked("qizhen", tiny / "sources/qizhen/indications.csv", tmp_path, treats, word="戈谢病", found="qizhen:戈谢病")
    write(tmp_path / "answers", find("sources", "qizhen")(tiny / "sources/qizhen/train.json"))
    with Store(tmp_path / "answers") as store:
        (answer,) = store.passages(about="qizhen:伊米苷酶")
        assert answer.language == "zh" and answer.origin.source == "qizhen" and answer.origin.release


def test_the_disease_tables_of_chatdoctor(tiny: Path, tmp_path: Path) -> None:
    def own(name: str) -> str:
        return f"chatdoctor_diseases:{name}"

    folder, shows = tiny / "sources/chatdoctor_diseases", "biolink:has_phenotype"
    for file, disease, symptom in (
        ("disease_symptom.csv", "Gaucher_disease", "Easy_bruising"),
        ("disease_database_mini.csv", "Fabry_disease", "Burning_feet"),
        ("format_dataset.csv", "Fabry_disease", "Burning_feet"),
    ):
        edge = (own(disease), shows, own(symptom))
        _asked("chatdoctor_diseases", folder / file, tmp_path, edge, word=symptom.replace("_", " "), found=own(symptom))


def test_a_graph_of_prescriptions(tiny: Path, tmp_path: Path) -> None:
    folder = tiny / "sources/tcm_prescriptions"
    holds = ("tcm_prescriptions:桂枝汤", "biolink:has_ingredient", "tcm_prescriptions:芍药")
    _asked(
        "tcm_prescriptions", folder / "formulas.csv", tmp_path, holds, word="桂枝汤", found="tcm_prescriptions:桂枝汤"
    )
    used = ("tcm_prescriptions:处方_17", "biolink:applied_to_treat", "tcm_prescriptions:心悸")
    _asked("tcm_prescriptions", folder / "cases.jsonl", tmp_path, used, word="心悸", found="tcm_prescriptions:心悸")


def test_a_graph_of_several_sources(tiny: Path, tmp_path: Path) -> None:
    treats = ("DRUGBANK:DB05018", "biolink:treats", "ORPHA:324")
    _asked("lmkg", tiny / "sources/lmkg/triples.csv", tmp_path, treats, word="Fabry disease", found="ORPHA:324")


def test_the_precision_medicine_graph(tiny: Path, tmp_path: Path) -> None:
    treats = ("DRUGBANK:DB00053", "biolink:treats", "MONDO:0009265")
    _asked("primekg", tiny / "sources/primekg/kg.csv", tmp_path, treats, word="splenomegaly", found="HP:0001744")


# --- the vocabularies of the National Library of Medicine ---


def _named(store: Store, text: str) -> list[str]:
    """The concepts that the dictionary finds in a text, in its order."""
    annotate = dictionary(store, kinds=("Disease", "PhenotypicFeature", "ChemicalEntity", "Drug", "OntologyClass"))
    return [hit.concept for hit in annotate(text) if isinstance(hit, Mention)]


def _ends(store: Store, subject: str, predicate: str, aspect: str = "") -> set[str]:
    claims = store.relations(subject, predicate)
    return {claim.object for claim in claims if claim.qualifier("aspect") == aspect}


def test_umls(tiny: Path, tmp_path: Path) -> None:
    """MRCONSO, MRREL, MRSTY and MRDEF load; synonyms lead to their concept, the hierarchy and the types are there."""
    for folder in (tiny / "sources/umls", tiny / "sources/umls/META"):
        place = tmp_path / folder.name
        written = write(place, find("sources", "umls")(folder))
        assert written.quarantined == 0 and written.release == "2026AA"
        with Store(place) as store:
            for synonym in (
                "glucocerebrosidase deficiency",
                "Gaucher disease",
                "maladie de Gaucher",
                "戈谢病",
            ):
                assert _named(store, synonym) == ["UMLS:C0017205"], synonym
            assert _named(store, "an enlarged spleen") == ["UMLS:C0038002"]
            assert store.name_of("UMLS:C0017205", "zh") == "戈谢病"
            graph = Graph.open(store)
            assert graph.ancestors("UMLS:C0017205") == ["UMLS:C0037899", "UMLS:C0085078"]
            assert graph.descendants("UMLS:C0085078") == ["UMLS:C0037899", "UMLS:C0002986", "UMLS:C0017205"]
            types = {id: _ends(store, f"UMLS:{id}", "biolink:category") for id in ("C0017205", "C0025598", "C0038002")}
            assert types == {
                "C0017205": {"STY:T047"},
                "C0025598": {"STY:T109", "STY:T121"},
                "C0038002": {"STY:T184"},
            }
            assert store.name_of("STY:T047") == "Disease or Syndrome"
            (definition,) = (each for each in store.passages(about="UMLS:C0017205") if each.language == "en")
            assert definition.kind == "definition" and definition.qualifiers == (("vocabulary", "MSH"),)


def test_mesh(tiny: Path, tmp_path: Path) -> None:
    """Descriptors and supplementary records load; trees and entry terms can be asked; a search expands downwards."""
    write(tmp_path / "kb", find("sources", "mesh")(tiny / "sources/mesh"))
    about = (("PMID:1", "MESH:D005776"), ("PMID:2", "MESH:C999901"), ("PMID:3", "MESH:D008687"))
    articles = (Passage(id, "A text.", id, "en", Origin("articles", "1", id), about=(to,)) for id, to in about)
    write(tmp_path / "kb", (Release("articles", "1", "ours", "0" * 64), *articles))
    with Store(tmp_path / "kb") as store:
        assert _named(store, "glucocerebrosidase deficiency") == ["MESH:D005776"]
        assert _named(store, "treated with Xalkori") == ["MESH:C551994"]
        scopes = {name.text: name.scope for name in store.concept("MESH:D005776").names}  # type: ignore[union-attr]
        assert scopes["Non-Neuronopathic Gaucher Disease"] == "narrow"
        graph = Graph.open(store)
        assert graph.ancestors("MESH:D000795")[0] == "MESH:D013106" and "MESH:D009358" in graph.ancestors(
            "MESH:D000795"
        )
        (link,) = (link for link in concepts_in(store, "articles on sphingolipidoses") if link.weight == 1)
        assert not [each for each in store.passages(about=link.concept) if each.kind == "document"]
        found = [each.id for each in passages_under(store, [link.concept]) if each.kind == "document"]
        assert found == ["PMID:1", "PMID:2"]  # indexed under Gaucher disease, and under a record that maps to it


def test_rxnorm(tiny: Path, tmp_path: Path) -> None:
    """RXNCONSO, RXNREL and RXNSAT load; what a prescription names leads to ingredient, strength, form and brand."""
    write(tmp_path / "kb", find("sources", "rxnorm")(tiny / "sources/rxnorm"))

    def resolved(store: Store, text: str) -> tuple[dict[str, str], set[str], set[str]]:
        """Ingredients with their strengths, dose forms and brands of the drugs that a text names."""
        drugs = {hit for hit in _named(store, text) if _ends(store, hit, "biolink:category") != {"rxnorm:DF"}}
        if brands := {hit for hit in drugs if _ends(store, hit, "biolink:category") == {"rxnorm:BN"}}:
            branded = (claim for brand in brands for claim in store.relations("", "biolink:has_attribute", brand))
            drugs |= {claim.subject for claim in branded}
        for drug in sorted(drugs):
            brands |= _ends(store, drug, "biolink:has_attribute", "brand_name")
            sold = store.relations("", "biolink:tradename_of", drug)
            brands |= {
                end for each in sold for end in _ends(store, each.subject, "biolink:has_attribute", "brand_name")
            }
        parts = {part for drug in drugs for part in _ends(store, drug, "biolink:has_part")}
        claims = [claim for part in parts for claim in store.relations(part, "biolink:has_active_ingredient")]
        basic = [claim for claim in claims if "rxnorm:IN" in _ends(store, claim.object, "biolink:category")]
        forms = {form for drug in drugs for form in _ends(store, drug, "biolink:has_attribute", "dose_form")}
        doses = {store.name_of(claim.object): claim.qualifier("dose") for claim in basic}
        return doses, {store.name_of(form) for form in forms}, {store.name_of(brand) for brand in brands}

    metformin = ({"metformin": "500 MG"}, {"Oral Tablet"}, {"Glucophage"})
    with Store(tmp_path / "kb") as store:
        assert resolved(store, "Glucophage, one twice daily with meals, 60 of them") == metformin
        assert resolved(store, "metformin HCl 500 mg oral tablet: 1 tab PO BID") == metformin
        both = resolved(store, "lisinopril 10 MG / hydrochlorothiazide 12.5 MG Oral Tablet every morning")
        assert both == ({"lisinopril": "10 MG", "hydrochlorothiazide": "12.5 MG"}, {"Oral Tablet"}, set())
        (product,) = (each.id for each in store.concepts("Drug") if "NDC:00087606005" in each.xrefs)
        assert store.name_of(product).endswith("[Glucophage]")


# --- the literature ---


def _found(store: Store, words: str) -> list[str]:
    return [hit.id for hit in word_index(store).search(words, 10)]


def test_medline(tiny: Path, tmp_path: Path) -> None:
    """Baseline, updates, deletions and .nbib load; an update replaces what was; a search gives PMIDs; old ones stay."""
    medline, folder, kb = find("sources", "medline"), tiny / "sources/medline", tmp_path / "kb"
    write(kb, medline(folder / "baseline"))
    with Store(kb) as store:
        assert _found(store, "a record that was entered twice")[0] == "PMID:2000003"
        assert _found(store, "dose of agalsidase by plasma Gb3")[0] == "PMID:2000001"
        before = store.passage("PMID:2000001")
        assert before is not None and "fell by 30%" in before.text and "status" not in dict(before.qualifiers)
        assert {claim.object for claim in store.relations("PMID:2000001", "biolink:mentions")} == {
            f"MESH:{id}" for id in ("D000795", "D006801", "D000519")
        }
    write(kb, medline(folder / "updatefiles"))
    write(kb, medline(tiny / "formats/search.nbib"))
    with Store(kb) as store:
        assert "PMID:2000003" not in _found(store, "a record that was entered twice")
        assert store.passage("PMID:2000003") is None and store.concept("PMID:2000003") is None
        after = store.passage("PMID:2000001")
        assert after is not None and "cannot be relied on" in after.text
        assert dict(after.qualifiers)["status"] == "retracted"
        assert {claim.object for claim in store.relations("PMID:2000001", "biolink:mentions")} == {"MESH:D000795"}
        notice = store.relations("PMID:2000001", "biolink:related_to", "PMID:2000005")
        assert {claim.qualifier("original_predicate") for claim in notice} == {"RetractionIn"}
        assert _found(store, "stroke in young adults")[0] == "PMID:2000010"
        assert _found(store, "以手痛为首发")[0].startswith("PMID:2000002")
        untouched = store.passage("PMID:2000002")
        assert untouched is not None and untouched.origin.release == "pubmed26n0001"
    with Store(kb, releases=["medline@pubmed26n0001"]) as store:  # what was known before the update
        assert store.passage("PMID:2000001") == before and "PMID:2000003" in _found(store, "entered twice")
    with Store(kb, as_of="2021-06-01") as store:
        assert store.passage("PMID:2000001") == before and store.passage("PMID:2000010") is not None


def test_embase(tiny: Path, tmp_path: Path) -> None:
    """RIS and CSV exports load; Emtree terms lead to MeSH; an article that MEDLINE has too is one article."""
    kb = tmp_path / "kb"
    write(kb, find("sources", "medline")(tiny / "sources/medline/baseline"))
    written = write(kb, find("sources", "embase")(tiny / "sources/embase"))
    assert written.quarantined == 0
    with Store(kb) as store:
        records = [concept for concept in store.concepts("Publication") if concept.id.startswith("embase:")]
        assert len(records) == 5  # two of RIS, two of CSV by column, one of CSV by row
        mapped = {claim.subject: claim for claim in store.relations(predicate="skos:closeMatch")}
        fabry = mapped["EMTREE:fabry_disease"]
        assert fabry.object == "MESH:D000795" and store.name_of(fabry.object) == "Fabry Disease"
        assert fabry.qualifier("mapping_justification") == "semapv:LexicalMatching" and fabry.qualifier("confidence")
        doubles = [claim for claim in store.relations(predicate="skos:exactMatch") if "PMID" in claim.object]
        assert {(claim.subject, claim.object) for claim in doubles} == {
            ("embase:L2000000001", "PMID:2000001"),
            ("embase:L2000000003", "PMID:2000002"),
            ("embase:L2000000005", "PMID:2000007"),
        }
        assert all(claim.qualifier("mapping_justification") and claim.qualifier("comment") for claim in doubles)
        assert "PMID:2000001" in store.same("embase:L2000000001")
        # the same trial is found once, under its PMID
        trial = _found(store, "agalsidase dose plasma Gb3 trial")
        assert trial[0] == "PMID:2000001" and "embase:L2000000001" not in trial


def test_the_graph_that_grows_by_year(tiny: Path, tmp_path: Path) -> None:
    edge = ("MESH:D000077543", "biolink:ameliorates_condition", "MESH:D008569")
    _asked("dalk", tiny / "sources/dalk", tmp_path, edge, word="deferiprone", found="MESH:D000077543")
    with Store(tmp_path / "dalk") as store:
        (claim,) = store.relations(*edge)
        assert claim.qualifier("year") == "2012" and claim.origin.references == ("PMID:2100003",)


# --- drugs and pages: what a source asks for is accepted on record first ---


def _loaded(source: str, sample: Path, folder: Path, **settings: str) -> Path:
    """A store with one source in it, whose terms were accepted where it has any."""
    reader = find("sources", source)
    if card_of(reader).gated:
        with pytest.raises(NeedsConsent):
            probatum.ingest(folder, source, sample)
        consent.accept(folder, source, card_of(reader), "somebody")
    if settings:
        write(folder, reader(sample, **settings))
    else:
        probatum.ingest(folder, source, sample)
    return folder


def test_monographs_of_drugs_com(tiny: Path, tmp_path: Path) -> None:
    kb = _loaded("drugs_com", tiny / "sources/drugs_com", tmp_path / "kb")
    page = "https://www.drugs.com/warfarin.html"
    wanted = {
        "uses": (f"{page}#uses What is warfarin?", "Warfarin thins the blood."),
        "dosage": (f"{page}#dosage How should I take warfarin?", "Take it at the same hour each day"),
        "side_effects": (f"{page}#side-effects Warfarin side effects", "bleeding that does not stop"),
        "interactions": (f"{page}#interactions What other drugs will affect warfarin?", "amiodarone"),
        "pregnancy": (f"{page}#before-taking Before taking this medicine", "Warfarin harms an unborn baby"),
    }
    with Store(kb) as store:
        assert store.name_of("drugs_com:warfarin") == "Warfarin" and store.kind_of("drugs_com:warfarin") == "Drug"
        (release,) = store.releases()
        for field, (place, words) in wanted.items():
            passage = store.passage(f"drugs_com:warfarin#{field}")
            assert passage is not None and words in passage.text and passage.about == ("drugs_com:warfarin",)
            assert (passage.origin.at, passage.origin.release) == (place, release.version)
            said = dict(passage.qualifiers)
            assert (said["section"], said["reviewed"]) == (field, "2024-06-03") and said["url"] == place.split(" ")[0]
    with probatum.open(kb) as opened:
        answer = opened.ask("What is the usual dose of warfarin?")
        assert "2 to 5 mg once a day" in answer.text and "[1]" in answer.text, answer.abstained
        assert answer.evidence[0].origin.at == f"{page}#dosage Usual dose for adults"


def test_drugbank(tiny: Path, tmp_path: Path) -> None:
    kb = _loaded("drugbank", tiny / "sources/drugbank", tmp_path / "kb")
    warfarin, amiodarone, agalsidase = (f"DRUGBANK:{id}" for id in ("DB00682", "DB01118", "DB00103"))
    with Store(kb) as store:
        drugs = {concept.id: concept for concept in store.concepts("Drug") if concept.id.count("DBSALT") == 0}
        assert {each.name for each in drugs.values()} >= {"Warfarin", "Amiodarone", "Agalsidase beta", "Migalastat"}
        assert {"UNII:5Q7ZVV76EI", "RXCUI:11289", "CHEBI:10033"} <= set(drugs[warfarin].xrefs)
        (interaction,) = store.relations(warfarin, "biolink:interacts_with", amiodarone)
        assert interaction.qualifier("comment").startswith("The metabolism of Warfarin can be decreased")
        both = list(store.relations(amiodarone, "biolink:affects", warfarin))  # told in the record of each
        assert {(claim.qualifier("aspect"), claim.qualifier("direction")) for claim in both} == {
            ("metabolism", "decreased")
        }
        (target,) = store.relations(warfarin, "biolink:directly_physically_interacts_with", "UniProtKB:Q9BQB4")
        assert target.qualifier("action") == "inhibitor" and target.origin.references == ("PMID:14765194",)
        (does,) = store.relations(warfarin, "biolink:affects", "UniProtKB:Q9BQB4")  # the mechanism, as an edge
        assert (does.qualifier("aspect"), does.qualifier("direction")) == ("activity", "decreased")
        (broken_down,) = store.relations("UniProtKB:P11712", "biolink:affects", warfarin)
        assert broken_down.qualifier("aspect") == "metabolism"
        how = store.passage("drugbank:DB00682#mechanism-of-action")
        assert how is not None and "vitamin K" in how.text and how.origin.references == ("PMID:14517387",)
        for claim in (*store.relations(subject=warfarin), *store.relations(subject=agalsidase)):
            assert (claim.origin.source, claim.origin.release) == ("drugbank", "5.1_2025-01-02") and claim.origin.at
    # it streams: the first drug is there before the file turns out to be broken
    broken = tmp_path / "broken.xml"
    whole = (tiny / "sources/drugbank/full_database.xml").read_bytes()
    broken.write_bytes(whole[: whole.index(b"DB00103")] + b" " * 100_000 + b"<")
    facts, seen = find("sources", "drugbank")(broken), []
    with pytest.raises(BadFormat):
        seen.extend(fact for fact in facts if seen.append(fact))
    assert any(isinstance(fact, Concept) and fact.id == warfarin for fact in seen)


def test_medicines_of_the_nhs(tiny: Path, tmp_path: Path) -> None:
    kb = _loaded("nhs_medicines", tiny / "sources/nhs_medicines", tmp_path / "kb")
    with probatum.open(kb) as opened:
        store = opened.store
        kinds = {concept.id: (concept.name, concept.kind) for concept in store.concepts("Drug")}
        assert kinds == {  # the first from JSON, the second from HTML
            "nhs_medicines:paracetamol-for-adults": ("Paracetamol for adults", "Drug"),
            "nhs_medicines:warfarin": ("Warfarin", "Drug"),
        }
        reviewed = {
            passage.about[0]: {name: value for name, value in passage.qualifiers if name.startswith("review")}
            for passage in store.passages()
        }
        assert reviewed == {
            "nhs_medicines:paracetamol-for-adults": {"reviewed": "2023-06-20", "review_due": "2026-06-20"},
            "nhs_medicines:warfarin": {"reviewed": "2022-01-19", "review_due": "2025-01-19"},
        }
        for asked, page in (("What is warfarin?", "warfarin"), ("What is paracetamol?", "paracetamol-for-adults")):
            answer = opened.ask(asked)
            assert answer.evidence and "[1]" in answer.text, answer.abstained
            assert {piece.origin.at for piece in answer.evidence} == {f"https://www.nhs.uk/medicines/{page}/"}


def test_health_a_to_z_of_the_nhs(tiny: Path, tmp_path: Path) -> None:
    sample = tiny / "sources/nhs_health"
    kb = _loaded("nhs_health", sample, tmp_path / "kb", as_of="2025-01-01")
    with probatum.open(kb) as opened:
        store = opened.store
        dates = {
            store.name_of(passage.about[0]): tuple(dict(passage.qualifiers).get(name, "") for name in _DATED)
            for passage in store.passages()
        }
        assert dates == {
            "DVT (deep vein thrombosis)": ("2023-03-22", "2026-03-22", ""),
            "Gaucher disease": ("2020-05-11", "2023-05-11", "stale"),
        }
        for asked, words, page in (
            ("What are the treatments for Gaucher disease?", "imiglucerase", "gaucher-disease"),
            ("How is deep vein thrombosis treated?", "warfarin or apixaban", "deep-vein-thrombosis-dvt"),
        ):
            answer = opened.ask(asked)
            assert words in answer.text and "[1]" in answer.text, answer.abstained
            for piece in answer.evidence:
                assert piece.origin.source == "nhs_health"
                assert piece.origin.at.partition("#")[0] == f"https://www.nhs.uk/conditions/{page}/"
                assert dict(piece.fact.qualifiers)["reviewed"]


_DATED = ("reviewed", "review_due", "status")


def test_topics_of_uptodate(tiny: Path, tmp_path: Path) -> None:
    kb = _loaded("uptodate", tiny / "sources/uptodate", tmp_path / "kb")
    fabry, gaucher = "uptodate:fabry-disease-treatment-our-sample", "uptodate:gaucher-disease-treatment"
    with probatum.open(kb) as opened:
        store = opened.store
        graded = {passage.id: passage for passage in store.passages() if passage.origin.evidence}
        assert {
            id: (passage.origin.evidence, *(dict(passage.qualifiers)[name] for name in ("strength", "grade")))
            for id, passage in graded.items()
        } == {
            f"{fabry}#recommendation-1": ("Grade 1B", "strong", "moderate"),
            f"{fabry}#recommendation-2": ("Grade 2C", "weak", "low"),
            f"{fabry}#recommendation-3": ("Grade 2B", "weak", "moderate"),
            f"{gaucher}#recommendation-1": ("Grade 1A", "strong", "high"),
        }
        assert graded[f"{fabry}#recommendation-1"].origin.references == ("PMID:11439963", "PMID:17179052")
        linked = {claim.object for claim in store.relations(subject=fabry, predicate="biolink:related_to")}
        assert {"uptodate.calculator:egfr-ckd-epi-2021", "PMID:11439963", gaucher} <= linked
        assert store.name_of("uptodate.calculator:egfr-ckd-epi-2021") == "egfr ckd epi 2021"
        assert store.resolve("uptodate:99901") == fabry  # found by its number too
        # whoever reads the answer sees the grade, in the sentence and beside it
        answer = opened.ask("What are the treatments for Fabry disease?")
        shown = {piece.origin.evidence: piece for piece in answer.evidence if piece.origin.evidence}
        assert set(shown) == {"Grade 1B", "Grade 2C", "Grade 2B"}
        assert all(f"({grade})" in answer.text for grade in shown), answer.text
        assert dict(shown["Grade 1B"].fact.qualifiers)["strength"] == "strong"


def test_the_catalogue_of_clinicalkey(tiny: Path, tmp_path: Path) -> None:
    kb = _loaded("clinicalkey", tiny / "sources/clinicalkey", tmp_path / "kb")
    with Store(kb) as store:
        typed = {
            claim.object.removeprefix("clinicalkey.type:"): (claim.subject, claim.qualifier("media_type"))
            for claim in store.relations(predicate="biolink:has_attribute")
        }
        assert typed == {
            "book": ("clinicalkey:3-s2.0-C20200000001", "text"),
            "chapter": ("clinicalkey:3-s2.0-B9780000000000000012", "text"),
            "guideline": ("clinicalkey:5-s2.0-100", "text"),
            "clinical_trial": ("clinicalkey:6-s2.0-NCT00000001", "text"),
            "image": ("clinicalkey:3-s2.0-B9780000000000000012-f01", "image/jpeg"),
            "video": ("clinicalkey:V1", "video/mp4"),
            "procedure_video": ("clinicalkey:V2", "video"),
            "patient_education": ("clinicalkey:5-s2.0-pe_0001", "text"),
            "drug_monograph": ("clinicalkey:6-s2.0-55", "text"),
            "journal": ("clinicalkey:J1", "text"),
            "article": ("clinicalkey:1-s2.0-S0000000000000001", "text"),
        }
        for item, media in typed.values():
            assert store.kind_of(item) == "InformationContentEntity"
            assert {dict(passage.qualifiers)["media_type"] for passage in store.passages(about=item)} == {media}
        caption = store.passage("clinicalkey:3-s2.0-B9780000000000000012-f01#caption")
        assert caption is not None and dict(caption.qualifiers)["media_url"] == "https://example.org/gaucher-cells.jpg"


@pytest.mark.slow
def test_graphs_of_industrial_size(tmp_path: Path) -> None:
    """A synthetic graph of the size class is written, loaded and asked: here a thousandth of it."""
    bench = Path(__file__).parents[1] / "bench"
    made = subprocess.run(
        [sys.executable, str(bench / "scale.py"), "run", str(tmp_path), "--share", "1000"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    told = {line["what"]: line for line in map(json.loads, made.stdout.splitlines())}
    assert told["files"]["rows"]["MRREL"] == 12_500 and told["ingest"]["quarantined"] == 0
    assert told["graph_index"]["nodes"] > 2_000 and told["questions"]["not_found_by_name"] == 0
    for asked in ("name_of_id", "concepts_of_name", "two_hops", "five_shortest_paths", "best_path"):
        assert 0 < told["questions"][asked]["median_ms"] <= told["questions"][asked]["p99_ms"]
    report = (bench / "README.md").read_text(encoding="utf-8")
    assert "16,600,008" in report and "2.85 million entities" in report
