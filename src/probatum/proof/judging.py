"""Holds a claim against the pieces that it cites and against nothing else, by rules and, where there is one, a model.

What is looked at, in this order: words meant for a program; quotations, byte for byte; identifiers; letters of other
alphabets; numbers with their units; what is denied; what excludes each other (higher and lower, before and after,
children and adults); who does what to whom; the concepts and the words; how certain the source is; whether one source
alone joins what the claim joins.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from probatum.proof import opposing
from probatum.proof.denials import denied_in
from probatum.proof.lexicon import lexicon, rooted, tokens
from probatum.proof.numbers import wrong_number
from probatum.proof.orders import order_in
from probatum.proof.reading import Unit, read
from probatum.proof.witnesses import Line, Sight, Witness, line, names_in, witness
from probatum.text.chinese import is_han
from probatum.types import Evidence, Passage

SUPPORTS = ("supported", "partial", "contradicted", "unsupported")  # what a verdict may say
ENOUGH = 0.5  # share of the words that must stand in the sources for a claim to be partly borne out
PARAPHRASED = 0.6  # share from which on words that only colour a claim may be missing
LINES = 3  # sentences of the sources that may bear out one claim, and one more for each further source
LIKE = 0.5  # of the best sentence's share of the claim: from here on another one counts as speaking of the same
SURE = 0.8  # chance from which on a model's word counts
_QUOTED = re.compile("“([^“”]*)”")
_CURIE = re.compile(r"\b[A-Za-z][A-Za-z0-9]*:[A-Za-z0-9_.]*\d\b")
_WORD = re.compile(r"[^\W\d_]+")
_LINK = re.compile(r"\b(?:https?|ftp)://\S+|\bwww\.\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a claim stands on what it cites."""

    support: str  # one of SUPPORTS
    why: str = ""  # a code, then a sentence; empty where it is supported


@dataclass(frozen=True, slots=True)
class Held:
    """A claim beside what it cites: which of its words stand there, and which sentences speak of the same."""

    claim: Line
    witnesses: tuple[Witness, ...]
    lines: tuple[Line, ...]  # those that speak of the same, the nearest first
    adding: tuple[Line, ...]  # those that hold words of the claim which the better ones do not
    shares: tuple[float, ...]  # of each of them: how much of the claim stands in it
    missing: tuple[Unit, ...]  # words of the claim that stand in none
    share: float  # how much of the claim stands in all of them together
    spans: tuple[tuple[str, int, int], ...]  # concepts of the claim that stand in the sources, with their places


def judged(said: str, cited: Sequence[Evidence], sight: Sight) -> Judgement:
    """How the words of a claim (without marks) stand on the cited pieces."""
    quotations, rest = quoted(said, cited)
    if why := _forged(said, rest, quotations, cited):
        return Judgement("unsupported", why)
    witnesses = tuple(witness(each, sight) for each in cited)
    if wrong := next((each.order for each in witnesses if each.order), ""):
        return Judgement("unsupported", f"order: the cited piece speaks to a program ({wrong})")
    bare = _without_whole(said, cited, quotations)
    if not _says_something(_CURIE.sub(" ", bare)):
        return Judgement("supported")
    held = _held(bare, witnesses, sight)
    found = _by_rules(held)
    return found if sight.entail is None else _by_model(found, bare, cited, sight)


def _says_something(text: str) -> bool:
    """Whether a text says anything: more than punctuation and the number of a line."""
    return any(token.word.isalnum() or len(token.word) > 1 for token in tokens(text))


# --- what is forged ---


def quoted(said: str, cited: Sequence[Evidence]) -> tuple[list[str], str]:
    """(the quotations in a claim, the rest of it); a cited piece quoted whole may hold quotation marks of its own."""
    found: list[str] = []
    for each in sorted(cited, key=lambda piece: -len(piece.text)):
        if isinstance(each.fact, Passage) and f"“{each.text}”" in said:
            found.append(each.text)
            said = said.replace(f"“{each.text}”", " ")
    found += [inner[1] for inner in _QUOTED.finditer(said)]
    return found, _QUOTED.sub(" ", said)


