"""What can be done with files, seals and licences."""

from __future__ import annotations

from shuzheng.engines.documents.actions.begin_upload import BeginUpload
from shuzheng.engines.documents.actions.clear_uploads import ClearUploads
from shuzheng.engines.documents.actions.discard_upload import DiscardUpload
from shuzheng.engines.documents.actions.granting import GrantUse, WithdrawUse
from shuzheng.engines.documents.actions.locking import BreakLock, LockFile, UnlockFile
from shuzheng.engines.documents.actions.rescan_file import RescanFile
from shuzheng.engines.documents.actions.retaining import DisposeFile, HoldFile, ReleaseFile, SetRetention
from shuzheng.engines.documents.actions.store_file import StoreFile
from shuzheng.engines.documents.actions.versioning import AddVersion, RestoreVersion
from shuzheng.engines.documents.archive import actions as archive
from shuzheng.engines.documents.credentials import actions as credentials
from shuzheng.engines.documents.seals import actions as seals

__all__ = [
    "AddVersion",
    "BeginUpload",
    "BreakLock",
    "ClearUploads",
    "DiscardUpload",
    "DisposeFile",
    "GrantUse",
    "HoldFile",
    "LockFile",
    "ReleaseFile",
    "RescanFile",
    "RestoreVersion",
    "SetRetention",
    "StoreFile",
    "UnlockFile",
    "WithdrawUse",
    "archive",
    "credentials",
    "seals",
]
