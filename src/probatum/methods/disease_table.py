"""Looks the key terms of a question up in a table of diseases and answers from its rows, each named and cited."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from probatum.desk import Desk
from probatum.methods import _asking as asking
from probatum.methods._asked import asked_of
from probatum.methods._cite import quoted_with_marks
from probatum.methods._grounding import borne_out, found_for, grounded
from probatum.methods._options import known_form
from probatum.naming import card
from probatum.store.fitting import OPEN, fit
from probatum.store.linking import blanked, concepts_in
from probatum.store.wording import in_words
from probatum.text.questions import aspects
from probatum.types import Answer, Candidate, Evidence, Passage, Question, Reason, Relation, Request, Step

NAMED = 2.0  # score of a row whose disease the question names: more than any one sign of it
MOST_CLAIMS = 40  # of one row that a model is shown
COPIED = 12  # claims of a copied answer


@dataclass(slots=True)
class _Row:
    """A disease of the table, and by which terms it was found."""

    disease: str
    score: float = 0.0
    named: bool = False
    matched: dict[str, float] = field(default_factory=dict)  # term, what it counts


@dataclass(frozen=True, slots=True)
class _Table:
    """The table as one question sees it."""

    desk: Desk
    source: str
    language: str

    def of(self, id: str) -> list[Relation]:
        """What the table lists of a thing, whichever id it has there; withheld claims are not there."""
        found: dict[Relation, None] = {}
        for each in self.desk.store.same(id):
            found |= dict.fromkeys((*self.desk.store.relations(each), *self.desk.store.relations(object=each)))
        return [claim for claim in found if self._listed(claim) and not self.desk.withheld.hides(claim)]

    def _listed(self, claim: Relation) -> bool:
        return self.source in {"", claim.origin.source} and not claim.negated

    def disease_of(self, claim: Relation) -> str:
        """The end of a claim that is a disease; empty where none is."""
        ends = (claim.subject, claim.object)
        return next((end for end in ends if self.desk.store.kind_of(end) == "Disease"), "")

    def claim(self, claim: Relation, score: float) -> Evidence:
        """A claim of the table in words."""
        return Evidence(claim, in_words(self.desk.store, claim, self.language), score, "disease_table")

    def reasons(self, disease: str) -> Iterator[Evidence]:
        """What the table says of a disease in its own sentences."""
        for each in self.desk.store.same(disease):
            for passage in self.desk.store.passages(about=each):
                if self.source in {"", passage.origin.source}:
                    yield Evidence(passage, passage.text, 1.0, "disease_table", 0, len(passage.text))


@card("Answers with a disease table", survey="3.2.3", reference="doi:10.7759/cureus.40895", languages=("en", "zh"))
def disease_table(
    question: Question,
    desk: Desk,
    *,
    source: str = "chatdoctor_diseases",
    rows: int = 5,
    choose: str = "generation",
    proved: bool = True,
    seed: int = 0,
) -> Answer:
    """An answer from the `rows` best rows of the table `source` (empty: of all sources); the fields name the rows used.

    Steps of the paper (ChatDoctor): (1) key terms of the question, by the model; (2) the rows that hold them; (3) an
    answer from those. Different: terms become concepts of the store, so that synonyms and Chinese names find their row;
    a term counts the more the fewer diseases have it; the paper's answers name no row, ours cite every claim and are
    checked. Without a model the terms are what the question names, and the fitting claims are copied; of the options
    that is chosen which ranks highest. Candidates: the diseases of the rows. Abstains with no-question, no-concept (no
    term is known), no-evidence (no row holds one), unparsed, unanswered, tied, no-likelihoods, unsupported.
    """
    known_form(choose)
    language, steps = asking.language_of(question), list[Step]()
    if not question.text.strip():
        return asking.abstaining("no-question", language)
    table = _Table(desk, source, language)
    terms = _terms(question, desk, steps, seed)
    if terms is None:
        return asking.abstaining("unparsed", language, steps)
    linked = {term: [link.concept for link in concepts_in(desk.store, term, desk.annotate(term))] for term in terms}
    steps.append(Step("terms", "; ".join(f"{term}: {', '.join(ids) or 'unknown'}" for term, ids in linked.items())))
    stands = not source or bool(desk.store.numbers(source))  # where there is no such table nothing need be read for it
    found = _rows(table, question, linked)[:rows] if stands else []
    steps.append(Step("rows", "; ".join(f"{row.disease} {row.score:.4f}" for row in found) or "none"))
    if not found:
        return asking.abstaining("no-evidence" if any(linked.values()) else "no-concept", language, steps)
    if asking.has_model(desk):
        task = asking.prompt("disease_table", "answer", language)
        evidence = [each for row in found for each in _told(table, row)]
        answer = grounded(question, desk, evidence, steps, task=task, choose=choose, proved=proved, seed=seed)
    else:
        answer = _copied(table, question, found, steps)
    return _with_rows(table, answer, found, bool(question.options))


def _terms(question: Question, desk: Desk, steps: list[Step], seed: int) -> list[str] | None:
    """The key terms: as the model lists them, or the question as it stands, whose known names are looked for."""
    if not asking.has_model(desk):
        return [question.text]
    language = asking.language_of(question)
    terms = {"type": "array", "items": {"type": "string"}}
    schema = {"type": "object", "properties": {"terms": terms}, "required": ["terms"], "additionalProperties": False}
    told = asking.messages(asking.prompt("disease_table", "terms", language), question, options=False)
    request = Request(told, question, schema=json.dumps(schema), seed=seed)
    read = asking.ask_json(desk, request, _fault, steps, "terms")
    return None if read is None else list(dict.fromkeys(each.strip() for each in read["terms"] if each.strip()))


def _fault(read: dict[str, Any]) -> str:
    terms = read.get("terms")
    fits = isinstance(terms, list) and all(isinstance(each, str) for each in terms)
    return "" if fits else '"terms" must be a list of texts'


def _rows(table: _Table, question: Question, linked: dict[str, list[str]]) -> list[_Row]:
    """The rows that hold a term, best first: a disease that is named, then those with many and rare signs."""
    found: dict[str, _Row] = {}
    for id in dict.fromkeys(id for ids in linked.values() for id in ids):
        same = set(table.desk.store.same(id))
        claims = table.of(id)
        diseases = list(dict.fromkeys(filter(None, map(table.disease_of, claims))))
        own = [each for each in diseases if each in same]
        for disease in own or diseases:
            row = found.setdefault(disease, _Row(disease))
            row.named |= bool(own)
            row.matched[id] = NAMED if own else 1 / len(diseases)
    for each in found_for(question, table.desk, 20):  # by words alone: what the table says in sentences
        if isinstance(each.fact, Passage) and each.origin.source == table.source:
            for disease in each.fact.about:
                row = found.setdefault(disease, _Row(disease))
                row.matched.setdefault(each.fact.id, 0.1 * each.score)
    for row in found.values():
        row.score = sum(row.matched.values())
    return sorted(found.values(), key=lambda row: (-row.score, row.disease))


def _told(table: _Table, row: _Row) -> list[Evidence]:
    """A row as a model is shown it: what matched first, then the rest, then its own sentences."""
    claims = table.of(row.disease)
    claims.sort(key=lambda claim: not {claim.subject, claim.object} & set(row.matched))
    return [*(table.claim(each, row.score) for each in claims[:MOST_CLAIMS]), *table.reasons(row.disease)]


def _copied(table: _Table, question: Question, found: list[_Row], steps: list[Step]) -> Answer:
    """The claims that answer, word for word; with options the one whose row ranks highest, or whose words they hold."""
    store, text = table.desk.store, question.text
    asked = aspects(blanked(text, concepts_in(store, text, table.desk.annotate(text))))
    pieces: list[Evidence] = []
    for row in [row for row in found if row.named] or found:
        claims = table.of(row.disease)
        if row.named:
            fitting = [each for each in claims if fit(each, _side(each, row.disease), asked) >= OPEN] or claims
        else:
            known = {same for id in row.matched for same in store.same(id)}
            fitting = [each for each in claims if {each.subject, each.object} & known]
        pieces += [table.claim(each, row.score) for each in fitting]
        pieces += [each for each in table.reasons(row.disease) if "definition" in asked or not fitting]
    if not question.options:
        return quoted_with_marks(question, pieces[:COPIED], table.desk, steps)
    ranked = _options(table, question, found, pieces)
    steps.append(Step("options", ", ".join(f"{each.id}: {each.score:.4f}" for each in ranked)))
    if not ranked[0].score or (len(ranked) > 1 and ranked[0].score == ranked[1].score):
        code = "tied" if ranked[0].score else "no-evidence"
        return replace(asking.abstaining(code, table.language, steps), candidates=ranked)
    answer = quoted_with_marks(asking.unoptioned(question), pieces[:COPIED], table.desk, steps)
    return replace(answer, choice="" if answer.abstained else ranked[0].id, candidates=ranked)


def _side(claim: Relation, disease: str) -> str:
    return "subject" if claim.subject == disease else "object"


def _options(table: _Table, question: Question, found: list[_Row], pieces: list[Evidence]) -> tuple[Candidate, ...]:
    store, scored = table.desk.store, []
    for letter, text in question.options:
        ids = {same for link in concepts_in(store, text) for same in store.same(link.concept)}
        best = max((row.score for row in found if row.disease in ids and not row.named), default=0.0)
        scored.append(Candidate(letter, text, best))
    if not any(each.score for each in scored):
        return borne_out(question, pieces, asked_of(question, table.desk).index)
    return tuple(sorted(scored, key=lambda each: (-each.score, each.id)))


def _with_rows(table: _Table, answer: Answer, found: list[_Row], options: bool) -> Answer:
    """The answer with the rows that its citations stand in, and the diseases found as candidates."""
    store = table.desk.store
    cited = {
        end
        for each in answer.evidence
        if isinstance(each.fact, Relation)
        for end in (each.fact.subject, each.fact.object)
    }
    cited |= {id for each in answer.evidence if isinstance(each.fact, Passage) for id in each.fact.about}
    used = tuple(("row", f"{store.name_of(row.disease)} ({row.disease})") for row in found if row.disease in cited)
    if options:
        return replace(answer, fields=used)
    ranked = tuple(
        Candidate(row.disease, store.name_of(row.disease), row.score, tuple(
            Reason("for", id, store.name_of(id), weight) for id, weight in sorted(row.matched.items())
        ))
        for row in found
    )  # fmt: skip
    return replace(answer, fields=used, candidates=ranked)
