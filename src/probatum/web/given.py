"""What people hand in: a phenopacket as a file or as JSON, and a pasted note; read once, kept nowhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from probatum.errors import BadFormat
from probatum.formats import phenopacket
from probatum.store.reader import Store
from probatum.types import Mention, Patient, Relation
from probatum.web.case import ID, Case

PACKET = "phenopacket"  # what errors call it: a file's own name may be a person's
GIVE = "give a GA4GH Phenopacket v2 in JSON"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a note; `state` is present, excluded, or why a mention was not taken: family, uncertain."""

    text: str
    concept: str = ""
    name: str = ""
    state: str = ""


def document(content: bytes) -> Patient:
    """The patient of a phenopacket in JSON; raises `BadFormat`."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadFormat("this is not a text in UTF-8", where=PACKET, mend=GIVE) from error
    return phenopacket.patient(content, PACKET)


def tree(document: Mapping[str, Any]) -> Patient:
    """The patient of a phenopacket that has been parsed already; raises `BadFormat`."""
    try:
        content = json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (UnicodeEncodeError, RecursionError) as error:
        raise BadFormat("broken characters, or nested too deep", where=PACKET, mend=GIVE) from error
    return phenopacket.patient(content, PACKET)


def note(text: str, mentions: Sequence[Mention | Relation], store: Store, language: str) -> tuple[list[Piece], Case]:
    """The note in pieces, and the case of the phenotypes that it states of the patient."""
    pieces: list[Piece] = []
    found = Case()
    at = 0
    for one in sorted((one for one in mentions if isinstance(one, Mention)), key=lambda one: (one.start, -one.end)):
        concept = store.concept(one.concept)
        if one.start < at or concept is None or concept.kind != "PhenotypicFeature":
            continue
        state = _state(one)
        pieces += [Piece(text[at : one.start]), _piece(text, one, store, language, state)]
        at = one.end
        if state in ("present", "excluded") and ID.fullmatch(one.concept):
            # Present anywhere in a note outweighs denied elsewhere in it ("no seizures before").
            known = dict(found.observed).get(one.concept, False)
            found = found.with_observed(one.concept, known or state == "present")
    return [piece for piece in [*pieces, Piece(text[at:])] if piece.text], found


def _piece(text: str, one: Mention, store: Store, language: str, state: str) -> Piece:
    return Piece(text[one.start : one.end], one.concept, store.name_of(one.concept, language), state)


def _state(one: Mention) -> str:
    if one.who != "patient":
        return "family"
    if one.certainty != "certain":
        return "uncertain"
    return "excluded" if one.negated else "present"
