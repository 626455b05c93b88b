"""What can be done with clinical knowledge: find the parts by name, lay them on the desk, call, record."""

from __future__ import annotations

import hashlib
import inspect
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from probatum import plans
from probatum.desk import LEAVES, POLICIES, Budget, Desk, Metered, Withheld
from probatum.errors import BadPlan, ModelFailed, NeedsFile
from probatum.ledger.runs import RunFile
from probatum.naming import call, card_of, find, plain
from probatum.proof.again import Again, proved_again
from probatum.proof.answers import sealed
from probatum.proof.entailment import by_model
from probatum.safety import advice, gate
from probatum.store import consent
from probatum.store.reader import Store
from probatum.store.writer import Written, write
from probatum.text.language import recognise
from probatum.types import Answer, Candidate, Evidence, Example, Mention, Question, Relation, Run, Step

ENTAILS = ("", "model")  # what says, besides the rules, whether a sentence follows from what it cites
Heard = Callable[[int], None]  # is told how many facts or items are done


def ingest(folder: Path, source: str, path: Path | None = None, *, heard: Heard | None = None) -> Written:
    """Reads a source in its official format into the store in `folder`, which is made where there is none.

    Without `path` the source looks where its card says. Raises `UnknownName`, `NeedsConsent` for a gated source whose
    terms are not accepted on record, `NeedsFile`, `BadFormat`, `StoreRefused`.
    """
    read = find("sources", source)
    if (card := getattr(read, "card", None)) is not None:  # what a notebook adds for itself may have none
        consent.require(folder, plain(source), card)
    return write(folder, read(path), heard=heard)


def annotate(store: Store, text: str, annotator: str = "dictionary", **settings: Any) -> list[Mention | Relation]:
    """The mentions (or relations) that an annotator finds in a text, in the order of the text."""
    return list(call("annotators", annotator, store, **settings)(text))


def retrieve(
    store: Store, question: Question, retriever: str = "fused", keep: int = 100, **settings: Any
) -> list[Evidence]:
    """Evidence for a question, best first: at most `keep` passages and as many relations. Raises `UnknownName`."""
    return list(call("retrievers", retriever, store, **settings)(question, keep))


def lay(
    store: Store,
    *,
    retriever: str = "fused",
    annotator: str = "dictionary",
    model: str = "copyist",
    model_settings: Mapping[str, Any] | None = None,
) -> Desk:
    """A desk with the named parts on it; one desk serves any number of questions."""
    return Desk(
        store=store,
        retrieve=find("retrievers", retriever)(store),
        annotate=find("annotators", annotator)(store),
        model=call("models", model, **(model_settings or {})),
    )


def ask(
    store: Store,
    question: Question,
    method: str = "quoted",
    *,
    desk: Desk | None = None,
    budget: Budget | None = None,
    leaves: str = LEAVES[0],
    proof: str = POLICIES[0],
    entail: str = "",
    service: str = "",
    **settings: Any,
) -> Answer:
    """The answer of a method; it abstains with a reason where there is no evidence. Raises `UnknownName`, `BadPlan`.

    A dangerous request is refused and an emergency referred before any method; `service` names whom to call there.
    What stored sources warn of, by the patient's facts, stands behind the answer; a dose without a source is left out.

    Each sentence of it has a verdict: how it stands on what it cites. `proof` says what becomes of those that are not
    supported: drop, mark, abstain; with `entail` "model" the desk's language model is asked besides the rules.

    Where the language model fails, its budget is spent, or the text may not leave this computer (`leaves`: no-patients,
    nothing, all), the quoted answer, which needs no model, stands in, and the trace says so.
    """
    for name, value, known in (("leaves", leaves, LEAVES), ("proof", proof, POLICIES), ("entail", entail, ENTAILS)):
        if value not in known:
            raise BadPlan(f"{name} = {value!r} is not known here", mend=f"one of: {', '.join(known)}")
    if stop := gate.ruling(question):
        return replace(gate.stopped(question, stop, service=service), knowledge=store.content)
    laid = desk or lay(store)
    metered = Metered(laid.model, budget or Budget(), leaves)
    laid = replace(laid, policy=proof, entail=by_model(metered) if entail else laid.entail)
    try:
        answer: Answer = call("methods", method, question, replace(laid, model=metered), **settings)
    except ModelFailed as error:
        laid = replace(laid, entail=None)
        quoted: Answer = call("methods", "quoted", question, replace(laid, model=call("models", "copyist")))
        answer = replace(
            quoted, trace=(Step("model", f"failed: {error.what}; the quoted answer stands in"), *quoted.trace)
        )
    answer = advice.advised(answer, question, store, laid.annotate)
    if metered.tokens_in or metered.tokens_out:
        answer = replace(answer, trace=(*answer.trace, Step("usage", metered.said())))
    return sealed(answer, laid.sight, proof, question.language or recognise(question.text))


def prove(store: Store, answer: Answer, *, desk: Desk | None = None) -> Again:
    """An answer that was given earlier, held against this store: verdicts of today, and what has changed since."""
    return proved_again(answer, (desk or lay(store)).sight)


