"""Calling other systems over HTTP: bounded in time and size, never led astray to a machine inside (SSRF).

A name is resolved once, every address it has is judged, and the connection goes to the judged address itself, so that a
name which answers differently the second time (DNS rebinding) gains nothing. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Timer
from urllib.parse import urlsplit

from django.conf import settings

from shuzheng.engines.messaging.errors import ChannelDown, NotSafe
from shuzheng.kernel.error import FieldProblem

#: Bytes of an answer that are read at most.
LARGEST = 64 * 1024
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Answer:
    """What the other system said."""

    status: int
    body: bytes


def check_target(url: str) -> None:
    """Refuse an address that is not https, has credentials in it, or leads inside. Raises NotSafe."""
    parts = urlsplit(url)
    plain = parts.scheme == "http" and _allowed(parts.hostname or "")
    if not parts.hostname or parts.username or (parts.scheme != "https" and not plain):
        raise _unsafe()
    _resolve(parts.hostname, parts.port or PORTS[parts.scheme])


def post(url: str, body: bytes, headers: dict[str, str], *, timeout: float, trusted: bool = False) -> Answer:
    """Post to a system and return its answer.

    ``timeout`` bounds the whole exchange in seconds; ``trusted`` is for providers named in settings, which may lie
    inside. Raises NotSafe, and ChannelDown where there is no answer in time.
    """
    if not trusted:
        check_target(url)
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    try:
        address = host if trusted else _resolve(host, port)
        with (
            closing(_connect(parts.scheme, host, address, port, timeout)) as connection,
            _cut_after(connection, timeout),
        ):
            path = parts.path or "/"
            connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.read(LARGEST))
    except (OSError, http.client.HTTPException) as failure:
        raise ChannelDown(reason=type(failure).__name__) from failure


def _connect(scheme: str, host: str, address: str, port: int, timeout: float) -> http.client.HTTPConnection:
    """Return a connection to an address that speaks to the host of this name."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    connection.sock = socket.create_connection((address, port), timeout)
    if scheme == "https":
        connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
    return connection


@contextmanager
def _cut_after(connection: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """Cut the line after so many seconds, so that an answer that drips byte by byte cannot hold us longer.

    Raises TimeoutError if it was cut: what was read until then is no answer.
    """
    line, late = connection.sock, Event()
    timer = Timer(seconds, lambda: (late.set(), _cut(line)))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if late.is_set():
            raise TimeoutError


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _resolve(host: str, port: int) -> str:
    """Return an address of a host, all of whose addresses are public or allowed. Raises NotSafe, ChannelDown."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as failure:
        raise ChannelDown(reason="name") from failure
    if not _allowed(host) and not all(ipaddress.ip_address(address).is_global for address in found):
        raise _unsafe()
    return sorted(found)[0]


def _allowed(host: str) -> bool:
    return host in settings.WEBHOOK_PRIVATE_HOSTS


def _unsafe() -> NotSafe:
    return NotSafe(FieldProblem("url", str(NotSafe.message)))
