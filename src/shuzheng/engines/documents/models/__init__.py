"""Files that were accepted, uploads on their way, the seal service and the archives."""

from __future__ import annotations

from shuzheng.engines.documents.archive import models as archive
from shuzheng.engines.documents.models.file_lock import FileLock
from shuzheng.engines.documents.models.file_retention import Disposal, FileRetention
from shuzheng.engines.documents.models.file_right import FileRight, Use
from shuzheng.engines.documents.models.stored_file import ScanStatus, StoredFile
from shuzheng.engines.documents.models.upload import Upload
from shuzheng.engines.documents.seals import models as seals

__all__ = [
    "Disposal",
    "FileLock",
    "FileRetention",
    "FileRight",
    "ScanStatus",
    "StoredFile",
    "Upload",
    "Use",
    "archive",
    "seals",
]
