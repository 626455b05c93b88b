"""Runs a benchmark: reads its data, answers each item on one desk, and goes on where a broken run stood."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from probatum import plans
from probatum.desk import Desk, Withheld
from probatum.errors import BadPlan, NeedsFile, ReplyUnusable
from probatum.ledger.runs import RunFile
from probatum.naming import call, card_of, find
from probatum.proof.marks import verdicts
from probatum.store import consent
from probatum.store.reader import Store
from probatum.trials import lines
from probatum.types import Answer, Candidate, Evidence, Example, Relation

Heard = Callable[[int], None]  # is told how many items are done
OWN = ("own_publication", "cases", "retriever", "perturb", "method", "model")  # what is no setting of a method


def examples_of(plan: plans.Benchmark, data: Path | None, folder: Path | None = None) -> list[Example]:
    """The examples of a benchmark; raises `BadPlan` for a suite and for none, `NeedsFile`, `BadFormat`.

    With the `folder` of a store, `NeedsConsent` too, where the data are gated and nobody accepted their terms there.
    """
    if plan.members:
        raise BadPlan(f"{plan.name} is a suite", mend=f"its members are: {', '.join(plan.members)}")
    reader = find("datasets", plan.dataset)
    if folder is not None:
        consent.require(folder, plan.dataset, card_of(reader))
    more = {"part": plan.part} if plan.part else {}
    needs = inspect.signature(reader).parameters["path"].default is inspect.Parameter.empty
    if data is None and needs:
        card = card_of(reader)
        what = f"the benchmark needs the data set {plan.dataset} ({card.licence})"
        raise NeedsFile(what, mend=f"get it at {card.where}; --data FOLDER")
    examples = list(reader(data, **more) if data is not None else reader(**more))
    if not examples:
        raise BadPlan("there are no examples in these data", where=str(data or plan.dataset))
    return examples


def spread(examples: list[Example], cases: str) -> list[Example]:
    """All examples, or about that many, evenly spread over their order."""
    return examples if cases == "all" else examples[:: max(1, len(examples) // int(cases))]


def members(plan: plans.Benchmark, data: Path | None) -> tuple[list[tuple[str, Path]], list[str]]:
    """The members of a suite whose data stand in the folder, under the member's or its data set's name; and the rest.

    Raises `NeedsFile` where there are none at all.
    """
    found, absent = [], []
    for name in plan.members:
        stems = (name, plans.benchmark(name).dataset)
        here = sorted(each for each in data.iterdir() if each.name.partition(".")[0] in stems) if data else []
        if here:
            found.append((name, min(here, key=lambda each: stems.index(each.name.partition(".")[0]))))
        else:
            absent.append(name)
    if not found:
        wanted = ", ".join(absent)
        raise NeedsFile(f"none of the suite's data is in {data or 'no folder'}", mend=f"--data FOLDER with: {wanted}")
    return found, absent


def answerer(
    store: Store, plan: plans.Benchmark, settings: Mapping[str, str], desk: Desk
) -> Callable[[Example], Answer]:
    """What turns an example into an answer: the benchmark's method on one desk, or its retriever or its annotator."""
    rest: dict[str, Any] = {key: int(value) if value.isdigit() else value for key, value in settings.items()}
    form = str(rest.get("own_publication", "keep"))
    name, chosen = str(rest.get("retriever", plan.retriever)), str(rest.get("method", plan.method))
    for key in OWN:
        rest.pop(key, None)
    if plan.verb == "retrieve":
        search = call("retrievers", name, store, **rest)

        def found(example: Example) -> Answer:
            return Answer(candidates=documents(search(example.question, plan.keep)))

        return found
    if plan.verb == "annotate":
        if plans.TRAINED in rest:
            rest["model"] = str(rest.pop(plans.TRAINED))
        annotate = call("annotators", chosen, store, **rest)

        def read(example: Example) -> Answer:
            return Answer(found=tuple(annotate("\n".join(example.question.context) or example.question.text)))

        return read
    method = find("methods", chosen)
    if "keep" in inspect.signature(method).parameters:
        rest["keep"] = plan.keep

    def answered(example: Example) -> Answer:
        withheld = Withheld(frozenset(example.groups), form)
        answer: Answer = call("methods", chosen, example.question, replace(desk, withheld=withheld), **rest)
        if "citations" in plan.metrics:  # it counts the verdicts, which methods leave to the verb `ask`
            answer = replace(answer, verdicts=verdicts(answer, desk.sight))
        return answer

    return answered


def answers(
    store: Store,
    file: RunFile | None,
    examples: Sequence[Example],
    answer: Callable[[Example], Answer],
    *,
    model: lines.Watched | None,
    settings: str,
    heard: Heard | None,
) -> Iterator[dict[str, Any]]:
    """The line of each example in order: as the file has it, else answered now and appended there.

    Where of one question nothing usable comes from the model, the answer abstains; where the model fails, this raises:
    the run goes on when the model is there again.
    """

    def given(example: Example) -> Answer:
        try:
            return answer(example)
        except ReplyUnusable as error:
            return Answer(abstained=f"unusable: {error}")

    for number, example in enumerate(examples, 1):
        line = file.done.get(example.id) if file else None
        if line is None:
            line = lines.answered(example, given, model, settings, known(store, example))
            if file:
                file.write(line)
        if heard:
            heard(number)
        yield line


def known(store: Store, example: Example) -> bool:
    """Whether the store knows what is gold: a disease or a document; options and written answers need no store."""
    gold = [candidate.id for candidate in example.answer.candidates]
    if example.question.options or example.answer.text or not gold:
        return True
    return any(store.concept(id) or store.passage(id) for id in gold)


def documents(evidence: Sequence[Evidence]) -> tuple[Candidate, ...]:
    """The passages among the evidence as ranked candidates, each once, for a run file."""
    best: dict[str, Candidate] = {}
    for piece in evidence:
        if not isinstance(piece.fact, Relation) and piece.fact.id not in best:
            best[piece.fact.id] = Candidate(piece.fact.id, piece.fact.title, piece.score)
    return tuple(best.values())
