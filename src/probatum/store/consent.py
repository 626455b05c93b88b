"""Who accepted the terms of a gated source, when, and which terms: kept in the store's own file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from probatum.errors import BadPlan, NeedsConsent
from probatum.naming import Card
from probatum.store import seal
from probatum.store.reader import Store
from probatum.store.schema import DATABASE
from probatum.store.writer import sole_writer


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One recorded acceptance."""

    source: str
    who: str
    terms: str  # sha256 of the terms that were accepted
    noted: str  # when, ISO


def accept(folder: Path, source: str, card: Card, who: str) -> Acceptance:
    """Records that somebody accepts the terms on a source's card; an earlier record of that source is replaced.

    It is no knowledge: the content hash stays. Raises `BadPlan` for a source that is not gated or without a name, and
    what `sole_writer` raises.
    """
    if not card.gated:
        raise BadPlan(f"{source} asks for no acceptance", where="kb accept", mend=f"probatum ingest {source}")
    if not who.strip():
        raise BadPlan("nobody is named", where="kb accept", mend="--by 'NAME'")
    noted = datetime.now(UTC).isoformat(timespec="seconds")
    made = Acceptance(source, who.strip(), terms_of(card), noted)
    with sole_writer(folder) as link:
        seal.lift(folder)
        values = (made.source, made.who, made.terms, made.noted)
        link.execute("INSERT OR REPLACE INTO acceptances VALUES (?, ?, ?, ?)", values)
    return made


def require(folder: Path, source: str, card: Card) -> None:
    """Lets a source pass that is not gated, or whose terms were accepted as they stand now; raises `NeedsConsent`."""
    if not card.gated:
        return
    found = None
    if (folder / DATABASE).is_file():
        with Store(folder) as store:
            found = next((one for one in acceptances(store) if one.source == source), None)
    if found and found.terms == terms_of(card):
        return
    changed = f"; they have changed since {found.who} accepted them on {found.noted[:10]}" if found else ""
    raise NeedsConsent(
        f"{card.title} may be read by those who accept its terms: {card.terms} (licence: {card.licence}){changed}",
        where=source,
        mend=f"read the terms, then: probatum kb accept {source} --by 'NAME'",
    )


def acceptances(store: Store) -> list[Acceptance]:
    """The recorded acceptances, sorted by source."""
    return [Acceptance(*row) for row in store.rows("SELECT source, who, terms, noted FROM acceptances ORDER BY 1")]


def terms_of(card: Card) -> str:
    """The sha256 (hex) of the licence and the terms on a card."""
    return hashlib.sha256(f"{card.licence}\n{card.terms}".encode()).hexdigest()
