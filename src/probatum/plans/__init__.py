"""The tables of the package, read strictly: what a benchmark is, and what answers each system of the survey."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from probatum.errors import BadPlan
from probatum.naming import card_of, find, known, names
from probatum.plans.reading import not_a_key, only, table_of, word, words
from probatum.plans.recipes import recipe

MISSING = "missing"

# Wings in the order of the house, with the survey's group whose systems belong there.
WINGS = {
    "sources": "databases",
    "datasets": "datasets",
    "models": "",
    "recipes": "academic models",
    "benchmarks": "benchmarks",
    "apps": "industrial functions",
    "annotators": "",
    "tools": "",
    "retrievers": "",
    "methods": "methods",
    "makers": "",
    "stages": "",
    "metrics": "metrics",
}
# Where the test of a wing stands whose things are TOML tables.
OWN_TEST = {
    "recipes": "tests/recipes/test_recipes.py",
    "benchmarks": "tests/test_plans.py",
    "apps": "tests/test_plans.py",
}
TABLES = tuple(OWN_TEST)
TRAINED = "trained"  # setting of benchmarks whose verb is annotate: the folder of the annotator's model
VERBS = ("ask", "retrieve", "annotate")
EXTRACTORS = ("", "choice")  # how an answer is read before it is scored: as it is, or the option that it chooses
# What a benchmark tries: the five of text and the five of several media that the survey tells apart.
TEXT = ("knowledge", "question answering", "information extraction", "dialogue", "content generation")
MEDIA = (
    "multimodal question answering",
    "report summarisation",
    "visual question answering",
    "report generation",
    "image classification",
)
MANNERS = ("automatic", "human", "both")
ACCESS = ("open", "registration", "credentialed", "closed")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A data set, the verb that is tried on it, and how its result is scored."""

    name: str
    title: str
    version: str  # raised when the same outputs would score otherwise
    dataset: str  # name in the wing `datasets`
    verb: str  # one of `VERBS`
    method: str  # name in the wing `methods`, for annotate in `annotators`; empty for retrieve
    retriever: str  # name in the wing `retrievers`; empty where the method needs none
    settings: Mapping[str, tuple[str, ...]]  # allowed values of each setting, its default first
    metrics: tuple[str, ...]  # names in the wing `metrics`
    keep: int  # how many ranked ids a run line holds
    reference: str
    note: str
    capability: str  # one of `TEXT` or `MEDIA`
    manner: str  # who judges: one of `MANNERS`
    extractor: str = ""  # one of `EXTRACTORS`
    part: str = ""  # of the data set, where it has several
    members: tuple[str, ...] = ()  # the benchmarks of a suite, which has no data of its own

    def settle(self, given: Mapping[str, str]) -> dict[str, str]:
        """Every setting with its value, the default where none is given; raises `BadPlan` for what does not belong.

        Where an annotator is tried, `trained` is one more: the folder of the model that the annotator reads with.
        """
        where = f"benchmarks/{self.name}.toml"
        trained = {TRAINED: given[TRAINED]} if self.verb == "annotate" and TRAINED in given else {}
        for key, value in given.items():
            if key in trained:
                continue
            if key not in self.settings:
                raise BadPlan(not_a_key(key, self.settings), where=where, mend=f"it has: {', '.join(self.settings)}")
            if value not in self.settings[key]:
                raise BadPlan(
                    f"{key} = {value!r} is not known here", where=where, mend=f"one of: {', '.join(self.settings[key])}"
                )
        return {key: given.get(key, allowed[0]) for key, allowed in self.settings.items()} | trained


@dataclass(frozen=True, slots=True)
class System:
    """One system that the survey names, with what answers it."""

    id: str
    group: str
    title: str  # of its row in the survey, which it may share with others
    answer: str = MISSING  # wing/name
    test: str = ""  # path::function of the test that asserts what working means for the row

    @property
    def works(self) -> bool:
        """Whether something stands for it and a test shows it."""
        return self.answer != MISSING