def altered(quotations: Sequence[str], cited: Sequence[Evidence]) -> str:
    """Why one of the quotations stands in no cited source byte for byte; empty where all do."""
    sources = [each.fact.text if isinstance(each.fact, Passage) else each.text for each in cited]
    wrong = [each for each in quotations if not each.strip() or not any(each in source for source in sources)]
    return f"quotation: the quotation {wrong[0][:60]!r} stands in no cited source" if wrong else ""


def _forged(  # noqa: PLR0911 - one return for each kind of forgery
    said: str, rest: str, quotations: Sequence[str], cited: Sequence[Evidence]
) -> str:
    if why := altered(quotations, cited):
        return why
    known = "\n".join(each.text for each in cited)
    ids = set(_CURIE.findall(known))
    if strange := [each for each in _CURIE.findall(rest) if each not in ids]:
        return f"id: the id {strange[0]} stands in none of the cited pieces"
    if strange := [each for each in _LINK.findall(rest) if each not in known]:
        return f"link: the address {strange[0][:60]} stands in none of the cited pieces"
    if strange := [word for word in _WORD.findall(rest) if is_mixed(word) and word not in known]:
        return f"letters: the word {strange[0]!r} is written with letters of another alphabet"
    if any(unicodedata.category(letter) == "Cf" and letter not in known for letter in rest):
        return "letters: it holds invisible characters that the cited pieces do not"
    if order := order_in(rest):
        return f"order: it speaks to a program or its reader ({order})"
    return ""


def is_mixed(word: str) -> bool:
    """Whether a word is written with look-alikes: Cyrillic and the like, or Latin and Greek letters joined."""
    alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if not letter.isascii()}
    if not alphabets:
        return False
    alphabets |= {"LATIN"} if any(letter.isascii() for letter in word) else set()
    return bool(alphabets & {"CYRILLIC", "CHEROKEE", "ARMENIAN", "FULLWIDTH", "MATHEMATICAL"}) or (
        {"LATIN", "GREEK"} <= alphabets
    )


def _without_whole(said: str, cited: Sequence[Evidence], quotations: Sequence[str]) -> str:
    """The claim without what it copies whole; half a quoted sentence is judged as words, it may have lost its 'not'."""
    for each in sorted(cited, key=lambda piece: -len(piece.text)):
        for copy in (f"“{each.text}”", each.text):
            said = said.replace(copy, " ") if each.text else said
    wholes = {each.fact.text for each in cited if isinstance(each.fact, Passage)}
    for quotation in quotations:
        if f"“{quotation}”" in said and any(_is_sentence(quotation, whole) for whole in wholes):
            said = said.replace(f"“{quotation}”", " ")
    return said


def _is_sentence(quotation: str, whole: str) -> bool:
    at = whole.find(quotation)
    before, after = whole[:at].rstrip(), whole[at + len(quotation) :].lstrip()
    begins = not before or before[-1] in ".!?。！？\n”"
    return at >= 0 and begins and (not after or quotation.rstrip()[-1:] in ".!?。！？”")


# --- what stands there ---


