"""Published cases of rare disease as phenopackets: what each patient showed, and the disease that was found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.errors import BadFormat, NeedsFile
from probatum.formats import phenopacket
from probatum.formats.reading import members
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Malformed, Observation, Patient, Question

OFFICIAL = "https://github.com/monarch-initiative/phenopacket-store/releases"
_ARCHIVES = ("phenopackets-json.tar.gz", "all_phenopackets.tar.gz")


@card(
    "Phenopacket Store",
    survey="hpo",
    reference="https://doi.org/10.1016/j.xhgg.2024.100371",
    licence="BSD-3-Clause",
    languages=("en",),
    where=OFFICIAL,
    terms="Free to use; the cases were published by others and bear their PMIDs.",
)
def phenopackets(path: Path) -> Iterator[Example]:
    """The cases sorted by id: the patient as the question, the ids of the diseases found as the answer's candidates.

    `path` is a tar archive, a folder that holds one, or a folder of .json files. An example's groups are the case's own
    publications ('PMID:n'); neither they nor the disease reach the question. Raises `NeedsFile` where there is no case,
    and `BadFormat` naming the file where one is broken: a benchmark with holes would not be the benchmark.
    """
    place = _found(path)
    shared: dict[Observation, Observation] = {}
    examples: dict[str, Example] = {}
    for member in members(place, ".json"):
        if isinstance(member, Malformed):
            raise BadFormat(member.reason, where=f"{place}/{member.path}")
        name, data = member
        example = _example(data, f"{place}/{name}", shared)
        if example.id in examples:
            raise BadFormat(f"a second case of the id {example.id}", where=f"{place}/{name}")
        examples[example.id] = example
    if not examples:
        raise NeedsFile(f"no phenopacket (.json) in {place}", mend=_MEND)
    yield from (examples[id_] for id_ in sorted(examples))


_MEND = f"get all_phenopackets from {OFFICIAL} (BSD-3-Clause) and give the archive or its folder"


def _found(path: Path) -> Path:
    if not path.exists():
        raise NeedsFile(f"{path} is not there", mend=_MEND)
    archives = (path / name for name in _ARCHIVES) if path.is_dir() else ()
    return next((archive for archive in archives if archive.is_file()), path)


def _example(data: bytes, where: str, shared: dict[Observation, Observation]) -> Example:
    patient, found = phenopacket.case(data, where)
    # thousands of cases repeat the same observations: one object each keeps the whole store in tens of megabytes
    patient = Patient(
        patient.id, patient.age, patient.sex, tuple(shared.setdefault(each, each) for each in patient.observations)
    )
    candidates = tuple(Candidate(id_, name, 1.0) for id_, name in found.diseases)
    return Example(found.id, Question(patient=patient), Answer(candidates=candidates), found.publications)
