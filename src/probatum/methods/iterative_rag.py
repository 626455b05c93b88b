"""Asks on: what was found leads to further queries, and the answer stands on all that they brought together."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from probatum.desk import Desk
from probatum.methods import _asking as asking
from probatum.methods._asked import asked_of
from probatum.methods._grounding import copied, found_for, grounded, is_beside, snippets
from probatum.methods._options import known_form
from probatum.naming import card
from probatum.store.wording import called
from probatum.text.normal import fold
from probatum.types import Answer, Evidence, Question, Relation, Request, Step

PER_QUERY = 12  # of the evidence of one query, how much goes on to the final answer


@dataclass(slots=True)
class _Search:
    """What is asked, with what, and what was asked and found so far."""

    question: Question
    desk: Desk
    keep: int  # pieces of evidence that one query is given
    seed: int
    steps: list[Step] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)  # query, what it brought
    evidence: list[Evidence] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)  # queries, folded

    @property
    def language(self) -> str:
        return asking.language_of(self.question)

    def add(self, evidence: list[Evidence]) -> None:
        """Keeps the evidence that is not held yet."""
        held = {(each.fact, each.start, each.end) for each in self.evidence}
        self.evidence += [each for each in evidence if (each.fact, each.start, each.end) not in held]

    def find(self, query: str) -> tuple[Question, list[Evidence]]:
        """(the query as a question of the same patient, what is found for it)."""
        one = Question(query, language=self.language, patient=self.question.patient)
        found = found_for(one, self.desk, self.keep)
        self.steps.append(Step("retrieved", f"{len(found)} pieces for: {query}"))
        return one, found


@card("Iterative retrieval", survey="3.2.3", reference="doi:10.48550/arXiv.2408.00727", languages=("en", "zh"))
def iterative_rag(
    question: Question,
    desk: Desk,
    *,
    rounds: int = 4,
    queries: int = 3,
    snippets_kept: int = 32,
    choose: str = "generation",
    proved: bool = True,
    seed: int = 0,
) -> Answer:
    """An answer from what `rounds` rounds of at most `queries` follow-up queries brought together.

    Steps of the paper (i-MedRAG): in each round (1) the model writes follow-up queries in sight of the question and of
    what was asked and answered so far, (2) each is answered by retrieval; (3) after the last round the question is
    answered. Calls: rounds x (1 + queries) + 1. Different: queries asked before are left out, and a round without a new
    one ends the search; answers to queries go on only with their checked sentences; the last answer sees the evidence
    itself, so that it can cite it. Without a model the queries are the question with a concept that the last round
    found, and the evidence is copied. Settings and abstention codes otherwise as `rag`.
    """
    known_form(choose)
    language = asking.language_of(question)
    if not question.text.strip():
        return asking.abstaining("no-question", language)
    search = _Search(question, desk, snippets_kept, seed)
    if not asking.has_model(desk):
        return _without_model(search, rounds, queries)
    search.add(snippets(question.text, desk, search.find(question.text)[1], PER_QUERY))
    for turn in range(1, rounds + 1):
        wanted = _queries(search, queries)
        if wanted is None:
            return asking.abstaining("unparsed", language, search.steps)
        search.steps.append(Step(f"round {turn}", "; ".join(wanted) or "no new query"))
        if not wanted:
            break
        for query in wanted:
            _look_up(search, query)
    task = asking.prompt("iterative_rag", "final", language)
    kept = search.evidence[: max(snippets_kept, PER_QUERY)]
    if is_beside(question, desk, kept):
        return asking.abstaining("off-topic", language, search.steps)
    return grounded(
        question, desk, kept, search.steps, task=task, extra=_so_far(search), choose=choose, proved=proved, seed=seed
    )


def _queries(search: _Search, count: int) -> list[str] | None:
    """The model's new queries, at most `count`; None where its reply could not be read twice."""
    task = asking.prompt("iterative_rag", "queries", search.language, count=count)
    schema = {
        "type": "object",
        "properties": {"queries": {"type": "array", "items": {"type": "string"}, "maxItems": count}},
        "required": ["queries"],
        "additionalProperties": False,
    }
    told = asking.messages(task, search.question, extra=_so_far(search))
    request = Request(told, search.question, schema=json.dumps(schema), seed=search.seed)
    read = asking.ask_json(search.desk, request, _fault, search.steps, "queries")
    if read is None:
        return None
    new: list[str] = []
    for query in (str(each).strip() for each in read["queries"]):
        if query and fold(query) not in search.seen and len(new) < count:
            search.seen.add(fold(query))
            new.append(query)
    return new


def _fault(read: dict[str, Any]) -> str:
    queries = read.get("queries")
    if not isinstance(queries, list) or not all(isinstance(each, str) for each in queries):
        return '"queries" must be a list of texts'
    return ""


def _look_up(search: _Search, query: str) -> None:
    """Answers one query by retrieval; its evidence and its checked sentences are kept."""
    one, found = search.find(query)
    kept = snippets(query, search.desk, found, search.keep)
    brought = asking.prompt("iterative_rag", "nothing", search.language)
    if kept:
        answer = grounded(one, search.desk, kept, [], seed=search.seed)
        search.steps.extend(answer.trace)
        search.add([*answer.evidence, *kept[: max(0, PER_QUERY - len(answer.evidence))]])
        brought = brought if answer.abstained else answer.text
    search.asked.append((query, brought))


def _so_far(search: _Search) -> str:
    """What was asked and found, between fences and without marks: their numbers were those of other evidence."""
    if not search.asked:
        return ""
    lines = [f"{query}\n-> {asking.MARKS.sub('', brought)}" for query, brought in search.asked]
    mark = asking.fence(lines)
    return "\n".join([asking.prompt("iterative_rag", "sofar", search.language, fence=mark), mark, *lines, mark])


def _without_model(search: _Search, rounds: int, queries: int) -> Answer:
    """Follow-up queries by rule: the question with each of the concepts to which the last round's claims lead."""
    wanted = [search.question.text]
    named = set(asked_of(search.question, search.desk).links)
    for turn in range(rounds + 1):
        new = [each for query in wanted for each in search.find(query)[1]]
        search.add(new)
        ends = [end for each in new if isinstance(each.fact, Relation) for end in (each.fact.subject, each.fact.object)]
        fresh = [end for end in dict.fromkeys(ends) if end not in named][:queries]
        named.update(fresh)
        wanted = [f"{search.question.text} {called(search.desk.store, end, search.language)}" for end in fresh]
        if turn == rounds or not wanted:
            break
        search.steps.append(Step(f"round {turn + 1}", "; ".join(wanted)))
    return copied(search.question, search.desk, search.evidence, search.steps)
