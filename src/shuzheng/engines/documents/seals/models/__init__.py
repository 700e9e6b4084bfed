"""What the seal service keeps: seals and their history, grants, requests, uses, keys and certificates."""

from __future__ import annotations

from shuzheng.engines.documents.seals.models.grant import SealGrant
from shuzheng.engines.documents.seals.models.key import CertificateRole, SealCertificate, SealKey
from shuzheng.engines.documents.seals.models.request import RequestState, SealRequest, SealRequestFile
from shuzheng.engines.documents.seals.models.seal import Seal, SealEvent, SealKind, SealState
from shuzheng.engines.documents.seals.models.use import SealTally, SealUse, StampedFile

__all__ = [
    "CertificateRole",
    "RequestState",
    "Seal",
    "SealCertificate",
    "SealEvent",
    "SealGrant",
    "SealKey",
    "SealKind",
    "SealRequest",
    "SealRequestFile",
    "SealState",
    "SealTally",
    "SealUse",
    "StampedFile",
]
