"""Files that were accepted, uploads on their way, the seal service and the archives."""

from __future__ import annotations

from shuzheng.engines.documents.archive import models as archive
from shuzheng.engines.documents.models.stored_file import ScanStatus, StoredFile
from shuzheng.engines.documents.models.upload import Upload
from shuzheng.engines.documents.seals import models as seals

__all__ = ["ScanStatus", "StoredFile", "Upload", "archive", "seals"]
