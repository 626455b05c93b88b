"""MultiMedBench: twelve sets of text, images and genomes as one suite, each under its own licence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from probatum.datasets._files import chosen
from probatum.errors import NeedsFile
from probatum.naming import card, card_of, find
from probatum.types import Answer, Example, Origin, Question

OFFICIAL = "https://doi.org/10.1056/AIoa2300138"
LICENCES = "licences"


@dataclass(frozen=True, slots=True)
class Member:
    """One set of the suite: what is asked of it, and which part of which data set it is here."""

    title: str
    task: str
    dataset: str = ""  # empty where nothing here reads it
    part: str = ""
    licence: str = ""
    where: str = ""


MEMBERS = {
    "medqa": Member("MedQA", "question answering", "medqa"),
    "medmcqa": Member("MedMCQA", "question answering", "medmcqa"),
    "pubmedqa": Member("PubMedQA", "question answering", "pubmedqa"),
    "mimic_iii": Member("MIMIC-III", "report summarisation", "mimic_iii", "impression"),
    "vqa_rad": Member("VQA-RAD", "visual question answering", "vqa_rad"),
    "slake": Member("SLAKE", "visual question answering", "slake", "en"),
    "pathvqa": Member("PathVQA", "visual question answering", "pathvqa"),
    "mimic_cxr": Member("MIMIC-CXR", "report generation", "mimic_cxr"),
    "mimic_cxr_jpg": Member("MIMIC-CXR-JPG, findings", "image classification", "mimic_cxr_jpg"),
    "pad_ufes_20": Member("PAD-UFES-20", "image classification", "pad_ufes_20"),
    "vindr_mammo": Member(
        "VinDr-Mammo", "image classification", licence="PhysioNet Credentialed Health Data License",
        where="https://physionet.org/content/vindr-mammo/",
    ),
    "cbis_ddsm_mass": Member("CBIS-DDSM, masses", "image classification", "cbis_ddsm", "mass"),
    "cbis_ddsm_calcification": Member(
        "CBIS-DDSM, calcifications", "image classification", "cbis_ddsm", "calcification"
    ),
    "precisionfda_v2": Member(
        "PrecisionFDA Truth Challenge V2", "image classification", licence="public domain (unverified)",
        where="https://precision.fda.gov/challenges/10",
    ),
}  # fmt: skip


@card(
    "MultiMedBench",
    survey="multimedbench",
    reference="doi:10.1056/AIoa2300138",
    licence="of each member",
    languages=("en",),
    where=OFFICIAL,
    terms="Each member under its own terms, some with PhysioNet credentials; the part `licences` lists them.",
    gated=True,
)
def multimedbench(path: Path, part: str = "") -> Iterator[Example]:
    """The examples member by member; member and task are labels, and the member stands before the id.

    `path` is a folder with one folder (medqa, vqa_rad, cbis_ddsm_mass ...) or a file of that name for each member that
    is there; `part` takes one. The part `licences` gives an example for each member instead: fields licence, terms,
    access (open, or gated by terms to be accepted), state (there, not there, nothing here reads it), task and where.
    Raises `NeedsFile` where no member is there, and what members raise.
    """
    wanted = (chosen(part, (*MEMBERS, LICENCES)),) if part else tuple(MEMBERS)
    if part == LICENCES:
        yield from (_licence(name, member, path) for name, member in MEMBERS.items())
        return
    there = [(name, place) for name in wanted if MEMBERS[name].dataset and (place := _place(path, name))]
    if not there:
        places = "; ".join(f"{name}: {_where(MEMBERS[name])}" for name in wanted)
        raise NeedsFile(f"no folder of {', '.join(wanted)} in {path}", mend=places)
    for name, place in there:
        member = MEMBERS[name]
        for each in find("datasets", member.dataset)(place, *([member.part] if member.part else [])):
            labels = tuple(sorted((*each.labels, ("member", name), ("task", member.task))))
            yield replace(each, id=f"{name}/{each.id}", labels=labels)


def _place(path: Path, name: str) -> Path | None:
    found = sorted(each for each in path.glob(f"{name}*") if each.name.partition(".")[0] == name)
    return found[0] if found else None


def _where(member: Member) -> str:
    return card_of(find("datasets", member.dataset)).where if member.dataset else member.where


def _licence(name: str, member: Member, path: Path) -> Example:
    said = card_of(find("datasets", member.dataset)) if member.dataset else None
    gated = said.gated if said else "Credentialed" in member.licence
    state = ("there" if _place(path, name) else "not there") if said else "nothing here reads it"
    fields = {
        "access": "gated" if gated else "open",
        "licence": said.licence if said else member.licence,
        "state": state,
        "task": member.task,
        "terms": said.terms if said else "",
        "where": _where(member),
    }
    told = tuple((key, value) for key, value in fields.items() if value)
    origin = Origin("multimedbench", LICENCES, name)
    return Example(name, Question(member.title, language="en"), Answer(fields=told), origin=origin)
