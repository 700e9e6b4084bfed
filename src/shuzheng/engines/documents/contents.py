"""The bytes of files: kept under their SM3 once, and given up when the last file that has them lets go."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction

from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.documents.gateways.storage import key_of, sm3_of
from shuzheng.engines.documents.models.stored_file import StoredFile

_SHARED, _ALONE = "pg_advisory_xact_lock_shared", "pg_advisory_xact_lock"


def keep(source: Path) -> tuple[str, str]:
    """Store a local file and return its key and its SM3. Call it in the transaction that writes the file's row.

    Until that has ended, nobody gives the same bytes up. Raises StorageDown, StorageFull.
    """
    digest = sm3_of(source)
    _hold(_SHARED, key_of(digest))
    return storage().store(source, digest), digest


def share(file: StoredFile) -> None:
    """See to it that the bytes of a file stay until another file that has them is written in this transaction."""
    _hold(_SHARED, file.storage_key)


def give_up(key: str) -> bool:
    """Remove bytes unless a file still has them, and say whether they are gone. Raises StorageDown."""
    with transaction.atomic():
        _hold(_ALONE, key)
        if StoredFile.objects.filter(sm3=key.rpartition("/")[2], bytes_gone_at=None).exists():
            return False
        storage().remove(key)
    return True


def _hold(how: str, key: str) -> None:
    """Hold the key until the transaction ends; storing holds it together with others, removing alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {how}(hashtextextended(%s, 0))", [f"documents:{key}"])
