"""Facts out of the terms of an ontology: concepts, definitions, is_a, and what its other axioms say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from probatum.formats import obo, obographs
from probatum.formats.curies import curie
from probatum.formats.ontology import ID, Term
from probatum.formats.reading import QUOTED
from probatum.sources._files import shown
from probatum.sources._graph import Telling, reference
from probatum.sources._ontology import closing_edges
from probatum.sources._relations import Reading, reading
from probatum.types import Concept, Fact, Malformed, Name, Passage

SUBCLASS = Reading("biolink:subclass_of")
MEMBER = Reading("biolink:member_of")
ENDINGS = (".obo", ".json", ".obo.gz", ".json.gz")


def version(file: Path) -> str:
    """The release that an ontology file states; empty where it states none."""
    return _reader(file)(file)


def _reader(file: Path) -> Callable[[Path], str]:
    return obographs.release if shown(file).endswith(".json") else obo.release


def read(files: Iterable[Path], terms: dict[str, Term]) -> Iterator[Malformed]:
    """Gathers the terms of files into `terms`, by their ids as we spell them; of one id the first file's stands."""
    for file in files:
        reader = obographs if shown(file).endswith(".json") else obo
        for each in reader.terms(file):
            if isinstance(each, Malformed):
                yield each
            else:
                terms.setdefault(curie(each.id), each)


def concept(telling: Telling, id: str, term: Term, kind: str, names: Iterable[Name] = ()) -> Concept:
    """The concept of a term, with every id that it names in our spelling; what is no id is left out."""
    return Concept(
        id=id,
        name=term.name,
        kind=kind,
        origin=telling.origin(id),
        names=tuple(dict.fromkeys(name for name in (*term.synonyms, *names) if name.text.strip())),
        alternatives=_ids(term.alternatives),
        replaced_by=_ids(term.replaced_by),
        consider=_ids(term.consider),
        xrefs=tuple(each for each in _ids(term.xrefs) if each != id),
        obsolete=term.obsolete,
    )


def definition(telling: Telling, id: str, term: Term) -> Iterator[Passage]:
    """The definition of a term with its references, where it has one."""
    if term.definition.strip():
        at = f"{id}#definition"
        references = (_reference(each) for each in term.definition_references)
        origin = telling.origin(at, references=tuple(dict.fromkeys(filter(None, references))))
        yield Passage(at, term.definition, term.name, "en", origin, "definition", (id,))


def hierarchy(telling: Telling, terms: Mapping[str, Term], file: str) -> Iterator[Fact]:
    """The is_a of terms; one that leads to no term of the file, or round in a circle, is noted as well."""
    above = {id: tuple(map(curie, term.is_a)) for id, term in terms.items()}
    known = {id: tuple(parent for parent in parents if parent in terms) for id, parents in above.items()}
    closing = closing_edges(known)
    for id, parents in above.items():
        for parent in dict.fromkeys(parents):
            if parent not in terms:
                yield Malformed(file, 0, "is_a a term that the file does not hold", f"{id} is_a {parent}"[:QUOTED])
                continue
            if (id, parent) in closing:
                yield Malformed(file, 0, "is_a closes a cycle", f"{id} is_a {parent}"[:QUOTED])
            yield telling.claim(id, "subclass of", parent, SUBCLASS, f"{id} is_a {parent}")


def axioms(telling: Telling, id: str, term: Term, *, dialect: str, words: Mapping[str, str]) -> Iterator[Fact]:
    """What a term's other axioms say, after the dialect's table; `words` are the labels of relations."""
    for relation, target in term.links:
        other = curie(target)
        if not ID.fullmatch(other):
            continue
        meant = reading(dialect, relation.replace(":", "_"))
        yield telling.claim(
            id, words.get(relation.replace(":", "_"), relation), other, meant, f"{id} {relation} {other}"
        )


def _ids(written: Iterable[str]) -> tuple[str, ...]:
    found = (curie(each) for each in written)
    return tuple(dict.fromkeys(each for each in found if ID.fullmatch(each)))


def _reference(written: str) -> str:
    text = written.strip()
    for start in ("url:", "URL:"):
        if text.startswith(start):
            text = text[len(start) :].replace("\\:", ":")
    return reference(text)
