"""Reads plain data out of Python's pickle files without ever running what such a file can ask to be run."""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from probatum.errors import BadFormat
from probatum.formats.reading import whole

LARGEST = 1 << 29  # bytes of one file
_MARK = object()
_EMPTY: dict[str, Callable[[], Any]] = {"EMPTY_LIST": list, "EMPTY_DICT": dict, "EMPTY_TUPLE": tuple}
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_WRITTEN = {
    *("BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "LONG4", "BINFLOAT", "FLOAT", "STRING", "BINSTRING"),
    *("SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"),
}
_KEEPS = {"PUT", "BINPUT", "LONG_BINPUT"}
_FETCHES = {"GET", "BINGET", "LONG_BINGET"}
_IDLE = {"PROTO", "FRAME", "STOP"}


def plain(path: Path) -> Any:
    """The lists, tuples, dictionaries, texts and numbers of a pickle file; nothing in it is called or imported.

    Raises `NeedsFile`, and `BadFormat` with the byte where the file is broken or holds anything else: an object of a
    class is refused, whatever it is.
    """
    reader = _Reader(path)
    try:
        for operation, given, at in pickletools.genops(whole(path, LARGEST)):
            reader.take(operation.name, given, at or 0)
    except (ValueError, IndexError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise BadFormat(f"not a whole pickle file: {error}", where=str(path)) from error
    if len(reader.stack) != 1 or reader.stack[0] is _MARK:
        raise BadFormat("not a whole pickle file: it ends within a value", where=str(path))
    return reader.stack[0]


class _Reader:
    """What is held while a file is read: the values in the making, and those that it names again."""

    def __init__(self, path: Path) -> None:
        self.stack: list[Any] = []
        self._kept: dict[int, Any] = {}
        self._path = path

    def take(self, name: str, given: Any, at: int) -> None:
        stack = self.stack
        if name in _EMPTY:
            stack.append(_EMPTY[name]())
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        elif name in _WRITTEN:
            stack.append(given)
        elif name in _KEEPS or name == "MEMOIZE":
            self._kept[len(self._kept) if name == "MEMOIZE" else int(given)] = stack[-1]
        elif name in _FETCHES:
            stack.append(self._kept[int(given)])
        elif name == "MARK":
            stack.append(_MARK)
        elif name in {"APPEND", "SETITEM"}:
            self._add([stack.pop()] if name == "APPEND" else [stack.pop(-2), stack.pop()])
        elif name in {"APPENDS", "SETITEMS"}:
            self._add(self._since_mark())
        elif name in {"LIST", "TUPLE", "DICT"}:
            values = self._since_mark()
            made = dict(zip(values[::2], values[1::2], strict=True)) if name == "DICT" else values
            stack.append(tuple(values) if name == "TUPLE" else made)
        elif name in {"TUPLE1", "TUPLE2", "TUPLE3"}:
            count = int(name[-1])
            stack[-count:] = [tuple(stack[-count:])]
        elif name not in _IDLE:
            raise BadFormat(f"the pickle file holds more than plain data ({name} at byte {at})", where=str(self._path))

    def _since_mark(self) -> list[Any]:
        place = len(self.stack) - 1 - self.stack[::-1].index(_MARK)
        values = self.stack[place + 1 :]
        del self.stack[place:]
        return values

    def _add(self, values: list[Any]) -> None:
        held = self.stack[-1]
        if isinstance(held, list):
            held.extend(values)
        elif not isinstance(held, dict):
            raise TypeError("something is added to what holds nothing")
        else:
            held.update(zip(values[::2], values[1::2], strict=True))
