"""Recipes of several languages: one case, asked in each of three, is answered with the same concepts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from probatum import verbs
from probatum.annotators.dictionary import dictionary
from probatum.models.local import local
from probatum.plans.recipes import recipe
from probatum.types import Mention, Request
from tests.annotators.names_store import PHENOTYPES, names_store

LANGUAGES = ("en", "zh", "es")
ASKED = {
    "en": "A child has {0}. What else is to be asked for?",
    "zh": "患儿有{0}，还应询问什么？",
    "es": "Un niño tiene {0}. ¿Qué más hay que preguntar?",
}
SAID = {"en": "Ask for {0} and {1}.", "zh": "询问{0}和{1}。", "es": "Preguntar por {0} y {1}."}
# finding -> what is asked for then; invented, of concepts that the store names in all three languages
CASES = {
    "HP:0001945": ("HP:0012735", "HP:0002315"),
    "HP:0012735": ("HP:0001945", "HP:0001324"),
    "HP:0002315": ("HP:0001250", "HP:0001945"),
}


def name(concept: str, language: str) -> str:
    english, _, chinese, spanish = PHENOTYPES[concept]
    return {"en": english.lower(), "zh": chinese, "es": spanish.lower()}[language]


def asked(case: str, language: str) -> str:
    return ASKED[language].format(name(case, language))


@pytest.mark.slow
@pytest.mark.parametrize("model", ["apollo", "bimedix"])
def test_one_case_in_three_languages_is_answered_with_the_same_concepts(model: str, tmp_path: Path) -> None:
    told = [
        {
            "id": f"{case}-{language}",
            "prompt": asked(case, language),
            "chosen": SAID[language].format(*(name(each, language) for each in CASES[case])),
            "rejected": "-",
        }
        for case in CASES
        for language in LANGUAGES
    ]
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in told), encoding="utf-8")
    data = {each.name: f"preferences:{file}" for each in recipe(model).data}
    verbs.train(
        model, "tiny", tmp_path / "out", data=data, given={"steps": "200", "batch": str(len(told)), "held_out": "0"}
    )
    template = recipe(model).stages[0].settings.get("template", "roles")
    (made,) = (each for each in (tmp_path / "out" / "1-sft").iterdir() if each.name in {"model", "adapter"})
    with names_store(tmp_path / "names") as store:
        annotate = dictionary(store)

        def concepts(folder: Path, case: str, language: str) -> set[str]:
            reply = local(model=str(folder), template=template)(Request((("user", asked(case, language)),), longest=64))
            return {each.concept for each in annotate(reply.text) if isinstance(each, Mention)}

        for case, wanted in CASES.items():
            found = {language: concepts(made, case, language) for language in LANGUAGES}
            assert set(map(frozenset, found.values())) == {frozenset(wanted)}, (case, found)
