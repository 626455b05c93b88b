"""Whether two drugs interact: the claims of the store, and what labels (openFDA) and RxNav tell."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from probatum.errors import BadFormat
from probatum.naming import card
from probatum.shapes import Given, Result, ToolInput, takes
from probatum.store.reader import Store
from probatum.text.normal import fold
from probatum.text.sentences import sentences
from probatum.tools._lookup import LONGEST, address, heard, told
from probatum.tools._stored import claims_between

HOSTS = frozenset({"api.fda.gov", "rxnav.nlm.nih.gov"})
LABELS = "https://api.fda.gov/drug/label.json"
NAVIGATOR = "https://rxnav.nlm.nih.gov/REST/interaction/list.json"
SERVICES = ("labels", "rxnav")
PREDICATES = ("biolink:interacts_with", "biolink:affects")


@card("Drug interactions", survey="3.1.3", reference="https://open.fda.gov/apis/drug/label/")
@takes(
    ToolInput("drug", "text"),
    ToolInput("other", "text"),
    ToolInput("service", "choice", choices=SERVICES, required=False),
)
def interactions(
    given: Mapping[str, Given],
    *,
    store: Store | None = None,
    answers: str = "",
    record: str = "",
    line: str = "recorded",
) -> Result:
    """Each sentence or claim that speaks of both drugs; the empty text where there is none, which is no all-clear.

    With a `store`, its claims with their evidence. Else the drug's label (openFDA) is read for the other's name, or,
    with the service `rxnav` and RxNorm ids for names, the pairs of RxNav's interaction list, whose layout is read from
    recorded answers (the service itself was closed in January 2024). Raises `BadFormat`, `NeedsFile`.
    """
    values = told(given, interactions.inputs, "interactions")  # type: ignore[attr-defined]
    drug, other = values["drug"], values["other"]
    if store is not None:
        return claims_between(store, drug, other, PREDICATES, "interactions")
    if values.get("service") == "rxnav":
        if not (drug.isdigit() and other.isdigit()):
            raise BadFormat("RxNav is asked by RxNorm ids", mend="drug = 11289, other = 703")
        url = address(NAVIGATOR, {"rxcuis": f"{drug} {other}"})
    else:
        if any(sign in drug for sign in '"\\:()[]{}'):
            raise BadFormat(f"drug = {drug[:40]!r}: a name was expected")
        url = address(LABELS, {"search": f'openfda.generic_name:"{drug}"', "limit": "5"})
    got = heard(url, hosts=HOSTS, answers=answers, record=record, line=line, per_second=3.0)
    lines = _pairs(got.text) if url.startswith(NAVIGATOR) else _said(got.text, other)
    text = "\n".join(dict.fromkeys(lines))[:LONGEST]
    return Result("interactions", text, "", (got.url,), version=got.retrieved, reference=got.url)


def _said(text: str, other: str) -> list[str]:
    """The sentences of the labels' interaction sections that name the other drug."""
    try:
        labels = json.loads(text)["results"]
        parts = [part for label in labels for part in label.get("drug_interactions", ())]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFormat(f"no answer of openFDA: {error!r}") from error
    named = re.compile(rf"\b{re.escape(fold(other))}\b")
    return [
        part[start:end].strip()
        for part in parts
        for start, end in sentences(part)
        if named.search(fold(part[start:end]))
    ]


def _pairs(text: str) -> list[str]:
    """What RxNav's interaction list says of each pair, with its source and severity."""
    try:
        groups = json.loads(text).get("fullInteractionTypeGroup", ())
        return [
            f"{pair['description']} ({group['sourceName']}, severity {pair['severity']})"
            for group in groups
            for kind in group["fullInteractionType"]
            for pair in kind["interactionPair"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFormat(f"no answer of RxNav: {error!r}") from error
