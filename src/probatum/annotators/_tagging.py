"""What the trained tagger reads, and how its marks in one text are made to agree with each other."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from probatum.networks import crf
from probatum.networks.features import Token, described, tokens_of
from probatum.shapes import Annotate
from probatum.types import Example, Mention

Span = tuple[int, int, str]  # start, end in code points, kind
Sentence = tuple[list[Token], list[list[str]]]  # tokens, features of each
HINTS = ("Disease", "PhenotypicFeature", "Drug", "ChemicalEntity", "Gene")  # kinds of names that become features
LEARNED = "learned.json"  # written forms of the training corpus with the concept that people gave them
SHORTEST = 4  # letters of a marked string that is looked for elsewhere in small letters too
_SHORT_FORM = re.compile(r"\s*[(\[]\s*([^\s()\[\];,]{1,12})\s*[)\];,]")


def sentences(text: str, known: Annotate, language: str = "en") -> Iterator[Sentence]:
    """The sentences of a text as the field sees them; `known` is a dictionary whose mentions become features."""
    mentions = [mention for mention in known(text) if isinstance(mention, Mention)]
    for tokens in tokens_of(text, language):
        yield tokens, described(tokens, _known(tokens, mentions))


def text_of(example: Example) -> str:
    """The annotated text: what the question is asked of, as corpora have it, else its own, as makers write it."""
    return (*example.question.context, example.question.text)[0]


def lessons(examples: Iterable[Example], known: Annotate) -> Iterator[tuple[list[list[str]], list[str]]]:
    """(features, BIOES labels) of each sentence of annotated texts, for `crf.train`."""
    for example in examples:
        spans = {(each.start, each.end, each.kind) for each in example.answer.found if isinstance(each, Mention)}
        for tokens, rows in sentences(text_of(example), known):
            starts = {token.start: place for place, token in enumerate(tokens)}
            ends = {token.end: place + 1 for place, token in enumerate(tokens)}
            marked = [(starts[a], ends[b], kind) for a, b, kind in sorted(spans) if a in starts and b in ends]
            yield rows, crf.labels_of(marked, len(tokens))


def spans(text: str, field: crf.Field, known: Annotate) -> list[Span]:
    """What the field marks in a text, sorted; what it marks in one place it is taken to mean in every place."""
    found: list[Span] = []
    tokens: list[Token] = []
    for sentence, rows in sentences(text, known):
        tokens += sentence
        found += [
            (sentence[start].start, sentence[end - 1].end, kind)
            for start, end, kind in crf.spans_of(field.labelled(rows))
        ]
    defined = {text[start:end]: (start, end, kind) for start, end, kind, _ in short_forms(text, found)}
    # what the text itself says that a short form means counts for more than what the field takes it for
    found = [span for span in found if text[span[0] : span[1]] not in defined]
    found += [span for span in defined.values() if _free(span[0], span[1], found)]
    return _everywhere(text, tokens, found)


def short_forms(text: str, found: Sequence[Span]) -> list[tuple[int, int, str, str]]:
    """(start, end, kind, long form) of each short form in brackets right after what it stands for.

    The letters of the short form stand in the long one in their order, the first where a word begins (Schwartz and
    Hearst, Pacific Symposium on Biocomputing 2003).
    """
    forms = []
    for start, end, kind in found:
        match = _SHORT_FORM.match(text, end)
        if match and any(letter.isupper() for letter in match[1]) and _stands_for(match[1], text[start:end]):
            forms.append((match.start(1), match.end(1), kind, text[start:end]))
    return forms


def _stands_for(short: str, long: str) -> bool:
    letters = [letter for letter in short.lower() if letter.isalnum()]
    low, at = long.lower(), len(long)
    if not letters or len(letters) >= len(long):
        return False
    for place, letter in enumerate(reversed(letters)):
        first = place == len(letters) - 1
        at = low.rfind(letter, 0, at)
        while first and at > 0 and low[at - 1].isalnum():
            at = low.rfind(letter, 0, at)
        if at < 0:
            return False
    return True


def _everywhere(text: str, tokens: Sequence[Token], found: list[Span]) -> list[Span]:
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    capitals = {text[start:end] for start, end, _ in found if text[start:end].isupper()}
    for start, end, kind in found:
        kinds[text[start:end].lower()][kind] += 1
    starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
    low, marked = text.lower(), list(found)
    if len(low) != len(text):  # a letter that is two in small: the places would not fit
        return sorted(marked)
    for said in sorted(kinds, key=lambda said: (-len(said), said)):
        kind = min(kinds[said], key=lambda kind: (-kinds[said][kind], kind))
        for match in re.finditer(re.escape(said), low):
            start, end = match.span()
            whole = start in starts and end in ends and _free(start, end, marked)
            if whole and (len(said) >= SHORTEST or text[start:end] in capitals):
                marked.append((start, end, kind))
    return sorted(marked)


def _free(start: int, end: int, taken: Iterable[Span]) -> bool:
    return all(end <= first or last <= start for first, last, _ in taken)


def _known(tokens: Sequence[Token], mentions: Sequence[Mention]) -> list[str]:
    """As what the dictionary knows each token: the kind of the longest mention over it, with B- where it begins."""
    said = [""] * len(tokens)
    for mention in sorted(mentions, key=lambda each: each.end - each.start):
        for place, token in enumerate(tokens):
            if mention.start <= token.start and token.end <= mention.end:
                said[place] = ("B-" if token.start == mention.start else "I-") + mention.kind
    return said
