"""Links that lead nowhere: ids that nobody describes, former ids that are still in use, replacements that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from probatum.store.reader import Store


@dataclass(frozen=True, slots=True)
class Broken:
    """One link that leads nowhere."""

    kind: str  # dangling, obsolete, split, lost
    id: str
    said: str  # what is wrong with it
    uses: int  # assertions that name it


KINDS = {
    "dangling": "its vocabulary is here and does not know it",
    "obsolete": "it is obsolete, and nothing replaces it",
    "split": "it is obsolete, and several may replace it",
    "lost": "it was replaced by an id that nobody describes",
}
VOCABULARY = 100  # described concepts: fewer are examples, not a vocabulary
_USES = "(SELECT count(*) FROM relations WHERE subject = {0}) + (SELECT count(*) FROM relations WHERE object = {0})"


def broken(store: Store) -> Iterator[Broken]:
    """Every broken link, kind by kind, sorted by id; former ids that lead to one present id are not broken.

    A vocabulary counts as being here where a source describes VOCABULARY of its concepts; ids of others are nobody's
    fault. Obsolete ids are told only where assertions use them.
    """
    here: dict[str, bool] = {}
    for id in store.unnamed():
        prefix = id.partition(":")[0]
        if prefix not in here:
            here[prefix] = _is_here(store, prefix)
        if here[prefix]:
            (uses,) = next(store.rows(f"SELECT {_USES.format('?1')}", id))
            yield Broken("dangling", id, KINDS["dangling"], uses)
    sql = f"""SELECT DISTINCT id, {_USES.format("c.id")} AS uses FROM concepts c WHERE obsolete AND uses > 0
        AND NOT EXISTS (SELECT 1 FROM concepts d WHERE d.id = c.id AND NOT d.obsolete) ORDER BY id"""
    for id, uses in store.rows(sql):
        found = sorted({row[0] for row in store.rows("SELECT new FROM aliases WHERE old = ?", id)})
        if not found:
            yield Broken("obsolete", id, KINDS["obsolete"], uses)
        elif len(found) > 1:
            yield Broken("split", id, f"{KINDS['split']}: {', '.join(found)}", uses)
    sql = """SELECT DISTINCT old, new FROM aliases a WHERE how = 'replaced'
        AND NOT EXISTS (SELECT 1 FROM concepts WHERE id = a.new) ORDER BY old, new"""
    for old, new in store.rows(sql):
        (uses,) = next(store.rows(f"SELECT {_USES.format('?1')}", old))
        yield Broken("lost", old, f"{KINDS['lost']}: {new}", uses)


def _is_here(store: Store, prefix: str) -> bool:
    sql = "SELECT count(*) FROM (SELECT 1 FROM concepts WHERE id >= ? AND id < ? LIMIT ?)"
    (count,) = next(store.rows(sql, f"{prefix}:", f"{prefix};", VOCABULARY))
    return bool(count >= VOCABULARY)
