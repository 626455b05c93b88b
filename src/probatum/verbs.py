"""What can be done with clinical knowledge: find the parts by name, lay them on the desk, call, record."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from probatum import plans
from probatum.desk import LEAVES, POLICIES, Budget, Desk, Metered
from probatum.errors import BadPlan, ModelFailed
from probatum.formats import archives
from probatum.formats.places import data_folder
from probatum.ledger.runs import RunFile
from probatum.naming import call, find, plain
from probatum.proof.again import Again, proved_again
from probatum.proof.answers import sealed
from probatum.proof.entailment import by_model
from probatum.safety import advice, gate
from probatum.shapes import LanguageModel
from probatum.store import consent
from probatum.store.following import followed
from probatum.store.reader import Store
from probatum.store.writer import Written, write
from probatum.text.language import recognise
from probatum.training import beginning, planning
from probatum.trials import comparing, lines, outputs, perturbing, running, scoring
from probatum.trials import report as reporting
from probatum.types import Answer, Evidence, Example, Mention, Question, Relation, Run, Step

ENTAILS = ("", "model")  # what says, besides the rules, whether a sentence follows from what it cites
TALKS = ("dialogue_coach",)  # methods that read the earlier turns themselves
Heard = Callable[[int], None]  # is told how many facts or items are done


def ingest(folder: Path, source: str, path: Path | None = None, *, heard: Heard | None = None) -> Written:
    """Reads a source in its official format into the store in `folder`, which is made where there is none.

    Without `path` the source looks where its card says. An archive of several files (zip, tar) is unpacked for as long
    as it is read. Raises `UnknownName`, `NeedsConsent` for a gated source whose
    terms are not accepted on record, `NeedsFile`, `BadFormat`, `StoreRefused`.
    """
    read = find("sources", source)
    if (card := getattr(read, "card", None)) is not None:  # what a notebook adds for itself may have none
        consent.require(folder, plain(source), card)
    given = path if path is not None or not (own := data_folder() / plain(source)).is_dir() else own
    with archives.opened(given, tar=card is None or not card.tar) as place:
        facts = partial(read, path if place == given else place)
        return write(folder, facts(), again=facts, heard=heard)


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


def make(store: Store, maker: str, *, desk: Desk | None = None, **settings: Any) -> Iterator[Example]:
    """Training data that a maker writes from a store, each example with the hash of the knowledge that it rests on.

    Raises `UnknownName`, `BadPlan`, and what the language model of the desk raises.
    """
    for each in call("makers", maker, desk or lay(store), **settings):
        yield replace(each, answer=replace(each.answer, knowledge=store.content))


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
    memory: str = "",
    **settings: Any,
) -> Answer:
    """The answer of a method; it abstains with a reason where there is no evidence. Raises `UnknownName`, `BadPlan`.

    A dangerous request is refused and an emergency referred before any method; `service` names whom to call there.
    `memory` is the folder of past cases (method case_memory); by default it is that of the store.
    What an earlier turn named and the question leaves out is added to it; the trace says what.
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
    question, context = followed(store, question, laid.annotate) if plain(method) not in TALKS else (question, "")
    metered = Metered(laid.model, budget or Budget(), leaves)
    laid = replace(laid, cases=Path(memory) if memory else laid.cases)
    laid = replace(laid, policy=proof, entail=by_model(metered) if entail else laid.entail)
    try:
        answer: Answer = call("methods", method, question, replace(laid, model=metered), **settings)
    except ModelFailed as error:
        laid = replace(laid, entail=None)
        quoted: Answer = call("methods", "quoted", question, replace(laid, model=call("models", "copyist")))
        answer = replace(
            quoted, trace=(Step("model", f"failed: {error.what}; the quoted answer stands in"), *quoted.trace)
        )
    if context:
        answer = replace(answer, trace=(Step("context", context), *answer.trace))
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
    method: str = "",
    model: LanguageModel | None = None,
    writer: str = "copyist",
    perturb: str = "",
) -> Run:
    """Answers every example of a benchmark and scores the answers.

    `given` settings must be among those that the benchmark names; `method` answers instead of the benchmark's own,
    `model` (recorded as `writer`) writes, `perturb` changes the questions on purpose. With `out` each answer is
    appended there as it comes, a call that was broken off goes on, and the scores are written beside it.
    Raises `UnknownName`, `BadPlan`, `NeedsConsent`, `NeedsFile`, `BadFormat`.
    """
    plan = plans.benchmark(benchmark)
    settings = plan.settle(given or {})
    examples = running.spread(running.examples_of(plan, data, store.path), settings.get("cases", "all"))
    chosen = {"method": plain(method), "model": writer if model else "", "perturb": perturb}
    settings |= {name: value for name, value in chosen.items() if value}
    if perturb:
        examples = perturbing.perturbed(examples, perturb, store)
    hashed = lines.hash_of_examples(examples)
    versions = {"probatum": version("probatum"), "python": platform.python_version(), "knowledge": store.content}
    made_of = {"benchmark": plan.name, "version": plan.version, "settings": settings, "data": hashed, **versions}
    desk = lay(store)
    watched = lines.Watched(model or desk.model)
    answer = running.answerer(store, plan, settings, replace(desk, model=watched))
    with RunFile(out, made_of) if out else nullcontext() as file:
        key = lines.hash_of(sorted(made_of.items()))
        told = list(running.answers(store, file, examples, answer, model=watched, settings=key, heard=heard))
    trials = [
        lines.trial(example, line, plan.extractor, str(out or ""))
        for example, line in zip(examples, told, strict=True)
        if line["gold_known"]
    ]
    counts = lines.counts(told)
    if out:
        made = scoring.scored(
            out.stem, plan.name, plan.version, trials, settings=settings, metrics=plan.metrics, counts=counts
        )
        scoring.save(out, made)
        scores = made.scores
    else:
        scores = scoring.scores_of(trials, plan.metrics)
    read = ((str(data or ""), hashed),)
    return Run("evaluate", plan.name, tuple(settings.items()), 0, read, tuple(versions.items()), scores, counts)


