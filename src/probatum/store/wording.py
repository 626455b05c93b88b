"""A stored relation said in words, in English or Chinese: what is claimed, how often, on which evidence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from probatum.formats.biolink import between
from probatum.store.reader import Store
from probatum.text.frequency import in_words as frequency_in_words
from probatum.types import Relation

HAS_PHENOTYPE = "biolink:has_phenotype"
INHERITANCE = "biolink:has_mode_of_inheritance"
ATTRIBUTE = "biolink:has_attribute"
GENE_OF = "biolink:gene_associated_with_condition"
SUBCLASS = "biolink:subclass_of"
_SAID_ENGLISH = {"onset": "onset", "sex": "sex", "modifier": "modifier", "disease": "in", "evidence": "evidence"}
_SAID_CHINESE = {"onset": "起病", "sex": "性别", "modifier": "修饰", "disease": "疾病", "evidence": "证据"}
_SEXES = {"MALE": "男性", "FEMALE": "女性"}
CLOSE = "skos:closeMatch"
_UNNAMED = ("no name known", "名称未知")
MOST_REFERENCES = 3  # a claim names more only in its record


def in_words(store: Store, claim: Relation, language: str = "en") -> str:
    """One claim in words: subject, what is claimed of it with its id in parentheses, then what the source says of it.

    "Gaucher disease, type I: Splenomegaly (HP:0001744), 3 of 7 patients, evidence PCS, PMID:1234"; Chinese names where
    the language is zh and there are any. References that are addresses are left to who shows the source. The same
    claim, store and language always give the same text.
    """
    chinese = language == "zh"
    words = between(claim.predicate, claim.qualifier("aspect"), language)
    link = words.denied if claim.negated else words.said
    subject, object_ = called(store, claim.subject, language), called(store, claim.object, language)
    if claim.predicate == CLOSE:  # the one end would be called by the other
        object_ = store.name_of(claim.object, language)
    if subject == claim.subject:
        subject = f"{_UNNAMED[chinese]} ({subject})"
    head = f"{subject}{'：' if chinese else ': '}{link}"
    if object_ == claim.object:
        object_ = _UNNAMED[chinese]
    parts = [f"{head}{object_} ({claim.object})", *_claimed(store, claim, language)]
    return ("，" if chinese else ", ").join(parts)


def in_words_with_source(store: Store, claim: Relation, language: str = "en") -> str:
    """As `in_words`, with the source that says it and how the claim came about."""
    chinese, origin = language == "zh", claim.origin
    made = {"curated": "", "extracted": "，机器提取" if chinese else ", read by a machine",
            "generated": "，模型生成" if chinese else ", written by a model"}[origin.reliability]  # fmt: skip
    said = f"来源 {origin.source}" if chinese else f"says {origin.source}"
    return f"{in_words(store, claim, language)}{'，' if chinese else ', '}{said}{made}"


def called(store: Store, id: str, language: str = "en") -> str:
    """The name of a concept in a language; where its own sources give none, that of another id of the same thing.

    Where these have none either, the name of what a source says closely matches it, and that it is that: "close to
    Miglustat". What nothing names is called by its id.
    """
    own = store.name_of(id, language)
    if own != id and (language == "en" or own != store.name_of(id)):
        return own
    names = ((other, store.name_of(other, language)) for other in store.same(id) if other != id)
    fitting = (name for other, name in names if name != other and (language == "en" or name != store.name_of(other)))
    found = next(fitting, own if own != id else store.name_of(next(_named_ids(store, id), id)))
    return found if found != id else _nearly(store, id, language)


def _nearly(store: Store, id: str, language: str) -> str:
    """The name of a close match, said to be one; the id itself where there is none."""
    forth = (claim.object for claim in store.relations(subject=id, predicate=CLOSE) if not claim.negated)
    back = (claim.subject for claim in store.relations(predicate=CLOSE, object=id) if not claim.negated)
    for other in chain(forth, back):
        for same in store.same(other):
            if (name := store.name_of(same, language)) != same:
                return f"{'近似' if language == 'zh' else 'close to'} {name}"
    return id


def _named_ids(store: Store, id: str) -> Iterator[str]:
    return (other for other in store.same(id) if store.name_of(other) != other)


def _claimed(store: Store, claim: Relation, language: str) -> list[str]:
    said = _SAID_CHINESE if language == "zh" else _SAID_ENGLISH
    parts = [_frequency(claim.qualifier("frequency"), language)]
    if onset := claim.qualifier("onset"):
        parts.append(f"{said['onset']} {_named(store, onset, language)}")
    if sex := claim.qualifier("sex"):
        parts.append(f"{said['sex']} {_SEXES.get(sex.upper(), sex) if language == 'zh' else sex.lower()}")
    if modifier := claim.qualifier("modifier"):
        parts.append(f"{said['modifier']} {_named(store, modifier, language)}")
    if disease := claim.qualifier("disease"):
        parts.append(f"{said['disease']} {_named(store, disease, language)}")
    if claim.origin.evidence:
        parts.append(f"{said['evidence']} {claim.origin.evidence}")
    references = [each for each in claim.origin.references if "://" not in each]  # addresses are shown with the source
    parts.extend(references[:MOST_REFERENCES])
    if len(references) > MOST_REFERENCES:
        parts.append(f"+{len(references) - MOST_REFERENCES}")
    return [part for part in parts if part]


def _frequency(written: str, language: str) -> str:
    try:
        return frequency_in_words(written, language)
    except ValueError:  # another source's own way of writing it is said as it stands
        return written


def _named(store: Store, ids: str, language: str) -> str:
    return " + ".join(f"{called(store, id, language)} ({id})" for id in ids.replace(";", " ").split())
