"""Walks from a concept of the question to an option, one neighbour a round; the walk is the explanation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from probatum.desk import Desk
from probatum.errors import BadPlan, NeedsFile
from probatum.methods._asking import has_model, language_of, messages, prompt, say
from probatum.methods._graph import FORMS, Hop, Likeness, Net, entities, finished, gave_up
from probatum.naming import card
from probatum.networks.path_ranker import Case, PathRanker
from probatum.store.words import terms
from probatum.text.normal import fold
from probatum.types import Answer, Example, Question, Request, Step

CHOOSERS = ("words", "model", "tuned")
FARTHEST = 20_000  # nodes around one concept that belong to the subgraph
LISTED = 60  # neighbours of one round that are shown


@card("Knowledge Solver", survey="3.2.1", reference="doi:10.48550/arXiv.2309.03118", languages=("en", "zh"))
def knowledge_solver(
    question: Question,
    desk: Desk,
    *,
    scorer: str = "words",
    rounds: int = 5,
    reach: int = 2,
    starts: int = 3,
    weights: str = "",
    threshold: float = 0.7,
    form: str = "generated",
) -> Answer:
    """The option that a walk through the graph reaches, with the walked path as evidence.

    As the paper: a local subgraph of the nodes within `reach` hops of the concepts of question and options; the walk
    starts at a concept of the question; each round shows the node's (relation, neighbour) list and one is picked; it
    ends at a concept of an option, or after `rounds`. A pick outside the list is refused and asked for once more. Here
    a node is met once, a list holds at most 60 neighbours (those nearest to an option first), and where a walk ends
    nowhere the next of at most `starts` concepts is tried. Who picks (`scorer`): `words` (likeness to the question;
    more where an option is or adjoins), `tuned` (`weights`, a ranker trained on `turns` of gold shortest paths by
    `tuned_on`), or `model`. Of a multiple choice the walk itself is the answer, whatever the `form`. Abstains:
    no-options, no-entity, no-known-option, tied-options, no-path, rounds-used-up, refused, no-model.
    """
    _checked(scorer, form)
    language, steps = language_of(question), list[Step]()
    if not question.options:
        return gave_up("no-options", language, steps)
    if scorer == "model" and not has_model(desk):
        return gave_up("no-model", language, steps)
    net = Net.over(desk, language)
    linked = [each.id for each in entities(question.text, net, steps, threshold=threshold)]
    if not linked:
        return gave_up("no-entity", language, steps)
    goals = _goals(question, net, steps, threshold, set(linked))
    if not goals:
        return gave_up("no-known-option", language, steps)
    picker = _picker(question, net, set(goals), steps, scorer=scorer, weights=weights)
    walk = Walk(question, net, goals, picker, steps)
    walk.bound(linked, reach)
    code = "no-path"
    for start in linked[:starts]:
        path, ended = walk.go(start, rounds)
        steps.append(Step("ended", f"{start}: {ended}"))
        if ended == "reached":
            return _answer(question, net, path, goals, steps)
        code = ended
    return gave_up(code, language, steps)


Goals = Mapping[str, tuple[str, ...]]  # node -> the options that it stands for


# Who picks the next step, told the path so far, the node, the list, and what was refused before (empty: nothing): says
# the number of the step, from 1, or the name of its far end.
Picker = Callable[[Sequence[Hop], str, Sequence[Hop], str], str]


@dataclass
class Walk:
    """A walk from node to node within a subgraph, until a goal is reached."""

    question: Question
    net: Net
    goals: Goals
    pick: Picker
    steps: list[Step]
    local: frozenset[str] | None = None  # the nodes that may be walked; None: all
    _near: Mapping[str, int] | None = None

    def bound(self, ends: Sequence[str], reach: int) -> None:
        """Keeps the walk within `reach` hops of the concepts of question and options; the trace gets the number."""
        near: dict[str, int] = {}
        local = {*ends, *self.goals}
        for id in (*ends, *self.goals):
            held = self.net.within(id)
            around = self.net.graph.neighbours(held, hops=reach, limit=FARTHEST) if held else []
            for other, distance in around:
                node = self.net.node(other)
                local.add(node)
                if id in self.goals:
                    near[node] = min(distance, near.get(node, distance))
        self.local, self._near = frozenset(local), {**near, **dict.fromkeys(self.goals, 0)}
        self.steps.append(Step("subgraph", f"{len(local)} nodes within {reach} hops of {len(ends) + len(self.goals)}"))

    def go(self, start: str, rounds: int) -> tuple[list[Hop], str]:
        """The path walked, and how it ended: reached, no-path (nothing new to walk), rounds-used-up, refused."""
        path, at, seen = list[Hop](), start, {start}
        for number in range(1, rounds + 1):
            hops = self.listed(at, seen)
            if not hops:
                return path, "no-path"
            listing = "; ".join(f"({self.net.said(hop)}, {self.net.name(hop.far)})" for hop in hops)
            self.steps.append(Step(f"list {number}", f"{at}: {listing}"))
            hop = self._picked(path, at, hops, number)
            if hop is None:
                return path, "refused"
            self.steps.append(Step(f"walked {number}", self.net.told(hop)))
            path.append(hop)
            at = hop.far
            seen.add(at)
            if at in self.goals:
                return path, "reached"
        return path, "rounds-used-up"

    def listed(self, at: str, seen: set[str]) -> list[Hop]:
        """The steps that one round offers: into the subgraph, to no node met before; nearest to an option first."""
        hops = [h for h in self.net.hops(at) if h.far not in seen and (self.local is None or h.far in self.local)]
        near = self._near or {}
        order = sorted(hops, key=lambda hop: (near.get(hop.far, FARTHEST), hop.relation, hop.far))
        kept = set(order[:LISTED])
        return [hop for hop in hops if hop in kept]

    def _picked(self, path: list[Hop], at: str, hops: list[Hop], number: int) -> Hop | None:
        refused = ""
        for _ in range(2):
            said = self.pick(path, at, hops, refused)
            if (place := read_pick(said, [self.net.name(hop.far) for hop in hops])) is not None:
                return hops[place]
            refused = said or "nothing"
            self.steps.append(Step(f"refused {number}", said[:200]))
        return None


def read_pick(said: str, names: Sequence[str]) -> int | None:
    """The place in the list that a reply picks, by its number from 1 or by the one name that it holds; else None."""
    plain = fold(said).strip(" .。()[]{}*`\"'")
    if plain.isascii() and plain.isdigit():
        return int(plain) - 1 if 1 <= int(plain) <= len(names) else None
    folded = [fold(name) for name in names]
    if plain in folded:
        return folded.index(plain)
    first = plain.partition("\n")[0].replace(")", ".").partition(".")[0].strip("( ")
    if first.isascii() and first.isdigit():
        place = int(first) - 1
        return place if 0 <= place < len(names) and folded[place] in plain else None
    held = {name for name in folded if name and name in plain}
    longest = {name for name in held if not any(name != other and name in other for other in held)}
    return folded.index(longest.pop()) if len(longest) == 1 else None


def turns(store_desk: Desk, question: Question, start: str, target: str, *, hops: int = 5) -> Iterator[Example]:
    """Training turns of the gold shortest path: the state (question, node, list) and the step to pick.

    One example a step; its question holds the state as the model is shown it and the list as options, its answer the
    number. Nothing where no path leads there within `hops`. Raises `UnknownName` for an id that is no node.
    """
    net = Net.over(store_desk, language_of(question))
    ends = net.node(start), net.node(target)
    paths = net.graph.shortest_paths(net.within(start) or start, net.within(target) or target, most=1, hops=hops)
    walk = Walk(question, net, {ends[1]: ()}, lambda *_: "", [])  # it lists; the gold path walks
    at, seen, path = ends[0], {ends[0]}, list[Hop]()
    for number, edge in enumerate(paths[0] if paths else (), 1):
        gold = net.hop(at, edge)
        offered = walk.listed(at, seen)
        if gold.far not in [hop.far for hop in offered]:
            return  # it stands beyond what a round shows
        place = next(place for place, hop in enumerate(offered) if (hop.far, hop.relation) == (gold.far, gold.relation))
        options = tuple((str(n), f"{net.said(hop)} → {net.name(hop.far)}") for n, hop in enumerate(offered, 1))
        asked = replace(question, text=state(net, question, path, at, offered), options=options, context=())
        answer = Answer(choice=str(place + 1), text=net.name(gold.far), found=tuple(net.claims(edge)[:1]))
        yield Example(f"{ends[0]} {ends[1]} {number}", asked, answer, (ends[0], ends[1]))
        path.append(gold)
        at = gold.far
        seen.add(at)


def tuned_on(examples: Sequence[tuple[str, Example]], *, seed: int = 0, epochs: int = 60) -> PathRanker:
    """A ranker trained to pick what the turns pick; each stands with the text of the question that it was made of."""
    cases = [
        Case(text, "", tuple(said for _, said in turn.question.options), frozenset({int(turn.answer.choice) - 1}))
        for text, turn in examples
    ]
    return PathRanker.trained(cases, seed=seed, epochs=epochs)


def state(net: Net, question: Question, path: Sequence[Hop], at: str, hops: Sequence[Hop]) -> str:
    """What one round tells who picks."""
    options = "; ".join(f"{letter}. {text}" for letter, text in question.options) or "-"
    listed = "\n".join(f"{n}. ({net.said(hop)}, {net.name(hop.far)})" for n, hop in enumerate(hops, 1))
    walked = " | ".join(map(net.told, path)) or "-"
    fields = {"question": question.text, "options": options, "walked": walked, "at": net.name(at), "listed": listed}
    return prompt("knowledge_solver", "state", net.language, **fields)


class _Words:
    """Picks what is most like the question, an option, or beside one."""

    def __init__(self, question: Question, net: Net, goals: set[str]) -> None:
        self._net, self._goals = net, goals
        self._like = Likeness(question.text, net.desk)
        self._options = {term for _, text in question.options for term in terms(text)}

    def __call__(self, path: Sequence[Hop], at: str, hops: Sequence[Hop], refused: str) -> str:
        """The number of the best step; of equal ones the first."""
        scores = [self._worth(hop) for hop in hops]
        return str(scores.index(max(scores)) + 1)

    def _worth(self, hop: Hop) -> float:
        beside = hop.far in self._goals, any(other.far in self._goals for other in self._net.hops(hop.far))
        named = self._like.cosine(self._net.name(hop.far)) + self._like.cosine(self._net.said(hop), rest=True)
        own = set(terms(self._net.name(hop.far)))
        return round(
            named + self._like.fit(hop) + beside[0] + beside[1] + len(own & self._options) / (len(own) or 1), 9
        )


class _Tuned:
    """Picks what a trained ranker puts first."""

    def __init__(self, question: Question, net: Net, ranker: PathRanker) -> None:
        self._question, self._net, self._ranker = question, net, ranker

    def __call__(self, path: Sequence[Hop], at: str, hops: Sequence[Hop], refused: str) -> str:
        """The number of the best step; of equal ones the first."""
        listed = tuple(f"{self._net.said(hop)} → {self._net.name(hop.far)}" for hop in hops)
        scores = list(self._ranker.scores(Case(self._question.text, "", listed)))
        return str(scores.index(max(scores)) + 1)


class _Model:
    """Asks the desk's model."""

    def __init__(self, question: Question, net: Net, steps: list[Step]) -> None:
        self._question, self._net, self._steps = question, net, steps

    def __call__(self, path: Sequence[Hop], at: str, hops: Sequence[Hop], refused: str) -> str:
        """What the model says."""
        language = self._net.language
        task = prompt("knowledge_solver", "task", language)
        shown = state(self._net, self._question, path, at, hops)
        told = messages(task, replace(self._question, text=shown, options=(), language=language))
        if refused:
            why = prompt("knowledge_solver", "refused", language)
            told = (*told, ("assistant", refused), ("user", prompt("asking", "again", language, why=why)))
        return say(self._net.desk, Request(told, self._question, seed=1 if refused else 0), self._steps, "picked")


