"""Answers questions about the graph itself by calls of graph functions that are read, carried out and filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from probatum.desk import Desk
from probatum.errors import BadPlan
from probatum.methods._asking import has_model, language_of, messages, prompt, say
from probatum.methods._graph import FORMS, SCORERS, Net, copied, entities, gave_up
from probatum.methods._graph_calls import Call, Load, Misread, Reason, calls_in
from probatum.methods._graph_tools import TOOLS, Small, Value
from probatum.naming import card
from probatum.text.normal import fold
from probatum.types import Answer, Evidence, Example, Question, Request, Step

FILE = "store"  # the one graph that a call can load: a name in a call is never a path
MOST_NODES = 3_000  # that one call loads
CUES = (  # what is asked, in English and Chinese, and the function that answers it; the first that fits
    (r"shortest path|最短路径", "path:shortest"),
    (r"how far|distance|how many steps|距离|几步", "path:distance"),
    (r"how many (?:neighbou?rs|relations|edges)|degree|多少个?邻居|几个邻居|度数", "node:degree"),
    (r"neighbou?rs|directly linked|邻居|直接相连", "node:neighbours"),
    (r"page ?rank|rank of|重要性|排名", "node:pagerank"),
    (r"eccentricity|离心率", "node:eccentricity"),
    (r"triangles|三角形", "node:triangles"),
    (r"components|parts|连通分量", "property:components"),
    (r"diameter|直径", "property:diameter"),
    (r"radius|半径", "property:radius"),
    (r"center|centre|中心", "property:center"),
    (r"how many (?:nodes|concepts)|order of|多少个?(?:节点|概念)", "property:order"),
    (r"density|密度", "property:density"),
)


@card("Graph-ToolFormer", survey="3.2.1", reference="doi:10.48550/arXiv.2304.11116", languages=("en", "zh"))
def graph_toolformer(
    question: Question,
    desk: Desk,
    *,
    scorer: str = "words",
    hops: int = 2,
    threshold: float = 0.7,
    form: str = "generated",
) -> Answer:
    """The result of a call of a graph function, filled into the text that holds the call.

    As the paper: (1) the question becomes a text with calls, `[GR(GL("store", {nodes}, {links}), "toolbox:function",
    args) --> r]` (by cue words, or, with `scorer = "model"`, by the model); (2) the calls are parsed, nested ones too;
    (3) the graph is loaded: the nodes named and what lies within `hops` of them, and the relations between them; (4)
    the function of the toolbox is carried out; (5) its result takes the place of the call. Here the grammar is read by
    hand and nothing is ever run as code, a file is a name of a registry that holds the store alone, and functions are
    our own. Of the model's text nothing is told but its calls and what came of them. The trace holds each call with
    its result. Multiple choice: the option that says the result. Abstains: no-entity, no-call, bad-call, no-model,
    no-option.
    """
    for name, value, known in (("scorer", scorer, SCORERS), ("form", form, FORMS)):
        if value not in known:
            raise BadPlan(f"{name} = {value!r} is not known here", mend=f"one of: {', '.join(known)}")
    language, steps = language_of(question), list[Step]()
    if scorer == "model" and not has_model(desk):
        return gave_up("no-model", language, steps)
    net = Net.over(desk, language)
    bench = Bench(net, hops, threshold)
    text = _by_model(question, desk, steps) if scorer == "model" else _by_cues(question, net, steps, threshold)
    if text is None:
        return gave_up("no-call", language, steps)
    steps.append(Step("calls", text))
    done = [bench.carried_out(call, steps) for _, _, call in calls_in(text)]
    if not done or any(each is None for each in done):
        return gave_up("bad-call" if done else "no-call", language, steps)
    told = [each for each in done if each is not None]
    said = "\n".join(f"{call} → {worded(net, value)}" for call, value in told)
    evidence = bench.evidence(told[-1][1])
    quoted = copied(question, evidence, desk, steps) if evidence else Answer(trace=tuple(steps))
    text = f"{said}\n{quoted.text}".strip()
    answer = replace(quoted, text=text, abstained=None, fields=(("result", worded(net, told[-1][1])),))
    if not question.options:
        return answer
    letter = _option(question, net, told[-1][1])
    return replace(answer, choice=letter) if letter else gave_up("no-option", language, answer.trace)


@dataclass
class Bench:
    """Where calls are carried out: on parts of the store's graph."""

    net: Net
    hops: int
    threshold: float

    def carried_out(self, call: Call | Misread, steps: list[Step]) -> tuple[str, Value] | None:
        """(the call in words, its result); None where it cannot be, with the reason in the trace."""
        if isinstance(call, Misread):
            steps.append(Step("refused", str(call)))
            return None
        try:
            value = self.result(call)
        except Misread as wrong:
            steps.append(Step("refused", str(wrong)))
            return None
        steps.append(Step("result", f"{shown(call)} = {worded(self.net, value)}"))
        return shown(call), value

    def result(self, call: Call) -> Value:
        """The value of a call; of GL alone the nodes. Raises `Misread`."""
        if isinstance(call, Load):
            return tuple(self.load(call).beside)
        if call.function not in TOOLS:
            raise Misread(f"there is no function {call.function!r}; there are: {', '.join(TOOLS)}")
        function, takes = TOOLS[call.function]
        graph = self.load(call.graph)
        given = [self._argument(each) for each in call.arguments]
        if len(given) != takes:
            raise Misread(f"{call.function} takes {takes} nodes, not {len(given)}")
        if not graph.beside or (strange := [node for node in given if node not in graph.beside]):
            raise Misread(f"not in the graph that was loaded: {strange[0] if graph.beside else 'anything'}")
        return function(graph, *given)

    def load(self, call: Load) -> Small:
        """The nodes of a call with what lies around them, joined by the relations of the call; raises `Misread`."""
        if call.file != FILE:
            raise Misread(f"there is no graph {call.file[:40]!r}; there is: {FILE}")
        named = [self._node(text) for text in call.nodes]
        held = set(named)
        for node in named:
            id = self.net.within(node)
            near = self.net.graph.neighbours(id, hops=self.hops, limit=MOST_NODES) if id else []
            held |= {self.net.node(other) for other, _ in near}
        if not named:
            held = (
                {self.net.node(id) for id in self.net.desk.store.ids()} if len(self.net.graph) <= MOST_NODES else set()
            )
        if not held or len(held) > MOST_NODES:
            raise Misread(f"a call loads 1 to {MOST_NODES} nodes; name some")
        links = {link if ":" in link else f"biolink:{link}" for link in call.links}
        beside = {
            node: tuple(
                sorted({h.far for h in self.net.hops(node) if h.far in held and (not links or h.predicate in links)})
            )
            for node in sorted(held)
        }
        return Small(beside)

    def evidence(self, value: Value) -> list[Evidence]:
        """The claims along a path that was found; nothing for another result."""
        if not isinstance(value, tuple):
            return []
        found: list[Evidence] = []
        for near, far in pairwise(value):
            hop = next((hop for hop in self.net.hops(near) if hop.far == far), None)
            if hop is None:
                return []
            found += self.net.evidence(hop.edge, 1.0)[:1]
        return found

    def _argument(self, given: str | float | Reason) -> str:
        """The node that an argument means: by name or id, or as the result of an inner call (of several the first)."""
        if isinstance(given, Reason):
            value = self.result(given)
            value = value[0] if isinstance(value, tuple) and value else value
            if not isinstance(value, str):
                raise Misread(f"{given.function} gives no node")
            return value
        if isinstance(given, float):
            raise Misread("a node was expected, not a number")
        return self._node(given)

    def _node(self, text: str) -> str:
        if self.net.within(text):
            return self.net.node(text)
        linked = entities(text, self.net, [], threshold=self.threshold)
        if not linked:
            raise Misread(f"{text[:60]!r} names no node")
        return linked[0].id


