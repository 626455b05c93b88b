"""Claims in words, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_store import ECTOPIA, GAUCHER, GAUCHER_ORPHA, LARGE_SPLEEN, MARFAN, SEIZURE, claim, origin, small_store

from probatum.store.reader import Store
from probatum.store.wording import in_words
from probatum.store.writer import write
from probatum.types import Concept, Name, Relation, Release


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with small_store(tmp_path_factory.mktemp("kb")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("fact", "english", "chinese"),
    [
        (
            claim(GAUCHER, LARGE_SPLEEN, "PCS", "PMID:11", frequency="3/7"),
            "Gaucher disease, type I: Splenomegaly (HP:0001744), 3 of 7 patients, evidence PCS, PMID:11",
            "Gaucher disease, type I：脾肿大 (HP:0001744)，7例患者中3例，证据 PCS，PMID:11",
        ),
        (
            claim(GAUCHER, SEIZURE, "PCS", "PMID:12", negated=True, frequency="0/9"),
            "Gaucher disease, type I: not Seizure (HP:0001250), 0 of 9 patients, evidence PCS, PMID:12",
            "Gaucher disease, type I：无癫痫发作 (HP:0001250)，9例患者中0例，证据 PCS，PMID:12",
        ),
        (
            claim(MARFAN, ECTOPIA, "IEA", "PMID:1", onset=LARGE_SPLEEN, sex="MALE", frequency="often"),
            "Marfan syndrome: Ectopia lentis (HP:0001083), often, onset Splenomegaly (HP:0001744), sex male, "
            "evidence IEA, PMID:1",
            "Marfan syndrome：晶状体异位 (HP:0001083)，often，起病 脾肿大 (HP:0001744)，性别 男性，证据 IEA，PMID:1",
        ),
        (
            Relation("NCBIGene:2629", "biolink:gene_associated_with_condition", GAUCHER_ORPHA, origin("x")),
            "GBA1: gene associated with Gaucher disease type 1 (ORPHA:77259)",
            "GBA1：相关疾病 Gaucher disease type 1 (ORPHA:77259)",
        ),
        (
            Relation(GAUCHER, "biolink:treats", MARFAN, origin("x", "", *(f"PMID:{n}" for n in range(5)))),
            "Gaucher disease, type I: treats Marfan syndrome (OMIM:154700), PMID:0, PMID:1, PMID:2, +2",
            "Gaucher disease, type I：治疗 Marfan syndrome (OMIM:154700)，PMID:0，PMID:1，PMID:2，+2",
        ),
    ],
)
def test_a_claim_in_words(store: Store, fact: Relation, english: str, chinese: str) -> None:
    assert in_words(store, fact) == english
    assert in_words(store, fact, "zh") == chinese


def test_what_has_no_name_bears_that_of_its_close_match_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, [
        Release("own", "1", "CC0", "0" * 64),
        Concept("DRUGBANK:DB1", "Miglustat", "Drug", origin("1"), (Name("美格鲁特", "zh", "label"),)),
        Relation("DRUGBANK:DB1", "skos:closeMatch", "MESH:C1", origin("2")),
        Relation("MESH:C1", "biolink:affects", "UniProtKB:Q1", origin("3")),
    ])  # fmt: skip
    with Store(tmp_path) as store:
        affects = next(store.relations(subject="MESH:C1"))
        assert in_words(store, affects) == "close to Miglustat: affects no name known (UniProtKB:Q1)"
        assert in_words(store, affects, "zh") == "近似 美格鲁特：影响 名称未知 (UniProtKB:Q1)"
        match = next(store.relations(subject="DRUGBANK:DB1"))
        assert in_words(store, match) == "Miglustat: closely matches no name known (MESH:C1)"
        unnamed = Relation("UniProtKB:Q1", "biolink:affects", "MESH:C1", origin("4"))
        assert in_words(store, unnamed) == "no name known (UniProtKB:Q1): affects close to Miglustat (MESH:C1)"
