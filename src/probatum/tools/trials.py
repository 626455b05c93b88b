"""Clinical trials of a condition or a treatment: those of the store, and those that ClinicalTrials.gov tells."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from probatum.errors import BadFormat
from probatum.naming import card
from probatum.shapes import Given, Result, ToolInput, takes
from probatum.store.reader import Store
from probatum.tools._lookup import address, heard, told
from probatum.tools._stored import passages_on
from probatum.types import Passage

BASE = "https://clinicaltrials.gov/api/v2/studies"
HOSTS = frozenset({"clinicaltrials.gov"})
FIELDS = (
    "NCTId,BriefTitle,OverallStatus,Phase,StudyType,Condition,InterventionName,LeadSponsorName,EnrollmentCount,"
    "BriefSummary,StartDate,CompletionDate,MinimumAge,MaximumAge"
)
STATES = ("RECRUITING", "COMPLETED", "TERMINATED", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING")


@card("Clinical trials", survey="3.1.3", reference="https://clinicaltrials.gov/data-api/api")
@takes(
    ToolInput("condition", "text", required=False),
    ToolInput("treatment", "text", required=False),
    ToolInput("status", "choice", choices=STATES, required=False),
    ToolInput("most", "choice", choices=("1", "3", "5", "10", "50"), required=False),
)
def trials(
    given: Mapping[str, Given],
    *,
    store: Store | None = None,
    answers: str = "",
    record: str = "",
    line: str = "recorded",
) -> Result:
    """One line a trial: id, title, status, phase, what was tried, how many took part; at most 10,000 characters.

    With a `store`, the trials that it holds, each with its evidence; else recorded answers, else with `line = "live"`
    ClinicalTrials.gov. Raises `BadFormat` where neither condition nor treatment is told, `NeedsFile`.
    """
    values = told(given, trials.inputs, "trials")  # type: ignore[attr-defined]
    what = [values[key] for key in ("condition", "treatment") if key in values]
    if not what:
        raise BadFormat("missing: condition or treatment", mend="inputs of trials")
    most = values.get("most", "10")
    if store is not None:
        return passages_on(store, what, "trials", int(most), _is_trial)
    query = {"countTotal": "true", "pageSize": most, "fields": FIELDS}
    query |= {"query.cond": values["condition"]} if "condition" in values else {}
    query |= {"query.intr": f'"{values["treatment"]}"'} if "treatment" in values else {}
    query |= {"filter.overallStatus": values["status"]} if "status" in values else {}
    got = heard(address(BASE, query), hosts=HOSTS, answers=answers, record=record, line=line, per_second=1.0)
    lines = _lines(got.text)
    text = "\n".join(lines)
    return Result("trials", text[:10_000], "", (got.url,), version=got.retrieved, reference=got.url)


def _is_trial(passage: Passage) -> bool:
    return passage.id.startswith("clinicaltrials:")


def _lines(text: str) -> list[str]:
    try:
        read = json.loads(text)
        studies = read["studies"]
        lines = [f"{read.get('totalCount', len(studies))} trials"]
        lines += [_line(each["protocolSection"]) for each in studies]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFormat(f"no answer of ClinicalTrials.gov: {error!r}") from error
    return lines


def _line(study: Mapping[str, Any]) -> str:
    named, design = study["identificationModule"], study.get("designModule", {})
    tried = [each.get("name", "") for each in study.get("armsInterventionsModule", {}).get("interventions", ())]
    parts = (
        named["nctId"],
        re.sub(r"\s+", " ", named.get("briefTitle", "")),
        study.get("statusModule", {}).get("overallStatus", ""),
        "/".join(design.get("phases", ())),
        ", ".join(tried),
        f"n = {design['enrollmentInfo']['count']}" if "count" in design.get("enrollmentInfo", {}) else "",
    )
    return "; ".join(part for part in parts if part)
