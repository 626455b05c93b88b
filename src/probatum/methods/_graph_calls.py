"""The grammar of graph calls, read by hand: `[GR(GL("store", {nodes}, {links}), "toolbox:function", args) --> r]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST, DEEPEST = 4_000, 8  # characters of a call; calls within calls
_TOKEN = re.compile(
    r'\s*(?:(?P<string>"[^"\\\n]*")|(?P<word>[A-Za-z]\w*)|(?P<number>-?\d+(?:\.\d+)?)|(?P<sign>-->|[\[\](){},]))'
)


class Misread(Exception):
    """What is wrong with a call: it is told to whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Load:
    """GL: the part of a graph with these nodes (none: all) and these relations (none: all)."""

    file: str
    nodes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """GR: a function of a toolbox over a graph; arguments are texts, numbers or further calls."""

    graph: Load
    function: str  # toolbox:function
    arguments: tuple[str | float | Reason, ...] = ()
    fills: bool = False  # whether `--> r` asks for the result in the text


Call = Load | Reason


def calls_in(text: str) -> Iterator[tuple[int, int, Call | Misread]]:
    """(start, end, call) of each call in a text, in order; in its place what is wrong with one that cannot be read."""
    at = 0
    while (found := re.compile(r"\[\s*G[LR]\s*\(").search(text, at)) is not None:
        reader = _Reader(text[: found.start() + LONGEST], found.start())
        try:
            call = reader.bracketed()
            at = reader.at
            yield found.start(), at, call
        except Misread as wrong:
            at = found.end()
            yield found.start(), at, wrong


def parsed(text: str) -> Call:
    """The one call that a text is; raises `Misread` where it is anything else: code is never run, only refused."""
    reader = _Reader(text[:LONGEST], 0)
    call = reader.bracketed()
    if text[reader.at :].strip():
        raise Misread(f"something stands behind the call: {text[reader.at :].strip()[:40]!r}")
    return call


class _Reader:
    """Reads tokens from a place on."""

    def __init__(self, text: str, at: int) -> None:
        self._text, self.at, self._deep = text, at, 0

    def bracketed(self) -> Call:
        """`[` call, maybe `--> r`, `]`."""
        self._sign("[")
        call = self._call()
        if self._peek("-->"):
            self._sign("-->")
            if self._next()[0] != "word" or not isinstance(call, Reason):
                raise Misread("behind --> stands the name r of the result of GR")
            call = Reason(call.graph, call.function, call.arguments, fills=True)
        self._sign("]")
        return call

    def _call(self) -> Call:
        kind, name = self._next()
        self._deep += 1
        if kind != "word" or name not in {"GL", "GR"} or self._deep > DEEPEST:
            raise Misread(f"GL or GR was expected, at most {DEEPEST} deep, not {name[:40]!r}")
        self._sign("(")
        call = self._load() if name == "GL" else self._reason()
        self._sign(")")
        self._deep -= 1
        return call

    def _load(self) -> Load:
        file, sets = self._string(), list[tuple[str, ...]]()
        while self._peek(","):
            self._sign(",")
            sets.append(self._set())
        if len(sets) > 2:
            raise Misread("GL takes a file, nodes and links")
        return Load(file, *sets)

    def _reason(self) -> Reason:
        graph = self._call()
        if not isinstance(graph, Load):
            raise Misread("GR begins with GL")
        self._sign(",")
        function, arguments = self._string(), list[str | float | Reason]()
        if not re.fullmatch(r"[a-z_]+:[a-z_]+", function):
            raise Misread(f"a function is written toolbox:function, not {function[:40]!r}")
        while self._peek(","):
            self._sign(",")
            arguments.append(self._argument())
        return Reason(graph, function, tuple(arguments))

    def _argument(self) -> str | float | Reason:
        before = self.at
        kind, value = self._next()
        if kind == "string":
            return value[1:-1]
        if kind == "number":
            return float(value)
        self.at = before
        bracketed = self._peek("[")
        call = self.bracketed() if bracketed else self._call()
        if not isinstance(call, Reason):
            raise Misread("an argument is a text, a number or GR")
        return call

    def _set(self) -> tuple[str, ...]:
        self._sign("{")
        found: list[str] = []
        while not self._peek("}"):
            found.append(self._string())
            if not self._peek("}"):
                self._sign(",")
        self._sign("}")
        return tuple(found)

    def _string(self) -> str:
        kind, value = self._next()
        if kind != "string":
            raise Misread(f"a text in quotation marks was expected, not {value[:40]!r}")
        return value[1:-1]

    def _sign(self, wanted: str) -> None:
        _, value = self._next()
        if value != wanted:
            raise Misread(f"{wanted!r} was expected, not {value[:40]!r}")

    def _peek(self, wanted: str) -> bool:
        found = _TOKEN.match(self._text, self.at)
        return found is not None and found[0].strip() == wanted

    def _next(self) -> tuple[str, str]:
        found = _TOKEN.match(self._text, self.at)
        if found is None or found.lastgroup is None:
            raise Misread(f"nothing of a call can be read at {self._text[self.at : self.at + 20]!r}")
        self.at = found.end()
        return found.lastgroup, found[found.lastgroup]
