"""The trained classifier: relations with place, confidence and reliability."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.annotators.relations import relations
from probatum.annotators.tagger import tagger
from probatum.errors import BadFormat, NeedsFile
from probatum.store.reader import Store
from probatum.types import Mention, Relation


def related(found: list[Mention | Relation]) -> list[tuple[str, str, str, bool]]:
    return [(each.subject, each.predicate, each.object, each.negated) for each in found if isinstance(each, Relation)]


def test_the_classifier_gives_relations_with_their_place_and_reliability(drugs: Store, taught: Path) -> None:
    text = "Gentamicin-induced nephrotoxicity in rats. Nephrotoxicity was induced by gentamicin in all rats."
    found = relations(drugs, model=str(taught))(text)
    said = [each for each in found if isinstance(each, Relation)]
    assert related(found) == [("MESH:D005839", "biolink:causes", "MESH:D007674", False)]
    assert said[0].origin.reliability == "extracted" and said[0].origin.at == "0-33"
    assert 0 < float(said[0].qualifier("confidence")) <= 1
    assert relations(drugs, model=str(taught), threshold=0.9999)(text)[-1].__class__ is Mention


def test_a_model_is_needed_and_checked(drugs: Store, tmp_path: Path) -> None:
    for make in (tagger, relations):
        with pytest.raises(NeedsFile, match="trained model"):
            make(drugs)
        with pytest.raises(NeedsFile, match=r"about\.json"):
            make(drugs, model=str(tmp_path))
    for name, text in {"about.json": "{}", "features.txt": "", "weights.npy": ""}.items():
        (tmp_path / "relations").mkdir(exist_ok=True)
        (tmp_path / "relations" / name).write_text(text)
    with pytest.raises(BadFormat):
        relations(drugs, model=str(tmp_path))
