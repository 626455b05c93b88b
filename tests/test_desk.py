"""The model on the desk keeps count, keeps to its budget, and is not told what may not leave this computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum import verbs
from probatum.desk import Budget, Metered, usage_of
from probatum.errors import BadPlan, ModelFailed
from probatum.models.scripted import scripted
from probatum.naming import into
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Answer, Patient, Question, Reply, Request, Step

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


def test_a_budget_of_cost_and_of_time() -> None:
    priced = Metered(lambda _: Reply("yes", cost=0.4), Budget(cost=0.5))  # type: ignore[arg-type]
    priced.model.leaves_host = False  # type: ignore[misc]
    assert [priced(HELLO).text, priced(HELLO).text] == ["yes", "yes"]
    with pytest.raises(ModelFailed, match=r"budget of 0\.5 of cost is spent"):
        priced(HELLO)
    asked = scripted(says=lambda request: f"{request.seconds:.0f}")
    assert Metered(asked, Budget(seconds=9))(HELLO).text == "9"  # what is left is the longest a reply may take
    assert Metered(asked, Budget())(HELLO).text == "0"


def test_what_was_taken_is_read_back() -> None:
    meter = Metered(scripted(says=("one",)), cost=0.25)
    meter(HELLO)
    assert meter.said() == "calls 1, tokens in 2, out 1, 0.0 s, cost 0.250000"
    assert usage_of(Answer(trace=(Step("usage", meter.said()),))) == (1, 2, 1)
    assert usage_of(Answer(trace=(Step("found", "3"),))) == (0, 0, 0)


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
