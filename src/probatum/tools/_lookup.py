"""Questions put to public services: recorded answers first, a guarded line to the service where one is wanted."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.fetch import looked_up
from probatum.shapes import Given, ToolInput

LONGEST = 10_000  # characters of one answer
LINES = ("recorded", "live")
SECRETS = frozenset({"api_key", "email", "tool"})  # of a query: never written down, never part of what is asked
CUT = " [cut]"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a service answered, and when."""

    url: str  # without secrets
    text: str  # whole
    retrieved: str  # ISO

    @property
    def short(self) -> str:
        """The answer, at most `LONGEST` characters of it."""
        return self.text if len(self.text) <= LONGEST else self.text[: LONGEST - len(CUT)] + CUT


@dataclass(slots=True)
class Pace:
    """Holds callers back so that no more than so many calls a second go out. Threads may share it."""

    per_second: float
    clock: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep
    _next: float = 0.0
    _turns: Lock = field(default_factory=Lock)

    def take(self) -> None:
        """Returns when the next call may go out."""
        with self._turns:
            now = self.clock()
            at = max(now, self._next)
            self._next = at + 1.0 / self.per_second
        if at > now:
            self.wait(at - now)


@cache
def pace(host: str, per_second: float) -> Pace:
    """The pace of a host in this process, whoever calls."""
    return Pace(per_second)


def address(base: str, query: Mapping[str, str]) -> str:
    """An address with its query, sorted and encoded: values can add neither a host, nor a path, nor a parameter."""
    return f"{base}?{urlencode(sorted(query.items()), quote_via=quote)}"


def asked_of(url: str) -> str:
    """An address as a record knows it: query sorted, secrets left out."""
    parts = urlsplit(url)
    query = sorted((key, value) for key, value in parse_qsl(parts.query, True) if key not in SECRETS)
    return f"{parts.scheme}://{parts.netloc}{parts.path}" + (f"?{urlencode(query, quote_via=quote)}" if query else "")


def heard(
    url: str, *, hosts: Iterable[str], answers: str, record: str, line: str, per_second: float, secret: str = ""
) -> Heard:
    """What was recorded for an address, else, with `line` "live", what the service answers now.

    `answers` is a file of JSON lines (url, retrieved, sha256, text) or a folder with `capture-receipts.json`; `record`
    a file to which a live answer is appended in the first layout. `secret` is added to the query and appears nowhere.
    Raises `NeedsFile` where nothing was recorded and the line is not live, `BadFormat` for a record that was changed.
    """
    if line not in LINES:
        raise BadFormat(f"line = {line!r}", mend=f"one of: {', '.join(LINES)}")
    key = asked_of(url)
    known = recorded(answers).get(key) if answers else None
    if known is not None:
        return known
    if line != "live":
        raise NeedsFile(f"no recorded answer for {key}", mend="give `answers`, or line = live asks the service itself")
    pace(urlsplit(url).netloc, per_second).take()
    body = looked_up(url + secret, hosts=hosts)
    made = Heard(key, body.decode("utf-8", "replace"), datetime.now(UTC).isoformat(timespec="seconds"))
    if record:
        with Path(record).open("a", encoding="utf-8") as out:
            out.write(written(made) + "\n")
    return made


def written(one: Heard) -> str:
    """A line of a record."""
    said = {"url": one.url, "retrieved": one.retrieved, "sha256": _sha256(one.text), "text": one.text}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def recorded(place: str) -> Mapping[str, Heard]:
    """Every recorded answer of a file or folder by its address; raises `NeedsFile`, `BadFormat`."""
    path = Path(place)
    file = path / "capture-receipts.json" if path.is_dir() else path
    if not file.is_file():
        raise NeedsFile(f"no recorded answers at {place!r}", mend="a file of JSON lines, or a folder with its receipts")
    return _read(file, file.stat().st_mtime_ns)


@cache
def _read(file: Path, _changed: int) -> Mapping[str, Heard]:
    found: dict[str, Heard] = {}
    text = file.read_text(encoding="utf-8")
    try:
        if file.name == "capture-receipts.json":
            for entry in json.loads(text)["entries"]:
                body, receipt = (file.parent / entry["path"]).read_text(encoding="utf-8"), entry["receipt"]
                url = asked_of(receipt["request"])
                found[url] = Heard(url, body, receipt["captured_at"])
            return found
        for number, each in enumerate(text.splitlines(), 1):
            said = json.loads(each)
            if _sha256(said["text"]) != said["sha256"]:
                raise BadFormat("a recorded answer was changed", where=f"{file}:{number}")
            found[asked_of(said["url"])] = Heard(asked_of(said["url"]), said["text"], said["retrieved"])
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        if isinstance(error, BadFormat):
            raise
        raise BadFormat(f"not a record of answers: {error!r}", where=str(file)) from error
    return found


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def told(given: Mapping[str, Given], inputs: Iterable[ToolInput], tool: str) -> dict[str, str]:
    """The inputs as texts; raises `BadFormat` for one that is not known, missing, too long or not among the choices."""
    known = {each.name: each for each in inputs}
    if strange := sorted(set(given) - set(known)):
        raise BadFormat(f"{', '.join(strange)}: no input of {tool}", mend=f"it has: {', '.join(known)}")
    lacking = [each.name for each in known.values() if each.required and not str(given.get(each.name, "")).strip()]
    if lacking:
        raise BadFormat("missing: " + ", ".join(lacking), mend=f"inputs of {tool}")
    values: dict[str, str] = {}
    for name, value in given.items():
        text = str(value).strip()
        if known[name].choices and text not in known[name].choices:
            raise BadFormat(f"{name} = {text[:40]!r}", mend=f"it is one of: {', '.join(known[name].choices)}")
        if len(text) > LONGEST or any(ord(letter) < 32 for letter in text):
            raise BadFormat(f"{name} is too long, or holds control characters")
        if text:
            values[name] = text
    return values
