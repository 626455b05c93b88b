"""Makes a set fit to learn from: texts normalised, broken and doubled items dropped, persons taken out, all told."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from probatum.preparing.overlaps import duplicates
from probatum.text.normal import fold
from probatum.text.scrubbing import scrubbed
from probatum.types import Answer, Example, Question

TOLD = 5  # ids that the report names for each reason
LIKE = 0.8  # Jaccard from which an item is a near-duplicate
_FORMS = 4  # tokens of the runs whose repetition is looked at
_REPEATED = 0.5  # share of a text that its most frequent run may make up
_LONG = 40  # tokens from which repetition is looked at
# UTF-8 that was read as Latin-1 or Windows-1252 and written again
_MISREAD = re.compile(r"(?:Ã[\u0080-\u00bf]|â€[\u0080-\u00bf™œ“”˜¦¢]|Â[\u00a0-\u00bf])")
_ONE_BYTE = re.compile(f"[\u0080-\u00ff{bytes(range(0x80, 0xA0)).decode('cp1252', 'ignore')}]+")
_TAGS = re.compile(
    r"</?(?:p|br|div|span|b|i|u|em|strong|sup|sub|ul|ol|li|a|table|tr|td|th|h[1-6]|font)\b[^<>]{0,300}>", re.I
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")


@dataclass(frozen=True, slots=True)
class Dropped:
    """Why items were dropped."""

    count: int
    ids: tuple[str, ...]  # the first of them


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a set."""

    read: int
    kept: int
    changed: Mapping[str, int]  # sound items (later doubles among them) with changed texts, by what was done
    dropped: Mapping[str, Dropped]  # by reason
    removed: Mapping[str, int] = field(default_factory=dict)  # stretches that identified persons, by kind
    sha256: str = ""  # over the kept items, in order: what was handed on


def cleaned(
    examples: Iterable[Example], *, scrub: bool = False, like: float = LIKE, shortest: int = 1, longest: int = 0
) -> tuple[list[Example], Report]:
    """The items that are fit to be learnt from, in their order, and the report of what was changed and dropped.

    Texts: Unicode composed, entities and mark-up of pages resolved, invisible and control characters and needless
    blanks removed; UTF-8 misread as Latin-1 is read again where that comes out even. With `scrub` what identifies a
    person becomes its kind in brackets. Dropped: no gold, no text, under `shortest` or (above 0) over `longest`
    characters, unreadable characters, one run of words over and over, a gold letter that is no option, options that
    are alike, an answer that only repeats its question, an id that stands twice, questions with two different gold
    choices (all of them), items equal or at least so `like` an earlier one.
    """
    changed: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    gone: dict[str, list[str]] = {}
    kept: list[Example] = []
    ids: set[str] = set()
    read = 0
    for example in examples:
        read += 1
        done: set[str] = set()
        made = mapped(example, lambda text, done=done: _normal(text, done))  # type: ignore[misc]
        if scrub:
            made = mapped(made, lambda text, done=done: _scrubbed(text, done, removed))  # type: ignore[misc]
        reason = _fault(made, shortest, longest) or ("id stands twice" if made.id in ids else "")
        ids.add(made.id)
        if reason:
            gone.setdefault(reason, []).append(made.id)
        else:
            changed.update(done)
            kept.append(made)
    kept = _agreeing(kept, gone)
    doubled = duplicates(kept, like=like)
    doubled = {place: other for place, other in doubled.items() if _shown(kept[place]) == _shown(kept[other])}
    for place, other in doubled.items():
        same = _said(kept[place]) == _said(kept[other])
        gone.setdefault("equal to an earlier one" if same else "near-duplicate", []).append(kept[place].id)
    kept = [each for place, each in enumerate(kept) if place not in doubled]
    told = {reason: Dropped(len(names), tuple(names[:TOLD])) for reason, names in sorted(gone.items())}
    return kept, Report(
        read, len(kept), dict(sorted(changed.items())), told, dict(sorted(removed.items())), hash_of(kept)
    )


def hash_of(examples: Iterable[Example]) -> str:
    """The sha256 over what the examples say, in their order."""
    total = hashlib.sha256()
    for each in examples:
        total.update(repr(each).encode())
    return total.hexdigest()


