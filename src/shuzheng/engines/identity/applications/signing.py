"""HTTP Message Signatures (RFC 9421) in the profile that applications sign with; pure, for both sides.

One signature over at least ``@method``, ``@path``, ``@query`` where there is one, and ``content-digest`` (RFC 9530) where
there is a body, with the parameters ``created``, ``keyid`` and ``nonce``. Algorithms: ``hmac-sha256`` and ``ed25519`` of
the standard, ``hmac-sm3`` and ``sm2-sm3`` for national cryptography (GB/T 32905, 32918).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shuzheng.engines.trust.crypto import provider

_MEMBER = re.compile(
    r'([a-z*][a-z0-9_.*-]*)=(\((?P<covered>[^()]*)\)(?P<params>(?:;[a-z]+=(?:[0-9]{1,15}|"[ !#-~]*"))*))'
)
_PARAM = re.compile(r';([a-z]+)=(?:([0-9]+)|"([ !#-~]*)")')
_NAME = re.compile(r'"(@?[a-z0-9-]+)"')
_VALUE = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*=*):")
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_LONGEST = 2000


class Malformed(ValueError):
    """The headers are not a signature of this profile; the text says what is missing."""


@dataclass(frozen=True)
class Message:
    """The parts of a request that can be signed."""

    method: str
    #: As sent, percent-encoded.
    path: str
    #: Without the question mark.
    query: str
    #: By lower-case name.
    headers: Mapping[str, str]
    body: bytes

    def component(self, name: str) -> str:
        """Return the value of a covered component (§2). Raises Malformed."""
        derived = {
            "@method": self.method.upper(),
            "@path": self.path or "/",
            "@query": f"?{self.query}",
            "@authority": self.headers.get("host", "").lower(),
        }
        value = derived.get(name) if name.startswith("@") else self.headers.get(name)
        if value is None:
            raise Malformed(name)
        return value.strip()


@dataclass(frozen=True)
class Signature:
    """A signature as it came, not yet verified."""

    covered: tuple[str, ...]
    #: The serialised inner list with its parameters, exactly as signed.
    params: str
    created: int
    key_id: str
    nonce: str
    algorithm: str
    value: bytes

    def base(self, message: Message) -> bytes:
        """Return the signature base (§2.5). Raises Malformed."""
        lines = [f'"{name}": {message.component(name)}' for name in self.covered]
        return "\n".join([*lines, f'"@signature-params": {self.params}']).encode()


def read(message: Message) -> Signature:
    """Return the signature of a request. Raises Malformed, also where it does not cover what it must."""
    given = message.headers.get("signature-input", "")
    found = _MEMBER.fullmatch(given.strip()) if len(given) <= _LONGEST else None
    if found is None:
        raise Malformed("Signature-Input")
    params = {name: number or text for name, number, text in _PARAM.findall(found["params"])}
    covered = _covered(found["covered"], message)
    value = _VALUE.fullmatch(message.headers.get("signature", "").strip())
    if value is None or value[1] != found[1]:
        raise Malformed("Signature")
    for name in ("created", "keyid", "nonce"):
        if name not in params:
            raise Malformed(name)
    if not params["created"].isdigit() or not _NONCE.fullmatch(params["nonce"]):
        raise Malformed("nonce")
    return Signature(
        covered,
        found[2],
        int(params["created"]),
        params["keyid"],
        params["nonce"],
        params.get("alg", ""),
        _decoded(value[2]),
    )


def digest_holds(message: Message) -> bool:
    """Say whether ``Content-Digest`` is that of the body; without a body there need be none. Raises Malformed."""
    given = message.headers.get("content-digest", "")
    if not given:
        return not message.body
    found = dict(_VALUE.findall(given))
    known: dict[str, Callable[[bytes], bytes]] = {
        "sha-256": lambda body: hashlib.sha256(body).digest(),
        "sm3": provider().sm3,
    }
    checked = [
        hmac.compare_digest(known[name](message.body), _decoded(text, "Content-Digest"))
        for name, text in found.items()
        if name in known
    ]
    return bool(checked) and all(checked)


def sign(message: Message, key_id: str, created: int, nonce: str, signer: Callable[[bytes], bytes]) -> dict[str, str]:
    """Return the headers that sign a request, as a client adds them."""
    headers = dict(message.headers)
    covered = ["@method", "@path", *(["@query"] if message.query else [])]
    if message.body:
        headers["content-digest"] = f"sha-256=:{base64.b64encode(hashlib.sha256(message.body).digest()).decode()}:"
        covered.append("content-digest")
    names = " ".join(f'"{name}"' for name in covered)
    params = f'({names});created={created};keyid="{key_id}";nonce="{nonce}"'
    unsigned = Signature(tuple(covered), params, created, key_id, nonce, "", b"")
    told = unsigned.base(Message(message.method, message.path, message.query, headers, message.body))
    sent = {"Signature-Input": f"sig1={params}", "Signature": f"sig1=:{base64.b64encode(signer(told)).decode()}:"}
    return sent | ({"Content-Digest": headers["content-digest"]} if message.body else {})


def _covered(text: str, message: Message) -> tuple[str, ...]:
    names = [] if not text else text.split(" ")
    found = [_NAME.fullmatch(name) for name in names]
    covered = tuple(match[1] for match in found if match)
    if len(covered) != len(names) or len(set(covered)) != len(covered):
        raise Malformed("Signature-Input")
    needed = ["@method", "@path"]
    needed += ["@query"] if message.query else []
    needed += ["content-digest"] if message.body else []
    for name in needed:
        if name not in covered:
            raise Malformed(name)
    return covered


def _decoded(text: str, header: str = "Signature") -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Malformed(header) from None
