"""Claims in words, in both languages."""

from collections.abc import Iterator

import pytest
from small_store import ECTOPIA, GAUCHER, GAUCHER_ORPHA, LARGE_SPLEEN, MARFAN, SEIZURE, claim, origin, small_store

from probatum.store.reader import Store
from probatum.store.wording import in_words
from probatum.types import Relation


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
