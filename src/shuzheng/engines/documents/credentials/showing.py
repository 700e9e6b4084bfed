"""The code that a holder shows (出示码): signed, good for a minute, of no use to whoever photographs it later."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

from shuzheng.engines.documents.credentials.facing import verify_url
from shuzheng.kernel.moment import now

#: Seconds after which the page shows a new code, and for which a code is accepted.
REFRESH, LIFE = 60, 75
_SALT = "documents.credentials.showing"


def token(credential_id: UUID) -> str:
    """Return a fresh code."""
    return signing.Signer(salt=_SALT, sep="~").sign(f"{credential_id.hex}-{int(now().timestamp()):x}")


def address(credential_id: UUID) -> str:
    """Return the address that the QR code carries."""
    return verify_url(f"show/{token(credential_id)}")


def read(text: str) -> UUID | None:
    """Return the licence of a code that is genuine and fresh."""
    try:
        plain = signing.Signer(salt=_SALT, sep="~").unsign(text)
        name, _dash, made = plain.partition("-")
        age = now().timestamp() - int(made, 16)
        return UUID(hex=name) if -5 <= age <= LIFE else None
    except (signing.BadSignature, ValueError):
        return None
