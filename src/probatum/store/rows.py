"""How a fact becomes a row: normalised fields, and a key that is the same in whichever order it was read."""

from __future__ import annotations

import hashlib
import json

from probatum.types import Concept, Name, Origin, Pairs, Passage, Relation

MODULUS = 1 << 128


def key_of(fact: Concept | Relation | Passage) -> bytes:
    """The 16-byte key of a fact: a hash over its normalised content and evidence, not over times, paths or row ids."""
    if isinstance(fact, Relation):
        body = ["relation", fact.subject, fact.predicate, fact.object, str(int(fact.negated)), packed(fact.qualifiers)]
    elif isinstance(fact, Passage):
        body = ["passage", fact.id, fact.text, fact.title, fact.language, fact.kind, packed(sorted(fact.about))]
    else:
        body = ["concept", fact.id, fact.name, fact.kind, str(int(fact.obsolete)), links(fact), _names(fact.names)]
    origin = fact.origin
    body += [origin.source, origin.release, origin.at, origin.evidence, packed(origin.references)]
    return hashlib.blake2b("\x1f".join(body).encode(), digest_size=16).digest()


def packed(values: Pairs | tuple[str, ...] | list[str]) -> str:
    """A tuple of texts or of pairs as compact JSON."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) if values else "[]"


def links(concept: Concept) -> str:
    """The ids that a concept refers to, as JSON: [alternatives, replaced_by, consider, xrefs], each sorted."""
    groups = (concept.alternatives, concept.replaced_by, concept.consider, concept.xrefs)
    return json.dumps([sorted(set(group)) for group in groups], separators=(",", ":"))


def _names(names: tuple[Name, ...]) -> str:
    rows = sorted({(name.language, name.scope, name.text, name.kind) for name in names})
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def texts(written: str) -> tuple[str, ...]:
    """The texts that `packed` wrote."""
    return tuple(json.loads(written)) if written != "[]" else ()


def pairs(written: str) -> Pairs:
    """The pairs that `packed` wrote."""
    return tuple((name, value) for name, value in json.loads(written)) if written != "[]" else ()


def relation(row: tuple[str, ...], origins: dict[int, tuple[str, str, str]]) -> Relation:
    """The claim of a row (subject, predicate, object, negated, qualifiers, release, at, evidence, refs)."""
    subject, predicate, object_, negated, qualifiers, *rest = row
    return Relation(subject, predicate, object_, origin(rest, origins), bool(negated), pairs(qualifiers))


def origin(row: list[str] | tuple[str, ...], origins: dict[int, tuple[str, str, str]]) -> Origin:
    """The origin of a row (release, at, evidence, refs), the release being looked up in `origins`."""
    release, at, evidence, references = row
    source, version, loaded = origins[int(release)]
    return Origin(source, version, at, evidence, texts(references), loaded)
