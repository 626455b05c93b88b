"""The model on the desk keeps count, keeps to its budget, and is not told what may not leave this computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum import verbs
from probatum.desk import Budget, Metered
from probatum.errors import BadPlan, ModelFailed
from probatum.models.scripted import scripted
from probatum.naming import into
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Answer, Patient, Question, Request

HELLO = Request((("user", "hello there"),))


def test_counts_and_budgets() -> None:
    model = Metered(scripted(says=("one", "two three", "four")), Budget(calls=2))
    assert [model(HELLO).text, model(HELLO).text] == ["one", "two three"]
    assert (model.calls, model.tokens_in, model.tokens_out) == (2, 4, 3)
    with pytest.raises(ModelFailed, match="budget of 2 calls is spent"):
        model(HELLO)
    model = Metered(scripted(says=("one", "two")), Budget(tokens=3))
    model(HELLO)
    with pytest.raises(ModelFailed, match="budget of 3 tokens is spent"):
        model(HELLO)


@pytest.mark.parametrize(
    ("leaves", "request_", "why"),
    [
        ("nothing", HELLO, "no text may leave"),
        ("no-patients", Request((("user", "about him"),), Question(patient=Patient(age="P34Y"))), "about a patient"),
        ("no-patients", Request((("user", "Mrs. Holloway has a cough"),)), r"identify a person \(name\)"),
        ("no-patients", HELLO, ""),
        ("all", Request((("user", "Mrs. Holloway has a cough"),)), ""),
    ],
)
def test_what_may_leave_this_computer(leaves: str, request_: Request, why: str) -> None:
    away = Metered(scripted(says=("yes",), leaves_host=True), leaves=leaves)
    if why:
        with pytest.raises(ModelFailed, match=why):
            away(request_)
        assert away.calls == 0
    else:
        assert away(request_).text == "yes"
    assert Metered(scripted(says=("yes",)), leaves=leaves)(request_).text == "yes"  # a model here may know


def test_a_failing_model_leaves_the_quoted_answer(tmp_path: Path) -> None:
    from small_store import facts

    write(tmp_path, facts())

    def asks_the_model(question: Question, desk: object, *, times: int = 1) -> Answer:
        said = [desk.model(HELLO).text for _ in range(times)]  # type: ignore[attr-defined]
        return Answer(text=" ".join(said))

    into("methods", "asks_the_model", asks_the_model)
    question = Question("How is Gaucher disease type I inherited?")
    with Store(tmp_path) as store:
        laid = verbs.lay(store, model="scripted", model_settings={"says": ("well",)})
        answer = verbs.ask(store, question, "asks_the_model", desk=laid)
        assert answer.text == "well" and answer.trace[-1].said.startswith("calls 1, tokens in 2, out 1")
        answer = verbs.ask(store, question, "asks_the_model", desk=laid, times=2)
        assert answer.trace[0].said.startswith("failed: the script has 1 lines")
        assert "Autosomal recessive inheritance" in answer.text and answer.evidence
        with pytest.raises(BadPlan, match="one of: no-patients"):
            verbs.ask(store, question, leaves="some")
