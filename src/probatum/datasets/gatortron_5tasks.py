"""The five clinical tasks on which GatorTron was tried: concepts, relations, likeness, inference, answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probatum.datasets._closed import TERMS, origin_of
from probatum.datasets._files import chosen, files, sound, split_of, text
from probatum.errors import BadFormat
from probatum.formats.brat import standoff
from probatum.formats.json_stream import json_lines, records
from probatum.formats.reading import lines
from probatum.naming import card
from probatum.types import Answer, Example, Mention, Pairs, Question, Relation

OFFICIAL = "https://portal.dbmi.hms.harvard.edu (n2c2, emrQA) and https://physionet.org (MedNLI)"
_INFERENCE = (("entailment", "entailment"), ("neutral", "neutral"), ("contradiction", "contradiction"))
_APART = ".gs.sim.txt"  # the scores of a test, a line each
_SCORE = re.compile(r"\d(?:\.\d+)?")
_SIMILAR = "How alike are these two sentences, from 0 to 5?"


@card(
    "The five clinical tasks of GatorTron (not obtainable as one)",
    survey="gatortron_5tasks",
    reference="doi:10.1038/s41746-022-00742-2",
    licence="agreements of n2c2 and of PhysioNet, one for each source",
    languages=("en",),
    where=OFFICIAL,
    terms=f"{TERMS} Each of its sources has an agreement of its own with n2c2 or PhysioNet.",
    gated=True,
)
def gatortron_5tasks(path: Path, part: str = "concepts") -> Iterator[Example]:
    """The records of one task, each in the layout of its source; the pack itself was never published.

    `path` is a folder or a file. `part`: concepts and relations (n2c2 2018: brat's .ann beside .txt), similarity
    (n2c2 2019: two sentences and a score between tabs, no header), inference (MedNLI: an object a line with sentence1,
    sentence2, gold_label, pairID, as BigBIO's mednli.py reads mli_*_v1.jsonl), answers (emrQA: data, paragraphs, qas as
    SQuAD has them). The sources are closed: the files of n2c2 2019 (clinicalSTS.train.txt; the scores of the test stand
    apart, in clinicalSTS.test.gs.sim.txt) and of MedNLI are as others' readers take them, those of n2c2 2018 and emrQA
    were not held against any. Gold: mentions, and relations between their ids, found; the field score; the choice; the
    text with its place in the note. What comes from one note, or has one premise, is a group. Label: split. Raises
    `NeedsFile` and `BadFormat`.
    """
    pattern, read = _TASKS[chosen(part, _TASKS)]
    for file in files(path, *pattern, official=OFFICIAL):
        yield from read(file, part)


def _marked(file: Path, part: str) -> Iterator[Example]:
    note = standoff(file)
    linked = part == "relations"
    origin = origin_of("gatortron_5tasks", file, file.stem)
    found: list[Mention | Relation] = [
        Mention(start, end, note.text[start:end], id if linked else "", kind=kind)
        for id, (kind, start, end) in sorted(note.mentions.items(), key=lambda each: (each[1][1:], each[0]))
    ]
    if linked:
        found += [Relation(subject, kind, object_, origin) for _, kind, subject, object_ in note.relations]
    asked = Question(context=(note.text,), language="en")
    yield Example(
        f"{part}:{file.stem}", asked, Answer(found=tuple(found)), (f"note:{file.stem}",), labels=_split(file),
        origin=origin,
    )  # fmt: skip


def _similar(file: Path, part: str) -> Iterator[Example]:
    if file.name.endswith(_APART):
        return
    beside = file.with_name(f"{file.stem}{_APART}")
    apart = dict(sound(lines(beside), beside)) if beside.is_file() else {}
    for line, row in sound(lines(file), file):
        where, id = f"{file}:{line}", f"{part}:{file.stem}:{line}"
        first, second, *scored = (*row.split("\t"), "")[: max(2, row.count("\t") + 1)]
        said = "".join(scored) if scored else apart.get(line, "")
        score = float(said) if _SCORE.fullmatch(said.strip()) else -1.0
        if len(scored) > 1 or not first.strip() or not second.strip() or not 0 <= score <= 5:
            raise BadFormat("two sentences and a score from 0 to 5 were expected", where=where)
        asked = Question(_SIMILAR, context=(first.strip(), second.strip()), language="en")
        gold = Answer(fields=(("score", f"{score:g}"),))
        origin = origin_of("gatortron_5tasks", file, id)
        yield Example(id, asked, gold, (f"text:{first.strip()}",), labels=_split(file), origin=origin)


def _inferred(file: Path, part: str) -> Iterator[Example]:
    for line, row in sound(json_lines(file), file):
        where, id = f"{file}:{line}", f"{part}:{file.stem}:{row.get('pairID') or line}"
        first, second = text(row, "sentence1", where), text(row, "sentence2", where)
        label = text(row, "gold_label", where)
        if label not in dict(_INFERENCE):
            raise BadFormat(f"one of {', '.join(dict(_INFERENCE))} was expected, not {label!r:.40}", where=where)
        asked = Question("", _INFERENCE, (first, second), language="en")
        origin = origin_of("gatortron_5tasks", file, id)
        yield Example(id, asked, Answer(choice=label), (f"text:{first}",), labels=_split(file), origin=origin)


def _answered(file: Path, part: str) -> Iterator[Example]:
    for record in records(file, ("data", "*", "paragraphs", "*")):
        where = f"{file}:{record.line}"
        row = record.value if isinstance(record.value, dict) else {}
        note, listed = row.get("context"), row.get("qas")
        if not isinstance(note, str) or not isinstance(listed, list) or not all(isinstance(qa, dict) for qa in listed):
            raise BadFormat("a context and its qas were expected", where=where)
        for qa in listed:
            id = f"{part}:{file.stem}:{text(qa, 'id', where)}"
            gold = Answer()
            for answer in (qa.get("answers") or [])[:1]:
                said, start = (answer.get("text"), answer.get("answer_start")) if isinstance(answer, dict) else ("", -1)
                if not isinstance(said, str) or not said or type(start) is not int or note[start:][: len(said)] != said:
                    raise BadFormat(f"{said!r:.60} does not stand at {start}", where=where)
                gold = Answer(said, found=(Mention(start, start + len(said), said, ""),))
            asked = Question(text(qa, "question", where), context=(note,), language="en")
            group = f"note:{file.stem}:{record.line}:{note[:40]}"
            origin = origin_of("gatortron_5tasks", file, id)
            yield Example(id, asked, gold, (group,), labels=_split(file), origin=origin)


def _split(file: Path) -> Pairs:
    said = split_of(file) or split_of(file.parent)
    return (("split", said),) if said else ()


_TASKS = {
    "concepts": (("*.ann",), _marked),
    "relations": (("*.ann",), _marked),
    "similarity": (("*STS*.t[sx][vt]", "*similarity*.tsv"), _similar),
    "inference": (("mli_*.jsonl", "*nli*.jsonl"), _inferred),
    "answers": (("*qa*.json",), _answered),
}
