"""Questions are changed alike in every run, and what is right stays right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from probatum import verbs
from probatum.cli import app
from probatum.errors import BadPlan
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.trials.perturbing import names, perturbed
from probatum.trials.perturbing_cases import ROOTS
from probatum.types import (
    Answer,
    Candidate,
    Concept,
    Example,
    Fact,
    Name,
    Observation,
    Origin,
    Patient,
    Question,
    Release,
)

ASKED = "A 45-year-old man with fever of 39.5 °C takes 500 mg of Tylenol twice; his father had gout. What is best?"
OPTIONS = (("A", "rest"), ("B", "water"), ("C", "salt"), ("D", "sugar"))
GOLD = Answer(choice="AC", candidates=(Candidate("A", "rest", 1.0), Candidate("C", "salt", 1.0)))


def example(text: str = ASKED, id: str = "1") -> Example:
    return Example(id, Question(text, OPTIONS), GOLD)


def changed(name: str, text: str = ASKED, store: Store | None = None) -> str:
    return perturbed([example(text)], name, store)[0].question.text


CASES = ("fewer", "vaguer", "strangers", "wrong_sex")  # of a patient's record


@pytest.mark.parametrize("name", [name for name in names() if name not in ("brand", *CASES)])
def test_it_is_the_same_in_every_run_and_marked(name: str) -> None:
    several = [example(f"{ASKED} 患者肝肾疼痛，炎症。", str(number)) for number in range(20)]
    once, again = perturbed(several, name), perturbed(several, name)
    assert once == again and any(each.question != old.question for each, old in zip(once, several, strict=True))
    for each, old in zip(once, several, strict=True):
        same = each.question == old.question
        assert each.labels == (("perturbed", "no" if same else "yes"),)
        if name != "options":
            assert each.answer == old.answer and each.question.options == old.question.options


def test_gold_goes_along_with_the_options() -> None:
    for number in range(30):
        (made,) = perturbed([example(id=str(number))], "options")
        texts = dict(made.question.options)
        assert sorted(texts[letter] for letter in made.answer.choice) == ["rest", "salt"]
        assert [texts[each.id] for each in made.answer.candidates] == ["rest", "salt"]
        assert list(texts) == ["A", "B", "C", "D"] and made.question.options != OPTIONS


def test_what_each_change_says() -> None:
    assert "103.1 °F" in changed("units") and "0.5 g of" in changed("units")
    assert changed("units", "5 mg/kg daily, 2.5 g") == "5 mg/kg daily, 2500 mg"
    assert changed("sex").startswith("A 45-year-old woman") and "her mother had" in changed("sex")
    assert changed("sex", "A pregnant woman of 30") == "A pregnant woman of 30"
    assert changed("sex", "患者，男，45岁") == "患者，女，45岁" and changed("age", "患者，男，45岁") == "患者，男，65岁"
    assert "65-year-old" in changed("age") and changed("age", "A 4-year-old boy") == "A 4-year-old boy"
    assert changed("ethnicity", "A 45-year-old man") in {
        f"A 45-year-old {e} man" for e in ("Black", "white", "Asian", "Hispanic")
    }
    assert "Black" not in changed("ethnicity", "A Black man coughs")
    assert changed("negation").endswith(ASKED) and len(changed("negation")) > len(ASKED)
    for name in ("noise", "typos"):
        assert [part for part in ("45", "39.5", "500") if part not in changed(name)] == []


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    def facts() -> Iterator[Fact]:
        origin = Origin("own", "1", "X:1")
        yield Release("own", "1", "CC0-1.0", "0" * 64)
        yield Concept("RXNORM:161", "acetaminophen", "Drug", origin, (Name("Tylenol", "en", "exact"),))

    write(tmp_path / "kb", facts())
    with Store(tmp_path / "kb") as opened:
        yield opened


def test_another_name_of_a_drug_is_of_the_store(store: Store) -> None:
    assert "500 mg of acetaminophen twice" in changed("brand", store=store)
    assert changed("brand", "Fever alone", store) == "Fever alone"
    with pytest.raises(BadPlan, match="need a store"):
        changed("brand")
    with pytest.raises(BadPlan, match="one of: noise"):
        changed("speed")


def test_a_record_is_told_less_more_vaguely_or_wrongly(tiny: Path, tmp_path: Path) -> None:
    verbs.ingest(tmp_path, "hpo", tiny / "sources" / "hpo")
    with Store(tmp_path) as store:
        known = {each.id for each in store.concepts("PhenotypicFeature") if each.id.startswith("HP:")}
        above = {each: {r.object for r in store.relations(each, "biolink:subclass_of")} - {*ROOTS} for each in known}
        narrow = sorted(each for each in known if above[each])[:3]
        seen = (*(Observation("phenotype", each) for each in narrow), Observation("phenotype", "HP:1", present=False))
        patient = Patient("p", "P3Y", "female", seen)
        gold = Answer(candidates=(Candidate("OMIM:1", "d", 1.0),))
        cases = [Example(str(n), Question(patient=patient), gold, ("PMID:1",)) for n in range(12)]
        told = {name: perturbed(cases, name, store) for name in CASES}
        for name, changed_ in told.items():
            assert perturbed(cases, name, store) == changed_, name
            assert all(each.answer == gold and each.groups == ("PMID:1",) for each in changed_)
            assert all(each.labels == (("perturbed", "yes"),) for each in changed_)
            assert all(
                each.question.patient.observations[-1 if name != "strangers" else 3] == seen[-1] for each in changed_
            )  # type: ignore[union-attr]
        of = {name: [each.question.patient for each in changed_] for name, changed_ in told.items()}
        assert {len(each.observations) for each in of["fewer"]} == {3}  # type: ignore[union-attr]
        assert len({each.observations for each in of["fewer"]}) == 3  # type: ignore[union-attr] # now this one, now that
        for each in of["vaguer"]:
            moved = [(o, n) for o, n in zip(seen, each.observations, strict=True) if o != n]  # type: ignore[union-attr]
            assert len(moved) == 2 and all(n.concept in above[o.concept] for o, n in moved)
        for each in of["strangers"]:
            more = each.observations[4:]  # type: ignore[union-attr]
            assert len(more) == 2 and all(o.concept in known - {*narrow} and o.present for o in more)
        assert {each.sex for each in of["wrong_sex"]} == {"male"}  # type: ignore[union-attr]
    single = Example("1", Question(patient=Patient(observations=seen[:1])), gold)
    assert perturbed([single], "fewer")[0].labels == (("perturbed", "no"),)
    assert perturbed([example()], "wrong_sex")[0].question == example().question
    for name in ("vaguer", "strangers"):
        with pytest.raises(BadPlan, match="needs a store"):
            perturbed([single], name)


def test_a_changed_run_of_cases_is_scored_again_and_compared(tiny: Path, tmp_path: Path) -> None:
    verbs.ingest(tmp_path / "kb", "hpo", tiny / "sources" / "hpo")
    data, given = tiny / "datasets" / "phenopackets", {"candidates": "all"}
    with Store(tmp_path / "kb") as store:
        runs = {name: tmp_path / f"{name or 'plain'}.jsonl" for name in ("", "vaguer")}
        for name, out in runs.items():
            run = verbs.evaluate(store, "phenopackets", data, given=given, out=out, perturb=name)
            again = verbs.score(out, data=data, store=store)
            assert {key: each.value for key, each in again.scores.items()} == {
                key: each.value for key, each in run.scores.items()
            }
            assert not name or dict(run.settings)["perturb"] == name
        row = verbs.compare(runs[""], runs["vaguer"])[0]
        assert row.measure == "top1" and row.n == len(verbs.scoring.load(runs[""]).items["top1"]) > 0
    done = CliRunner().invoke(app, ["--kb", str(tmp_path / "kb"), "score", str(runs["vaguer"]), "--data", str(data)])
    assert done.exit_code == 0, (done.output, done.exception)
