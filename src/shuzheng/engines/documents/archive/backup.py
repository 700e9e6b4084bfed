"""Copies in the second storage: writing, reading back, and bringing back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shuzheng.engines.documents.archive.errors import NoBackup
from shuzheng.engines.documents.archive.gateways import second
from shuzheng.engines.documents.archive.models import ArchivePackage, BackupCopy
from shuzheng.engines.documents.archive.package import digest_of
from shuzheng.engines.documents.gateways.storage import PIECE


def problem_of(copy: BackupCopy) -> str:
    """Return what is wrong with a copy: missing or changed; nothing if it is intact. Raises NoBackup."""
    try:
        with second().open(copy.storage_key) as stream:
            digest, _size = digest_of(stream)
    except OSError:
        return "missing"
    return "" if digest == copy.package.sm3 else "changed"


@contextmanager
def bring_back(package: ArchivePackage) -> Iterator[Path]:
    """Fetch a package's copy to a scratch file and prove it intact. Raises NoBackup."""
    copy = BackupCopy.objects.select_related("package").filter(package=package).first()
    if copy is None:
        raise NoBackup
    with tempfile.TemporaryDirectory(prefix="archive-") as scratch:
        path = Path(scratch) / "package.zip"
        try:
            with second().open(copy.storage_key) as incoming, path.open("wb") as outgoing:
                shutil.copyfileobj(incoming, outgoing, PIECE)
        except OSError as problem:
            raise NoBackup from problem
        with path.open("rb") as stream:
            if digest_of(stream)[0] != package.sm3:
                raise NoBackup
        yield path
