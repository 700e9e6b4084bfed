"""Licences, their history, the holder's authorisations, uses, counts."""

from __future__ import annotations

from shuzheng.engines.documents.credentials.models.authorisation import UseAuthorisation
from shuzheng.engines.documents.credentials.models.batch import CredentialBatch
from shuzheng.engines.documents.credentials.models.credential import (
    Credential,
    CredentialEvent,
    CredentialSerial,
)
from shuzheng.engines.documents.credentials.models.state import CredentialState, Origin
from shuzheng.engines.documents.credentials.models.use import CredentialTally, CredentialUse, UseWay

__all__ = [
    "Credential",
    "CredentialBatch",
    "CredentialEvent",
    "CredentialSerial",
    "CredentialState",
    "CredentialTally",
    "CredentialUse",
    "Origin",
    "UseAuthorisation",
    "UseWay",
]
