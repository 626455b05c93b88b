"""Fetches a file from a known address, and only from there: the one place where Probatum speaks HTTP outwards."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx

from probatum.errors import BadFormat, NeedsFile

HOSTS = frozenset({"github.com", "objects.githubusercontent.com", "release-assets.githubusercontent.com",
                   "purl.obolibrary.org"})  # fmt: skip
LARGEST = 256 << 20  # bytes of one file
LONGEST = 600.0  # seconds for the whole of one file
REDIRECTS = 5
_SILENCE = httpx.Timeout(20.0)  # seconds without a byte

Progress = Callable[[str, int, int], None]  # address, bytes so far, bytes in all (0 where the server does not say)
# who wants to see progress: a door sets it round the verb that may fetch, and nothing in between need know
watching: ContextVar[Progress | None] = ContextVar("watching", default=None)


def fetch(
    url: str,
    to: Path,
    *,
    sha256: str,
    hosts: Iterable[str] = HOSTS,
    largest: int = LARGEST,
    longest: float = LONGEST,
    transport: httpx.BaseTransport | None = None,
) -> Path:
    """The file `to`, downloaded from `url` and checked against its sha256; written whole or not at all.

    A file that stands there with the right checksum is not fetched again. Only https to `hosts`, also after redirects,
    and never to an address of a private network. Raises `NeedsFile` where the network, the address or the limits
    (`largest` bytes, `longest` seconds) prevent it, `BadFormat` where the bytes are others than expected.
    """
    if to.is_file() and _sha256(to) == sha256:
        return to
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=f".{to.name}.", dir=to.parent)
    except OSError as error:
        raise NeedsFile(f"{to.parent} cannot be written: {error.strerror}", mend=f"get {url} by hand") from error
    try:
        with os.fdopen(handle, "wb") as file, _answer(url, frozenset(hosts), transport) as answer:
            found = hashlib.sha256()
            for block in _blocks(answer, largest, time.monotonic() + longest):
                file.write(block)
                found.update(block)
            file.flush()
            os.fsync(file.fileno())
        if found.hexdigest() != sha256:
            raise BadFormat(f"the file from {url} has sha256 {found.hexdigest()}; {sha256} was expected", where=str(to))
        Path(part).chmod(0o644)
        Path(part).replace(to)
    except httpx.HTTPError as error:
        raise NeedsFile(f"{url} could not be fetched: {error}", mend=f"get it by hand and put it at {to}") from error
    finally:
        Path(part).unlink(missing_ok=True)
    return to


def looked_up(
    url: str,
    *,
    hosts: Iterable[str],
    largest: int = 4 << 20,
    longest: float = 30.0,
    transport: httpx.BaseTransport | None = None,
) -> bytes:
    """What `url` answers to a question: at most `largest` bytes within `longest` seconds, guarded as `fetch` is.

    Raises `NeedsFile` where the network, the address or the limits prevent it.
    """
    try:
        with _answer(url, frozenset(hosts), transport) as answer:
            return b"".join(_blocks(answer, largest, time.monotonic() + longest))
    except httpx.HTTPError as error:
        raise NeedsFile(f"{httpx.URL(url).host} did not answer: {type(error).__name__}", mend=_LATER) from error


def client_for(hosts: Iterable[str], *, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """An HTTP client that reaches these hosts by https and nothing else; it reads no proxy from the environment."""
    allowed = frozenset(hosts)

    def check(request: httpx.Request) -> None:
        _check(request.url, allowed)

    return httpx.Client(
        timeout=_SILENCE,
        trust_env=False,
        follow_redirects=False,  # each step is checked before it is taken
        transport=transport,
        event_hooks={"request": [check]},
        headers={"User-Agent": "probatum"},
    )


@dataclass(frozen=True, slots=True)
class Incoming:
    """An answer of a named server whose body is still coming in."""

    status: int
    url: str
    kind: str  # media type
    retry_after: str
    blocks: Iterator[bytes]  # raises `ConnectionError` where the line breaks


class NamedServer:
    """The one server that a user has named, by scheme, host and port; nothing else is reached. Threads may share it.

    Because a person named it, it may be on this computer or in a private network, and speak plain http there. No
    redirect is followed, no proxy is read from the environment. Raises `NeedsFile` for what is no such address.
    """

    def __init__(self, base: str, *, key: str = "", transport: httpx.BaseTransport | None = None) -> None:
        """`base` as http://127.0.0.1:8000/v1; `key` is sent as a bearer token."""
        try:
            named = httpx.URL(base)
        except httpx.InvalidURL as error:
            raise NeedsFile(f"{base!r} is no address: {error}", mend="as http://127.0.0.1:8000/v1") from error
        if named.scheme not in {"http", "https"} or not named.host or named.userinfo:
            raise NeedsFile(
                f"{base!r} is no address of a server", mend="as http://127.0.0.1:8000/v1, keys apart from it"
            )
        if named.scheme == "http" and not near(named.host):
            raise NeedsFile(f"{base!r} would send text in the clear over a public network", mend="use https")
        self.base, self.is_here = base, here(named.host)
        self._client = httpx.Client(
            base_url=base if base.endswith("/") else f"{base}/",
            trust_env=False,
            follow_redirects=False,
            transport=transport,
            headers={"User-Agent": "probatum"} | ({"Authorization": f"Bearer {key}"} if key else {}),
            limits=httpx.Limits(max_keepalive_connections=0),  # each request has a line of its own, which can be cut
        )

    @contextmanager
    def post(self, path: str, body: Mapping[str, Any], *, until: float) -> Iterator[Incoming]:
        """Sends JSON and gives the answer as it comes; at the monotonic time `until` the line is cut.

        Raises `ConnectionError` where the server is not reached, breaks off, or time is up.
        """
        left = httpx.Timeout(max(until - time.monotonic(), 0.01))
        lines: list[socket.socket] = []

        def heard(event: str, told: Mapping[str, Any]) -> None:
            if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
                lines.append(told["return_value"].get_extra_info("socket"))

        sent = self._client.build_request("POST", path, json=dict(body), timeout=left, extensions={"trace": heard})
        try:
            with _cut_at(lines, until), closing(self._client.send(sent, stream=True)) as answer:
                said = answer.headers
                kind, again = said.get("content-type", ""), said.get("retry-after", "")
                yield Incoming(answer.status_code, str(answer.url), kind, again, _coming(answer))
        except httpx.HTTPError as error:
            raise ConnectionError(f"{type(error).__name__}: {error}") from error


