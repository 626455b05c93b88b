"""Fetching: known hosts by https, checked bytes, whole files; everything else is refused."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.formats.fetch import client_for, fetch, watching

DATA = b"terms\n" * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()
URL = "https://github.com/a/hp.obo"
Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """github.com resolves to a public address, purl.obolibrary.org to one of this machine; nothing is really asked."""
    addresses = {"github.com": "140.82.121.3", "purl.obolibrary.org": "127.0.0.1"}

    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        if host not in addresses:
            raise socket.gaierror("Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (addresses[host], 443))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def answering(handler: Handler) -> httpx.MockTransport:
    return httpx.MockTransport(handler)


def good(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=DATA)


def never(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.url} was asked")


def test_a_file_is_fetched_once_and_its_progress_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    token = watching.set(lambda url, so_far, total: told.append((url, so_far, total)))
    to = tmp_path / "hpo" / "hp.obo"
    assert fetch(URL, to, sha256=SHA256, transport=answering(good)) == to
    watching.reset(token)
    assert to.read_bytes() == DATA
    assert told[-1] == (URL, len(DATA), len(DATA))
    assert fetch(URL, to, sha256=SHA256, transport=answering(never)) == to
    assert [path.name for path in to.parent.iterdir()] == ["hp.obo"]


def test_other_bytes_than_expected_are_not_kept(tmp_path: Path) -> None:
    to = tmp_path / "hp.obo"
    to.write_bytes(b"before")
    with pytest.raises(BadFormat, match="was expected"):
        fetch(URL, to, sha256="0" * 64, transport=answering(good))
    assert to.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["hp.obo"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://github.com/a", "no address that Probatum fetches from"),
        ("https://example.org/a", "no address"),
        ("https://github.com:8443/a", "no address"),
        ("https://github.com@example.org/a", "no address"),
        ("https://me:secret@github.com/a", "no address"),
        ("file:///etc/passwd", "no address"),
        ("https://purl.obolibrary.org/obo/hp.obo", "leads to 127.0.0.1, which is in no public network"),
        ("https://objects.githubusercontent.com/a", "is not found"),
    ],
)
def test_addresses_that_are_refused(tmp_path: Path, url: str, said: str) -> None:
    for transport in (
        answering(never),
        answering(
            lambda request: (
                httpx.Response(302, headers={"location": url}) if "/a/" in request.url.path else never(request)
            )
        ),
    ):
        first = url if transport.handler is never else URL
        with pytest.raises(NeedsFile, match=said):
            fetch(first, tmp_path / "x", sha256=SHA256, transport=transport)
    assert list(tmp_path.iterdir()) == []


def test_redirects_are_followed_within_the_hosts_and_not_for_ever(tmp_path: Path) -> None:
    def twice(request: httpx.Request) -> httpx.Response:
        step = int(request.url.params.get("n", "0"))
        return httpx.Response(302, headers={"location": f"?n={step + 1}"}) if step < 2 else good(request)

    assert fetch(URL, tmp_path / "x", sha256=SHA256, transport=answering(twice)).read_bytes() == DATA
    round_and_round = answering(lambda request: httpx.Response(302, headers={"location": str(request.url)}))
    with pytest.raises(NeedsFile, match="more than 5 redirects"):
        fetch(URL, tmp_path / "y", sha256=SHA256, transport=round_and_round)


def test_limits_of_size_and_time(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match="larger than 10 bytes"):
        fetch(URL, tmp_path / "x", sha256=SHA256, largest=10, transport=answering(good))

    def unsaid(_: httpx.Request) -> httpx.Response:
        def blocks() -> Iterator[bytes]:
            yield from (DATA for _ in range(100))

        return httpx.Response(200, content=blocks())

    with pytest.raises(NeedsFile, match="larger than"):
        fetch(URL, tmp_path / "x", sha256=SHA256, largest=50 * len(DATA), transport=answering(unsaid))
    with pytest.raises(NeedsFile, match="took too long"):
        fetch(URL, tmp_path / "x", sha256=SHA256, longest=-1.0, transport=answering(good))
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_fails(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match="answered 404"):
        fetch(URL, tmp_path / "x", sha256=SHA256, transport=answering(lambda _: httpx.Response(404)))

    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(NeedsFile, match="could not be fetched: refused"):
        fetch(URL, tmp_path / "x", sha256=SHA256, transport=answering(broken))


def test_a_peer_in_a_private_network_is_refused_though_its_name_looked_public(tmp_path: Path) -> None:
    class Stream:
        def get_extra_info(self, _: str) -> tuple[str, int]:
            return ("10.0.0.1", 443)

    rebound = answering(lambda _: httpx.Response(200, content=DATA, extensions={"network_stream": Stream()}))
    with pytest.raises(NeedsFile, match=r"leads to 10\.0\.0\.1"):
        fetch(URL, tmp_path / "x", sha256=SHA256, transport=rebound)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NeedsFile, match="cannot be written"):
        fetch(URL, tmp_path / "file" / "x", sha256=SHA256, transport=answering(never))


def test_a_client_keeps_to_its_hosts_too() -> None:
    with client_for({"github.com"}, transport=answering(good)) as client:
        assert client.get(URL).content == DATA
        with pytest.raises(NeedsFile, match="no address"):
            client.get("https://example.org/")
