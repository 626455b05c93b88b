"""A gated source is read only where somebody accepted its terms on record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from probatum import naming, verbs
from probatum.errors import BadPlan, NeedsConsent
from probatum.naming import card_of, into
from probatum.store.consent import accept, acceptances, terms_of
from probatum.store.reader import Store
from probatum.store.verify import verify
from probatum.types import Concept, Fact, Origin, Release


def gated(terms: str, *, is_gated: bool = True):
    @naming.card("A closed vocabulary", licence="closed", terms=terms, gated=is_gated)
    def closed(path: Path | None = None) -> Iterator[Fact]:
        yield Release("closed", "1", "closed", "00")
        yield Concept("X:1", "Cough", "Disease", Origin("closed", "1", "r"))

    return closed


@pytest.fixture(autouse=True)
def own_wing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "_added", {})


def test_nothing_is_read_before_the_terms_are_accepted(tmp_path: Path) -> None:
    source = gated("Sign the agreement.")
    into("sources", "closed", source)
    with pytest.raises(NeedsConsent, match=r"Sign the agreement.*kb accept closed --by") as refused:
        verbs.ingest(tmp_path, "closed")
    assert refused.value.code == "needs-consent" and not (tmp_path / "knowledge.sqlite").exists()
    made = accept(tmp_path, "closed", card_of(source), "Dr. A. Example")
    assert made.terms == terms_of(card_of(source))
    with Store(tmp_path) as store:
        assert acceptances(store) == [made] and store.content == "0" * 32
    assert verbs.ingest(tmp_path, "Closed").written == 1
    report = verify(tmp_path)
    assert (report.wrong, report.sealed) == ((), True)


def test_other_terms_must_be_accepted_anew(tmp_path: Path) -> None:
    accept(tmp_path, "closed", card_of(gated("Sign the agreement.")), "Dr. A. Example")
    source = gated("Sign the new agreement.")
    into("sources", "closed", source)
    with pytest.raises(NeedsConsent, match=r"changed since Dr\. A\. Example accepted them on 20"):
        verbs.ingest(tmp_path, "closed")
    accept(tmp_path, "closed", card_of(source), "Dr. B. Example")
    assert verbs.ingest(tmp_path, "closed").written == 1
    with Store(tmp_path) as store:
        assert [one.who for one in acceptances(store)] == ["Dr. B. Example"]


def test_an_open_source_needs_none_and_somebody_must_be_named(tmp_path: Path) -> None:
    source = gated("Free.", is_gated=False)
    into("sources", "closed", source)
    assert verbs.ingest(tmp_path, "closed").written == 1
    with pytest.raises(BadPlan, match="asks for no acceptance"):
        accept(tmp_path, "closed", card_of(source), "Dr. A. Example")
    with pytest.raises(BadPlan, match="nobody is named"):
        accept(tmp_path, "closed", card_of(gated("Sign.")), " ")
