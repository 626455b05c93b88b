"""DrugBank's open vocabulary: names and ids of drugs."""

from __future__ import annotations

from pathlib import Path

import pytest
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.naming import card_of
from probatum.sources.drugbank_vocabulary import drugbank_vocabulary
from probatum.types import Concept, Malformed, Name, Origin

FILE = "drugbank vocabulary.csv"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    def drug(id: str, name: str, synonyms: str, *others: str, xrefs: str) -> Concept:
        names = tuple(Name(text, "en", "exact") for text in synonyms.split("|"))
        older = tuple(f"DRUGBANK:{other}" for other in others)
        at = Origin("drugbank_vocabulary", "", id)
        return Concept(f"DRUGBANK:{id}", name, "Drug", at, names, older, xrefs=tuple(xrefs.split()))

    pinned = [
        drug(
            "DB00103",
            "Agalsidase beta",
            "Alpha-galactosidase A|Recombinant human alpha-galactosidase A, beta form",
            "BIOD00029",
            "BTD00029",
            xrefs="CAS:104138-64-9 UNII:RZD65TSM9U",
        ),
        drug(
            "DB05018",
            "Migalastat",
            "1-deoxygalactonojirimycin|Migalastatum",
            xrefs="CAS:108147-54-2 UNII:C4XNY919FW INCHIKEY:LXBIFEVIBLOUGU-DPYQTVNSSA-N",
        ),
        drug(
            "DB00682",
            "Warfarin",
            "Warfarina|Coumafene",
            "APRD00341",
            xrefs="CAS:81-81-2 UNII:5Q7ZVV76EI INCHIKEY:PJVWKTKQMONHTI-UHFFFAOYSA-N",
        ),
    ]
    check_contract("drugbank_vocabulary", tiny / "sources/drugbank_vocabulary", pinned, tmp_path)
    assert not card_of(drugbank_vocabulary).gated and card_of(drugbank_vocabulary).licence == "CC0 1.0"


def test_rows_without_an_id_are_put_aside_and_other_tables_refused(tiny: Path, tmp_path: Path) -> None:
    text = (tiny / "sources/drugbank_vocabulary" / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text + "1,,Nothing,,,,\nDB1,2\n", encoding="utf-8")
    bad = [fact for fact in drugbank_vocabulary(tmp_path) if isinstance(fact, Malformed)]
    assert [(each.line, each.text) for each in bad] == [(6, "1,Nothing"), (7, "DB1,2")]
    (tmp_path / FILE).write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BadFormat, match="the header DrugBank ID"):
        list(drugbank_vocabulary(tmp_path))
