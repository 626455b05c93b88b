"""What a score on multiple choice is worth: the same questions without what an answer should rest on."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from string import ascii_uppercase

from probatum.desk import Desk
from probatum.types import Answer, Example, Fact, Question, Relation

Ask = Callable[[Question], Answer]
NEUTRAL = {"en": "Which option is right?", "zh": "哪个选项正确？"}


def prior_only(examples: Sequence[Example]) -> list[Answer]:
    """For each question the letter that is right most often among the others; neither question nor options are read."""
    counts = Counter(example.answer.choice for example in examples)
    found = []
    for example in examples:
        others = counts - Counter([example.answer.choice])
        best = min(others, key=lambda letter: (-others[letter], letter), default="")
        found.append(Answer(choice=best))
    return found


def options_by_habit(examples: Sequence[Example]) -> list[Answer]:
    """For each question the option that is most often right where it is offered among the others; nothing is read.

    The share is smoothed by one right and one wrong; ties go to the first letter.
    """
    offered = Counter(text for example in examples for _, text in example.question.options)
    right = Counter(_right(example) for example in examples)
    found = []
    for example in examples:
        own = dict(example.question.options)
        shares = {
            letter: (right[text] - (text == _right(example)) + 1) / (offered[text] - 1 + 2)
            for letter, text in own.items()
        }
        found.append(Answer(choice=min(shares, key=lambda letter: (-shares[letter], letter), default="")))
    return found


def without_question(question: Question) -> Question:
    """The options alone: the text says nothing, and there is no context, patient or earlier turn."""
    language = "zh" if question.language.startswith("zh") else "en"
    return Question(NEUTRAL[language], question.options, language=language)


def shuffled(example: Example, seed: int) -> Example:
    """The same example with its options in another order, by id and seed, and the gold letters that go with it."""
    options = list(example.question.options)
    random.Random(f"{seed} {example.id}").shuffle(options)  # noqa: S311 - no secret
    letters = dict(zip((letter for letter, _ in options), ascii_uppercase, strict=False))
    again = tuple((letters[letter], text) for letter, text in options)
    choice = "".join(sorted(letters.get(letter, letter) for letter in example.answer.choice))
    candidates = tuple(replace(each, id=letters.get(each.id, each.id)) for each in example.answer.candidates)
    answer = replace(example.answer, choice=choice, candidates=candidates)
    return replace(example, question=replace(example.question, options=again), answer=answer)


def around(desk: Desk, texts: Iterable[str]) -> list[Fact]:
    """What the desk's store says within one step of what these texts name, and what includes it: a graph to work on.

    Releases first, then the concepts, then the claims, each sorted; ids of one thing are all there.
    """
    store = desk.store
    named = {id for text in texts for mention in desk.annotate(text) if (id := getattr(mention, "concept", ""))}
    ring = {same for id in named for same in store.same(id)}
    claims: dict[Relation, None] = {}
    for id in sorted(ring):
        claims |= dict.fromkeys(store.relations(subject=id)) | dict.fromkeys(store.relations(object=id))
    above = {claim.object for claim in claims if claim.predicate == "biolink:subclass_of"} - ring
    seen = set(ring)
    while above:
        seen |= above
        further = [claim for id in sorted(above) for claim in store.relations(id, "biolink:subclass_of")]
        claims |= dict.fromkeys(further)
        above = {claim.object for claim in further} - seen
    ids = sorted({end for claim in claims for end in (claim.subject, claim.object)} | ring)
    concepts = [concept for id in ids if (concept := store.concept(id))]
    used = {each.origin.source for each in concepts} | {each.origin.source for each in claims}
    return [*(release for release in store.releases() if release.source in used), *concepts, *claims]


def permuted(facts: Iterable[Fact], seed: int) -> Iterator[Fact]:
    """The same facts with the objects of each predicate dealt out anew: every degree stays, what is claimed does not.

    Mappings between ids of one thing stay as they are.
    """
    kept = list(facts)
    by_kind: dict[str, list[int]] = {}
    for place, fact in enumerate(kept):
        if isinstance(fact, Relation) and not fact.predicate.startswith("skos:"):
            by_kind.setdefault(fact.predicate, []).append(place)
    dealt = random.Random(seed)  # noqa: S311 - no secret
    for _, places in sorted(by_kind.items()):
        objects = [fact.object for place in places if isinstance(fact := kept[place], Relation)]
        dealt.shuffle(objects)
        for place, object_ in zip(places, objects, strict=True):
            if isinstance(fact := kept[place], Relation):
                kept[place] = replace(fact, object=object_)
    yield from kept


def without_claims(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The same concepts and names with no claim between them but which ids are one thing: the graph taken away."""
    return (fact for fact in facts if not isinstance(fact, Relation) or fact.predicate.startswith("skos:"))


def _right(example: Example) -> str:
    return dict(example.question.options).get(example.answer.choice, example.answer.choice)
