"""What the archives keep about packages, destruction, transfer, fixity and backup."""

from __future__ import annotations

from shuzheng.engines.documents.archive.models.backup import BackupCopy, BackupDrill
from shuzheng.engines.documents.archive.models.destruction import (
    DestructionLine,
    DestructionList,
    LineVerdict,
    ListState,
)
from shuzheng.engines.documents.archive.models.fixity import FixityRun
from shuzheng.engines.documents.archive.models.package import ArchivePackage, PackageState
from shuzheng.engines.documents.archive.models.transfer import ArchiveTransfer, TransferState

__all__ = [
    "ArchivePackage",
    "ArchiveTransfer",
    "BackupCopy",
    "BackupDrill",
    "DestructionLine",
    "DestructionList",
    "FixityRun",
    "LineVerdict",
    "ListState",
    "PackageState",
    "TransferState",
]
