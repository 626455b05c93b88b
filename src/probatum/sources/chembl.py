"""ChEMBL's mechanisms of action: what an approved or tried drug does to which target, and on whose word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.json_stream import records
from probatum.formats.reading import QUOTED
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of
from probatum.sources._relations import Reading
from probatum.types import Fact, Malformed

_MECHANISMS = ("mechanisms", "*")
_ACTS, _BINDS = Reading("biolink:affects"), Reading("biolink:directly_physically_interacts_with")
# What an action does to its target (ChEMBL's ACTION_TYPE table); others have no direction.
DIRECTIONS = {
    "decreased": (
        "INHIBITOR", "ANTAGONIST", "BLOCKER", "NEGATIVE ALLOSTERIC MODULATOR", "NEGATIVE MODULATOR", "INVERSE AGONIST",
        "ALLOSTERIC ANTAGONIST", "ANTISENSE INHIBITOR", "RNAI INHIBITOR", "DEGRADER", "DISRUPTING AGENT",
        "SEQUESTERING AGENT",
    ),
    "increased": (
        "AGONIST", "ACTIVATOR", "OPENER", "POSITIVE ALLOSTERIC MODULATOR", "POSITIVE MODULATOR", "PARTIAL AGONIST",
        "STABILISER", "RELEASING AGENT",
    ),
}  # fmt: skip
_WAY = {action: direction for direction, actions in DIRECTIONS.items() for action in actions}
_PREFIXES = {"PubMed": "PMID", "DOI": "doi", "PMC": "PMC", "ClinicalTrials": "clinicaltrials"}


@card(
    "ChEMBL mechanisms of action",
    reference="https://doi.org/10.1093/nar/gkad1004; https://chembl.gitbook.io/chembl-interface-documentation",
    licence="CC BY-SA 3.0",
    languages=("en",),
    where="https://www.ebi.ac.uk/chembl/api/data/mechanism.json",
    terms="Attribution and share alike: ChEMBL, EMBL-EBI.",
)
def chembl(path: Path | None = None) -> Iterator[Fact]:
    """The facts of answers of the service `mechanism` (JSON): each drug's action on its target, with its references.

    A direct interaction is `directly_physically_interacts_with`, any other `affects`; the action is the qualifier
    `action`, its direction follows from it, the highest phase of trials is `phase`. Answers hold ids and the words of
    the mechanism, which stand in `comment`. The release is the sha256 of the files. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("chembl", path, (".json",), card_of(chembl))
    begun = release("chembl", card_of(chembl), files, manner="updates")
    yield begun
    telling = Telling(begun)
    for file in files:
        met = False
        for record in records(file, _MECHANISMS, ("page_meta",)):
            met = True
            if record.place == _MECHANISMS:
                yield from _mechanism(telling, file, record.line, record.value)
        if not met:
            raise BadFormat("an answer with mechanisms was expected", where=str(file))


def _mechanism(telling: Telling, file: Path, number: int, value: Any) -> Iterator[Fact]:
    said = value if isinstance(value, dict) else {}
    drug, target = str(said.get("molecule_chembl_id") or ""), str(said.get("target_chembl_id") or "")
    if not drug.startswith("CHEMBL") or not target.startswith("CHEMBL"):
        yield Malformed(file.name, number, "a molecule and a target were expected", str(value)[:QUOTED])
        return
    action = str(said.get("action_type") or "")
    papers, variant = said.get("mechanism_refs"), said.get("variant_sequence")
    references = [_reference(each) for each in papers] if isinstance(papers, list) else []
    yield telling.claim(
        f"CHEMBL:{drug}",
        "mechanism",
        f"CHEMBL.TARGET:{target}",
        _BINDS if str(said.get("direct_interaction")) in {"1", "True"} else _ACTS,
        f"mechanism/{said.get('mec_id') or f'{drug}-{target}'}",
        references=tuple(dict.fromkeys(filter(None, references))),
        qualifiers=(
            ("action", action.lower()),
            ("aspect", "activity"),
            ("direction", _WAY.get(action, "")),
            ("phase", _text(said.get("max_phase"))),
            ("comment", _text(said.get("mechanism_of_action"))),
            ("variant", _text(variant.get("mutation")) if isinstance(variant, dict) else ""),
        ),
    )


def _text(value: Any) -> str:
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _reference(said: Any) -> str:
    if not isinstance(said, dict):
        return ""
    id, of, address = (str(said.get(key) or "").strip() for key in ("ref_id", "ref_type", "ref_url"))
    return f"{_PREFIXES[of]}:{id.lower() if of == 'DOI' else id}" if of in _PREFIXES and id else address or id
