"""LiveQA-Med of TREC 2017: what people asked the National Library of Medicine, with reference answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from probatum.datasets._files import files
from probatum.errors import BadFormat
from probatum.formats.xml_stream import records, text_of
from probatum.naming import card
from probatum.types import Answer, Candidate, Example, Origin, Question

OFFICIAL = "https://github.com/abachaa/LiveQA_MedicalTask_TREC2017"
_ANSWERS = ("refanswer", "answer")


@card(
    "LiveQA-Med (TREC 2017)",
    survey="liveqa",
    reference="https://trec.nist.gov/pubs/trec26/papers/Overview-QA.pdf",
    licence="none stated",
    languages=("en",),
    where=OFFICIAL,
    terms="No licence is stated in the repository.",
)
def liveqa(path: Path) -> Iterator[Example]:
    """The questions by their ids; gold text is the first reference answer, all of them are candidates.

    `path` is an XML of the test (NLM-QUESTION qid: Original-Question with Subject and Message, Paraphrase, Annotations
    with Q-Focus, Q-Type and Q-Keyword, ReferenceAnswers; or, with summaries, NIST-PARAPHRASE, NLM-Summary, FOCUS, TYPE
    and KEYWORD) or of the training sets (NLM-QUESTION questionid or qid: SUBJECT, MESSAGE, SUB-QUESTIONS, each with
    ANNOTATIONS and ANSWERS), or a folder of them, as the repository has them (TestDataset, TrainingDatasets; none of
    them with a licence). A question that stands in both files of the test is read once. The message is the question;
    subject, focus, type and the paraphrase are labels; the sub-questions of a message are one group. Raises `NeedsFile`
    and `BadFormat`.
    """
    seen: set[str] = set()
    for file in files(path, "*.xml", official=OFFICIAL):
        for number, element in enumerate(records(file, ("NLM-QUESTION",)), 1):
            where = f"{file}: question {number}"
            id = element.get("qid") or element.get("questionid") or ""
            if not id:
                raise BadFormat("a question needs a qid or a questionid", where=where)
            if id in seen and id.startswith("TQ"):
                continue
            seen.add(id)
            parts = [each for each in element.iter() if _tag(each) == "sub-question"]
            for part in parts or [element]:
                yield _example(element, part, part.get("subqid") or id, group=id, release=file.stem, where=where)


def _example(whole: Any, part: Any, id: str, *, group: str, release: str, where: str) -> Example:
    message, subject = _first(whole, "message"), _first(whole, "subject")
    if not message and not subject:
        raise BadFormat("a message or a subject was expected", where=where)
    told = []
    for place, element in enumerate((each for each in part.iter() if _tag(each) in _ANSWERS), 1):
        if any(_tag(each) == "answer" for each in element):  # a RefAnswer holds its ANSWER, its URL and a comment
            continue
        above = element.getparent()
        said = text_of(element)
        if said:
            name = element.get("answerid") or (above.get("aid") if above is not None else "") or str(place)
            told.append(Candidate(name, said, 1.0))
    paraphrase = _first(whole, "nist-paraphrase") or _first(whole, "paraphrase")
    labels = {"subject": subject, "paraphrase": paraphrase}
    labels["summary"] = _first(whole, "nlm-summary")
    for name in ("focus", "type", "keyword"):
        labels[name] = "; ".join(text_of(each) for each in part.iter() if _tag(each) in {name, f"q-{name}"})
    gold = Answer(told[0].name if told else "", candidates=tuple(told))
    said_of = tuple(sorted((name, value) for name, value in labels.items() if value))
    asked = Question(message or subject, language="en")
    return Example(id, asked, gold, (group,), labels=said_of, origin=Origin("liveqa", release, id))


def _first(element: Any, tag: str) -> str:
    return next((text_of(each) for each in element.iter() if _tag(each) == tag), "")


def _tag(element: Any) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""