@dataclass(frozen=True, slots=True)
class DataCard:
    """What the survey says of a data set (its Table 4); empty where it says nothing."""

    id: str
    type: str = ""
    authenticity: str = ""  # real or mixed
    modalities: tuple[str, ...] = ()
    coverage: str = ""
    time_span: str = ""
    update: str = ""
    usability: str = ""  # the table's own mark: open, on application, closed
    reliability: str = ""
    languages: tuple[str, ...] = ()  # BCP 47
    access: str = ""  # one of `ACCESS`


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue: a thing that stands in a wing with a test that shows it, or a system still missing."""

    wing: str
    name: str
    title: str
    survey_ids: tuple[str, ...]
    state: str  # works or missing
    test: str


def benchmark(name: str) -> Benchmark:
    """The benchmark that stands in benchmarks/<name>.toml; raises `UnknownName` and `BadPlan`."""
    plain = known("benchmarks", name)
    text = resources.files("probatum").joinpath(f"benchmarks/{plain}.toml").read_text(encoding="utf-8")
    return read_benchmark(text, plain, f"benchmarks/{plain}.toml")


def read_benchmark(text: str, name: str, where: str) -> Benchmark:
    """A benchmark from the text of its table; raises `BadPlan` that names the key and the nearest known one."""
    table = table_of(text, where)
    suite = "members" in table
    single = ("title", "version", "reference", "note", "capability", "manner", *(() if suite else ("dataset", "verb")))
    optional = () if suite else ("method", "retriever", "extractor", "part")
    only(table, (*single, *optional, *(("members",) if suite else ("settings", "metrics", "keep"))), where)
    said: dict[str, Any] = {key: word(table, key, where) for key in single}
    said |= {key: word(table, key, where) if key in table else "" for key in optional}
    allowed = {"verb": VERBS, "capability": (*TEXT, *MEDIA), "manner": MANNERS, "extractor": EXTRACTORS}
    for key, values in allowed.items():
        if key in said and said[key] not in values:
            mend = f"one of: {', '.join(filter(None, values))}"
            raise BadPlan(f"{key} = {said[key]!r} is not known here", where=where, mend=mend)
    if suite:
        nothing: dict[str, Any] = {"dataset": "", "verb": "", "method": "", "retriever": "", "settings": {}}
        return Benchmark(name=name, metrics=(), keep=1, members=words(table, "members", where), **nothing, **said)
    keep = table.get("keep", 100)
    if not isinstance(keep, int) or isinstance(keep, bool) or keep < 1:
        raise BadPlan(f"keep = {keep!r} must be a whole number from 1", where=where)
    settings = table.get("settings", {})
    if not isinstance(settings, dict):
        raise BadPlan("settings must be a table", where=where)
    return Benchmark(
        name=name,
        settings={key: words(settings, key, f"{where} [settings]") for key in settings},
        metrics=words(table, "metrics", where),
        keep=keep,
        **said,
    )


@cache
def survey() -> tuple[System, ...]:
    """Every system that the survey names, in its order, with what answers it here."""
    text = resources.files("probatum").joinpath("survey.toml").read_text(encoding="utf-8")
    return read_survey(text, "survey.toml")


def read_survey(text: str, where: str) -> tuple[System, ...]:
    """The systems of a survey table; raises `BadPlan` for an unknown key or a system that stands twice."""
    table = table_of(text, where)
    only(table, ("row",), where)
    found: dict[str, System] = {}
    for number, row in enumerate(table.get("row", ()), 1):
        here = f"{where} row {number}"
        only(row, ("group", "title", "systems"), here)
        group, title = word(row, "group", here), word(row, "title", here)
        for id_, said in row.get("systems", {}).items():
            if id_ in found:
                raise BadPlan(f"{id_!r} stands twice", where=here)
            found[id_] = _system(id_, group, title, said, here)
    return tuple(found.values())


def _system(id_: str, group: str, title: str, said: object, where: str) -> System:
    if said == MISSING:
        return System(id_, group, title)
    if not isinstance(said, dict):
        raise BadPlan(f"{id_} = {said!r} must be {MISSING!r} or {{ answer = ..., test = ... }}", where=where)
    only(said, ("answer", "test"), where)
    return System(id_, group, title, word(said, "answer", where), word(said, "test", where))


@cache
def data_cards() -> Mapping[str, DataCard]:
    """What the survey says of its data sets, by their id there."""
    text = resources.files("probatum").joinpath("datasets/_cards.toml").read_text(encoding="utf-8")
    return read_data_cards(text, "datasets/_cards.toml")


def read_data_cards(text: str, where: str) -> dict[str, DataCard]:
    """The cards of a table, one a data set; raises `BadPlan` for an unknown key or a value of another kind."""
    listed = ("modalities", "languages")
    single = ("type", "authenticity", "coverage", "time_span", "update", "usability", "reliability", "access")
    found: dict[str, DataCard] = {}
    for id_, row in table_of(text, where).items():
        here = f"{where} [{id_}]"
        if not isinstance(row, dict):
            raise BadPlan("a table was expected", where=here)
        only(row, (*single, *listed), here)
        said = {key: word(row, key, here) for key in single if key in row}
        if said.get("access", ACCESS[0]) not in ACCESS:
            mend = f"one of: {', '.join(ACCESS)}"
            raise BadPlan(f"access = {said['access']!r} is not known here", where=here, mend=mend)
        lists = {key: words(row, key, here) for key in listed if key in row}
        told: dict[str, Any] = {**said, **lists}
        found[id_] = DataCard(id_, **told)
    return found


def catalog(wing: str = "") -> list[Entry]:
    """What stands in every wing (or in one), each followed by the systems of the survey that nothing answers yet."""
    if wing and wing not in WINGS:
        raise BadPlan(not_a_key(wing, WINGS).replace("key", "wing"), mend=f"there are: {', '.join(WINGS)}")
    return [entry for each in ((wing,) if wing else (*WINGS, "")) for entry in (*_standing(each), *_missing(each))]


def _standing(wing: str) -> Iterable[Entry]:
    for name in names(wing) if wing else ():
        shown: dict[str, tuple[str, ...]] = {}  # systems by the test that shows them
        for system in survey():
            if system.answer == f"{wing}/{name}":
                shown[system.test] = (*shown.get(system.test, ()), system.id)
        own = OWN_TEST.get(wing, f"tests/{wing}/test_{name}.py")
        for test, ids in (shown or {own: ()}).items():
            yield Entry(wing, name, title_of(wing, name), ids, "works", test)


def _missing(wing: str) -> Iterable[Entry]:
    homes = {group: home for home, group in WINGS.items() if group}
    for system in survey():
        if not system.works and homes.get(system.group, "") == wing:
            yield Entry(wing, system.id.rpartition(":")[2], system.title, (system.id,), MISSING, "")


def title_of(wing: str, name: str) -> str:
    """The title of a named thing: from its table where it is one, else from its card."""
    if wing == "recipes":
        return recipe(name).title
    return benchmark(name).title if wing == "benchmarks" else card_of(find(wing, name)).title
