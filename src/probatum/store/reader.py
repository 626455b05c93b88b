"""Reads the knowledge store: one snapshot of what its releases say, kept for as long as it is open."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, TypeVar

from probatum.errors import NeedsFile
from probatum.store import derived, joining, rows, suggest, view
from probatum.store.schema import DATABASE, connect, sound
from probatum.types import Concept, Name, Origin, Pairs, Passage, Relation, Release

CHUNK = 1_000  # rows fetched while the lock is held
Key = TypeVar("Key")
Value = TypeVar("Value")
MEMORY = 65_536  # names, and ids of one thing, that are kept once they were read
TEXTS, SHORT = 8_192, 8_000  # passages that are kept, and the characters of the longest of them
TABLES = ("releases", "concepts", "names", "relations", "claims", "passages", "quarantine")


class Store:
    """The knowledge in one folder, as it stood when it was opened. Threads may share it.

    Of each source its newest release is seen, with what it updates; `as_of` a day (ISO) the newest of that day, and
    only what its qualifiers let hold then; of a source that `releases` (SOURCE@RELEASE) name, those. `folder` None
    gives an empty store that goes with the object. Raises `NeedsFile`, `StoreDamaged`, `StoreRefused`, `BadPlan`.
    """

    def __init__(self, folder: Path | None = None, *, as_of: str = "", releases: Iterable[str] = ()) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="probatum-") if folder is None else None
        self.path = Path(self._temporary.name) if self._temporary else Path(folder or ".")
        if folder is not None and not (self.path / DATABASE).is_file():
            raise NeedsFile("there is no knowledge store here", where=str(folder), mend="probatum ingest hpo makes one")
        self._lock = threading.RLock()
        self._held: IO[bytes] | None = None  # keeps this content's derived indexes, once one was asked for
        if folder is None:
            connect(self.path).close()
        self._asked = as_of, tuple(releases)
        self._link = connect(self.path, readonly=True)
        try:
            with sound(self.path):
                self._link.execute("BEGIN")  # the snapshot: a read transaction that stays open
                self.view = view.of(self._link, *self._asked)
                self.view.overlay(self._link)
        except BaseException:
            self._link.close()
            raise
        self.content = self.view.content
        self._origins, self._retracted = self.view.origins, self.view.retracted
        # The snapshot never changes, and a question's neighbourhood says the same few names again and again.
        self._same: dict[str, tuple[str, ...]] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._texts: dict[str, Passage] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the snapshot."""
        with self._lock:
            self._link.close()
            if self._held:
                self._held.close()
        if self._temporary:
            self._temporary.cleanup()

    def is_current(self) -> bool:
        """Whether the folder still holds what this snapshot shows."""
        link = connect(self.path, readonly=True)
        try:
            with sound(self.path):
                return view.of(link, *self._asked).content == self.content
        finally:
            link.close()

    def releases(self) -> list[Release]:
        """The releases that are seen, sorted by source and version; `view.hidden` are the others."""
        return sorted((one.release for one in self.view.shown), key=lambda one: (one.source, one.version))

    def resolve(self, id: str) -> str | None:
        """The current id of a concept: merged and replaced ids are followed; None where nothing of that id is known."""
        seen = {id}
        while True:
            sql = "SELECT min(obsolete) FROM concepts WHERE id = ?"
            (obsolete,) = next(self.rows(sql, id))
            if obsolete == 0:
                return id
            sql = "SELECT new FROM aliases WHERE old = ? ORDER BY how DESC, new"
            new = next((row[0] for row in self.rows(sql, id) if row[0] not in seen), None)
            if new is None:
                return None if obsolete is None else id
            seen.add(new)
            id = new

    def same(self, id: str) -> tuple[str, ...]:
        """All ids of the thing that an id names, by mappings: the one that speaks for it, the others, former ids."""
        if (found := self._same.get(id)) is None:
            found = _kept(self._same, id, joining.clusters_of(self).same(id))
        return found

    def concept(self, id: str) -> Concept | None:
        """The concept of that very id as its first source gives it, with the names that all sources give it."""
        return next(self._concepts("AND c.id = ?", id), None)

    def concepts(self, kind: str = "") -> Iterator[Concept]:
        """All concepts, or those of one kind, sorted by id; each once."""
        return self._concepts("AND c.kind = ?", kind) if kind else self._concepts("")

    def name_of(self, id: str, language: str = "en") -> str:
        """The preferred name in the language, else the label, else the id itself."""
        if (known := self._names.get((id, language))) is not None:
            return known
        sql = "SELECT min(text) FROM names WHERE concept = ? AND language = ? AND scope = 'label'"
        found = next(self.rows(sql, id, language), None) if language != "en" else None
        if found is None or found[0] is None:
            found = next(self.rows("SELECT name FROM concepts WHERE id = ?", id), (id,))
        return _kept(self._names, (id, language), str(found[0]))

    def kind_of(self, id: str) -> str:
        """The kind of a concept as its first source gives it; empty where nothing of that id is known."""
        return next((row[0] for row in self.rows("SELECT kind FROM concepts WHERE id = ?", id)), "")

    def assertions(self) -> Iterator[tuple[str, str, str]]:
        """(subject, predicate, object) of every assertion that is not negated, sorted, each once."""
        sql = "SELECT subject, predicate, object FROM relations WHERE NOT negated ORDER BY subject, predicate, object"
        yield from self.rows(sql)

    def ids(self) -> Iterator[str]:
        """The ids of all concepts, and those that relations speak of besides, sorted by their UTF-8 bytes."""
        of_concepts = self.rows("SELECT DISTINCT id FROM concepts WHERE 1 ORDER BY id")
        return merge((row[0] for row in of_concepts), self.unnamed())

    def unnamed(self) -> Iterator[str]:
        """The ids that relations speak of and no concept describes, sorted."""
        known = "NOT EXISTS (SELECT 1 FROM concepts WHERE id = %s)"
        sides = (f"SELECT {side} FROM relations WHERE {known % side}" for side in ("subject", "object"))
        return (row[0] for row in self.rows(f"{' UNION '.join(sides)} ORDER BY 1"))

    def names(self, languages: tuple[str, ...] = ()) -> Iterator[tuple[str, str, Name]]:
        """(concept id, its kind, name) for every label and synonym of concepts that are not obsolete, sorted."""
        wanted = "" if not languages else f" AND language IN ({','.join('?' * len(languages))})"
        sql = f"""
            SELECT c.id, c.kind, c.name AS text, 'en' AS language, 'label' AS scope, '' AS type FROM concepts c
            WHERE NOT c.obsolete{wanted}
            UNION SELECT c.id, c.kind, n.text, n.language AS language, n.scope, n.kind FROM names n
            JOIN concepts c ON c.id = n.concept AND c.release = n.release
            WHERE NOT c.obsolete{wanted.replace("language", "n.language")}
            ORDER BY 1, 4, 5, 3, 6"""
        if languages and "en" not in languages:  # labels are English
            sql = sql.replace("NOT c.obsolete", "0 AND NOT c.obsolete", 1)
        for id, kind, text, language, scope, typed in self.rows(sql, *languages, *languages):
            yield id, kind, Name(text, language, scope, typed)

    def relations(self, subject: str = "", predicate: str = "", object: str = "") -> Iterator[Relation]:
        """Every claim of every assertion that fits the given parts, sorted; all claims where none is given."""
        given = {"subject": subject, "predicate": predicate, "object": object}
        parts = [f"{name} = ?" for name, value in given.items() if value] or ["1"]
        return self._claims(" AND ".join(parts), *(value for value in given.values() if value))

    def relations_between(self, subjects: Sequence[str], predicate: str, objects: Sequence[str]) -> Iterator[Relation]:
        """Every claim with one of these subjects, this predicate and one of these objects, sorted."""
        subject, object_ = (",".join("?" * len(each)) for each in (subjects, objects))
        condition = f"subject IN ({subject}) AND predicate = ? AND object IN ({object_})"
        return self._claims(condition, *subjects, predicate, *objects)

    def passage(self, id: str) -> Passage | None:
        """The passage of that id; where several releases hold it, the newest."""
        return next(self._passages("id = ?", id), None)

    def passages_of(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages of these ids, those that there are, by their id; read together in half of the time."""
        found = {id: held for id in ids if (held := self._texts.get(id)) is not None}
        missing = [id for id in ids if id not in found]
        for at in range(0, len(missing), CHUNK):
            some = missing[at : at + CHUNK]
            for each in self._passages(f"id IN ({','.join('?' * len(some))})", *some):
                found[each.id] = each
                if len(each.text) <= SHORT:
                    _kept(self._texts, each.id, each, TEXTS)
        return found

    def passages(self, about: str = "", kind: str = "") -> Iterator[Passage]:
        """All passages, sorted by id, or those about a concept, or of a kind."""
        parts, values = ["1"], []
        if about:
            parts.append("(id, release) IN (SELECT passage, release FROM subjects WHERE concept = ?)")
            values.append(about)
        if kind:
            parts.append("kind = ?")
            values.append(kind)
        return self._passages(" AND ".join(parts), *values)

    def derived(self, name: str, build: Callable[[Path], None]) -> Path:
        """The folder of a derived index of exactly this content; `build` fills it beside, and one rename shows it."""
        with self._lock:
            if self._held is None:
                self._held = derived.hold(self.path, self.content)
        return derived.folder(self.path, self.content, name, build)

    def suggest(
        self, typed: str, language: str = "en", kinds: tuple[str, ...] = ("PhenotypicFeature",), limit: int = 10
    ) -> list[tuple[str, str]]:
        """(concept id, matching name) for what a person has typed so far, best first."""
        folder = self.derived(suggest.NAME, lambda beside: suggest.build(beside, self.names()))
        return suggest.search(folder, typed, language, kinds, limit)

    def stats(self) -> dict[str, int]:
        """How many releases, concepts, names, relations, claims, passages and quarantined records there are."""
        return {table: int(next(self.rows(f"SELECT count(*) FROM {table}"))[0]) for table in TABLES}

    def numbers(self, source: str = "", version: str = "") -> list[int]:
        """The numbers that the rows of complete releases bear: of all, of a source, or of one release."""
        return [number for number, (of, at, _) in self._origins.items() if source in {"", of} and version in {"", at}]

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of one query over this snapshot, for the other files of this room; raises `StoreDamaged`."""
        with self._lock, sound(self.path):
            cursor = self._link.execute(sql, values)
            chunk = cursor.fetchmany(CHUNK)
        while chunk:
            yield from chunk
            with self._lock, sound(self.path):
                chunk = cursor.fetchmany(CHUNK)

    def add_function(self, name: str, arguments: int, function: Callable[..., str | int]) -> None:
        """Lets the queries of `rows` call a function under a name; it must give the same for the same arguments."""
        with self._lock:
            self._link.create_function(name, arguments, function, deterministic=True)

    def claim(self, row: tuple[Any, ...]) -> Relation:
        """The claim of a row of `rows`: subject to qualifiers, release, at, evidence, refs, reliability."""
        return rows.relation(row, self._origins, self._retracted)

    def _claims(self, condition: str, *values: str) -> Iterator[Relation]:
        sql = f"""
            SELECT subject, predicate, object, negated, qualifiers, release, at, evidence, refs, reliability
            FROM relations r JOIN claims c ON c.relation = r.id WHERE {condition}
            ORDER BY subject, predicate, object, negated, key"""
        return map(self.claim, self.rows(sql, *values))

    def _concepts(self, condition: str, *values: str) -> Iterator[Concept]:
        sql = f"""SELECT id, name, kind, obsolete, links, release, at, evidence, refs, reliability
            FROM concepts c WHERE 1 {condition} ORDER BY id, release"""
        last = ""
        for id, name, kind, obsolete, links, *origin in self.rows(sql, *values):
            if id != last:
                last = id
                alternatives, replaced_by, consider, xrefs = rows.groups(links)
                yield Concept(
                    id, name, kind, self._origin(origin), self._names_of(id),
                    alternatives, replaced_by, consider, xrefs, bool(obsolete),
                )  # fmt: skip

    def _names_of(self, id: str) -> tuple[Name, ...]:
        sql = """SELECT DISTINCT text, language, scope, kind FROM names WHERE concept = ?
            ORDER BY language, scope, text, kind"""
        return tuple(Name(*row) for row in self.rows(sql, id))

    def _passages(self, condition: str, *values: str) -> Iterator[Passage]:
        sql = f"""SELECT id, text, title, language, kind, about, qualifiers, release, at, evidence, refs, reliability
            FROM passages WHERE {condition} ORDER BY id, release DESC"""
        last = ""
        for id, text, title, language, kind, about, qualifiers, *origin in self.rows(sql, *values):
            if id != last:
                last = id
                said = self._marked(id, rows.pairs(qualifiers))
                yield Passage(id, text, title, language, self._origin(origin), kind, rows.texts(about), said)

    def _origin(self, row: Sequence[Any]) -> Origin:
        return rows.origin(row, self._origins, self._retracted)

    def _marked(self, id: str, qualifiers: Pairs) -> Pairs:
        """The qualifiers of a passage; the text of a paper that was withdrawn says so."""
        if not self._retracted or rows.record_of(id) not in self._retracted:
            return qualifiers
        return tuple(sorted({**dict(qualifiers), "status": "retracted"}.items()))


def _kept(memory: dict[Key, Value], key: Key, value: Value, most: int = MEMORY) -> Value:
    """The value, kept under its key for the next time; a memory that is full begins anew."""
    if len(memory) >= most:
        memory.clear()
    memory[key] = value
    return value
