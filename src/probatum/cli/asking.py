"""Asking in a terminal: answers, rankings, mentions and passages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from probatum import knowledge, verbs
from probatum.cli import given, writing
from probatum.cli.given import AsJson, AsOf, Place, Setting
from probatum.cli.say import data, progress, proven, talk, told
from probatum.errors import BadFormat
from probatum.formats import answer_json, spreading
from probatum.knowledge import Knowledge
from probatum.naming import call, find
from probatum.safety.gate import disclaimer
from probatum.shapes import annotated
from probatum.store.reader import Store
from probatum.text.language import recognise
from probatum.types import Patient, Question

app = typer.Typer()


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The question.")] = "",
    method: Annotated[
        str,
        typer.Option(help="How to answer; see: probatum catalog methods. Default: quoted; rag where a model is named."),
    ] = "",
    patient: Annotated[Path | None, typer.Option(help="A GA4GH Phenopacket or FHIR R4 (JSON), or C-CDA (XML).")] = None,
    phenotype: Annotated[list[str], typer.Option(help="HPO id or words; -before one excludes it; repeatable.")] = [],  # noqa: B006
    age: Annotated[str, typer.Option(help="ISO 8601 duration, as P34Y.")] = "",
    sex: Annotated[str, typer.Option(help="female or male.")] = "",
    as_of: AsOf = "",
    settings: Setting = [],  # noqa: B006
    model: writing.Model = "",
    model_settings: writing.ModelSetting = [],  # noqa: B006
    budget: writing.Spending = "",
    leaves: writing.Leaves = "",
    record: writing.Record = None,
    replay: writing.Replay = None,
    json_: AsJson = False,
) -> None:
    """Answer a question from the store, each sentence cited; or rank diagnoses for a patient."""
    method = method or ("rag" if model or replay else "quoted")
    find("methods", method)  # an unknown name is said before anything is opened
    limit = writing.budget(budget)
    writing.priced(limit, model_settings)
    writer = writing.model(model, model_settings, record, replay)
    person = _patient(patient, phenotype, age, sex)
    if not text and person is None:
        raise BadFormat("there is neither a question nor a patient", mend="probatum ask 'What ...?' or --patient FILE")
    with Knowledge(Place.folder, as_of=as_of) as kb:
        desk = replace(kb.desk, model=writer)
        asked = Question(text, patient=person)
        policy = leaves or knowledge.configured()["leaves"]
        answer = verbs.ask(
            kb.store, asked, method, desk=desk, budget=limit, leaves=policy, **given.settings(settings)
        )  # fmt: skip
    for step in answer.trace:
        if step.what == "usage" or (step.what == "model" and step.said.startswith("failed")):
            talk(f"{step.what}: {step.said}")
    talk(disclaimer(recognise(text)))
    if json_:
        return data(knowledge.plain(answer))
    for line in told(answer):
        data(line)


@app.command()
def prove(
    file: Annotated[str, typer.Argument(help="An answer, as ask --json wrote it, or - for standard input.")],
    kb: Annotated[str, typer.Option(help="Folder of another knowledge store, of a newer release, say.")] = "",
    json_: AsJson = False,
) -> None:
    """Hold an earlier answer against the store again: a verdict on each sentence, and what has changed since."""
    with given.opened(file) as stream:
        try:
            answer = answer_json.read(stream.read().decode(), file)
        except UnicodeDecodeError as error:
            raise BadFormat(str(error), where=file, mend="give what ask --json wrote") from error
    with Knowledge(Path(kb) if kb else Place.folder) as known:
        again = known.prove(answer)
    if json_:
        data({"answer": knowledge.plain(again.answer), "before": again.before, "now": again.now,
              "changes": [asdict(each) for each in again.changes]})  # fmt: skip
    else:
        for line in proven(again):
            data(line)


@app.command()
def annotate(
    file: Annotated[str, typer.Argument(help="A text file, or - for standard input.")] = "-",
    annotator: str = "dictionary",
    language: Annotated[list[str], typer.Option(help="Language of the names to look for; all by default.")] = [],  # noqa: B006
    kind: Annotated[
        list[str], typer.Option(help="Kind of concepts to look for (Drug, Disease ...); findings, diseases and drugs.")
    ] = [],  # noqa: B006
    ray: given.Ray = "",
    json_: AsJson = False,
) -> None:
    """Find the concepts of a text, a line at a time, with negation, certainty and whom they concern."""
    with Store(Place.folder) as store, given.opened(file) as stream, given.spread(ray):
        settings: dict[str, Any] = {"languages": tuple(language)}
        settings |= {"kinds": tuple(kind)} if kind or annotator == "dictionary" else {}
        if ray:
            read = partial(knowledge.annotated_by, Place.folder.absolute(), annotator, tuple(settings.items()))
            every = chain.from_iterable(spreading.mapped(read, given.arriving(stream, file)))
        else:
            alone = call("annotators", annotator, store, **settings)
            every = chain.from_iterable(annotated(alone, lines) for lines in given.arriving(stream, file))
        for found in every:
            mentions = [asdict(mention) for mention in found]
            data({"mentions": mentions} if json_ else "; ".join(_mention(store, m) for m in mentions) or "-")


@app.command()
def retrieve(
    queries: Annotated[Path, typer.Option(help="A TSV: query id, text.")],
    run: Annotated[Path, typer.Option(help="The TREC run to write; passages only.")],
    retriever: str = "fused",
    keep: int = 100,
    settings: Setting = [],  # noqa: B006
    ray: given.Ray = "",
) -> None:
    """Retrieve passages for a file of queries and write a TREC run."""
    rows = [line.partition("\t") for line in given.lines(queries)]
    with Store(Place.folder) as store, given.spread(ray), progress("queries", len(rows)) as heard:
        search = call("retrievers", retriever, store, **given.settings(settings))
        with run.open("w", encoding="utf-8") as out:
            for number, (query, _, text) in enumerate(rows, 1):
                found = verbs.documents(search(Question(text), keep))
                for rank, document in enumerate(found, 1):
                    out.write(f"{query} Q0 {document.id} {rank} {document.score:.6f} {retriever}\n")
                heard(number)
    talk(f"{run}: {len(rows)} queries")


def _patient(file: Path | None, phenotypes: list[str], age: str, sex: str) -> Patient | None:
    if file is not None:
        read: Callable[[Path], Patient] = import_module("probatum.formats.patient_file").read  # it needs lxml
        return read(file)
    observations = tuple(knowledge.observed(written) for written in phenotypes)
    return Patient(age=age, sex=sex, observations=observations) if observations else None


def _mention(store: Store, mention: dict[str, Any]) -> str:
    said = [mention["concept"], store.name_of(mention["concept"])]
    said += ["negated"] if mention["negated"] else []
    said += [mention[key] for key, usual in (("certainty", "certain"), ("who", "patient")) if mention[key] != usual]
    return f"{mention['text']} ({', '.join(said)})"
