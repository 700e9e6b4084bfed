"""The archive of a backup: database, files and keys in one tar file with a manifest of SM3 sums."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import new as new_hash
from pathlib import Path
from typing import Any

from shuzheng import __version__
from shuzheng.cli.postgres_programs import DatabaseFailed, program

MANIFEST, DUMP = "manifest.json", "database.dump"
FORMAT = 1
#: Folders of the data folder that belong in a backup; keys only on request.
FOLDERS = ("files", "archive")
KEYS = "keys"
CHUNK = 1024 * 1024
#: Leaves the schema as a new database has it, so that the next backup describes it the same way.
EMPTY = (
    "set local lock_timeout = '30s'; drop schema public cascade; "
    "create schema public authorization pg_database_owner; grant usage on schema public to public"
)


class BackupDamaged(Exception):
    """An archive is not what its manifest says, or is no backup at all."""


def write(home: Path, target: Path, *, with_keys: bool) -> None:
    """Write an archive; it gets its name only when it is complete. Raises DatabaseFailed and OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folders = [*FOLDERS, *([KEYS] if with_keys else [])]
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as work:
        draft = Path(work) / "archive.tar"
        dump = Path(work) / DUMP
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
        entries = {DUMP: dump} | {str(path.relative_to(home)): path for name in folders for path in _files(home / name)}
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "version": __version__,
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "keys": with_keys,
            "entries": {},
        }
        with tarfile.open(draft, "w") as archive:
            for name, path in entries.items():
                archive.add(path, name, recursive=False)
                manifest["entries"][name] = _sum_of(path)
            described = Path(work) / MANIFEST
            described.write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
            archive.add(described, MANIFEST)
        draft.chmod(0o600)
        draft.replace(target)


def verify(file: Path) -> dict[str, Any]:
    """Read an archive whole, compare every entry's SM3 sum and have pg_restore read the dump; return the manifest.

    Raises BackupDamaged.
    """
    try:
        with tarfile.open(file) as archive, tempfile.TemporaryDirectory() as work:
            manifest = _manifest(archive)
            sums = {member.name: _sum_of_member(archive, member) for member in archive if member.name != MANIFEST}
            if sums != manifest["entries"]:
                differing = sorted(set(sums.items()) ^ set(manifest["entries"].items()))
                raise BackupDamaged(f"{file.name} is damaged at {differing[0][0]}")
            archive.extract(DUMP, work, filter="data")
            listed = subprocess.run(
                [program("pg_restore"), "--list", str(Path(work) / DUMP)], capture_output=True, check=False
            )
            if listed.returncode:
                raise BackupDamaged(f"pg_restore cannot read the database in {file.name}")
    except (tarfile.TarError, KeyError, ValueError, EOFError) as error:
        raise BackupDamaged(f"{file.name} is not a backup of Shuzheng, or is cut off: {error}") from error
    return manifest


def read(home: Path, file: Path) -> None:
    """Put a verified archive's database and files in the place of the present ones. Raises DatabaseFailed."""
    home.mkdir(parents=True, exist_ok=True)
    with tarfile.open(file) as archive, tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as work:
        archive.extractall(work, filter="data")
        _load(Path(work) / DUMP)
        for name in (*FOLDERS, *([KEYS] if _manifest(archive)["keys"] else [])):
            came, place = Path(work) / name, home / name
            if place.exists():
                place.replace(Path(work) / f"{name}.before")
            if came.exists():
                came.replace(place)


def _load(dump: Path) -> None:
    """Replace the database's content in one transaction: it is the old one or the new one, nothing between."""
    from django.db import connection

    connection.close()
    script = dump.with_suffix(".sql")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump))
    _run(
        "psql",
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        f"--command={EMPTY}",
        f"--file={script}",
    )


def _run(name: str, *arguments: str) -> None:
    """Run a PostgreSQL program on the site's database; the password travels in the environment, not in the list of processes."""
    from django.db import connection

    given = connection.settings_dict
    variables = {"PGDATABASE": "NAME", "PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {variable: str(given[key]) for variable, key in variables.items() if given.get(key)}
    done = subprocess.run(
        [program(name), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DatabaseFailed(f"{name} failed: {done.stderr.strip()}")


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    handle = archive.extractfile(MANIFEST)
    manifest = json.load(handle) if handle else {}
    if manifest.get("format") != FORMAT:
        raise BackupDamaged(f"its format {manifest.get('format')} is not {FORMAT}")
    return manifest


def _sum_of(path: Path) -> str:
    with path.open("rb") as handle:
        return _sum(iter(lambda: handle.read(CHUNK), b""))


def _sum_of_member(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    handle = archive.extractfile(member)
    return _sum(iter(lambda: handle.read(CHUNK), b"")) if handle else ""


def _sum(chunks: Iterator[bytes]) -> str:
    digest = new_hash("sm3")
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