def shown(call: Call) -> str:
    """A call as it is written."""
    if isinstance(call, Load):
        sets = (call.nodes, call.links) if call.links else (call.nodes,)
        return (
            f'GL("{call.file}"' + "".join(", {" + ", ".join(f'"{each}"' for each in some) + "}" for some in sets) + ")"
        )
    given = "".join(
        f", {shown(each)}" if isinstance(each, Reason) else f', "{each}"' if isinstance(each, str) else f", {each:g}"
        for each in call.arguments
    )
    return f'GR({shown(call.graph)}, "{call.function}"{given})'


def worded(net: Net, value: Value) -> str:
    """A result in words: numbers to six digits, nodes by name."""
    if isinstance(value, int | float):
        return f"{value:.6g}"
    nodes = (value,) if isinstance(value, str) else tuple(value)
    return ", ".join(f"{net.name(node)} ({node})" for node in nodes) or "-"


def filled(text: str, net: Net, hops: int = 2) -> str:
    """A text whose calls with `--> r` are replaced by their results; a call that fails stays as it is."""
    bench, made, at = Bench(net, hops, 0.7), "", 0
    for start, end, call in calls_in(text):
        done = bench.carried_out(call, []) if isinstance(call, Reason) and call.fills else None
        made += text[at:start] + (worded(net, done[1]) if done else text[start:end])
        at = end
    return made + text[at:]


