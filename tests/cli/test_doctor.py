"""``shuzheng doctor`` names what is wrong and what to do."""

from __future__ import annotations

import pytest

from tests.cli.site_process import SiteProcesses


def test_an_empty_installation_is_told_how_to_begin(site: SiteProcesses) -> None:
    examined = site.command("doctor")
    assert "尚未创建" in examined.stdout
    assert "→ shuzheng migrate" in examined.stdout
    assert "首次启动时生成" in examined.stdout


def test_keys_that_others_can_read_and_pending_migrations_are_wrong(site: SiteProcesses) -> None:
    site.command("settings")  # makes the keys
    (site.home / "keys").chmod(0o755)
    site.server.start()
    site.server.ensure_database()
    examined = site.command("doctor", "--quiet")
    assert examined.returncode == 1
    assert f"→ chmod go-rwx {site.home / 'keys'}" in examined.stdout
    assert "migrations are pending" in examined.stdout
    assert "✓" not in examined.stdout


def test_a_migrated_site_without_worker_deserves_a_look(migrated: SiteProcesses) -> None:
    examined = migrated.command("doctor")
    assert "数据库编码和扩展正确" in examined.stdout
    assert "No worker is alive" in examined.stdout


def test_an_unreachable_database_is_named(site: SiteProcesses, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none"
    monkeypatch.setattr(SiteProcesses, "environment", {**site.environment, "DATABASE_URL": url})
    examined = site.command("doctor")
    assert examined.returncode == 1
    assert "连不上数据库" in examined.stdout
