"""Backup and restore: a whole round trip, and every way in which an archive can be bad."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from shuzheng.cli.archive import BackupDamaged, verify
from tests.cli.site_process import SiteProcesses

FILE = Path("files") / "ab" / "申请表.txt"


@pytest.fixture
def filled(migrated: SiteProcesses) -> SiteProcesses:
    """A site with a row, a file and a key."""
    migrated.rows("insert into effects values ('kept', '南昌市')")
    (migrated.home / FILE).parent.mkdir(parents=True, exist_ok=True)
    (migrated.home / FILE).write_text("一份材料")
    return migrated


@pytest.fixture(scope="module")
def archive(migrated_home: Path) -> Path:
    """A backup of the module's site."""
    file = migrated_home / "archive.tar"
    done = SiteProcesses(migrated_home).command("backup", str(file))
    assert done.returncode == 0, done.stderr
    return file


def test_a_round_trip_brings_back_rows_files_and_keys_twice_over(filled: SiteProcesses, empty_home: Path) -> None:
    archive = empty_home / "one.tar"
    written = filled.command("backup", str(archive), "--with-keys")
    assert written.returncode == 0, written.stderr
    assert "verified" in written.stderr
    assert archive.stat().st_mode & 0o077 == 0

    other = SiteProcesses(empty_home / "other")
    other.home.mkdir()
    other.server.start()
    assert other.command("restore", str(archive)).returncode == 0
    assert other.rows("select job, what from effects") == [("kept", "南昌市")]
    assert (other.home / FILE).read_text() == "一份材料"
    assert (other.home / "keys" / "secret-key").read_text() == (filled.home / "keys" / "secret-key").read_text()
    assert other.command("migrate").returncode == 0

    again = empty_home / "two.tar"
    assert other.command("backup", str(again)).returncode == 0
    other.rows("truncate effects")
    replaced = other.command("restore", str(again), "--replace", "--yes")
    assert replaced.returncode == 0, replaced.stderr
    assert other.rows("select job, what from effects") == [("kept", "南昌市")]
    other.server.stop()


def test_keys_are_left_out_unless_asked_for(archive: Path) -> None:
    assert verify(archive)["entries"]
    assert not [name for name in verify(archive)["entries"] if name.startswith("keys")]


def test_a_database_that_holds_data_is_not_overwritten_by_accident(filled: SiteProcesses, archive: Path) -> None:
    filled.rows("insert into effects values ('later', '')")
    refused = filled.command("restore", str(archive))
    assert refused.returncode == 1
    assert "Nothing was changed" in refused.stderr
    declined = filled.command("restore", str(archive), "--replace", input="n\n")
    assert declined.returncode == 1
    assert filled.rows("select count(*) from effects") == [(2,)]


def test_a_restore_that_fails_half_way_leaves_the_old_state(filled: SiteProcesses, empty_home: Path) -> None:
    archive = empty_home / "one.tar"
    filled.rows("create schema extra")
    filled.rows("create table extra.thing (id int)")
    assert filled.command("backup", str(archive)).returncode == 0
    failed = filled.command("restore", str(archive), "--replace", "--yes")  # the schema "extra" is there already
    filled.rows("drop schema extra cascade")
    assert failed.returncode == 1
    assert filled.rows("select job from effects") == [("kept",)]
    assert (filled.home / FILE).exists()


def _flip_a_byte(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[len(content) // 3] ^= 0xFF
    archive.write_bytes(content)


def _cut_off(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])


def _write_nonsense(archive: Path) -> None:
    archive.write_text("not an archive")


def _forget_the_manifest(archive: Path) -> None:
    with tarfile.open(archive, "w") as empty:
        empty.add(__file__, "database.dump")


@pytest.mark.parametrize("spoil", [_flip_a_byte, _cut_off, _write_nonsense, _forget_the_manifest])
def test_a_damaged_archive_is_recognised(archive: Path, empty_home: Path, spoil: Callable[[Path], None]) -> None:
    spoilt = empty_home / "spoilt.tar"
    shutil.copy(archive, spoilt)
    spoil(spoilt)
    with pytest.raises(BackupDamaged):
        verify(spoilt)


def test_a_damaged_archive_is_refused_before_anything_is_touched(
    filled: SiteProcesses, archive: Path, empty_home: Path
) -> None:
    spoilt = empty_home / "spoilt.tar"
    shutil.copy(archive, spoilt)
    _flip_a_byte(spoilt)
    refused = filled.command("restore", str(spoilt), "--replace", "--yes")
    assert refused.returncode == 1
    assert "Nothing was restored" in refused.stderr
    assert filled.rows("select job from effects") == [("kept",)]
