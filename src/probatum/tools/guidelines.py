"""What guidelines recommend: graded passages of the store, and what CPIC tells of a gene or a drug."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from probatum.errors import BadFormat
from probatum.naming import card
from probatum.shapes import Given, Result, ToolInput, takes
from probatum.store.reader import Store
from probatum.tools._lookup import LONGEST, address, heard, told
from probatum.tools._stored import passages_on
from probatum.types import Passage

HOSTS = frozenset({"api.cpicpgx.org"})
BASE = "https://api.cpicpgx.org/v1/recommendation_view"


@card("Guidelines", survey="3.1.3", reference="https://cpicpgx.org/api-and-database/")
@takes(ToolInput("topic", "text"), ToolInput("gene", "text", required=False))
def guidelines(
    given: Mapping[str, Given],
    *,
    store: Store | None = None,
    answers: str = "",
    record: str = "",
    line: str = "recorded",
) -> Result:
    """The recommendations on a topic (a disease, a drug), one a line, with strength or grade where one is told.

    With a `store`, its passages that bear a grade or are sections of recommendations, each with its evidence; else what
    CPIC recommends for the drug `topic` by the `gene`. Raises `BadFormat` where CPIC is asked without a gene,
    `NeedsFile`.
    """
    values = told(given, guidelines.inputs, "guidelines")  # type: ignore[attr-defined]
    if store is not None:
        return passages_on(store, [values["topic"], *[values[key] for key in ("gene",) if key in values]],
                           "guidelines", 10, recommends)  # fmt: skip
    gene = values.get("gene", "")
    if not gene.isalnum():
        raise BadFormat(f"gene = {gene!r}", mend="CPIC is asked by gene, such as CYP2D6")
    url = address(BASE, {f"lookupkey->>{gene}": "not.is.null", "select": "*", "limit": "50"})
    got = heard(url, hosts=HOSTS, answers=answers, record=record, line=line, per_second=3.0)
    text = "\n".join(_lines(got.text, values["topic"]))[:LONGEST]
    return Result("guidelines", text, "", (got.url,), version=got.retrieved, reference=got.url)


def recommends(passage: Passage) -> bool:
    """Whether a passage is a recommendation: it bears a grade, or stands in a section of them."""
    said = dict(passage.qualifiers)
    return bool(said.get("grade") or said.get("strength") or "recommendation" in said.get("section", ""))


def _lines(text: str, drug: str) -> list[str]:
    try:
        rows: list[dict[str, Any]] = json.loads(text)
        fitting = [row for row in rows if row["drugname"].casefold() == drug.casefold()]
        return [
            f"{row['drugname']}: {row['drugrecommendation']} ({row['guidelinename']}; "
            f"{', '.join(f'{gene} {value}' for gene, value in row['lookupkey'].items())}; "
            f"{row.get('classification') or 'no strength told'}; {row['guidelineurl']})"
            for row in fitting
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFormat(f"no answer of CPIC: {error!r}") from error
