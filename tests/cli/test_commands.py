"""The small commands: help, settings, actions, packs."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from typer.testing import CliRunner

from shuzheng.cli.main import app
from shuzheng.settings.keys import secret_key
from tests.cli.site_process import SiteProcesses


def test_help_names_every_command_without_setting_django_up() -> None:
    shown = CliRunner().invoke(app, ["--help"])
    assert shown.exit_code == 0
    for command in ("demo", "up", "web", "worker", "doctor", "migrate", "backup", "restore", "pack", "do", "import"):
        assert command in shown.stdout


def test_settings_hides_secrets(site: SiteProcesses) -> None:
    shown = site.command("settings")
    assert "SHUZHENG_HOME" in shown.stdout
    assert (site.home / "keys" / "secret-key").read_text() not in shown.stdout


def test_an_unknown_action_and_bad_json_are_refused_with_a_hint(migrated: SiteProcesses) -> None:
    unknown = migrated.command("do", "kernel.load_pack")
    assert unknown.returncode == 2
    assert "did you mean 'kernel.load_packs'?" in unknown.stderr
    assert "not JSON" in migrated.command("do", "kernel.load_packs", "--json", "{").stderr


def test_an_action_prints_its_result(migrated: SiteProcesses) -> None:
    done = migrated.command("do", "kernel.load_packs", "--json", json.dumps({"paths": [str(migrated.home / "none")]}))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"packs": []}


def test_a_broken_pack_is_named_with_file_and_line(migrated: SiteProcesses) -> None:
    folder = migrated.home / "packs" / "broken"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text("code: broken\ntitle: 坏\nversion: one\neffective: 2026-01-01\n")
    for command in ("check", "load", "diff"):
        refused = migrated.command("pack", command, str(folder))
        assert refused.returncode == 1
        assert f"{folder / 'pack.yaml'}:3: version" in refused.stdout


def test_an_import_of_unknown_kind_lists_what_there_is(site: SiteProcesses) -> None:
    refused = site.command("import", "nonsense", __file__)
    assert refused.returncode == 2
    assert "service-items" in refused.stderr


def test_processes_that_start_at_once_agree_on_one_secret_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(tmp_path), range(8)))
    assert len(keys) == 1
    assert stat.S_IMODE((tmp_path / "keys" / "secret-key").stat().st_mode) == 0o600
