"""Why an answer may give none: the reason codes, all in one place, each with what it means."""

from __future__ import annotations

CODES = {
    "bad-call": "a call that the method wrote cannot be carried out",
    "contradicted": "all that was written is contradicted by the graph",
    "depth-used-up": "the walk through the graph ended before the evidence sufficed",
    "missing-inputs": "the calculation lacks inputs; they are named",
    "no-calculator": "no calculator fits the question",
    "no-call": "nothing in the question can be put as a call",
    "no-case": "no earlier case is like this one",
    "no-concept": "nothing that the question names is known",
    "no-context": "nothing around what is named is near enough to the question",
    "no-data": "no data of the person fit the question",
    "no-disease": "no disease of the store has phenotypes to compare",
    "no-entity": "nothing in the question could be linked to the graph",
    "no-evidence": "its subject is known, but nothing stored answers this",
    "no-known-option": "none of the options is known to the graph",
    "no-likelihoods": "the model tells no likelihoods of the options",
    "no-model": "the method needs a language model",
    "no-option": "the result is none of the options",
    "no-options": "the method needs options and there are none",
    "no-exemplars": "no solved question is given that could be shown",
    "no-path": "no way in the graph leads to an answer",
    "no-question": "nothing is asked",
    "no-record": "the database that was asked has no record of it",
    "not-genes": "the question is not about genes",
    "nothing-found": "no tool found anything",
    "off-topic": "no stored text is about what the question names",
    "out-of-scope": "the question lies outside what the knowledge is about",
    "referred": "signs of an emergency: the person is sent to help at once",
    "refused": "the question must not be answered",
    "rounds": "the plan was not done in the rounds that it had",
    "rounds-used-up": "the walk was not done in the rounds that it had",
    "tied": "the votes or likelihoods do not agree on one answer",
    "tied-options": "two options are borne out alike",
    "unanswered": "the model says that it cannot answer",
    "unfit": "what was written does not fit its form",
    "unusable": "the model's reply was empty or too long, or the question was too long for it",
    "unparsed": "the model's reply could not be read, twice",
    "unsupported": "nothing, or not all, of what was written stands in the cited sources",
}


def code_of(abstained: str | None) -> str:
    """The reason code of a refusal: what stands before its colon; empty where there is none of ours."""
    code = (abstained or "").partition(":")[0].strip()
    return code if code in CODES else ""
