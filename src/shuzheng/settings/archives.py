"""Where the archives have their second storage."""

from __future__ import annotations

from shuzheng.settings.environment import declare

ARCHIVE_BACKUP = declare(
    "SHUZHENG_ARCHIVE_BACKUP", str, "", "Folder of the second copy of archive packages, e.g. a volume in another place."
)
