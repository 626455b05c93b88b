"""What is said of two drugs together: claims of the store, sentences of labels, pairs of RxNav."""

from __future__ import annotations

from pathlib import Path

import pytest
import recorded

from probatum.errors import BadFormat
from probatum.naming import find
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.tools.interactions import interactions
from probatum.types import Relation


def test_claims_of_the_store_in_either_direction(tmp_path: Path, tiny: Path) -> None:
    write(tmp_path, find("sources", "drugbank")(tiny / "sources" / "drugbank"))
    with Store(tmp_path) as store:
        claim = next(iter(store.relations(predicate="biolink:interacts_with")))
        names = store.name_of(claim.subject), store.name_of(claim.object)
        here = interactions({"drug": names[0], "other": names[1]}, store=store)
        there = interactions({"drug": names[1], "other": names[0]}, store=store)
        assert claim in [each.fact for each in here.evidence]
        assert {each.fact for each in here.evidence} == {each.fact for each in there.evidence}
        assert all(isinstance(each.fact, Relation) for each in here.evidence) and claim.qualifier("comment") in str(
            here.value
        )
        assert interactions({"drug": names[0], "other": "moonlight"}, store=store).value == ""


def test_labels_and_rxnav(tmp_path: Path) -> None:
    said = "Amiodarone slows its breakdown. Vitamin K weakens it. Watch the INR with amiodarone!"
    label = {"results": [{"drug_interactions": [said]}, {"openfda": {}}]}
    pair = {"description": "Amiodarone raises the effect of warfarin.", "severity": "high"}
    group = {"sourceName": "ONCHigh", "fullInteractionType": [{"interactionPair": [pair]}]}
    record = recorded.write(
        tmp_path / "a.jsonl", (recorded.LABEL, label), (recorded.PAIRS, {"fullInteractionTypeGroup": [group]})
    )
    told = interactions({"drug": "warfarin", "other": "Amiodarone"}, answers=record)
    assert str(told.value).splitlines() == ["Amiodarone slows its breakdown.", "Watch the INR with amiodarone!"]
    assert interactions({"drug": "warfarin", "other": "amio"}, answers=record).value == ""
    listed = interactions({"drug": "11289", "other": "703", "service": "rxnav"}, answers=record)
    assert listed.value == "Amiodarone raises the effect of warfarin. (ONCHigh, severity high)"
    with pytest.raises(BadFormat, match="RxNorm ids"):
        interactions({"drug": "warfarin", "other": "703", "service": "rxnav"}, answers=record)
    with pytest.raises(BadFormat, match="a name was expected"):
        interactions({"drug": 'x" OR "y', "other": "703"}, answers=record)
