"""What a question asks for: the words that carry its subject, and the aspect of it that is asked about."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from probatum.text.chinese import has_han
from probatum.text.normal import fold

# Closed classes of English and Spanish (articles, pronouns, prepositions, auxiliaries, question words): they say how
# something is asked, never what about.
FUNCTION_WORDS = frozenset(
    "a about after all also although am among an and any anybody anyone anything are as at be because been before "
    "being between both but by can could d did do does doing done during each either else etc ever every everyone "
    "few for from had has have having he hello her here hers herself hi him himself his how however i if in into "
    "is it its itself just ll m many may me might mine more most much must my myself neither no nor not now of "
    "off often on once one only onto or other our ours out over own per please quite rather re really s same "
    "shall she should since so some someone something somewhere still such t than thank thanks that the their "
    "theirs them themselves then there these they thing things this those though through thus to too toward under "
    "until up upon us ve very via was we were what whatever when where whether which while who whom whose why "
    "will with within without would yes yet you your yours yourself el la los las un una unos unas de del al y o "
    "u en con sin por para que qué que como cómo es son esta están fue su sus se hay cual cuales cuál cuáles "
    "cuando cuándo donde dónde mas más muy le les lo mi tu ese esa eso este esto si no".split()
)
# Words with which a question is put; alone they name no subject, but they may tell the aspect.
FRAME_WORDS = frozenset(
    "act acting acts ask asked asking cause caused causes common commonly describe describes determine does explain "
    "find finding get gets give good happen happens happening help know known learn list lists look looking mean means "
    "meaning need needs often overview particular person people possible question recommend recommended relate "
    "related relationship say seen should show someone tell typical typically use used uses using usually want "
    "way ways work works".split()
)
_ASKED_IN_CHINESE = re.compile(
    "请问|什么样|为什么|是什么|有什么|什么|哪一种|哪一些|哪些|哪个|哪种|哪里|怎么样|怎么办|怎么|怎样|如何|为何|多少|几个|是否|"
    "是不是|有没有|能不能|可不可以|可以|能够|应该|需要|会不会|一般|通常|主要|常见的?|患者|病人|疾病|综合征|综合症|病|方式|由|"
    "吗|呢|吧|啊|了|的|是|有|会|和|与|及|或|在|对|被|把|我|你|您|他|她|它|们|这|那|都|也|就|请|告诉|介绍|一下|关于"
)

# With no other aspect: what a thing is.
_WHAT = re.compile(r"^\W*(?:what(?:'s| is| are| is \(are\))|qu[eé] (?:es|son))\b")
_DEFINED = re.compile(r"\b(?:defin|mean)|定义|含义|何为|什么叫")
_WORD = re.compile(r"[^\W_]+")


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(_cue, words.split()))})\b")


def _cue(word: str) -> str:
    """A cue as a pattern; of one with words between, only what stands before them is the cue's own."""
    first, _, then = word.replace("_", " ").partition(" .. ")
    if then:
        return rf"{re.escape(first)}\b(?=[^?.;]{{1,80}}\b{re.escape(then)}\b)"
    return re.escape(first[:-1]) + r"\w*" if first.endswith("*") else re.escape(first)


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that a question may ask of its subject."""

    name: str
    cues: tuple[re.Pattern[str], re.Pattern[str]]  # the words that ask for it: English and Spanish, Chinese
    answers: frozenset[tuple[str, str]]  # (predicate, side of the question's concept) of relations that are for this
    partly: frozenset[tuple[str, str]]  # and of those that answer it too
    in_relations: bool  # whether what is asked stands in relations rather than in texts
    beside: bool  # asked besides an aspect of the subject, not instead of one


@cache
def intents() -> tuple[Intent, ...]:
    """What questions ask, in a fixed order: the table intents.toml."""
    return tuple(
        Intent(
            name,
            (_pattern(row["english"]), re.compile(row["chinese"])),
            frozenset(map(tuple, row.get("answers", ()))),
            frozenset(map(tuple, row.get("partly", ()))),
            row.get("in_relations", False),
            row.get("beside", False),
        )
        for name, row in _table().items()
        if name != "steps"
    )


@cache
def steps(name: str) -> frozenset[str]:
    """The predicates of a kind of steps: `mechanism` (one acts on another), `harm` (what speaks against a drug)."""
    return frozenset(_table()["steps"][name])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("probatum.text").joinpath("intents.toml").read_text(encoding="utf-8"))


def aspects(question: str) -> tuple[str, ...]:
    """The aspects of its subject that a question asks about, in a fixed order: phenotype, gene, treatment ...

    An aspect is told by its words; a question without any of them asks about its subject as a whole.
    """
    folded = fold(question)
    found = tuple(each.name for each in intents() if not each.beside and _asks(each, folded))
    if len(found) > 1 and not _DEFINED.search(folded):  # "its dose is what": the words of any question in Chinese
        found = tuple(name for name in found if name != "definition")
    return found or (("definition",) if _WHAT.search(folded) else ())


def asked_beside(question: str) -> frozenset[str]:
    """What is asked besides: on whose word (`word`), what speaks against it (`against`), how things hang together."""
    folded = fold(question)
    return frozenset(each.name for each in intents() if each.beside and _asks(each, folded))


def _asks(intent: Intent, folded: str) -> bool:
    english, chinese = intent.cues
    return english.search(folded) is not None or (not folded.isascii() and chinese.search(folded) is not None)


def without_aspects(text: str) -> str:
    """The text folded, without the words that tell an aspect: they say what is asked of a subject, not which one."""
    folded = fold(text)
    for english, chinese in (each.cues for each in intents()):
        folded = chinese.sub(" ", english.sub(" ", folded))
    return " ".join(folded.split())


def without_frame(question: str) -> str:
    """The question folded, without the words that only put it: articles, pronouns, question words; Chinese alike."""
    folded = fold(question)
    if has_han(folded):
        folded = _ASKED_IN_CHINESE.sub(" ", folded)
    kept = _WORD.sub(lambda found: "" if found[0] in FUNCTION_WORDS else found[0], folded)
    return " ".join(kept.split())


def is_frame(word: str) -> bool:
    """Whether a folded word names no subject: a function word or one with which questions are put."""
    return word in FUNCTION_WORDS or word in FRAME_WORDS
