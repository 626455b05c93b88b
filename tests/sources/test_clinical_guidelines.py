"""Clinical guidelines as passages: the contract, whole paragraphs, records that are refused."""

from __future__ import annotations

import json
from pathlib import Path

from source_contract import check_contract

from probatum.sources.clinical_guidelines import LONGEST, clinical_guidelines
from probatum.types import Malformed, Origin, Passage


def passage(number: int, place: int, text: str, title: str, **said: str) -> Passage:
    at = f"GUIDELINE:own{number}#{place}"
    told = tuple(sorted(said.items()))
    return Passage(at, text, title, "en", Origin("clinical_guidelines", "", at), qualifiers=told)


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    thumb = "Rest the invented thumb for a week.\nCount no beans while it is sore."
    socks = "\n".join(f"Invented socks number {n} are worn in pairs and washed on the day after." for n in range(21))
    pinned = [
        passage(1, 1, thumb, "Care of the invented thumb", publisher="who", url="https://example.org/thumb"),
        passage(
            2, 1, "A tight invented hat is taken off.", "Care of the invented hat",
            publisher="nice", url="https://example.org/hat",
        ),
        passage(3, 1, socks, "Care of invented socks", publisher="cdc"),
    ]  # fmt: skip
    check_contract("clinical_guidelines", tiny / "sources/clinical_guidelines", pinned, tmp_path)


def test_long_guidelines_and_refused_ones(tiny: Path, tmp_path: Path) -> None:
    found = [each for each in clinical_guidelines(tiny / "sources/clinical_guidelines") if isinstance(each, Passage)]
    assert [each.id[-6:] for each in found] == ["own1#1", "own2#1", "own3#1", "own3#2"]
    assert all(len(each.text) <= LONGEST + 1 for each in found)
    rows = [{"id": "a", "clean_text": "Rest."}, {"id": "a", "clean_text": "Again."}, {"clean_text": "x"}, {"id": "b"}]
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    refused = [each.line for each in clinical_guidelines(tmp_path) if isinstance(each, Malformed)]
    assert refused == [2, 3, 4]