def mapped(example: Example, change: Callable[[str], str]) -> Example:
    """The example with every text of it changed: question, options, context, turns, answers, notes."""

    def answer(given: Answer) -> Answer:
        return replace(given, text=change(given.text), fields=tuple((key, change(text)) for key, text in given.fields))

    asked: Question = example.question
    patient = asked.patient and replace(asked.patient, notes=tuple(map(change, asked.patient.notes)))
    question = replace(
        asked,
        text=change(asked.text),
        options=tuple((letter, change(text)) for letter, text in asked.options),
        context=tuple(map(change, asked.context)),
        turns=tuple((role, change(text)) for role, text in asked.turns),
        patient=patient,
    )
    return replace(
        example, question=question, answer=answer(example.answer), rejected=tuple(map(answer, example.rejected))
    )


def _normal(text: str, done: set[str]) -> str:
    for name, change in _CHANGES.items():
        made = change(text)
        if made != text:
            done.add(name)
            text = made
    return text


def _read_again(text: str) -> str:
    # stretch by stretch: a text may hold misread words beside Chinese ones, which no encoding of one byte has
    return _ONE_BYTE.sub(_decoded, text) if _MISREAD.search(text) else text


def _decoded(found: re.Match[str]) -> str:
    for encoding in ("cp1252", "latin-1"):
        try:
            return found[0].encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return found[0]


def _controls(text: str) -> str:
    kept = (each for each in _INVISIBLE.sub("", text) if each in "\n\t" or unicodedata.category(each) != "Cc")
    return text if text.isprintable() else "".join(kept)


def _blanks(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


_CHANGES: Mapping[str, Callable[[str], str]] = {
    "misread encoding": _read_again,
    "entities and mark-up": lambda text: html.unescape(_TAGS.sub(" ", text)) if "&" in text or "<" in text else text,
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "control characters": _controls,
    "blanks": _blanks,
}


def _scrubbed(text: str, done: set[str], removed: Counter[str]) -> str:
    made, found = scrubbed(text)
    if found:
        done.add("persons taken out")
        removed.update(each.kind for each in found)
    return made


def _fault(example: Example, shortest: int, longest: int) -> str:
    """Why an item is not fit; empty where it is."""
    asked, gold = example.question, example.answer
    said = _said(example)
    letters = [letter for letter, _ in asked.options]
    has_gold = gold.text or gold.choice or gold.candidates or gold.fields or gold.found
    checks = {
        "no gold": not has_gold,
        "no text": not said.strip() and asked.patient is None and not asked.media,
        f"under {shortest} characters": bool(said.strip()) and len(said) < shortest,
        f"over {longest} characters": 0 < longest < len(said),
        "unreadable characters": "\ufffd" in said or _MISREAD.search(said) is not None,
        "gold is no option": bool(letters) and gold.choice not in letters and bool(set(gold.choice) - set(letters)),
        "options alike": len({fold(text) for _, text in asked.options}) < len(letters),
        "answer repeats the question": bool(gold.text) and not letters and fold(gold.text) == fold(asked.text),
        "one run over and over": _repetitive(said),
    }
    return next((reason for reason, true in checks.items() if true), "")


def _repetitive(text: str) -> bool:
    words = text.split() if " " in text else list(text)
    if len(words) < _LONG:
        return False
    runs = Counter(tuple(words[at : at + _FORMS]) for at in range(len(words) - _FORMS + 1))
    return runs.most_common(1)[0][1] * _FORMS > _REPEATED * len(words)


def _agreeing(examples: list[Example], gone: dict[str, list[str]]) -> list[Example]:
    """The examples without those that ask the same and are told differently what is right."""
    choices: dict[tuple[str, ...], set[str]] = {}

    def key(each: Example) -> tuple[str, ...]:
        asked = each.question
        said = (asked.text, *asked.context, *(text for _, text in (*asked.turns, *asked.options)))
        return (_shown(each), *map(fold, said))

    closed = [each for each in examples if each.question.options and each.answer.choice]
    for each in closed:
        choices.setdefault(key(each), set()).add(each.answer.choice)
    apart = {each.id for each in closed if len(choices[key(each)]) > 1}
    if apart:
        gone["gold disagrees"] = [each.id for each in examples if each.id in apart]
    return [each for each in examples if each.id not in apart]


def _shown(example: Example) -> str:
    """What a question shows besides texts: two that ask alike about two images are not alike."""
    return repr((example.question.media, example.question.patient))


def _said(example: Example) -> str:
    asked = example.question
    texts = (*(text for _, text in asked.turns), *asked.context, asked.text, *(text for _, text in asked.options))
    return "\n".join((*texts, example.answer.text))
