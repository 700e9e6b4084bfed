"""Secrets that an installation makes for itself, in ``SHUZHENG_HOME/keys``."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def keys_folder(home: Path) -> Path:
    """Return the folder of keys, which only its owner may enter."""
    folder = home / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def secret_key(home: Path, name: str = "secret-key") -> str:
    """Return a secret (by default the key that signs sessions); made at first use, readable by its owner only.

    Two processes that start at once agree on one: whoever links the complete file first decides.
    """
    file = keys_folder(home) / name
    if not file.exists():
        draft = file.with_name(f".{name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text()