def _held(bare: str, witnesses: tuple[Witness, ...], sight: Sight) -> Held:
    claim = line(bare, sight)
    text = claim.reading.text
    known = frozenset().union(*(each.concepts for each in witnesses))
    spans = [(one, start, end) for one, start, end in (*claim.concepts, *names_in(text, witnesses)) if one in known]
    ids = [each.span() for each in _CURIE.finditer(text)]  # that they stand there has been seen; they are no words
    wanted = [
        unit
        for unit in claim.reading.units
        if not unit.glue and not any(start <= unit.start and unit.end <= end for start, end in ids)
    ]
    if not wanted:
        wanted = [unit for unit in claim.reading.units if unit.key not in lexicon().glue]
    rows = [(each, one, _standing(wanted, each, one, spans)) for each in witnesses for one in each.lines]
    chosen: list[tuple[Witness, Line, frozenset[Unit]]] = []
    covered: frozenset[Unit] = frozenset()
    for _ in range(LINES + len(witnesses) - 1):
        best = max(rows, key=lambda row: _weight(row[2] - covered), default=None)
        if best is None or (chosen and not best[2] - covered):
            break
        chosen.append(best)
        covered |= best[2]
    whole = _weight(wanted) or 1.0
    most = max((_weight(row[2]) for row in rows), default=0.0)
    near = sorted((row for row in rows if _weight(row[2]) >= LIKE * most), key=lambda row: -_weight(row[2]))
    missing = tuple(unit for unit in wanted if unit not in covered)
    share = 1.0 if not wanted else _weight(covered) / whole
    shares = tuple(_weight(row[2]) / whole for row in near)
    lines, adding = (tuple(row[1] for row in rows) for rows in (near, chosen))
    return Held(claim, witnesses, lines, adding, shares, missing, share, tuple(spans))


def _weight(units: Sequence[Unit] | frozenset[Unit]) -> float:
    return sum(unit.weight for unit in units)


def _standing(
    wanted: Sequence[Unit], witness: Witness, line: Line, spans: Sequence[tuple[str, int, int]]
) -> frozenset[Unit]:
    """The words of the claim that stand in a sentence of a source, in its title, or within a concept that it names."""
    reading = line.reading
    inside = [(start, end) for concept, start, end in spans if concept in witness.concepts]
    pairs = {one + other for one, other in reading.pairs}
    keys = reading.keys | witness.context
    roots = reading.roots
    found = []
    for place, unit in enumerate(wanted):
        if any(start <= unit.start and unit.end <= end for start, end in inside) or _meant(unit, keys, roots):
            found.append(unit)
        elif unit.key in keys:
            beside = [*wanted[max(0, place - 1) : place], *wanted[place + 1 : place + 2]]
            if len(unit.key) > 1 or not is_han(unit.key) or _paired(unit, beside, pairs, keys):
                found.append(unit)
    return frozenset(found)


def _meant(unit: Unit, keys: frozenset[str], roots: frozenset[str]) -> bool:
    """Whether a sentence says a word in another form (African, Africa) or says what bears it out (a side effect)."""
    return rooted(unit.key) in roots or any(key in keys for key in lexicon().implied.get(unit.key, ()))


def _paired(unit: Unit, beside: Sequence[Unit], pairs: set[str], keys: frozenset[str]) -> bool:
    """Whether a Han character stands in the source beside a neighbour that it has in the claim."""
    touching = [one for one in beside if one.end == unit.start or unit.end == one.start]
    return not touching or any(
        one.key in keys if len(one.key) > 1 else unit.key + one.key in pairs or one.key + unit.key in pairs
        for one in touching
    )


# --- what follows ---


def _by_rules(held: Held) -> Judgement:  # noqa: PLR0911 - one return for each rule, in their order
    number = wrong_number(held.claim, held.lines, held.witnesses, held.spans)
    if number and number[0] != "partial":
        return Judgement(*number)
    if held.share >= ENOUGH:
        faults = [
            opposing.fault(held.claim, one, held.spans)
            for one, share in zip(held.lines, held.shares, strict=True)
            if share >= 0.9 * held.shares[0]
        ]
        denied = [denied_in(held.claim, one, held.adding[:place]) for place, one in enumerate(held.adding) if place]
        if (faults and all(faults)) or any(denied):
            return Judgement("contradicted", next(filter(None, [*faults, *denied])))
        acts = [act for each in held.witnesses for act in each.acts]
        if why := opposing.reversed_act(held.claim.reading.acts, acts):
            return Judgement("contradicted", why)
    soft = lexicon().soft
    hard = [unit for unit in held.missing if unit.key not in soft and not _is_advice(unit, held)]
    if held.missing and (hard or held.share < PARAPHRASED):
        first = (hard or held.missing)[0]
        said = held.claim.reading.text[first.start : first.end]
        why = f"words: {said!r} stands in none of the cited pieces"
        return Judgement("partial" if held.share >= ENOUGH else "unsupported", why)
    if number:
        return Judgement(*number)
    if why := _overstated(held) or _joined(held):
        return Judgement("partial", why)
    return Judgement("supported")


