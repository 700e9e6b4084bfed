"""Where the archives have their second storage."""

from __future__ import annotations

from shuzheng.settings.environment import declare

ARCHIVE_BACKUP = declare(
    "SHUZHENG_ARCHIVE_BACKUP",
    str,
    "",
    "Second copy of archive packages: a folder, e.g. a volume in another place, or "
    "s3://bucket/prefix?endpoint=https://…&credentials=/file (what it leaves out, SHUZHENG_S3_… say).",
)
