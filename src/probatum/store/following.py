"""What a question leaves out because an earlier turn has said it: "and how is it inherited?"."""

from __future__ import annotations

import re
from dataclasses import replace

from probatum.shapes import Annotate
from probatum.store.reader import Store
from probatum.types import Mention, Question

_ASKING = frozenset({"user", "patient"})  # whose turns say what is spoken of; what was answered names much besides
_POINTING = re.compile(
    r"\b(?:it|its|they|their|them|this (?:disease|syndrome|disorder|condition|drug|medicine|gene|one)|the same)\b|"
    "它|该病|这种病|这个病|此病|该药|这种药|此药|该基因|上述",
    re.IGNORECASE,
)


def followed(store: Store, question: Question, annotate: Annotate) -> tuple[Question, str]:
    """(the question with what an earlier turn named, what was taken from there); unchanged where it stands alone.

    Taken is the last thing that an earlier turn of the same person named, where the question names nothing itself or
    points back ("it", 该病); what it names itself is not said twice. The newest turn that names anything decides.
    """
    earlier = [text for role, text in reversed(question.turns) if role in _ASKING]
    if not earlier or not question.text.strip():
        return question, ""
    own = _named(store, question.text, annotate)
    if own and not _POINTING.search(question.text):
        return question, ""
    for text in earlier:
        found = [name for id, name in _named(store, text, annotate) if id not in {id for id, _ in own}]
        if found:
            return replace(question, text=f"{question.text} ({found[-1]})"), f"{found[-1]!r}, of the turn {text!r}"
    return question, ""


def _named(store: Store, text: str, annotate: Annotate) -> list[tuple[str, str]]:
    """(concept, its words) of what a text names, the last and fullest last."""
    from probatum.store.linking import concepts_in  # noqa: PLC0415 - its index loads what no one needs at the door

    links = concepts_in(store, text, [each for each in annotate(text) if isinstance(each, Mention)])
    return [(one.concept, text[one.start : one.end]) for one in sorted(links, key=lambda one: (one.weight, one.start))]