def _picker(question: Question, net: Net, goals: set[str], steps: list[Step], *, scorer: str, weights: str) -> Picker:
    if scorer == "model":
        return _Model(question, net, steps)
    if scorer == "tuned":
        if not Path(weights).is_file():
            raise NeedsFile(
                f"no weights at {weights!r}", mend="train them: knowledge_solver.tuned_on(turns).save(FILE)"
            )
        return _Tuned(question, net, PathRanker.load(Path(weights)))
    return _Words(question, net, goals)


def _goals(question: Question, net: Net, steps: list[Step], threshold: float, asked: set[str]) -> Goals:
    """The nodes that options name, each with its options; what the question names too stands for none."""
    found: dict[str, tuple[str, ...]] = {}
    for letter, text in question.options:
        for entity in entities(text, net, steps, threshold=threshold, what=f"option {letter}"):
            if entity.id not in asked:
                found[entity.id] = (*found.get(entity.id, ()), letter)
    return found


def _answer(question: Question, net: Net, path: list[Hop], goals: Goals, steps: list[Step]) -> Answer:
    letters = goals[path[-1].far]
    if len(letters) > 1:
        return gave_up("tied-options", net.language, steps)
    task = prompt("knowledge_solver", "explain", net.language)
    plain = replace(question, options=())
    answer = finished(plain, net, net.tail(path), steps, task=task, form=FORMS[0], code="no-path")
    if answer.abstained:
        return answer
    return replace(answer, choice=letters[0], fields=(*answer.fields, ("path", " | ".join(map(net.told, path)))))


def _checked(scorer: str, form: str) -> None:
    for name, value, known in (("scorer", scorer, CHOOSERS), ("form", form, FORMS)):
        if value not in known:
            raise BadPlan(f"{name} = {value!r} is not known here", mend=f"one of: {', '.join(known)}")
