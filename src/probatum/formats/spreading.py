"""Reads files and works through texts at several places at once, and gives what comes of it in the order of the whole.

A source says what is to be done with each file; whoever calls it says where: here, one file after the other, as long as
nothing else is said; within `processes`, in other processes of this computer; within `cluster`, on a Ray cluster. What
comes out is the same, in the same order. Memory is bounded: who reads ahead waits once `AHEAD` batches are not taken.
"""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Queue
from typing import Any, TypeVar

from probatum.errors import BadPlan, NeedsExtra, ProbatumError

BATCH = 500  # things that travel together
ROWS = 10_000  # rows of a table that do: what Ray needs for one parcel is as much as five hundred rows need
AHEAD = 40  # batches of a file that are kept ready: of citations some 50 MB
LARGE = 2  # things that are large enough to travel alone, kept ready
TRIES = 3  # deaths of the process that reads one file, after which it is read here
SMALL = 8 << 20  # bytes of all files together that are not worth another process

T = TypeVar("T")
Part = TypeVar("Part")
Read = Callable[[Path], Iterable[T]]
Spread = Callable[[Callable[[Path], Iterable[Any]], Sequence[Path]], Iterator[Iterator[Any]]]


def each(read: Read[T], files: Sequence[Path]) -> Iterator[Iterator[T]]:
    """For each file, in order, what `read` gives of it; take all of one before the next.

    `read` is a function of a module, or a `partial` of one, and gives the same every time. Raises what it raises of
    `ProbatumError`. The readers end when the iterator over the files does.
    """
    return _over.get()(read, files)


def here(read: Read[T], files: Sequence[Path]) -> Iterator[Iterator[T]]:
    """One file after the other, in this process."""
    return (iter(read(file)) for file in files)


@dataclass
class _Lent:
    """Processes beside this one."""

    count: int
    readers: int = 0  # of files, that run now


_over: ContextVar[Spread] = ContextVar("over", default=here)
_ray: ContextVar[Any] = ContextVar("ray", default=None)  # the module, within a cluster
_lent: ContextVar[_Lent | None] = ContextVar("lent", default=None)


def streamed(read: Callable[[], Iterable[T]]) -> Iterator[T]:
    """What `read` gives, read by a worker where a cluster is, else here; any number of these may be taken side by side.

    `read` is as it is for `each`. Raises what it raises of `ProbatumError`.
    """
    return iter(read()) if (ray := _ray.get()) is None else _streamed_on(ray, read)


def mapped(work: Callable[[Part], T], parts: Iterable[Part]) -> Iterator[T]:
    """What `work`, a function of a module or a `partial` of one, makes of each part, in order: by workers, else here.

    Raises what it raises of `ProbatumError`.
    """
    return map(work, parts) if (ray := _ray.get()) is None else _mapped_on(ray, work, parts)


def spare() -> bool:
    """Whether `processes` lends a process to `aside`: none reads files now."""
    return (lent := _lent.get()) is not None and not lent.readers


def aside(make: Callable[[], Iterable[T]]) -> Iterator[T]:
    """What `make` gives, a few large things, made by another process if one is `spare`, else here.

    `make` is as `read` is for `each`. Raises what it raises of `ProbatumError`.
    """
    return _made_aside(make) if spare() else iter(make())


@contextmanager
def processes(count: int) -> Iterator[None]:
    """Within it files are read in so many other processes, if they are large; 0: in this one.

    A process that dies is begun again where it was; after `TRIES` deaths its file is read in this one.
    """
    lent = _Lent(count) if count else None
    token, before = _over.set(partial(_in_processes, lent) if lent else here), _lent.set(lent)
    try:
        yield
    finally:
        _lent.reset(before)
        _over.reset(token)


@contextmanager
def cluster(address: str) -> Iterator[None]:
    """Within it files are read by the workers of a Ray cluster, a task a file; "auto" is the one of this computer.

    Every node has this program and the files under the same paths. What a worker held that dies is read again by
    another. Raises `NeedsExtra` without Ray, `BadPlan` where no cluster answers at the address.
    """
    try:
        ray = import_module("ray")
    except ImportError as error:
        raise NeedsExtra("a Ray cluster needs ray", mend='pip install "probatum[ray]"') from error
    try:
        ray.init(address=address, ignore_reinit_error=True, log_to_driver=False, configure_logging=False)
    except (ConnectionError, ValueError) as error:
        why = f"no Ray cluster answers at {address!r}: {error}"
        raise BadPlan(why, mend="begin one (ray start --head), or leave --ray away") from error
    token, other = _over.set(partial(_on_cluster, ray)), _ray.set(ray)
    try:
        yield
    finally:
        _ray.reset(other)
        _over.reset(token)
        ray.shutdown()


Told = list[Any] | ProbatumError


def _told(read: Callable[[], Iterable[Any]], batch_of: int = BATCH) -> Iterator[Told]:
    """What travels: batches, and at the end the error that a file ends with, if it is one that the user can mend."""
    try:
        found = iter(read())
        while batch := list(islice(found, batch_of)):
            yield batch
    except ProbatumError as error:
        yield error


