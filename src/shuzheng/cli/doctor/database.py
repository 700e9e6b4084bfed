"""The database and what it holds: server, migrations, packs, workers, jobs, calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from shuzheng.cli.doctor.connections import examine_connections
from shuzheng.cli.doctor.finding import Finding, fine, guarded, note, wrong

OLDEST_POSTGRESQL = 16
DECEMBER = 12
EXTENSIONS = ("ltree", "pg_trgm", "btree_gist")


def examine_database() -> Iterator[Finding]:
    """Yield findings about the server, and about what it holds when every migration has run."""
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield wrong(
            "连不上数据库。",
            f"The database cannot be reached: {error}".strip(),
            "Check DATABASE_URL, or shuzheng db start 检查数据库",
        )
        return
    yield from _server()
    pending = _pending()
    yield pending
    if pending.cure:
        return
    examinations: tuple[Callable[[], Iterator[Finding]], ...] = (
        _packs,
        _workers,
        _failed_jobs,
        examine_calendar,
        examine_connections,
    )
    for examine in examinations:
        yield from guarded(examine)


def _server() -> Iterator[Finding]:
    major = int(_one("select current_setting('server_version_num')::int / 10000"))
    if major < OLDEST_POSTGRESQL:
        yield wrong(
            f"PostgreSQL {major} 太旧。",
            f"PostgreSQL {major} is too old.",
            "Upgrade to PostgreSQL 16 or newer 升级数据库",
        )
    else:
        yield fine(f"数据库为 PostgreSQL {major}。", f"The database is PostgreSQL {major}.")
    encoding = _one("select pg_encoding_to_char(encoding) from pg_database where datname = current_database()")
    if encoding != "UTF8":
        yield wrong(
            f"数据库编码是 {encoding}。",
            f"The database is encoded in {encoding}.",
            "createdb --encoding=UTF8 --template=template0",
        )
    missing = [
        name for name in EXTENSIONS if not _one("select count(*) from pg_available_extensions where name = %s", name)
    ]
    if missing:
        yield wrong(
            f"缺少扩展：{'、'.join(missing)}。",
            f"Extensions are missing: {', '.join(missing)}.",
            "Install postgresql-contrib 安装 postgresql-contrib",
        )
    else:
        yield fine("数据库编码和扩展正确。", "Encoding and extensions are right.")


def _pending() -> Finding:
    from shuzheng.kernel.health import pending_migrations

    pending = pending_migrations()
    if pending:
        return wrong(
            f"数据库有 {len(pending)} 项结构更新未执行。", f"{len(pending)} migrations are pending.", "shuzheng migrate"
        )
    return fine("数据库结构是最新的。", "The database has every migration.")


def _packs() -> Iterator[Finding]:
    from shuzheng.kernel.models import PackRelease
    from shuzheng.kernel.pack import diff
    from shuzheng.kernel.source import PackInvalid

    loaded = {release.code: release for release in PackRelease.objects.order_by("pk")}
    for release in loaded.values():
        yield fine(
            f"已装载应用包 {release.code} {release.version}。",
            f"Pack {release.code}, SM3 {release.content_hash[:12]}….",
        )
    try:
        waiting = sum(change.what != "unchanged" for change in diff())
    except PackInvalid as error:
        yield wrong(
            f"应用包有 {len(error.problems)} 处错误。",
            f"Packs have {len(error.problems)} problems.",
            "shuzheng pack check",
        )
        return
    if not loaded or waiting:
        yield note(
            "磁盘上的应用包还没有全部装载。", f"{waiting} definitions on disk are not loaded.", "shuzheng pack load"
        )


def _workers() -> Iterator[Finding]:
    from shuzheng.kernel.health import workers_alive

    alive = workers_alive()
    if alive:
        yield fine(f"有 {alive} 个后台进程在工作。", f"{alive} workers are alive.")
    else:
        yield note(
            "没有后台进程：通知、亮灯、存证都在等待。",
            "No worker is alive: notices, cards and seals wait.",
            "shuzheng worker, or shuzheng up",
        )


def _failed_jobs() -> Iterator[Finding]:
    failed = int(_one("select count(*) from procrastinate_jobs where status = 'failed'"))
    if failed:
        yield note(
            f"有 {failed} 项后台任务失败。",
            f"{failed} jobs have failed.",
            "shuzheng manage procrastinate shell 或在管理后台查看",
        )


def examine_calendar() -> Iterator[Finding]:
    """Yield whether the holidays ahead are known; from December on those of the next year must be."""
    from shuzheng.engines.vocabulary.queries import work_calendar
    from shuzheng.kernel.moment import today

    coming, horizon = date(today().year + 1, 1, 1), today() + timedelta(days=180)
    if today().month == DECEMBER and work_calendar().is_provisional(coming):
        yield wrong(
            f"{coming.year} 年放假安排还没有录入，跨年的期限都是暂定的。",
            f"The holidays of {coming.year} are still missing; every limit that reaches into it is provisional.",
            "工作台 → 工作日历 → 年度放假安排 /office/calendar/years/",
        )
    elif work_calendar().is_provisional(horizon):
        yield note(
            f"{horizon.year} 年放假安排尚未录入，期限按普通周末暂算。",
            f"The holidays of {horizon.year} have not been announced here; limits count plain weekends.",
            "/office/calendar/years/, once the State Council has published them 国务院公布后录入",
        )
    else:
        yield fine("未来半年的工作日历已确定。", "The working calendar of the next half year is settled.")


def _one(statement: str, *parameters: str) -> str | int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]
