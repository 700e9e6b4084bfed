"""Calling other systems over HTTP: bounded in time and size, never led astray to a machine inside (SSRF).

A name is resolved once, every address it has is judged, and the connection goes to the judged address itself, so that a
name which answers differently the second time (DNS rebinding) gains nothing. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings

from shuzheng.engines.messaging.errors import ChannelDown, NotSafe
from shuzheng.kernel import calling
from shuzheng.kernel.calling import PORTS, Answer
from shuzheng.kernel.error import FieldProblem

#: IPv6 addresses that carry an IPv4 address, which may be an inner one: NAT64, 6to4, Teredo, mapped and compatible ones.
TRANSLATED = [
    ipaddress.IPv6Network(network)
    for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::ffff:0:0/96", "::/96")
]


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
    try:
        address = "" if trusted else _resolve(parts.hostname or "", parts.port or PORTS[parts.scheme])
        return calling.post(url, body, headers, timeout=timeout, address=address)
    except (OSError, http.client.HTTPException) as failure:
        raise ChannelDown(reason=type(failure).__name__) from failure


def _resolve(host: str, port: int) -> str:
    """Return an address of a host, all of whose addresses are public or allowed. Raises NotSafe, ChannelDown."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as failure:
        raise ChannelDown(reason="name") from failure
    if not _allowed(host) and not all(_public(ipaddress.ip_address(address)) for address in found):
        raise _unsafe()
    return sorted(found)[0]


def _public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Say whether an address is on the open Internet, and not one that a gateway turns into an inner one."""
    if isinstance(address, ipaddress.IPv6Address) and any(address in network for network in TRANSLATED):
        return False
    return address.is_global and not address.is_multicast


def _allowed(host: str) -> bool:
    return host in settings.WEBHOOK_PRIVATE_HOSTS


def _unsafe() -> NotSafe:
    return NotSafe(FieldProblem("url", str(NotSafe.message)))
