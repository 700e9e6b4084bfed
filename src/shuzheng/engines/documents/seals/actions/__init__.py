"""The verbs of the seal service, from filing to revocation."""

from __future__ import annotations

from shuzheng.engines.documents.seals.actions.approving import ApproveSealUse, RefuseSealUse
from shuzheng.engines.documents.seals.actions.expiring import ExpireSeals
from shuzheng.engines.documents.seals.actions.filing import FileSeal
from shuzheng.engines.documents.seals.actions.granting import GrantSeal, RevokeSealGrant
from shuzheng.engines.documents.seals.actions.making import MakeSeal, RenewSeal
from shuzheng.engines.documents.seals.actions.requesting import RequestSealUse, WithdrawSealRequest
from shuzheng.engines.documents.seals.actions.serving import StampForApplication
from shuzheng.engines.documents.seals.actions.stamping import StampDocument, StampRequest
from shuzheng.engines.documents.seals.actions.stopping import FreezeSeal, RevokeSeal, UnfreezeSeal

__all__ = [
    "ApproveSealUse",
    "ExpireSeals",
    "FileSeal",
    "FreezeSeal",
    "GrantSeal",
    "MakeSeal",
    "RefuseSealUse",
    "RenewSeal",
    "RequestSealUse",
    "RevokeSeal",
    "RevokeSealGrant",
    "StampDocument",
    "StampForApplication",
    "StampRequest",
    "UnfreezeSeal",
    "WithdrawSealRequest",
]
