"""Where secrets come from: a ring of master keys, from which one key per purpose is derived.

The master keys lie in ``SHUZHENG_HOME/keys/master.keys`` (created with mode 0600 at the first use), one line each,
``<id> <64 hex digits>``, the newest last; or, for installations without a folder of their own, in the environment
variable ``SHUZHENG_MASTER_KEY`` in the same form, separated by commas. The newest key encrypts; older ones only decrypt.
The oldest also keys the blind indexes, which have to stay the same while data keys are rotated.
"""

from __future__ import annotations

import os
import re
import secrets
from abc import ABC, abstractmethod
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from shuzheng.engines.trust.crypto.provider import provider

_LINE = re.compile(r"(k[0-9]+)\s+([0-9a-fA-F]{64})")


class KeyProblem(Exception):
    """The master keys are missing, damaged, readable by others, or not ours to change; says what to do."""


class UnknownKey(KeyProblem):
    """Something was sealed with a master key that is no longer in the ring."""


class KeyRing(ABC):
    """Keys by purpose. A ring in hardware returns references that its provider understands."""

    @abstractmethod
    def current(self) -> str:
        """Return the id of the key that encrypts."""

    @abstractmethod
    def key(self, purpose: str, key_id: str) -> bytes:
        """Return the 32-byte key of a purpose under a master key. Raises UnknownKey."""

    @abstractmethod
    def index_key(self, purpose: str) -> bytes:
        """Return the 32-byte key of a blind index; it outlives rotation."""

    @abstractmethod
    def rotate(self) -> str:
        """Add a master key that encrypts from now on and return its id. Raises KeyProblem."""


class MasterKeyRing(KeyRing):
    """Master keys in a file or in the environment; purposes derived by HMAC-SM3 (SP 800-108, one block)."""

    def __init__(self) -> None:
        """Load the master keys, making the first one where there is none. Raises KeyProblem."""
        self._from_environment = settings.SHUZHENG_MASTER_KEY
        self._path = Path(settings.HOME) / "keys" / "master.keys"
        self._derived: dict[tuple[str, str], bytes] = {}
        self._masters = self._load()

    def current(self) -> str:
        """Return the newest key's id."""
        return next(reversed(self._masters))

    def key(self, purpose: str, key_id: str) -> bytes:
        """Return the derived key; a key that another process has just added is looked up in the file."""
        if (found := self._derived.get((purpose, key_id))) is not None:
            return found
        if key_id not in self._masters:
            self._masters = self._load()
        if key_id not in self._masters:
            raise UnknownKey(f"Master key {key_id!r} is not in the ring; restore it from the backup of {self._path}.")
        derived = provider().hmac_sm3(self._masters[key_id], b"\x01shuzheng\x00" + purpose.encode())
        self._derived[purpose, key_id] = derived
        return derived

    def index_key(self, purpose: str) -> bytes:
        """Return the key derived from the oldest master key."""
        return self.key(f"index:{purpose}", next(iter(self._masters)))

    def rotate(self) -> str:
        """Append a master key to the file."""
        if self._from_environment:
            raise KeyProblem("The master keys come from SHUZHENG_MASTER_KEY; append a new one there and restart.")
        self._masters = self._load()
        key_id = f"k{int(self.current()[1:]) + 1}"
        lines = self._path.read_text("ascii").rstrip("\n") + f"\n{key_id} {secrets.token_hex(32)}\n"
        draft = self._write_draft("rotation", lines)
        draft.replace(self._path)
        self._masters = self._load()
        return key_id

    def _load(self) -> dict[str, bytes]:
        if self._from_environment:
            return _parse(self._from_environment.replace(",", "\n"), "SHUZHENG_MASTER_KEY")
        if not self._path.exists():
            self._create()
        if self._path.stat().st_mode & 0o077:
            raise KeyProblem(f"{self._path} can be read by others than its owner; run: chmod 600 {self._path}")
        return _parse(self._path.read_text("ascii"), str(self._path))

    def _create(self) -> None:
        """Make the first master key; when several processes start at once, one of them wins."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._write_draft(f"{os.getpid()}-{secrets.token_hex(4)}", f"k1 {secrets.token_hex(32)}\n")
        try:
            os.link(draft, self._path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()

    def _write_draft(self, suffix: str, text: str) -> Path:
        """Write a new file beside the ring, readable by its owner only. Raises KeyProblem if another is at it."""
        draft = self._path.with_name(f"master.keys.{suffix}")
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise KeyProblem(
                f"Another change of the keys is under way; if it was interrupted, delete {draft}."
            ) from None
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return draft


def _parse(text: str, source: str) -> dict[str, bytes]:
    """Return the master keys of a text by id, in order. Raises KeyProblem."""
    masters: dict[str, bytes] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _LINE.fullmatch(line)
        if match is None or match[1] in masters:
            raise KeyProblem(f"{source}: each key is written once, as 'k1 <64 hex digits>'.")
        masters[match[1]] = bytes.fromhex(match[2])
    if not masters:
        raise KeyProblem(
            f"{source} holds no key; restore it from its backup, or remove it if nothing is encrypted yet."
        )
    return masters


@cache
def ring() -> KeyRing:
    """Return the key ring that ``SHUZHENG_KEY_RING`` names (default: master keys in a file)."""
    return import_string(settings.SHUZHENG_KEY_RING)()
