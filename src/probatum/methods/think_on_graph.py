"""Answers by a beam of paths that grow through the graph until they suffice: each step scored, kept or dropped."""

from __future__ import annotations

from dataclasses import replace

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.methods._asking import has_model, language_of, prompt
from probatum.methods._beam import Beam, Limits, Path, Unread
from probatum.methods._graph import Net, checked_settings, entities, finished, gave_up
from probatum.methods._stepping import ModelSteps, WordSteps
from probatum.naming import card
from probatum.types import Answer, Question, Step


@card("Think-on-Graph", survey="3.2.2", reference="doi:10.48550/arXiv.2307.07697", languages=("en", "zh"))
def think_on_graph(
    question: Question,
    desk: Desk,
    *,
    scorer: str = "words",
    width: int = 3,
    depth: int = 3,
    relations: int = 3,
    many: int = 20,
    sample: int = 5,
    exclude: tuple[str, ...] = ("biolink:related_to", "skos:closeMatch", "skos:relatedMatch"),
    seed: int = 0,
    threshold: float = 0.7,
    at_end: str = "abstain",
    form: str = "generated",
) -> Answer:
    """The answer from the paths that a beam search of `width` and `depth` finds from the concepts of the question.

    As the paper, at each depth: the relations of each path's end in both directions, but those of `exclude`; at most
    `relations` of them with scores that sum to 1; their far ends, of more than `many` a sample of `sample` drawn with
    `seed`; their scores; the best `width` paths by the product of all scores along them, zeros dropped; then the
    question whether they suffice. Yes: the answer from their edges. Nothing new: the answer from what is there, with
    the field `partial`. Depth used up: abstains, or, with `at_end = "partial"`, answers so too. Here a path meets no
    node twice (so the edge just walked is not walked back), topic concepts are linked by the store's names, replies are
    read tolerantly and asked again once, and `scorer = "words"` needs no model: words and the aspect asked for score,
    and paths suffice that join all named concepts or end in an answer. A limit of 0 is none. Exploration is asked at
    temperature 0.4, reasoning at 0. Abstains: no-entity, no-path, depth-used-up, unparsed, no-model, and as the
    reading of an answer does.
    """
    checked_settings(scorer, form)
    if at_end not in {"abstain", "partial"}:
        raise BadPlan(f"at_end = {at_end!r} is not known here", mend="one of: abstain, partial")
    language, steps = language_of(question), list[Step]()
    if scorer == "model" and not has_model(desk):
        return gave_up("no-model", language, steps)
    net = Net.over(desk, language)
    linked = entities(question.text, net, steps, threshold=threshold)
    if not linked:
        return gave_up("no-entity", language, steps)
    topics = {entity.id for entity in linked}
    judge = ModelSteps(question, net, steps, seed) if scorer == "model" else WordSteps(question, net, topics)
    beam = Beam(net, judge, Limits(width, relations, many, sample, frozenset(exclude)), seed, steps)
    try:
        paths, ended = _searched(beam, [Path.at(entity.id) for entity in linked], depth)
    except Unread:
        return gave_up("unparsed", language, steps)
    steps.append(Step("ended", ended))
    if ended == "no-path" or (ended == "depth-used-up" and at_end == "abstain"):
        return gave_up(ended, language, steps)
    evidence = [piece for path in paths for piece in net.tail(path.hops)]
    task = prompt("think_on_graph", "answer", language)
    answer = finished(question, net, evidence, steps, task=task, form=form, code="no-path")
    return answer if ended == "enough" else partial(answer, ended)


def _searched(beam: Beam, paths: list[Path], depth: int) -> tuple[list[Path], str]:
    """The last beam, and how the search ended: enough, partial (nothing new), no-path, depth-used-up."""
    for level in range(1, depth + 1):
        grown = beam.grow(paths, level)
        if not grown:
            return paths, "partial" if any(path.hops for path in paths) else "no-path"
        paths = grown
        if beam.enough(paths, level):
            return paths, "enough"
    return paths, "depth-used-up"


def partial(answer: Answer, ended: str) -> Answer:
    """The answer flagged as resting on paths that were not found to suffice."""
    return replace(answer, fields=(*answer.fields, ("partial", ended)))
