"""Looks the question up in texts and graph and answers from what was found, every sentence cited and checked."""

from __future__ import annotations

from probatum.desk import Desk
from probatum.methods import _asking as asking
from probatum.methods._grounding import copied, found_for, grounded, is_beside, snippets
from probatum.methods._options import known_form
from probatum.naming import card, find
from probatum.types import Answer, Question, Step


@card("Retrieval-augmented answer", survey="3.2.3", reference="doi:10.48550/arXiv.2402.13178", languages=("en", "zh"))
def rag(
    question: Question,
    desk: Desk,
    *,
    snippets_kept: int = 32,
    of: tuple[str, ...] = (),
    fusion: int = 100,
    choose: str = "generation",
    proved: bool = True,
    seed: int = 0,
) -> Answer:
    """An answer from the `snippets_kept` best snippets, each sentence of which must stand in what it cites.

    Steps of the paper (MedRAG): (1) retrieve with the question alone, never with its options, by several retrievers
    whose ranks are fused; (2) keep 32 snippets of at most 1,000 characters; (3) answer from them. With `of` (as
    bm25,graph,dense) these retrievers are fused with the paper's k = 100 and pool of max(2 x snippets, 100); without,
    the desk's own retriever searches. Different: sentences that no given snippet bears out are dropped; where
    none is about the question's subject the model is not asked (a model would answer from what is near); a reply that
    cannot be read is asked for once more and then abstained on, where theirs becomes "A". With options the letter by
    `choose` (generation, likelihood); without support it is given only where `proved` is off. Without a model the
    evidence is copied, and the option whose words it holds is chosen. Abstains with no-question, no-evidence,
    no-concept, off-topic, unanswered, unparsed, tied, no-likelihoods, unsupported. Raises `BadPlan`, `UnknownName`.
    """
    known_form(choose)
    language, steps = asking.language_of(question), list[Step]()
    if not question.text.strip():
        return asking.abstaining("no-question", language)
    pool = max(2 * snippets_kept, 100)
    if of:
        search = find("retrievers", "fused")(desk.store, of=of, k=fusion, pool=pool)
        desk = asking.with_retriever(desk, search)
    found = found_for(question, desk, pool)
    steps.append(Step("retrieved", f"{len(found)} pieces for: {question.text}"))
    if not asking.has_model(desk):
        return copied(question, desk, found, steps)
    kept = snippets(question.text, desk, found, snippets_kept)
    steps.append(Step("snippets", "; ".join(asking.place(each) for each in kept) or "none"))
    if not kept:
        return asking.abstaining("no-evidence", language, steps)
    if is_beside(question, desk, kept):
        return asking.abstaining("off-topic", language, steps)
    return grounded(question, desk, kept, steps, choose=choose, proved=proved, seed=seed)
