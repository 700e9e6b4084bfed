"""The site: its settings, the services it uses, and whether its database can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from shuzheng.cli.doctor.connections import examine_origin
from shuzheng.cli.doctor.database import examine_database
from shuzheng.cli.doctor.finding import Finding, fine, guarded, note, wrong
from shuzheng.cli.postgres_programs import DatabaseFailed
from shuzheng.cli.site import embedded_server, set_up
from shuzheng.settings.environment import SettingMissing


def examine_site() -> Iterator[Finding]:
    """Yield findings about the site; those that need the database are left out while it cannot be reached."""
    try:
        set_up()
    except SettingMissing as error:
        yield wrong(
            "缺少必需的设置。", f"A required setting is missing: {error}", "Set it in the environment 设置环境变量"
        )
        return
    except Exception as error:
        yield wrong(
            "程序无法载入。",
            f"The code cannot be loaded: {error}",
            "make setup; if that does not help, report this 请反馈本条信息",
        )
        return
    yield from guarded(_settings)
    yield from guarded(examine_origin)
    yield _antivirus()
    yield _storage()
    yield from guarded(_fonts)
    server = embedded_server()
    try:
        if server is None:
            yield from examine_database()
            return
        if not (server.data / "PG_VERSION").exists():
            yield note("内置数据库尚未创建。", "The embedded database has not been created yet.", "shuzheng migrate")
            return
        with server.session():
            yield from examine_database()
    except DatabaseFailed as error:
        yield wrong(
            "内置数据库无法启动。",
            f"The embedded database does not start: {error}",
            f"Look at {server and server.log} 查看日志",
        )


def _settings() -> Iterator[Finding]:
    from django.conf import settings
    from django.core.checks import run_checks

    findings = run_checks(include_deployment_checks=not settings.DEMO and settings.SETTINGS_MODULE.endswith("prod"))
    for finding in findings:
        told = finding.msg.splitlines()[0]
        yield note(f"设置检查 {finding.id}。", told, finding.hint or "See docs/reference/settings.md")
    if not settings.SETTINGS_MODULE.endswith("prod"):
        yield note(
            "当前为开发/演示设置，不能对外服务。",
            "These are settings for development; do not serve the public with them.",
            "DJANGO_SETTINGS_MODULE=shuzheng.settings.prod",
        )
    if not findings:
        yield fine("设置检查通过。", "Settings are in order.")


def _antivirus() -> Finding:
    from django.conf import settings

    if settings.ANTIVIRUS in ("", "none"):
        return note(
            "未配置病毒扫描，上传文件不查毒。",
            "Uploads are not scanned for viruses.",
            "Set SHUZHENG_ANTIVIRUS, e.g. unix:///run/clamav/clamd.ctl 配置 ClamAV",
        )
    return fine("已配置病毒扫描。", "Uploads are scanned for viruses.")


def _storage() -> Finding:
    """Write, read and delete a few bytes where files and packages lie."""
    from shuzheng.cli.storage import reason_of
    from shuzheng.engines.documents.gateways import places
    from shuzheng.kernel.error import Unavailable

    try:
        for area in ("files", "archive"):
            places.at(places.ours(), area).probe()
        kept = places.at(places.ours(), "files").keeps_deleted()
    except (Unavailable, places.BadAddress, OSError) as problem:
        told = f"The storage of files does not work: {reason_of(problem)}"
        return wrong("文件存储不可用。", told, "docs/howto/store-files-on-s3.md 查看排错办法")
    if kept:
        told = (
            "The bucket keeps versions of what is deleted, with no rule that ends them: what is destroyed stays there."
        )
        return note("存储桶保留已删除内容的历史版本，销毁不彻底。", told, "docs/howto/store-files-on-s3.md")
    return fine("文件存储可写、可读、可删。", "The storage of files can be written, read and cleared.")


def _fonts() -> Iterator[Finding]:
    from shuzheng.engines.documents.fonts.families import missing
    from shuzheng.engines.documents.layout import fonts_folder

    lacking = missing(fonts_folder())
    for told in lacking:
        yield wrong(told, "Letters and licences cannot be made without this font.", "pip install pylopdf-fonts-zh-cn")
    if not lacking:
        yield fine("文书字体齐全。", "The fonts for letters and licences are there.")
