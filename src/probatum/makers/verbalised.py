"""The facts of the graph as plain text to train on: a document for each subject, or a question for each claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.makers._making import Sieve, checked_language, claims_of, drawn, told, words
from probatum.naming import card
from probatum.types import Answer, Evidence, Example, Question

FORMS = ("document", "question")


@card("Facts as text", survey="3.2.2", languages=("en", "zh"))
def verbalised(
    desk: Desk,
    *,
    kind: str = "Disease",
    most: int = 1_000,
    form: str = "document",
    language: str = "en",
    seed: int = 0,
    counts: Counter[str] | None = None,
) -> Iterator[Example]:
    """The claims of at most `most` subjects of a kind, worded by the store's own rules, with every claim as evidence.

    `document`: one text a subject, an answer to no question; `question`: one question a subject and predicate. Nothing
    is made up: the claims keep the source's own reliability (curated, extracted). `counts` is filled with what was kept
    and dropped. Raises `BadPlan`.
    """
    if form not in FORMS:
        raise BadPlan(f"form = {form!r}", where="makers/verbalised", mend=f"one of: {', '.join(FORMS)}")
    sieve = Sieve(counts=Counter() if counts is None else counts)
    checked_language(language)
    for concept in drawn(desk, kind, most, seed):
        claims = claims_of(desk, concept.id)
        groups = {"": claims} if form == "document" else {
            each.predicate: [one for one in claims if one.predicate == each.predicate] for each in claims
        }  # fmt: skip
        for predicate, some in groups.items():
            lines = [told(desk, claim, language) for claim in some]
            text = "\n".join(lines)
            name = desk.store.name_of(concept.id, language)
            source = some[0].origin.source
            said = predicate.rpartition(":")[2].replace("_", " ")
            asked = words("question", language, name=name, predicate=said, source=source) if predicate else ""
            if not sieve.passes(f"{asked} {text}"):
                continue
            pieces = tuple(Evidence(claim, line, 1.0, "verbalised") for claim, line in zip(some, lines, strict=True))
            id = f"{concept.id} {said}".strip()
            weakest = max((each.origin for each in some), key=lambda each: each.reliability)
            origin = replace(weakest, at=id, references=())
            question = Question(asked, language=language)
            yield Example(id, question, Answer(text, evidence=pieces), labels=(("form", form),), origin=origin)
