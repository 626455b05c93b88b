"""The questions over knowledge bases with which Think-on-Graph was tried, their topic entities linked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from probatum.datasets._files import chosen, files, sound, text
from probatum.errors import BadFormat
from probatum.formats.json_stream import objects
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Origin, Question

OFFICIAL = "https://github.com/IDEA-FinAI/ToG"
Read = Callable[[Mapping[str, Any]], list[Any]]  # the answers of a record


@card(
    "Questions over knowledge bases, as ToG takes them",
    survey="kbqa_tog",
    reference="doi:10.48550/arXiv.2307.07697",
    licence="of each of its nine sets (data/README.md)",
    languages=("en",),
    where=f"{OFFICIAL} (data/)",
    terms="Under the terms of the sets that it was made of.",
)
def kbqa_tog(path: Path, part: str = "") -> Iterator[Example]:
    """The questions set by set; gold: the first answer as text, all of them as candidates; topics are fields of gold.

    `path` is the folder data/ with cwq, WebQSP, grailqa (or graliqa, as the repository has it), SimpleQA, qald_10-en,
    WebQuestions, T-REX, Zero_Shot_RE and creak (.json), or one of them: arrays whose question stands under question,
    RawQuestion, input or sentence and whose answers stand under answer, answers, Parses or label, as data/ and
    eval/utils.py of IDEA-FinAI/ToG have them; topic_entity maps ids to names. An answer of cwq may be an object with
    aliases, which are answers too. `part` takes one set. creak's answer is true or false. Label: set. Raises
    `NeedsFile` and `BadFormat`.
    """
    wanted = {chosen(part, _SETS): _SETS[part]} if part else _SETS
    found = files(path, *(f"{stem}.json" for stems, _, _ in wanted.values() for stem in stems), official=OFFICIAL)
    for file in found:
        name = next((name for name, (stems, _, _) in wanted.items() if file.stem in stems), "")
        if not name:
            raise BadFormat(f"the name of one of {', '.join(wanted)} was expected", where=str(file))
        _, key, answers = _SETS[name]
        for place, (line, row) in enumerate(sound(objects(file), file), 1):
            where, id = f"{file}:{line}", f"{name}:{place}"
            try:
                told = [str(each) for each in answers(row) if each not in (None, "")]
            except (KeyError, TypeError, AttributeError) as error:
                raise BadFormat(f"answers were expected: {error!r}", where=where) from error
            topics = row.get("topic_entity") or {}
            if not isinstance(topics, dict) or not all(isinstance(said, str) for said in topics.values()):
                raise BadFormat("'topic_entity' must map ids to names", where=where)
            several = tuple(Candidate(each, each, 1.0) for each in dict.fromkeys(told))
            fields = tuple(("topic", f"{topic} {said}") for topic, said in sorted(topics.items()))
            asked = Question(text(row, key, where), language="en")
            gold = Answer(told[0] if told else "", fields=fields, candidates=several)
            groups = tuple(f"topic:{topic}" for topic in sorted(topics))
            origin = Origin("kbqa_tog", file.stem, id)
            yield Example(id, asked, gold, groups, labels=(("set", name),), origin=origin)


def _listed(said: Any) -> list[Any]:
    return list(said.values()) if isinstance(said, dict) else said if isinstance(said, list) else [said]


def _plain(row: Mapping[str, Any]) -> list[Any]:
    return _listed(row["answers"] if "answers" in row else row["answer"])


def _cwq(row: Mapping[str, Any]) -> list[Any]:
    told = _plain(row)
    return [said for one in told for said in ([one["answer"], *one["aliases"]] if isinstance(one, dict) else [one])]


def _webqsp(row: Mapping[str, Any]) -> list[Any]:
    return [one.get("EntityName") or one["AnswerArgument"] for parse in row["Parses"] for one in parse["Answers"]]


def _grailqa(row: Mapping[str, Any]) -> list[Any]:
    return [one.get("entity_name") or one["answer_argument"] for one in row["answer"]]


def _creak(row: Mapping[str, Any]) -> list[Any]:
    return [row["label"]]


_SETS: dict[str, tuple[tuple[str, ...], str, Read]] = {  # files, key of the question, how its answers are read
    "cwq": (("cwq",), "question", _cwq),
    "webqsp": (("WebQSP",), "RawQuestion", _webqsp),
    "grailqa": (("grailqa", "graliqa"), "question", _grailqa),
    "simpleqa": (("SimpleQA",), "question", _plain),
    "qald": (("qald_10-en",), "question", _plain),
    "webquestions": (("WebQuestions",), "question", _plain),
    "trex": (("T-REX",), "input", _plain),
    "zeroshotre": (("Zero_Shot_RE",), "input", _plain),
    "creak": (("creak",), "sentence", _creak),
}