def _unpacked(told: Iterable[Told]) -> Iterator[Any]:
    for each_ in told:
        if isinstance(each_, ProbatumError):
            raise each_
        yield from each_


# --- processes of this computer ---


def _in_processes(
    lent: _Lent, read: Callable[[Path], Iterable[Any]], files: Sequence[Path]
) -> Generator[Iterator[Any], None, None]:
    if sum(file.stat().st_size for file in files) < SMALL:
        yield from here(read, files)
        return
    running: deque[_Reader] = deque()
    left = iter(files)
    try:
        for _ in files:
            begun = [_Reader(partial(_told, partial(read, file))) for file in islice(left, lent.count - len(running))]
            running.extend(begun)
            lent.readers += len(begun)
            yield _unpacked(running[0].told())
            running.popleft().stop()
            lent.readers -= 1
    finally:
        for reader in running:
            reader.stop()
        lent.readers -= len(running)


def _made_aside(make: Callable[[], Iterable[Any]]) -> Generator[Any, None, None]:
    maker = _Reader(partial(_told, make, batch_of=1), ahead=LARGE)
    try:
        yield from _unpacked(maker.told())
    finally:
        maker.stop()


class _Reader:
    """A process that reads on, and how much of that came here."""

    def __init__(self, tell: Callable[[], Iterator[Told]], *, ahead: int = AHEAD) -> None:
        self._tell, self._ahead, self._came = tell, ahead, 0
        self._process, self._link = self._begun()

    def told(self) -> Iterator[Told]:
        """What the process says, begun again where it dies."""
        for _ in range(TRIES):
            with suppress(EOFError, ConnectionError):
                while (said := self._link.recv()) is not None:
                    self._came += 1
                    yield said
                return
            self.stop()
            self._process, self._link = self._begun()
        self.stop()
        yield from islice(self._tell(), self._came, None)

    def stop(self) -> None:
        """Ends the process, whatever it does."""
        self._link.close()
        self._process.kill()
        self._process.join()

    def _begun(self) -> tuple[BaseProcess, Connection]:
        spawn = get_context("spawn")  # a fork would take locks of other threads with it
        ours, theirs = spawn.Pipe(duplex=False)
        told = theirs, self._tell, self._came, self._ahead
        process = spawn.Process(target=_work, args=told, daemon=True)
        process.start()
        theirs.close()
        return process, ours


def _work(link: Connection, tell: Callable[[], Iterator[Told]], passed: int, ahead: int) -> None:
    """What such a process does: a thread reads on while what is ready goes out, until nobody takes it any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who began it ends it
    ready: Queue[Told | None] = Queue(ahead)
    broken = threading.Event()

    def fill() -> None:
        try:
            for said in islice(tell(), passed, None):
                ready.put(said)
        except BaseException:
            broken.set()  # a mistake of ours: the file is read where the traceback is seen
            raise
        finally:
            ready.put(None)

    threading.Thread(target=fill, daemon=True).start()
    with suppress(ConnectionError):
        while (said := ready.get()) is not None:
            link.send(said)
        if not broken.is_set():
            link.send(None)


# --- a Ray cluster ---


def _on_cluster(ray: Any, read: Callable[[Path], Iterable[Any]], files: Sequence[Path]) -> Iterator[Iterator[Any]]:
    """As many tasks at once as the cluster has processors; Ray runs a task again whose worker dies."""
    task = ray.remote(num_returns="streaming", max_retries=TRIES, _generator_backpressure_num_objects=AHEAD)(_told)
    count = max(2, int(ray.cluster_resources().get("CPU", 2)))
    running: deque[Any] = deque()
    left = iter(files)
    for _ in files:
        running.extend(task.remote(partial(read, file)) for file in islice(left, count - len(running)))
        yield _unpacked(ray.get(reference) for reference in running.popleft())


def _streamed_on(ray: Any, read: Callable[[], Iterable[Any]]) -> Iterator[Any]:
    """A task that counts for no processor: it waits for who takes, and one that waits must not keep out the next."""
    task = ray.remote(
        num_cpus=0, num_returns="streaming", max_retries=TRIES, _generator_backpressure_num_objects=4
    )(_told)  # fmt: skip
    yield from _unpacked(ray.get(reference) for reference in task.remote(read, batch_of=ROWS))


def _mapped_on(ray: Any, work: Callable[[Part], T], parts: Iterable[Part]) -> Iterator[T]:
    """Twice as many tasks as the cluster has processors are under way or wait to be taken, and no more."""
    task = ray.remote(max_retries=TRIES)(_done)
    count = 2 * max(1, int(ray.cluster_resources().get("CPU", 1)))
    running: deque[Any] = deque()
    for part in parts:
        running.append(task.remote(work, part))
        if len(running) >= count:
            yield from _unpacked([ray.get(running.popleft())])
    while running:
        yield from _unpacked([ray.get(running.popleft())])


def _done(work: Callable[[Part], T], part: Part) -> list[T] | ProbatumError:
    try:
        return [work(part)]
    except ProbatumError as error:
        return error
