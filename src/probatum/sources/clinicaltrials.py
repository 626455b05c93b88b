"""ClinicalTrials.gov: which treatment is tried for which condition, in which phase, in whom, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from probatum.formats.json_stream import json_lines, records
from probatum.formats.reading import QUOTED, loads, whole
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of, said
from probatum.sources._relations import Reading
from probatum.types import Fact, Malformed, Name, Pairs, Passage

_STUDIES, _LISTED = ("studies", "*"), ("*",)
_NCT = re.compile(r"NCT\d{8}")
_TRIED = Reading("biolink:in_clinical_trials_for")
_ABOUT, _TESTS, _EVENT = (
    Reading("biolink:associated_with"),
    Reading("biolink:has_part"),
    Reading("biolink:has_adverse_event"),
)
_KINDS = {
    "DRUG": "Drug", "BIOLOGICAL": "Drug", "DIETARY_SUPPLEMENT": "Food", "DEVICE": "Device", "PROCEDURE": "Procedure",
    "RADIATION": "Procedure", "DIAGNOSTIC_TEST": "Procedure", "BEHAVIORAL": "Behavior",
}  # fmt: skip
_CONTROL = re.compile(r"\b(placebo|sham|saline|vehicle|no treatment|no intervention)\b", re.IGNORECASE)
_CONTROLS = {"PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"}


@card(
    "ClinicalTrials.gov",
    reference="https://clinicaltrials.gov/data-api/about-api/study-data-structure",
    licence="public domain (US government); attribution and the date of retrieval are asked for",
    languages=("en",),
    where="https://clinicaltrials.gov/data-api/api (version 2, JSON), or the download of all studies",
    terms="https://clinicaltrials.gov/about-site/terms-conditions: say when the data were fetched, do not alter them.",
)
def clinicaltrials(path: Path | None = None) -> Iterator[Fact]:
    """The facts of studies in the JSON of API version 2: one study, an answer with `studies`, an array, or one a line.

    Each intervention is said to be in clinical trials for each condition, with phase, status, type of study, age and
    sex as qualifiers; controls (placebo, sham) are not. Conditions and interventions are what sponsors wrote; the MeSH
    terms that the registry's program found stand beside them as extracted. Summary, eligibility and outcomes with
    results become passages, serious events claims with n/m. The release is the sha256. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("clinicaltrials", path, (".json", ".jsonl"), card_of(clinicaltrials))
    begun = release("clinicaltrials", card_of(clinicaltrials), files, manner="updates")
    yield begun
    telling = Telling(begun)
    for file in files:
        for number, study in _studies(file):
            if isinstance(study, Malformed):
                yield study
            else:
                yield from _study(telling, file, number, study)


def _studies(file: Path) -> Iterator[tuple[int, Any]]:
    if file.name.removesuffix(".gz").lower().endswith(".jsonl"):
        for found in json_lines(file):
            yield (found.line, found) if isinstance(found, Malformed) else found
        return
    met = False
    for record in records(file, _STUDIES, _LISTED):
        met = True
        yield record.line, record.value
    if not met:
        study = loads(whole(file), str(file))
        if isinstance(study, dict) and "protocolSection" in study:
            yield 1, study


class _Part:
    """One object of a study, of which nothing is certain."""

    def __init__(self, value: Any) -> None:
        self._value: Mapping[str, Any] = value if isinstance(value, dict) else {}

    def at(self, *keys: str) -> _Part:
        """The object within."""
        part = self
        for key in keys:
            part = _Part(part._value.get(key))
        return part

    def text(self, key: str) -> str:
        """A text or number within; empty where there is none."""
        value = self._value.get(key)
        return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""

    def texts(self, key: str) -> list[str]:
        """The texts of a list within."""
        value = self._value.get(key)
        return (
            [each.strip() for each in value if isinstance(each, str) and each.strip()]
            if isinstance(value, list)
            else []
        )

    def parts(self, key: str) -> list[_Part]:
        """The objects of a list within."""
        value = self._value.get(key)
        return [_Part(each) for each in value] if isinstance(value, list) else []


def _study(telling: Telling, file: Path, number: int, value: Any) -> Iterator[Fact]:
    study = _Part(value)
    protocol = study.at("protocolSection")
    named = protocol.at("identificationModule")
    nct, title = named.text("nctId"), named.text("briefTitle")
    if not _NCT.fullmatch(nct) or not title:
        yield Malformed(file.name, number, "a study with nctId and briefTitle was expected", str(value)[:QUOTED])
        return
    id = f"clinicaltrials:{nct}"
    names = [Name(text, "en", "exact", kind) for kind, text in (
        ("official title", named.text("officialTitle")), ("acronym", named.text("acronym")),
    ) if text]  # fmt: skip
    yield telling.concept(id, title, "ClinicalTrial", names=names)
    qualifiers = _qualifiers(protocol)
    conditions = list(dict.fromkeys(protocol.at("conditionsModule").texts("conditions")))
    for condition in conditions:
        other = _own(condition)
        yield from telling.first(other, condition, "Disease")
        yield telling.claim(id, "condition", other, _ABOUT, id, references=(id,), qualifiers=qualifiers)
    yield from _interventions(telling, id, protocol, conditions)
    for side, module in (("condition", "conditionBrowseModule"), ("intervention", "interventionBrowseModule")):
        yield from _meshes(telling, id, side, study.at("derivedSection", module))
    yield from _passages(telling, id, title, protocol)
    yield from _results(telling, id, title, study.at("resultsSection"))


def _own(name: str) -> str:
    """The id of what sponsors name: with a prefix of its own, for `clinicaltrials` is that of the trials."""
    return f"ctgov:{'_'.join(name.split())}"


