"""A stored relation said in words, in English or Chinese: what is claimed, how often, on which evidence."""

from __future__ import annotations

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
MOST_REFERENCES = 3  # a claim names more only in its record


def in_words(store: Store, claim: Relation, language: str = "en") -> str:
    """One claim in words: subject, what is claimed of it with its id in parentheses, then what the source says of it.

    "Gaucher disease, type I: Splenomegaly (HP:0001744), 3 of 7 patients, evidence PCS, PMID:1234"; Chinese names where
    the language is zh and there are any. The same claim, store and language always give the same text.
    """
    chinese = language == "zh"
    words = between(claim.predicate, claim.qualifier("aspect"), language)
    link = words.denied if claim.negated else words.said
    head = f"{store.name_of(claim.subject, language)}{'：' if chinese else ': '}{link}"
    parts = [f"{head}{store.name_of(claim.object, language)} ({claim.object})", *_claimed(store, claim, language)]
    return ("，" if chinese else ", ").join(parts)


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
    references = claim.origin.references
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
    return " + ".join(f"{store.name_of(id, language)} ({id})" for id in ids.replace(";", " ").split())