def _is_advice(unit: Unit, held: Held) -> bool:
    """Whether a word only advises against what the source denies: "do not drink it" for "it should not be drunk"."""
    return unit.denied and unit.key in lexicon().advice and any(one.reading.denials for one in held.lines)


def _overstated(held: Held) -> str:
    """Why the claim is more certain than its source."""
    if held.claim.reading.hedged or not held.lines:
        return ""
    for one, share in zip(held.lines, held.shares, strict=True):
        if share >= 0.9 * held.shares[0] and not _is_hedged(held.claim, one):
            return ""
    return "certainty: the source is not as certain"


def _is_hedged(claim: Line, one: Line) -> bool:
    """Whether the clause of a source that says most of the claim holds a hedge."""
    keys = {unit.key for unit in claim.reading.units if not unit.glue}
    counts = [0.0] * max(1, one.reading.clauses)
    for unit in one.reading.units:
        counts[unit.clause] += unit.weight * (unit.key in keys)
    best = max(counts)
    return any(counts[place] >= 0.5 * best and best for place in one.reading.hedged)


def _joined(held: Held) -> str:
    """Why what the claim joins is joined by no single source: its words fall into groups, each from another piece."""
    if len(held.witnesses) > 1 and any(_names_one_end(held, each) for each in held.witnesses):
        return "joined: of a cited record it names one end alone"
    wanted = [unit for unit in held.claim.reading.units if not unit.glue]
    if len(held.witnesses) < 2 or _groups(held, wanted) < 2:
        return ""
    by_clause = [[unit for unit in wanted if unit.clause == clause] for clause in range(held.claim.reading.clauses)]
    if any(_groups(held, group) > 1 for group in by_clause):
        return "joined: no single source joins what it joins"
    return ""


def _names_one_end(held: Held, each: Witness) -> bool:
    """Whether a claim names one end of a record and, in place of the other, an end of another record."""
    mine = _ends_named(held, each)
    if len(mine) != 1:
        return False
    return any(end not in each.concepts for other in held.witnesses for end in _ends_named(held, other))


def _ends_named(held: Held, each: Witness) -> set[str]:
    """The ends of a record that a claim names, by one of their names or all words of one."""
    fact = each.evidence.fact
    if isinstance(fact, Passage):
        return set()
    named, keys = {concept for concept, _, _ in held.spans}, held.claim.reading.keys
    by_words = {end for name, end in each.names if read(name).keys <= keys}
    return {end for end in (fact.subject, fact.object) if end in named or end in by_words}


def _groups(held: Held, wanted: Sequence[Unit]) -> int:
    """Into how many groups these words fall, where two belong together that one piece holds."""
    groups: list[set[Unit]] = []
    for each in held.witnesses:
        here = {unit for one in each.lines for unit in _standing(wanted, each, one, held.spans)}
        if here:
            touching = [group for group in groups if group & here]
            groups = [group for group in groups if group not in touching] + [here.union(*touching)]
    return len(groups)


def _by_model(found: Judgement, bare: str, cited: Sequence[Evidence], sight: Sight) -> Judgement:
    """The judgement with a model's word: it may lower any, and raise what only words that are missing held back."""
    if sight.entail is None or found.support == "contradicted":
        return found
    said = sight.entail("\n".join(each.text for each in cited), bare)
    if said.chance < SURE:
        return found
    if said.label == "contradicted":
        return Judgement("contradicted", "entailment: the model finds that the source says the opposite")
    if said.label == "neutral" and found.support == "supported":
        return Judgement("partial", "entailment: the model finds that it does not follow from the source")
    if said.label == "entailed" and found.why.startswith("words:"):
        return Judgement("supported")
    return found
