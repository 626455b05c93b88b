"""True sentences over facts of a store: copies, paraphrases made by rule, statements from several sources together."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from proof_material import HAS, Material, ends

from probatum.store.reader import Store
from probatum.store.wording import in_words
from probatum.types import Answer, Evidence, Relation


@dataclass(frozen=True)
class Honest:
    """An answer of one true sentence."""

    kind: str
    answer: Answer


def copied_record(store: Store, stuff: Material, dice: random.Random) -> tuple[str, tuple[Evidence, ...]]:
    """A record word for word."""
    record = dice.choice(stuff.records)
    return f"{record.text} [1].", (record,)


def quotation(store: Store, stuff: Material, dice: random.Random) -> tuple[str, tuple[Evidence, ...]]:
    """A sentence of a document, quoted or plainly taken over."""
    quote = dice.choice(stuff.quotes)
    return dice.choice((f"“{quote.text}” [1]", f"{quote.text.rstrip('.。')} [1].")), (quote,)


TEMPLATES = (
    "{d} presents with {f} [1].",
    "{f} is a feature of {d} [1].",
    "{f} has been described in people with {d} [1].",
    "Patients with {d} may show {f} [1].",
    "Among the signs of {d} is {f} [1].",
    "In {d}, {f} is seen [1].",
)
CHINESE = ("{d}患者可出现{f} [1]。", "{f}见于{d} [1]。", "{d}的临床表现包括{f} [1]。", "{f}是{d}的特征之一 [1]。")


def synonym(store: Store, stuff: Material, dice: random.Random) -> tuple[str, tuple[Evidence, ...]]:
    """A record with another name of its ends that the store has, active or passive, the parts in another order."""
    record = dice.choice(stuff.records)
    fact = record.fact
    assert isinstance(fact, Relation)
    names = [_name(store, end, "en", dice) for end in (fact.subject, fact.object)]
    return dice.choice(TEMPLATES).format(d=names[0], f=names[1]), (record,)


def _name(store: Store, id: str, language: str, dice: random.Random) -> str:
    concept = store.concept(id)
    assert concept is not None
    kept = [each.text for each in concept.names if each.language == language and each.scope in {"exact", "label"}]
    return dice.choice([*kept, concept.name]) if language == "en" or kept else concept.name


def frequency(store: Store, stuff: Material, dice: random.Random) -> tuple[str, tuple[Evidence, ...]]:
    """The count of a record in other words: out of, a fraction, a percentage."""
    records = [each for each in stuff.records if re.search(r"\d+ of \d+ patients", each.text)]
    record = dice.choice(records)
    found = re.search(r"(\d+) of (\d+) patients", record.text)
    assert found is not None
    disease, finding = ends(store, record)
    n, m = int(found[1]), int(found[2])
    shapes = [
        f"{n} out of {m} patients",
        f"{n} of the {m} patients",
        f"{n}/{m} patients",
        f"{100 * n / m:.1f}% of patients",
    ]
    return f"{finding} was found in {dice.choice(shapes)} with {disease} [1].", (record,)


def chinese(store: Store, stuff: Material, dice: random.Random) -> tuple[str, tuple[Evidence, ...]]:
    """A record in Chinese, or in Chinese and English mixed; the evidence is worded in either language."""
    record = dice.choice(stuff.records)
    fact = record.fact
    assert isinstance(fact, Relation)
    names = [_name(store, end, "zh", dice) for end in (fact.subject, fact.object)]
    if dice.random() < 0.5:
        record = Evidence(fact, in_words(store, fact, "zh"), 1.0, "graph")
    return dice.choice(CHINESE).format(d=names[0], f=names[1]), (record,)


UNITS = (
    (r"\b(\d{3,4}) mg\b", lambda n: f"{n / 1000:g} g"),
    (r"\b(\d+) weeks\b", lambda n: f"{n * 7:g} days"),
    (r"\b(\d+) years\b", lambda n: f"{n * 12:g} months"),
    (r"\b(\d+) hours\b", lambda n: f"{n * 60:g} minutes"),
    (r"\b(\d+) (?:percent|%)(?= )", lambda n: f"{n:g}%"),
    (r"\b(\d+) days\b", lambda n: f"{n:g} d"),
)


def units(store: Store, stuff: Material, dice: random.Random) -> tuple[str, tuple[Evidence, ...]]:
    """A sentence of a document with a quantity in another unit of the same."""
    fitting = [(quote, rule) for quote in stuff.quotes for rule in UNITS if _single(rule[0], quote.text)]
    quote, (pattern, said) = dice.choice(fitting)
    text = re.sub(pattern, lambda found: said(float(found[1])), quote.text)
    return f"{text.rstrip('.。')} [1].", (quote,)


def _single(pattern: str, text: str) -> bool:
    """Whether a quantity stands alone: "2 to 4 weeks" cannot be told in days by changing one number."""
    found = list(re.finditer(pattern, text))
    return len(found) == 1 and not re.search(r"(?:to|or|and|-|–|by|,|\d)\s*$", text[: found[0].start()])


def reordered(store: Store, stuff: Material, dice: random.Random) -> tuple[str, tuple[Evidence, ...]]:
    """A sentence of a document that begins with what stood behind its comma."""
    fitting = [each for each in stuff.quotes if re.fullmatch(r"[^,]+, [^,]+", each.text) and len(each.text) > 60]
    quote = dice.choice(fitting)
    first, second = quote.text.rstrip(".。").split(",")
    return f"{second.strip()}, {first.strip()} [1].", (quote,)


def joined(store: Store, stuff: Material, dice: random.Random) -> tuple[str, tuple[Evidence, ...]]:
    """What two records say together: two findings of a disease, or one finding in two diseases."""
    while True:
        record = dice.choice(stuff.records)
        fact = record.fact
        assert isinstance(fact, Relation)
        alike = dice.random() < 0.5
        others = store.relations(fact.subject, HAS) if alike else store.relations("", HAS, fact.object)
        found = [
            claim for claim in others
            if not claim.negated and (claim.object != fact.object if alike else claim.subject != fact.subject)
        ]  # fmt: skip
        if not found:
            continue
        other = Evidence(dice.choice(found), "", 1.0, "graph")
        claim = other.fact
        assert isinstance(claim, Relation)
        other = Evidence(claim, in_words(store, claim), 1.0, "graph")
        (disease, finding), (second, further) = ends(store, record), ends(store, other)
        if alike:
            return f"{disease} shows both {finding} and {further} [1, 2].", (record, other)
        return f"{finding} occurs in {disease} as well as in {second} [1] [2].", (record, other)


Make = Callable[[Store, Material, random.Random], tuple[str, tuple[Evidence, ...]]]
KINDS: tuple[Make, ...] = (copied_record, quotation, synonym, frequency, chinese, units, reordered, joined)


def honest(store: Store, stuff: Material, count: int, seed: int) -> Iterator[Honest]:
    """So many true sentences, the kinds in turn; a kind that the material cannot give is passed over."""
    dice = random.Random(seed)
    for number in range(count):
        make = KINDS[number % len(KINDS)]
        try:
            text, evidence = make(store, stuff, dice)
        except IndexError:  # nothing in the material fits
            text, evidence = copied_record(store, stuff, dice)
        yield Honest(make.__name__, Answer(text=text, evidence=evidence))
