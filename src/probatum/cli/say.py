"""What the terminal says: data on standard output, talk and progress on standard error."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from probatum.proof.again import Again
from probatum.types import Answer

PATIENCE = 1.0  # seconds that somebody waits without a word


def data(thing: Any) -> None:
    """One line on standard output; what is not text goes out as JSON."""
    print(thing if isinstance(thing, str) else json.dumps(thing, ensure_ascii=False))


def talk(text: str) -> None:
    """One line on standard error."""
    print(text, file=sys.stderr)


def table(found: dict[str, Any], json_: bool) -> None:
    """Names and values, a line each, or the whole as JSON."""
    if json_:
        return data(found)
    for name, value in found.items():
        data(f"{name:<12} {value:,}" if isinstance(value, int) else f"{name:<12} {value}")


def told(answer: Answer, most: int = 0) -> Iterator[str]:
    """An answer for a reader: its text, its ranked candidates, then the sources that its marks point at."""
    if answer.abstained:
        yield f"No answer: {answer.abstained}"
    if not answer.candidates:  # a ranking is told with its reasons below
        yield from answer.text.splitlines()[: most or None]
    for number, candidate in enumerate(answer.candidates[: most or 10], 1):
        yield f"{number:>2}. {candidate.score:6.1%}  {candidate.id}  {candidate.name}"
        for kind, title in (("for", "speaks for it"), ("against", "against it"), ("ask", "worth asking for")):
            reasons = [reason for reason in candidate.reasons if reason.kind == kind][:3]
            if reasons:
                yield f"      {title}: " + "; ".join(f"{r.name} ({r.text})" if r.text else r.name for r in reasons)
    for number, piece in enumerate(answer.evidence[: most or None], 1):
        origin = piece.origin
        references = ", ".join(origin.references)
        yield f"[{number}] {origin.source} {origin.release}, {origin.at} {origin.evidence} {references}".rstrip()


@contextmanager
def while_building(index: str) -> Iterator[None]:
    """Says on standard error that an index is being built, once that takes longer than `PATIENCE`."""
    said = f"building the index {index} of this knowledge, once for as long as it stays the same ..."
    timer = threading.Timer(PATIENCE, talk, (said,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def proven(again: Again) -> Iterator[str]:
    """An earlier answer for a reader: each sentence with its verdict, then what has changed."""
    same = "the same knowledge" if again.before == again.now else f"{again.before or 'unknown'} → {again.now}"
    yield f"knowledge: {same}"
    for each in again.answer.verdicts:
        graded = f", {each.grade}" if each.grade else ""
        why = f" ({each.why})" if each.why else ""
        yield f"{each.support}{graded}{why}: {again.answer.text[each.start : each.end].strip()}"
    for change in again.changes:
        yield f"{change.kind} {'sentence ' if change.kind == 'verdict' else ''}[{change.number}]: {change.said}"
    yield f"{len(again.changes)} changes" if again.changes else "nothing has changed"


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """A progress bar on standard error, where that is a terminal; it is told how far things are, and of what."""
    if not sys.stderr.isatty():
        yield lambda done, total=None, what=None: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where somebody looks
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done, of=total, said=what: bar.update(task, completed=done, total=of or None, description=said)
