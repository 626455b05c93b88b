"""What a person's facts mean for the medicines asked about: warnings from stored sources; and no dose without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from probatum.safety.facts import Facts, facts_of
from probatum.shapes import Annotate
from probatum.store.reader import Store
from probatum.store.wording import in_words_with_source
from probatum.text.language import recognise
from probatum.text.sentences import sentences
from probatum.types import Answer, Evidence, Passage, Question, Relation, Step

DRUGS = frozenset({"Drug", "ChemicalEntity", "SmallMolecule", "MolecularMixture"})
CONTRAINDICATED = ("biolink:contraindicated_in", "biolink:has_contraindication")
INTERACTS = ("biolink:interacts_with", "biolink:physically_interacts_with")
INGREDIENT = "biolink:has_active_ingredient"
OLD, CHILD, KIDNEY = 65.0, 18.0, 60.0  # years, years, mL/min/1.73m2: below that labels speak of impaired function
MOST, PER_FACT, MOST_LABELS = 8, 2, 20
_SPEAKS = {
    "pregnancy": r"\bpregnan|\bf(?:o)?etal|\bf(?:o)?etus|\bteratogen|\bunborn|孕|妊娠|胎儿",
    "kidney": r"\brenal|\bkidney|\begfr\b|creatinine clearance|\bcrcl\b|肾",
    "age (older)": r"\belderly|\bgeriatric|\bolder (?:adults|people|patients)|老年",
    "age (child)": r"\bchild|\bp(?:a)?ediatric|\binfant|\bneonat|\byears of age|儿童|小儿|婴",
}
_WARNS = re.compile(
    r"contraindicat|warning|\bnot (?:be )?(?:use|take|give|recommend)|\bavoid|\bshould not|\bmust not|\bdo not"
    r"|\brisk|\bharm|\breduce|\badjust|\bcaution|\bmonitor|\bstop|\bdefect|\btoxic|\bcheck with"
    r"|禁|慎|避免|不宜|不得|不应|减量|调整|风险|危害"
)
_SECTION = re.compile(
    r"contraind|warning|precaution|pregnan|specific|geriatric|pediatric|interaction|dosage|who-can|renal"
)
_NUMBER = r"(\d+(?:[.,]\d+)*)(?:\s*(?:-|–|~|to|至)\s*(\d+(?:[.,]\d+)*))?"
_UNIT = (
    r"(mg|mcg|µg|μg|micrograms?|milligrams?|grams?|g|ml|iu|units?|tablets?|capsules?|pills?|puffs?"
    r"|毫克|微克|克|毫升|单位|片|粒)"
)
_DOSE = re.compile(
    rf"(?<![A-Za-z0-9.]){_NUMBER}\s*{_UNIT}(?:\s*/\s*(?:kg|m2|m²|day|d|dose|日|天|次))*(?![a-z]|\s*/\s*[a-zμµ\d])",
    re.IGNORECASE,
)
_MARK = re.compile(r"\[(\d+(?:\s*[,，、]\s*\d+)*)\]")
_SAME = {"µg": "mcg", "μg": "mcg", "microgram": "mcg", "milligram": "mg", "gram": "g", "毫克": "mg", "微克": "mcg"} | {
    **{"克": "g", "毫升": "ml", "单位": "unit", "片": "tablet", "粒": "capsule", "iu": "unit"}
}


@dataclass(frozen=True, slots=True)
class Caution:
    """One stored statement, and the fact of the person that it concerns."""

    fact: str  # pregnancy, kidney, age (older), age (child), allergy, interaction, condition
    evidence: Evidence


def advised(answer: Answer, question: Question, store: Store, annotate: Annotate) -> Answer:
    """The answer without doses that no source says, and with what stored sources warn of, given the person's facts.

    Each warning is a line of the text with its mark; the trace names the facts, and says so where nothing stored warns,
    which does not mean that a medicine is safe. A ranking of diagnoses is left as it is.
    """
    answer = doses_cited(answer, question)
    facts = facts_of(question)
    if not facts.told or (answer.candidates and not answer.text):
        return answer
    drugs = _drugs(question, answer, store, annotate)
    if not drugs:
        return answer
    steps = [Step("patient", "; ".join((facts.told, *facts.steps)))]
    found = list(warnings(drugs, facts, store, annotate, question.language or recognise(question.text)))
    there = {(each.fact, each.start) for each in answer.evidence}
    new = [each for each in found if (each.evidence.fact, each.evidence.start) not in there][:MOST]
    if not found:
        steps.append(Step("warnings", "nothing stored warns of this; that does not mean that it is safe"))
    first, lines = len(answer.evidence) + 1, []
    for number, each in enumerate(new, first):
        quoted = isinstance(each.evidence.fact, Passage)
        lines.append(f"“{each.evidence.text}” [{number}]" if quoted else f"{each.evidence.text} [{number}]")
        steps.append(Step("warning", f"{each.fact}: [{number}]"))
    text = "\n".join(part for part in (answer.text, *lines) if part)
    evidence = (*answer.evidence, *(each.evidence for each in new))
    return replace(answer, text=text, evidence=evidence, trace=(*answer.trace, *steps))


def warnings(
    drugs: Sequence[str], facts: Facts, store: Store, annotate: Annotate, language: str = "en"
) -> Iterator[Caution]:
    """What the store says of the drugs (ids) that concerns the facts: contraindications, interactions, label sections.

    At most two of each fact and drug, claims before sentences; each once.
    """
    medicines = _ids(facts.medicines, store, annotate)
    conditions = _ids(facts.conditions, store, annotate)
    allergens = _ids(facts.allergies, store, annotate)
    given: set[tuple[Relation | Passage, int]] = set()
    for drug in drugs:
        others = (medicines | ({*drugs} if len(drugs) > 1 else set())) - {*store.same(drug)}
        near = [*_claims(drug, others, conditions, facts, store, language)]
        near += _sentences(drug, facts, others, allergens, store)
        counts: dict[str, int] = {}
        for each in near:
            key = (each.evidence.fact, each.evidence.start)
            if key not in given and counts.get(each.fact, 0) < PER_FACT:
                given.add(key)
                counts[each.fact] = counts.get(each.fact, 0) + 1
                yield each


def doses_cited(answer: Answer, question: Question) -> Answer:
    """The answer without sentences that say a dose which no evidence cited on their line says; the trace tells each.

    A dose that the question itself tells, its options among it, and the result of a calculator may be said.
    Where nothing is left the answer abstains with `uncited-dose`.
    """
    if any(name == "calculator" for name, _ in answer.fields):
        return answer
    told = "\n".join((question.text, *question.context, *(text for _, text in question.options)))
    known, kept, dropped = doses_in(told), list[str](), list[str]()
    for line in answer.text.split("\n"):
        cited = {int(each) for mark in _MARK.findall(line) for each in re.split(r"\s*[,，、]\s*", mark)}
        pieces = [answer.evidence[place - 1].text for place in sorted(cited) if 0 < place <= len(answer.evidence)]
        allowed = known | doses_in("\n".join(pieces))
        if doses_in(line) <= allowed:
            kept.append(line)
            continue
        rest = ""
        for start, end in sentences(line):
            if doses_in(line[start:end]) <= allowed:
                rest += line[start:end]
            else:
                dropped.append(line[start:end].strip())
        kept += [rest] if rest.strip() else []
    if not dropped:
        return answer
    steps = tuple(Step("dose", f"left out, since no source that it cites says this dose: {each}") for each in dropped)
    text = "\n".join(kept)
    gone = answer.abstained or (None if text.strip() else "uncited-dose: it said a dose that no source stands behind")
    return replace(answer, text=text, abstained=gone, trace=(*answer.trace, *steps))


def doses_in(text: str) -> frozenset[tuple[float, str]]:
    """The amounts of medicine that a text tells, each as a number and its unit; concentrations are none."""
    found: set[tuple[float, str]] = set()
    for low, high, unit in _DOSE.findall(text):
        plain = unit.lower().rstrip("s") if unit.lower() not in {"毫升"} else unit
        for number in filter(None, (low, high)):
            thousands = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number)
            try:
                found.add((float(number.replace(",", "" if thousands else ".")), _SAME.get(plain, plain)))
            except ValueError:
                found.add((-1.0, number))
    return frozenset(found)


def _drugs(question: Question, answer: Answer, store: Store, annotate: Annotate) -> list[str]:
    """The drugs that the question names, else those of the claims that the answer cites; each thing once."""
    named = _named(question.text, store, annotate, 1.0)
    if not any(store.kind_of(id) in DRUGS for id in named):
        cited = (each.fact for each in answer.evidence if isinstance(each.fact, Relation))
        named = [id for fact in cited for id in (fact.subject, fact.object)]
    return list(dict.fromkeys(store.same(id)[0] for id in named if store.kind_of(id) in DRUGS))[:MOST]


def _named(text: str, store: Store, annotate: Annotate, least: float = 0.0) -> list[str]:
    """The concepts that a text names, at least so surely."""
    from probatum.store.linking import concepts_in  # noqa: PLC0415 - its index of words is heavy at the door

    return [link.concept for link in concepts_in(store, text, annotate(text)) if link.weight >= least]


def _ids(written: Sequence[str], store: Store, annotate: Annotate) -> set[str]:
    """All ids of the things that were written, in words or as ids."""
    found: set[str] = set()
    for each in written:
        if store.resolve(each):
            found |= {*store.same(each)}
        else:
            found |= {id for named in _named(each, store, annotate) for id in store.same(named)}
    return found


def _claims(  # noqa: PLR0917 - all of them are what a claim is held against
    drug: str, others: set[str], conditions: set[str], facts: Facts, store: Store, language: str
) -> Iterator[Caution]:
    for id in store.same(drug):
        for claim in (*store.relations(subject=id), *store.relations(object=id)):
            if claim.negated:
                continue
            other = claim.object if claim.subject == id else claim.subject
            fact = ""
            if claim.predicate in CONTRAINDICATED:
                fact = "condition" if other in conditions else _concerned(store.name_of(other), facts)
            elif claim.predicate in INTERACTS and other in others:
                fact = "interaction"
            elif said := " ".join(
                value for key, value in claim.qualifiers if key in {"pregnancy", "population", "age"}
            ):
                fact = _concerned(said, facts)
            if fact:
                yield Caution(fact, Evidence(claim, in_words_with_source(store, claim, language), 1.0, "warnings"))


def _concerned(said: str, facts: Facts) -> str:
    """The first fact of the person that a text speaks of; empty where it speaks of none."""
    present = {
        "pregnancy": facts.pregnant,
        "kidney": facts.egfr is not None and facts.egfr < KIDNEY,
        "age (older)": facts.age is not None and facts.age >= OLD,
        "age (child)": facts.age is not None and facts.age < CHILD,
    }
    return next((fact for fact, there in present.items() if there and re.search(_SPEAKS[fact], said.lower())), "")


def _sentences(drug: str, facts: Facts, others: set[str], allergens: set[str], store: Store) -> list[Caution]:
    """Sentences of the drug's labels and pages that warn, those of sections on warnings first."""
    labels = [claim.subject for id in store.same(drug) for claim in store.relations("", INGREDIENT, id)]
    abouts = list(dict.fromkeys((*store.same(drug), *labels[:MOST_LABELS])))
    names = {store.name_of(id).lower() for id in others} - {""}
    own = bool(allergens & {*store.same(drug)})
    found: list[tuple[bool, str, int, Caution]] = []
    for passage in dict.fromkeys(each for about in abouts for each in store.passages(about)):
        if ("status", "retracted") in passage.qualifiers:
            continue
        section = dict(passage.qualifiers).get("section", "")
        for start, end in sentences(passage.text):
            said = passage.text[start:end]
            low = said.lower()
            fact = _concerned(f"{said} {passage.title if len(said) < 300 else ''}", facts)
            if not fact and any(name in low for name in names):
                fact = "interaction"
            if not fact and own and re.search(r"hypersensitiv|allerg|过敏", low):
                fact = "allergy"
            if fact and (_WARNS.search(low) or _SECTION.search(section)):
                evidence = Evidence(passage, said, 0.9, "warnings", start, end)
                found.append((not _SECTION.search(section), passage.id, start, Caution(fact, evidence)))
    return [each for *_, each in sorted(found, key=lambda one: one[:3])]
