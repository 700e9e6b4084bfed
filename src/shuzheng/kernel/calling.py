"""Posting to another system over HTTP, bounded in time and size: no answer, however slow, holds us longer."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Timer
from urllib.parse import urlsplit

#: Bytes of an answer that are read at most.
LARGEST = 64 * 1024
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Answer:
    """What the other system said."""

    status: int
    body: bytes


def post(
    url: str,
    body: bytes,
    headers: dict[str, str],
    *,
    timeout: float,
    address: str = "",
    largest: int = LARGEST,
    trust: str = "",
) -> Answer:
    """Post to a system and return its answer; redirects are not followed.

    ``timeout`` bounds the whole exchange in seconds, the handshake included; ``address`` is where to connect, if the
    name has been resolved and judged; ``largest`` is how much of the answer is read; ``trust`` is a file of the TLS
    certificates that alone are believed, the system's where it is empty. Raises OSError, HTTPException.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    with (
        closing(socket.create_connection((address or host, port), timeout)) as line,
        _cut_after(line, timeout),
        closing(_connection(parts.scheme, host, port, line, trust)) as connection,
    ):
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.read(largest))


def _connection(scheme: str, host: str, port: int, line: socket.socket, trust: str) -> http.client.HTTPConnection:
    """Return a connection over a line, which speaks to the host of this name."""
    connection = http.client.HTTPConnection(host, port)
    connection.sock = line
    if scheme == "https":
        connection.sock = ssl.create_default_context(cafile=trust or None).wrap_socket(line, server_hostname=host)
    return connection


@contextmanager
def _cut_after(line: socket.socket, seconds: float) -> Iterator[None]:
    """Cut a line after so many seconds, so that an answer that drips byte by byte cannot hold us longer.

    Raises TimeoutError if it was cut: what was read until then is no answer.
    """
    # A line of its own to the same connection: TLS takes the first one over, and closes it.
    other, late = line.dup(), Event()
    timer = Timer(seconds, lambda: (late.set(), _cut(other)))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        other.close()
        if late.is_set():
            raise TimeoutError


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