def evaluate(
    store: Store,
    benchmark: str,
    data: Path | None = None,
    *,
    given: Mapping[str, str] | None = None,
    out: Path | None = None,
    heard: Heard | None = None,
) -> Run:
    """Answers every example of a benchmark and scores the answers.

    `given` settings must be among those that the benchmark names. With `out` each answer is appended there as it
    comes, and a call that was broken off goes on. Raises `UnknownName`, `BadPlan`, `NeedsFile`, `BadFormat`.
    """
    plan = plans.benchmark(benchmark)
    settings = plan.settle(given or {})
    examples = _spread(_examples(plan.dataset, data), settings.get("cases", "all"))
    if not examples:
        raise BadPlan("there are no examples in these data", where=str(data or plan.dataset))
    hashed = _hash_of(examples)
    versions = {"probatum": version("probatum"), "python": platform.python_version(), "knowledge": store.content}
    made_of = {"benchmark": plan.name, "version": plan.version, "settings": settings, "data": hashed, **versions}
    answer = _answerer(store, plan, settings)
    with RunFile(out, made_of) if out else nullcontext() as file:
        lines = list(_answered(store, file, examples, answer, heard))
    by_id = {line["id"]: line for line in lines}
    known = [example for example in examples if by_id[example.id]["gold_known"]]
    pairs = [(example.answer, _ranking(by_id[example.id]["ranked"])) for example in known]
    scores = {}
    for metric in plan.metrics:
        scores.update(find("metrics", metric)(pairs, groups=[example.groups for example in known]))
    read = ((str(data or ""), hashed),)
    return Run("evaluate", plan.name, tuple(settings.items()), 0, read, tuple(versions.items()), scores, _counts(lines))


def _examples(dataset: str, data: Path | None) -> list[Example]:
    reader = find("datasets", dataset)
    if data is not None:
        return list(reader(data))
    if inspect.signature(reader).parameters["path"].default is inspect.Parameter.empty:
        card = card_of(reader)
        raise NeedsFile(
            f"the benchmark needs the data set {dataset} ({card.licence})",
            mend=f"get it at {card.where}; --data FOLDER",
        )
    return list(reader())


def _spread(examples: list[Example], cases: str) -> list[Example]:
    """All examples, or about that many, evenly spread over their order."""
    return examples if cases == "all" else examples[:: max(1, len(examples) // int(cases))]


def _counts(lines: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many items there were, and what of them could not be used: it is told, never dropped in silence."""
    unknown = [term for line in lines for term in line.get("unknown", ())]
    return {
        "items": len(lines),
        "gold_known": sum(line["gold_known"] for line in lines),
        "abstained": sum("abstained" in line for line in lines),
        "unknown_terms": len(unknown),
        "unknown_terms_distinct": len(set(unknown)),
    }


def _answered(
    store: Store,
    file: RunFile | None,
    examples: Sequence[Example],
    answer: Callable[[Example], Answer],
    heard: Heard | None,
) -> Iterator[dict[str, Any]]:
    for number, example in enumerate(examples, 1):
        line = file.done.get(example.id) if file else None
        if line is None:
            line = _line(store, example, answer(example))
            if file:
                file.write(line)
        if heard:
            heard(number)
        yield line


def _answerer(store: Store, plan: plans.Benchmark, settings: Mapping[str, str]) -> Callable[[Example], Answer]:
    """What turns an example into an answer: the benchmark's method on one desk, or its retriever."""
    rest: dict[str, Any] = {key: int(value) if value.isdigit() else value for key, value in settings.items()}
    form = str(rest.pop("own_publication", "keep"))
    rest.pop("cases", None)
    name = str(rest.pop("retriever", plan.retriever))
    if plan.verb == "retrieve":
        search = call("retrievers", name, store, **rest)

        def found(example: Example) -> Answer:
            return Answer(candidates=documents(search(example.question, plan.keep)))

        return found
    desk, method = lay(store), find("methods", plan.method)

    def answered(example: Example) -> Answer:
        withheld = Withheld(frozenset(example.groups), form)
        answer: Answer = method(example.question, replace(desk, withheld=withheld), keep=plan.keep, **rest)
        return answer

    return answered


def documents(evidence: Sequence[Evidence]) -> tuple[Candidate, ...]:
    """The passages among the evidence as ranked candidates, each once, for a run file."""
    best: dict[str, Candidate] = {}
    for piece in evidence:
        if not isinstance(piece.fact, Relation) and piece.fact.id not in best:
            best[piece.fact.id] = Candidate(piece.fact.id, piece.fact.title, piece.score)
    return tuple(best.values())


def _line(store: Store, example: Example, answer: Answer) -> dict[str, Any]:
    gold = [candidate.id for candidate in example.answer.candidates]
    ranked = [[candidate.id, candidate.score] for candidate in answer.candidates]
    known = any(store.concept(id) or store.passage(id) for id in gold)
    line = {"id": example.id, "gold": gold, "gold_known": known, "ranked": ranked, "rank": _rank(gold, ranked)}
    if answer.abstained:
        line["abstained"] = answer.abstained
    unknown = [step.said for step in answer.trace if step.what == "unknown"]
    return line | ({"unknown": unknown} if unknown else {})


def _rank(gold: Sequence[str], ranked: Sequence[Sequence[Any]]) -> float | None:
    """The best rank of a gold id, ties taking the mean rank; None where none is in the list."""
    scores = [float(score) for id, score in ranked if id in gold]
    if not scores:
        return None
    best = max(scores)
    above = sum(float(score) > best for _, score in ranked)
    ties = sum(float(score) == best for _, score in ranked)
    return above + (ties + 1) / 2


def _ranking(ranked: Sequence[Sequence[Any]]) -> Answer:
    return Answer(candidates=tuple(Candidate(id, "", score) for id, score in ranked))


def _hash_of(examples: Sequence[Example]) -> str:
    """A hash over what is asked and what is gold, the same whichever way the files were packed."""
    total = hashlib.sha256()
    for example in examples:
        total.update(repr(example).encode())
    return total.hexdigest()