documents = running.documents


def evaluate_all(
    store: Store, suite: str, data: Path | None = None, *, out: Path | None = None, **more: Any
) -> tuple[list[Run], list[str]]:
    """A run for each member of a suite whose data stand in the folder `data`, and the members that have none there.

    `out` is a folder of run files, one a member. `more` as of `evaluate`, whose errors it raises too.
    """
    found, absent = running.members(plans.benchmark(suite), data)
    files = [out / f"{name}.jsonl" if out else None for name, _ in found]
    return [evaluate(store, *of, out=file, **more) for of, file in zip(found, files, strict=True)], absent


def train(
    recipe: str,
    anchor: str,
    out: Path,
    *,
    data: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
    seed: int = 0,
    heard: Callable[[str, int, int, float], None] | None = None,
) -> Run:
    """Trains by a recipe from a checkpoint's folder (`anchor`; "tiny": a random small model) into the folder `out`.

    `data` names a file for each of the recipe's sets, as LOADER:PATH or PATH; a tiny model reads synthetic samples
    where none is named. `given` settings go before the recipe's. A folder a stage, a line a stage in runs.jsonl, the
    model's card in README.md; a call that was broken off goes on. `heard` is told stage, step, of how many, and loss.
    Raises `UnknownName`, `BadPlan`, `NeedsFile`, `NeedsExtra`, `BadFormat`.
    """
    return beginning.run(beginning.laid(recipe, anchor, data, given, seed), out, heard=heard)


def plan_training(
    recipe: str, anchor: str, *, data: Mapping[str, str] | None = None, given: Mapping[str, str] | None = None,
    seed: int = 0,
) -> list[planning.StagePlan]:  # fmt: skip
    """What `train` with the same arguments would take, stage by stage: tokens, steps, memory, time; writes nothing."""
    return beginning.planned(beginning.laid(recipe, anchor, data, given, seed))


def score(
    run: Path,
    benchmark: str = "",
    data: Path | None = None,
    *,
    further: Sequence[str] = (),
    told: Mapping[str, Any] | None = None,
    store: Store | None = None,
) -> scoring.Scored:
    """Scores saved outputs, a run of `evaluate` or anybody's, again or for the first time; written beside the file.

    A run file knows its benchmark; other outputs are of the one that is named, or carry their own gold (lm-eval).
    `further` metrics are measured besides the benchmark's, with what they are `told`; those over concepts find them in
    the `store`. Raises `NeedsFile`, `BadFormat`, `BadPlan`, `UnknownName`.
    """
    asked = scoring.settled([plain(name) for name in further], told or {}, store)
    rows, made_of = outputs.rows(run), outputs.made_of(run)
    settings = dict(made_of.get("settings", {}))
    if not (named := benchmark or str(made_of.get("benchmark", ""))):
        trials, absent, plan_name, number = outputs.alone(rows), 0, "", "1"
        metrics: tuple[str, ...] = outputs.ALONE if any(each.gold.choice for each in trials) else outputs.WRITTEN
    else:
        plan = plans.benchmark(named)
        examples = running.spread(running.examples_of(plan, data), settings.get("cases", "all"))
        if settings.get("perturb"):
            examples = perturbing.perturbed(examples, settings["perturb"], store)
        unknown = {row["id"] for row in rows if not row.get("gold_known", True)}
        trials, absent = outputs.matched(examples, rows, plan.extractor)
        trials = [each for each in trials if each.id not in unknown]
        plan_name, number, metrics = plan.name, plan.version, plan.metrics
    counts = lines.counts(rows) | {"without_output": absent}
    metrics = (*metrics, *(name for name in asked if name not in metrics))
    made = scoring.scored(
        run.stem, plan_name, number, trials, settings=settings, metrics=metrics, counts=counts, told=asked
    )
    scoring.save(run, made)
    return made


def compare(first: Path, second: Path, *, seed: int = 0) -> list[comparing.Compared]:
    """How two scored runs of one benchmark differ, measure by measure, on the items that both answered."""
    return comparing.compared(scoring.load(first), scoring.load(second), seed=seed)


def report(runs: Sequence[Path] | Mapping[str, Path], more: str = "", language: str = "en") -> str:
    """One HTML file of scored runs (by name, or of their files' names), as text, with a finished section `more`.

    Raises `NeedsFile` for a run that has no scores.
    """
    named = runs.items() if isinstance(runs, Mapping) else [(run.stem, run) for run in runs]
    return reporting.page([(run, replace(scoring.load(run), name=name)) for name, run in named], more, language)
