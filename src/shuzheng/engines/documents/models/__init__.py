"""Files that were accepted, and uploads on their way."""

from __future__ import annotations

from shuzheng.engines.documents.models.stored_file import ScanStatus, StoredFile
from shuzheng.engines.documents.models.upload import Upload

__all__ = ["ScanStatus", "StoredFile", "Upload"]