def _qualifiers(protocol: _Part) -> Pairs:
    eligible, design = protocol.at("eligibilityModule"), protocol.at("designModule")
    ages = " to ".join(filter(None, (eligible.text("minimumAge"), eligible.text("maximumAge"))))
    if ages and not eligible.text("maximumAge"):
        ages = f"from {ages}"
    elif ages and not eligible.text("minimumAge"):
        ages = f"up to {ages}"
    status = protocol.at("statusModule")
    return said((
        ("phase", "|".join(design.texts("phases"))),
        ("study", design.text("studyType")),
        ("status", status.text("overallStatus")),
        ("age", ages),
        ("sex", eligible.text("sex")),
        ("population", design.at("enrollmentInfo").text("count")),
        ("started", status.at("startDateStruct").text("date")),
        ("completed", status.at("completionDateStruct").text("date")),
    ))  # fmt: skip


def _interventions(telling: Telling, id: str, protocol: _Part, conditions: list[str]) -> Iterator[Fact]:
    module, qualifiers = protocol.at("armsInterventionsModule"), _qualifiers(protocol)
    arms = module.parts("armGroups")
    tested = {name.partition(": ")[2] or name for arm in arms if arm.text("type") not in _CONTROLS
              for name in arm.texts("interventionNames")}  # fmt: skip
    for each in module.parts("interventions"):
        name = each.text("name")
        if not name:
            continue
        other = _own(name)
        kind = _KINDS.get(each.text("type"), "Treatment")
        names = [Name(text, "en", "related") for text in each.texts("otherNames")]
        yield telling.concept(other, name, kind, names=names)
        yield telling.claim(id, "intervention", other, _TESTS, id, references=(id,))
        if _CONTROL.search(name) or (tested and name not in tested):
            continue
        for condition in conditions:
            yield telling.claim(other, "", _own(condition), _TRIED, id, references=(id,), qualifiers=qualifiers)


def _meshes(telling: Telling, id: str, side: str, module: _Part) -> Iterator[Fact]:
    """The MeSH terms that the registry's program found for the study's conditions or interventions."""
    for each in module.parts("meshes"):
        code, term = each.text("id"), each.text("term")
        if re.fullmatch(r"[A-Z]\d{6,9}", code) and term:
            mesh = f"MESH:{code}"
            yield from telling.first(mesh, term, "Disease" if side == "condition" else "ChemicalEntity")
            yield telling.claim(
                id, f"{side} mesh", mesh, _ABOUT, f"{id} {side} {mesh}", references=(id,), reliability="extracted"
            )


def _passages(telling: Telling, id: str, title: str, protocol: _Part) -> Iterator[Fact]:
    described, eligible = protocol.at("descriptionModule"), protocol.at("eligibilityModule")
    sections = (
        ("summary", described.text("briefSummary")),
        ("description", described.text("detailedDescription")),
        ("eligibility", eligible.text("eligibilityCriteria")),
    )
    for section, text in sections:
        if text:
            at = f"{id}#{section}"
            qualifiers = said((*_qualifiers(protocol), ("section", section)))
            yield Passage(at, text, title, "en", telling.origin(at), "document", (id,), qualifiers)


def _results(telling: Telling, id: str, title: str, results: _Part) -> Iterator[Fact]:
    for number, each in enumerate(results.at("outcomeMeasuresModule").parts("outcomeMeasures"), start=1):
        groups = {group.text("id"): group.text("title") for group in each.parts("groups")}
        lines = [each.text("title"), each.text("description"), each.text("timeFrame"), *_measured(each, groups)]
        for analysis in each.parts("analyses"):
            parts = [
                analysis.text(key) for key in ("statisticalMethod", "paramType", "paramValue", "statisticalComment")
            ]
            lines.append(
                ", ".join(filter(None, [*parts, f"p {analysis.text('pValue')}" if analysis.text("pValue") else ""]))
            )
        at = f"{id}#outcome/{number}"
        body = "\n".join(filter(None, lines))
        p_values = "|".join(filter(None, (analysis.text("pValue") for analysis in each.parts("analyses"))))
        qualifiers = said((("section", f"outcome {each.text('type').lower()}"), ("p_value", p_values)))
        if body:
            yield Passage(at, body, title, "en", telling.origin(at), "document", (id,), qualifiers)
    events = results.at("adverseEventsModule")
    groups = {group.text("id"): group.text("title") for group in events.parts("eventGroups")}
    for event in events.parts("seriousEvents"):
        term = event.text("term")
        for stat in event.parts("stats") if term else ():
            other = _own(f"event/{term}")
            yield from telling.first(other, term, "PhenotypicFeature")
            counts = f"{stat.text('numAffected')}/{stat.text('numAtRisk')}"
            group = groups.get(stat.text("groupId"), stat.text("groupId"))
            qualifiers = (("frequency", counts if counts.strip("/") else ""), ("severity", "serious"), ("group", group))
            yield telling.claim(id, "serious event", other, _EVENT, f"{id} {term} {group}", references=(id,),
                                qualifiers=qualifiers)  # fmt: skip


def _measured(each: _Part, groups: Mapping[str, str]) -> Iterator[str]:
    """What was measured in each group: "Arm A: 12.5 (mg/dL)"."""
    for class_ in each.parts("classes"):
        for category in class_.parts("categories"):
            for value in category.parts("measurements"):
                name = " ".join(filter(None, (class_.text("title"), category.text("title"))))
                group = groups.get(value.text("groupId"), value.text("groupId"))
                spread = f" ({value.text('spread')})" if value.text("spread") else ""
                said_ = f"{group}: {value.text('value')}{spread} {each.text('unitOfMeasure')}".strip()
                yield f"{name}, {said_}" if name else said_