def training(desk: Desk, prompts: Sequence[tuple[str, str]], *, hops: int = 2) -> Iterator[Example]:
    """Training data of (question, text with calls): only where every call parses and is carried out.

    The answer's text is the one with calls, its field `result` the same filled in.
    """
    for place, (asked, text) in enumerate(prompts, 1):
        question = Question(asked)
        net = Net.over(desk, language_of(question))
        bench = Bench(net, hops, 0.7)
        done = [bench.carried_out(call, []) for _, _, call in calls_in(text)]
        if done and all(done):
            yield Example(str(place), question, Answer(text=text, fields=(("result", filled(text, net, hops)),)))


def _by_cues(question: Question, net: Net, steps: list[Step], threshold: float) -> str | None:
    """The call that the question's words ask for, over the concepts that it names."""
    linked = [each.id for each in entities(question.text, net, steps, threshold=threshold)]
    plain = fold(question.text)
    for cue, function in CUES:
        takes = TOOLS[function][1]
        if re.search(cue, plain) and len(linked) >= max(takes, 1):
            nodes = linked[: max(takes, 1)] if takes else linked
            call = Reason(Load(FILE, tuple(nodes)), function, tuple(nodes[:takes]), fills=True)
            return f"[{shown(call)} --> r]"
    return None


def _by_model(question: Question, desk: Desk, steps: list[Step]) -> str | None:
    """The model's text, where it holds a call that can be read; asked for once more where it does not."""
    language = language_of(question)
    task = prompt("graph_toolformer", "task", language, functions=", ".join(TOOLS))
    request = Request(messages(task, question), question)
    for _ in range(2):
        text = say(desk, request, steps, "written")
        found = [call for _, _, call in calls_in(text)]
        wrong = next((str(call) for call in found if isinstance(call, Misread)), "" if found else "no call")
        if not wrong:
            return text
        steps.append(Step("unparsed", wrong))
        again = prompt("asking", "again", language, why=wrong)
        told = (*request.messages, ("assistant", text), ("user", again))
        request = replace(request, messages=told, seed=request.seed + 1)
    return None


def _option(question: Question, net: Net, value: Value) -> str:
    """The one option that says the result: the same number, or the same nodes."""
    if isinstance(value, int | float):
        fitting = [letter for letter, text in question.options if _figures(text) == [float(f"{value:.6g}")]]
    else:
        nodes = {value} if isinstance(value, str) else set(value)
        fitting = [
            letter
            for letter, text in question.options
            if (named := {each.id for each in entities(text, net, [], threshold=0.7)}) and named <= nodes
        ]
    return fitting[0] if len(fitting) == 1 else ""


def _figures(text: str) -> list[float]:
    return [float(figure) for figure in re.findall(r"-?\d+(?:\.\d+)?", text)]
