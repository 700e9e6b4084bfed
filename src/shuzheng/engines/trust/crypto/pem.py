"""PEM armour (RFC 7468)."""

from __future__ import annotations

import base64
import binascii
from textwrap import wrap


def to_pem(label: str, der: bytes) -> str:
    """Return DER as base64 between the lines that name it."""
    body = "\n".join(wrap(base64.b64encode(der).decode("ascii"), 64))
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


def from_pem(label: str, pem: str) -> bytes:
    """Return the DER of the first block with a label. Raises ValueError."""
    _, start, rest = pem.partition(f"-----BEGIN {label}-----")
    body, end, _ = rest.partition(f"-----END {label}-----")
    if not start or not end:
        raise ValueError(f"There is no {label} in this PEM text.")
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except binascii.Error:
        raise ValueError("The PEM text is damaged.") from None
