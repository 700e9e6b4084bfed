"""The outside world of this engine: where bytes lie and who looks for viruses; chosen by the settings."""

from __future__ import annotations

from django.conf import settings

from shuzheng.engines.documents.gateways.antivirus import ClamAv, FailingScanner, NoScanner, Scanner
from shuzheng.engines.documents.gateways.places import at, ours
from shuzheng.engines.documents.gateways.storage import Storage

#: Where files lie within a storage, and where packages of the archive.
FILES, ARCHIVE = "files", "archive"


def storage() -> Storage:
    """Return the storage of files of this installation."""
    return at(ours(), FILES)


def scanner() -> Scanner:
    """Return the scanner named by ``SHUZHENG_ANTIVIRUS``: ``none``, ``failing``, ``tcp://host:port`` or ``unix:///path``."""
    address = str(settings.ANTIVIRUS)
    if address == "none":
        return NoScanner()
    return FailingScanner() if address == "failing" else ClamAv(address)
