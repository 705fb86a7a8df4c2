"""HTTP to a server of one's own: no redirects, no proxies, nothing read without a bound, nothing logged.

The address is looked up once a connection and the connection goes to the very address that was checked, so no
name can lead text away between the look and the leap. Only a server on this machine is spoken to, unless the
caller says that text may leave it.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from corpora.errors import MissingError, UsageError

KEY = "TERJIMAN_ENDPOINT_KEY"
RISK = "--let-text-leave-this-machine, or let_text_leave_this_machine = true under [translate]"
_LARGEST = 8 << 20  # bytes of a reply
_BLOCK = 1 << 16
_BUSY = frozenset({429, 502, 503})
_WORD = re.compile(r"[A-Za-z][\w .-]{0,60}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is.

    Attributes:
        secure: spoken to over TLS.
        host: name or number.
        port: number.
        path: that all requests begin with, without a final slash.
        beyond: it may lie beyond this machine.
    """

    secure: bool
    host: str
    port: int
    path: str
    beyond: bool = False

    def __str__(self) -> str:
        """Return the address as a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self.secure else ''}://{host}:{self.port}{self.path}"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for, in seconds.

    Attributes:
        connect: for a connection.
        reply: for a whole reply.
        pauses: before each further try, where nobody answers yet or the server is busy.
    """

    connect: float = 10.0
    reply: float = 900.0
    pauses: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0)


PATIENT = Patience()


class _Wait(Exception):  # noqa: N818
    """The server is not ready; holds what to say if it never is."""


def parse(url: str, *, beyond: bool) -> Address:
    """Return the address that a URL names; looks nothing up.

    Raises:
        UsageError: not such a URL, or plainly beyond this machine without leave.
    """
    fix = "Write it like this: endpoint:http://127.0.0.1:8080#MODEL"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"not an address of a server ({error})", place=url, fix=fix) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("not an address of a server", place=url, fix=fix)
    if parts.username or parts.password or parts.query:
        raise UsageError(
            "an address holds no user, password or query", place=parts.hostname, fix=f"A key goes into {KEY}"
        )
    secure = parts.scheme == "https"
    path = parts.path.rstrip("/") or "/v1"
    address = Address(secure, parts.hostname, port or (443 if secure else 80), path, beyond)
    literal = _number(parts.hostname)
    if not beyond and literal is not None and not literal.is_loopback:
        raise _leaves(address)
    return address


def call(
    address: Address, path: str, body: Mapping[str, Any] | None, patience: Patience = PATIENT
) -> dict[str, Any]:
    """Return the JSON object that a server replies with; asks again where it is not ready yet.

    Args:
        path: below the address's own.
        body: sent as JSON; None asks with GET.

    Raises:
        MissingError: nobody answers, the reply is no JSON object, too large, too late, or an error.
        UsageError: the address lies beyond this machine without leave.
    """
    for pause in patience.pauses:
        try:
            return _once(address, path, body, patience)
        except _Wait:
            time.sleep(pause)
    try:
        return _once(address, path, body, patience)
    except _Wait as wait:
        raise MissingError(str(wait), place=str(address), fix="Start the server, or wait for it") from None


def _once(address: Address, path: str, body: Mapping[str, Any] | None, patience: Patience) -> dict[str, Any]:
    deadline = time.monotonic() + patience.reply
    connection = http.client.HTTPConnection(address.host, address.port, timeout=patience.connect)
    try:
        connection.sock = sock = _connect(address, patience)
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        connection.request("GET" if body is None else "POST", address.path + path, data, _headers(address))
        sock.settimeout(patience.reply)
        reply = connection.getresponse()
        text = _read(reply, sock, deadline, address)
        return _checked(reply.status, text, address)
    except TimeoutError:
        raise MissingError("the server does not reply in time", place=str(address)) from None
    except (http.client.HTTPException, ConnectionError, ssl.SSLError) as error:
        raise _Wait(f"the server breaks off ({type(error).__name__})") from None
    finally:
        connection.close()


def _headers(address: Address) -> dict[str, str]:
    host = f"[{address.host}]" if ":" in address.host else address.host
    headers = {"Host": f"{host}:{address.port}", "Content-Type": "application/json", "Connection": "close"}
    if key := os.environ.get(KEY):
        if not key.isascii() or not key.isprintable():
            raise UsageError(f"the key in {KEY} holds signs that no key has")
        headers["Authorization"] = f"Bearer {key}"
    return headers


def _connect(address: Address, patience: Patience) -> socket.socket:
    """Return a connection to an address that was checked."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise MissingError("no such host", place=str(address)) from None
    places = [place for *_, place in found]
    if not address.beyond and not all(_here(str(place[0])) for place in places):
        raise _leaves(address)
    refused: OSError | None = None
    for place in places:
        try:
            plain = socket.create_connection((str(place[0]), int(place[1])), timeout=patience.connect)
        except OSError as error:
            refused = error
            continue
        if not address.secure:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=address.host)
    reason = refused.strerror if refused and refused.strerror else "no answer"
    raise _Wait(f"no server answers ({reason})")


def _read(reply: http.client.HTTPResponse, sock: socket.socket, deadline: float, address: Address) -> bytes:
    """Return the body, of a bounded size and in bounded time, however slowly it drips."""
    blocks: list[bytes] = []
    size = 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if sock.fileno() >= 0:
            sock.settimeout(left)
        block = reply.read1(_BLOCK)
        if not block:
            if reply.length:  # of what was announced; Python's library takes the end of the connection for it
                raise http.client.IncompleteRead(b"", reply.length)
            return b"".join(blocks)
        size += len(block)
        if size > _LARGEST:
            raise MissingError(f"the server's reply is larger than {_LARGEST >> 20} MB", place=str(address))
        blocks.append(block)


def _checked(status: int, text: bytes, address: Address) -> dict[str, Any]:
    if status in _BUSY:
        raise _Wait(f"the server is not ready (HTTP {status})")
    if 300 <= status < 400:
        raise MissingError(
            f"the server sends one elsewhere (HTTP {status}), which is not followed", place=str(address)
        )
    try:
        reply = json.loads(text)
    except (ValueError, RecursionError):
        reply = None
    if status in (401, 403):
        raise MissingError(
            f"the server wants a key (HTTP {status})", place=str(address), fix=f"Put it into {KEY}"
        )
    if status != 200:
        raise MissingError(f"the server refuses (HTTP {status}{_kind(reply)})", place=str(address))
    if not isinstance(reply, dict):
        raise MissingError(
            "the reply is no JSON object: not an OpenAI-compatible server, or not at this path",
            place=str(address),
        )
    return reply


def _kind(reply: object) -> str:
    """Return the kind of an error, never its message: that could repeat what was asked."""
    error = reply.get("error") if isinstance(reply, dict) else None
    kind = error.get("type") if isinstance(error, dict) else None
    return f", {kind}" if isinstance(kind, str) and _WORD.fullmatch(kind) else ""


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _here(number: str) -> bool:
    found = _number(number.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return found is not None and found.is_loopback


def _leaves(address: Address) -> UsageError:
    return UsageError(
        "this server is not on this machine: every sentence would be sent to it, and whoever runs it "
        "or listens on the way could read them",
        place=str(address),
        fix=f"If that is safe for the people in the texts: {RISK}",
    )
