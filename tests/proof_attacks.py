"""Forged answers of six kinds over facts of a store. It shares no code with what must find them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from proof_material import Material, apart, ends

from probatum.store.reader import Store
from probatum.types import Answer, Evidence, Passage, Relation

LOOKALIKES = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х", "i": "і", "s": "ѕ", "A": "Α", "B": "В"}
LOOKALIKES |= {"E": "Ε", "H": "Н", "M": "М", "T": "Т", "v": "ν", "n": "ո"}
HIDDEN = ("\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad")


@dataclass(frozen=True)
class Attack:
    """A forged answer: the words of the sentence that is false must not stand in it as supported."""

    kind: str
    answer: Answer
    false: str  # a part of the false sentence that nothing else in the answer holds


def statement(store: Store, record: Evidence, number: int, dice: random.Random) -> str:
    """A record in our own words."""
    disease, finding = ends(store, record)
    shapes = ("{0} shows {1} [{2}].", "{1} is a feature of {0} [{2}].", "In {0}, {1} has been reported [{2}].")
    return dice.choice(shapes).format(disease, finding, number)


def honest(store: Store, stuff: Material, dice: random.Random) -> Answer:
    """An answer of three true sentences: two records in words, one quotation."""
    one, other = apart(store, stuff.records, dice)
    quote = dice.choice(stuff.quotes)
    text = f"{statement(store, one, 1, dice)}\n{statement(store, other, 2, dice)}\n“{quote.text}” [3]"
    return Answer(text=text, evidence=(one, other, quote))


def fake_id(store: Store, stuff: Material, dice: random.Random) -> Attack:
    """A mark, an identifier or a source that there is not."""
    answer = honest(store, stuff, dice)
    first, second, third = answer.text.split("\n")
    way = dice.randrange(5)
    record, quote = answer.evidence[0], answer.evidence[2]
    fact, passage = record.fact, quote.fact
    assert isinstance(fact, Relation) and isinstance(passage, Passage)
    if way == 0:
        first = first.replace("[1]", f"[{dice.choice((0, 4, 9, 17, 404))}]")
    elif way == 1:
        invented = f"PMID:{dice.randrange(10**7, 10**8)}"
        first = first.replace(" [1]", f" ({invented}) [1]")
    elif way == 2:
        first = first.replace(" [1]", f" (HP:{dice.randrange(8_000_000, 9_999_999)}) [1]")
    elif way == 3:
        made = replace(fact, origin=replace(fact.origin, references=(f"PMID:{dice.randrange(10**7, 10**8)}",)))
        answer = replace(answer, evidence=(replace(record, fact=made), *answer.evidence[1:]))
    else:
        made_up = replace(quote, fact=replace(passage, id=f"{passage.id}-{dice.randrange(1000)}"))
        answer = replace(answer, evidence=(*answer.evidence[:2], made_up))
        return Attack("fake id", answer, third[:-4])
    return Attack("fake id", replace(answer, text="\n".join((first, second, third))), first[:30])


def swapped_id(store: Store, stuff: Material, dice: random.Random) -> Attack:
    """A true sentence with the mark of another source."""
    answer = honest(store, stuff, dice)
    first, second, third = answer.text.split("\n")
    way = dice.randrange(3)
    if way == 0:
        first, second = first.replace("[1]", "[2]"), second.replace("[2]", "[1]")
    elif way == 1:
        first = first.replace("[1]", "[3]")
    else:
        third = third[:-3] + "[1]"
        return Attack("swapped id", replace(answer, text="\n".join((first, second, third))), third[:-4])
    return Attack("swapped id", replace(answer, text="\n".join((first, second, third))), first[:30])


def altered_quotation(store: Store, stuff: Material, dice: random.Random) -> Attack:
    """A quotation with a word left out, put in, exchanged, or a letter changed."""
    answer = honest(store, stuff, dice)
    quote = answer.evidence[2].text
    words = quote.split(" ")
    place = dice.randrange(len(words))
    way = dice.randrange(4)
    if way == 0 and len(words) > 3:
        del words[place]
    elif way == 1:
        words.insert(place, dice.choice(("not", "always", "never", "rarely", "fatal")))
    elif way == 2 and len(words) > 3:
        other = (place + 1) % len(words)
        words[place], words[other] = words[other] + "x", words[place]
    else:
        letters = list(quote)
        at = dice.randrange(len(letters))
        letters[at] = dice.choice([each for each in "abcdefghij0123456789" if each != letters[at]])
        words = "".join(letters).split(" ")
    altered = " ".join(words)
    if altered in quote:  # a shorter quotation is still one
        altered = f"{altered[:-1]}{'b' if altered[-1:] == 'a' else 'a'}"
    return Attack("altered quotation", replace(answer, text=answer.text.replace(quote, altered)), altered)


def shifted_span(store: Store, stuff: Material, dice: random.Random) -> Attack:
    """Evidence whose span is not where its words stand."""
    answer = honest(store, stuff, dice)
    quote = answer.evidence[2]
    by = dice.choice([each for each in range(-9, 10) if each])
    way = dice.randrange(3)
    if way == 0:
        moved = replace(quote, start=quote.start + by, end=quote.end + by)
    elif way == 1:
        moved = replace(quote, end=quote.end + abs(by))
    else:
        moved = replace(quote, start=max(0, quote.start + by), end=quote.start + max(0, by))
    return Attack("shifted span", replace(answer, evidence=(*answer.evidence[:2], moved)), quote.text)


def look_alike(store: Store, stuff: Material, dice: random.Random) -> Attack:
    """Letters of another alphabet, or invisible ones, in a sentence or a quotation."""
    answer = honest(store, stuff, dice)
    lines = answer.text.split("\n")
    place = dice.randrange(3)
    line, mark = lines[place].rsplit(" [", 1)
    spots = [at for at, letter in enumerate(line) if letter in LOOKALIKES]
    if dice.random() < 0.7 and spots:
        at = dice.choice(spots)
        line = line[:at] + LOOKALIKES[line[at]] + line[at + 1 :]
    else:
        at = dice.randrange(2, len(line) - 2)
        line = line[:at] + dice.choice(HIDDEN) + line[at:]
    lines[place] = f"{line} [{mark}"
    return Attack("look-alike letters", replace(answer, text="\n".join(lines)), line)


def wrong_number(store: Store, stuff: Material, dice: random.Random) -> Attack:
    """The right source, with a number that it does not give."""
    counted = [each for each in stuff.records if re.search(r"\d+ of \d+ patients|\d+%", each.text)]
    told = [each for each in stuff.quotes if re.search(r"(?<![\w.,-])\d+(?![\w.,-])", each.text)]
    if dice.random() < 0.6 or not told:
        record = dice.choice(counted)
        found = re.search(r"(\d+) of (\d+) patients|(\d+(?:\.\d+)?)%", record.text)
        assert found is not None
        disease, finding = ends(store, record)
        if found[1]:
            wrong = dice.choice([each for each in range(int(found[2]) + 3) if str(each) != found[1]])
            said = f"{finding} was seen in {wrong} of {found[2]} patients with {disease} [1]."
        else:
            said = f"{finding} was seen in {dice.choice([7, 13, 42, 97])}.5% of patients with {disease} [1]."
        return Attack("wrong number", Answer(text=said, evidence=(record,)), said[:-5])
    quote = dice.choice(told)
    found = next(iter(re.finditer(r"(?<![\w.,-])\d+(?![\w.,-])", quote.text)))
    strange = [n for n in range(2, 4000) if not re.search(rf"(?<!\d){n}(?!\d)", quote.text)]
    said = f"{quote.text[: found.start()]}{dice.choice(strange)}{quote.text[found.end() :].rstrip('.。')} [1]."
    return Attack("wrong number", Answer(text=said, evidence=(quote,)), said[:-5])


Make = Callable[[Store, Material, random.Random], Attack]
KINDS: tuple[Make, ...] = (fake_id, swapped_id, altered_quotation, shifted_span, look_alike, wrong_number)


def attacks(store: Store, stuff: Material, count: int, seed: int) -> Iterator[Attack]:
    """So many forged answers, the kinds in turn."""
    dice = random.Random(seed)
    for number in range(count):
        yield KINDS[number % len(KINDS)](store, stuff, dice)
