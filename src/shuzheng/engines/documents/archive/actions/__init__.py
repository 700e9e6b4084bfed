"""What can be done with archives."""

from __future__ import annotations

from shuzheng.engines.documents.archive.actions.announcing import AnnounceDue, SweepVault
from shuzheng.engines.documents.archive.actions.backing_up import BackUpArchive, DrillBackup
from shuzheng.engines.documents.archive.actions.destroying import (
    FinishReview,
    JudgeLine,
    OrderDestruction,
    WithdrawDestruction,
)
from shuzheng.engines.documents.archive.actions.erasing import CarryOutDestruction
from shuzheng.engines.documents.archive.actions.fixity import CheckFixity, RepairPackage
from shuzheng.engines.documents.archive.actions.packing import DatePackage, EnterEvent, PackArchive, RecallPackage
from shuzheng.engines.documents.archive.actions.proposing import ProposeDestruction
from shuzheng.engines.documents.archive.actions.receiving import ReceiveTransfer
from shuzheng.engines.documents.archive.actions.transferring import BeginTransfer, ConfirmTransfer

__all__ = [
    "AnnounceDue",
    "BackUpArchive",
    "BeginTransfer",
    "CarryOutDestruction",
    "CheckFixity",
    "ConfirmTransfer",
    "DatePackage",
    "DrillBackup",
    "EnterEvent",
    "FinishReview",
    "JudgeLine",
    "OrderDestruction",
    "PackArchive",
    "ProposeDestruction",
    "RecallPackage",
    "ReceiveTransfer",
    "RepairPackage",
    "SweepVault",
    "WithdrawDestruction",
]
