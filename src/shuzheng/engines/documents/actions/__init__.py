"""What can be done with files, seals and licences."""

from __future__ import annotations

from shuzheng.engines.documents.actions.begin_upload import BeginUpload
from shuzheng.engines.documents.actions.clear_uploads import ClearUploads
from shuzheng.engines.documents.actions.discard_upload import DiscardUpload
from shuzheng.engines.documents.actions.rescan_file import RescanFile
from shuzheng.engines.documents.actions.store_file import StoreFile
from shuzheng.engines.documents.archive import actions as archive
from shuzheng.engines.documents.credentials import actions as credentials
from shuzheng.engines.documents.seals import actions as seals

__all__ = ["BeginUpload", "ClearUploads", "DiscardUpload", "RescanFile", "StoreFile", "archive", "credentials", "seals"]