def _coming(answer: httpx.Response) -> Iterator[bytes]:
    try:
        yield from answer.iter_bytes()
    except httpx.HTTPError as error:
        raise ConnectionError(f"{type(error).__name__}: {error}") from error


@contextmanager
def _cut_at(lines: list[socket.socket], until: float) -> Iterator[None]:
    """Hangs up when time is up, however slowly bytes still drip in, those of the answer's head too."""

    def hang_up() -> None:
        for line in lines[-1:]:  # with TLS the last one is the one in use
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(max(until - time.monotonic(), 0.0), hang_up)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def near(host: str) -> bool:
    """Whether a host is this computer or an address of a private network, written as such."""
    if host == "localhost":
        return True
    with suppress(ValueError):
        return not ipaddress.ip_address(host.strip("[]")).is_global
    return "." not in host  # a name of the local network, as a container's


def here(host: str) -> bool:
    """Whether a host is this computer."""
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return False


@contextmanager
def _answer(url: str, hosts: frozenset[str], transport: httpx.BaseTransport | None) -> Iterator[httpx.Response]:
    """The answer to a request after at most `REDIRECTS` redirects, each to an allowed address."""
    with client_for(hosts, transport=transport) as calling:
        for _ in range(REDIRECTS + 1):
            _check(httpx.URL(url), hosts)
            with calling.stream("GET", url) as answer:
                _check_peer(answer)
                if not answer.has_redirect_location:
                    if answer.status_code != httpx.codes.OK:
                        raise NeedsFile(f"{url} answered {answer.status_code}", mend=_LATER)
                    yield answer
                    return
                url = urljoin(url, answer.headers["location"])
    raise NeedsFile(f"more than {REDIRECTS} redirects, the last to {url}", mend=_LATER)


_LATER = "try again later, or get the file by hand"


def _blocks(answer: httpx.Response, largest: int, until: float) -> Iterator[bytes]:
    length = answer.headers.get("content-length", "")
    progress = watching.get()
    total, so_far = (int(length) if length.isdigit() else 0), 0
    for block in answer.iter_bytes(1 << 16):
        so_far += len(block)
        if so_far > largest or total > largest:
            raise NeedsFile(f"{answer.url} is larger than {largest:,} bytes", mend=_LATER)
        if time.monotonic() > until:
            raise NeedsFile(f"{answer.url} took too long", mend=_LATER)
        if progress:
            progress(str(answer.url), so_far, total)
        yield block


def _check(url: httpx.URL, hosts: frozenset[str]) -> None:
    if url.scheme != "https" or url.host not in hosts or url.port not in (None, 443) or url.userinfo:
        raise NeedsFile(f"{url} is no address that Probatum fetches from", mend=f"https and {', '.join(sorted(hosts))}")
    try:
        found = socket.getaddrinfo(url.host, 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NeedsFile(f"{url.host} is not found: {error}", mend="is this computer online?") from error
    for *_, address in found:
        _check_address(str(address[0]), url.host)


def _check_peer(answer: httpx.Response) -> None:
    """Looks at the address that really answered: a name may be resolved twice, and differently."""
    stream = answer.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream else None
    if peer:
        _check_address(str(peer[0]), answer.url.host)


def _check_address(address: str, host: str) -> None:
    with suppress(ValueError):
        if ipaddress.ip_address(address.partition("%")[0]).is_global:
            return
    raise NeedsFile(f"{host} leads to {address}, which is in no public network", mend=_LATER)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
