"""Connected applications whose keys end soon, and the name under which the ledger is signed."""

from __future__ import annotations

from collections.abc import Iterator

from shuzheng.cli.doctor.finding import Finding, fine, note, wrong


def examine_connections() -> Iterator[Finding]:
    """Yield the applications that will be refused within thirty days unless somebody changes their key."""
    from shuzheng.engines.identity.applications.queries import ending

    found = ending()
    if not found:
        yield fine("接入应用的密钥一个月内都不到期。", "No application's key ends within a month.")
    for code, number in found.items():
        yield note(
            f"接入应用 {code} 有 {number} 把密钥将在 30 天内到期。",
            f"{number} key(s) of the application {code} end within 30 days.",
            "/office/applications/ → 密钥 → 轮换密钥",
        )


def examine_origin() -> Iterator[Finding]:
    """Yield whether the ledger has a name of its own: the default is everybody's, so its heads prove nothing."""
    from django.conf import settings

    if not settings.SETTINGS_MODULE.endswith("prod"):
        return
    from shuzheng.settings.trust import DEFAULT_ORIGIN

    if DEFAULT_ORIGIN == settings.SHUZHENG_LEDGER_ORIGIN:
        yield wrong(
            "公开账本还没有自己的名称。",
            "The ledger still has the default name, which every installation has.",
            "Set SHUZHENG_LEDGER_ORIGIN before the first evidence, e.g. gov.example.cn/ledger 首次存证前设置，之后不能改",
        )
    else:
        yield fine("公开账本有自己的名称。", f"The ledger signs as {settings.SHUZHENG_LEDGER_ORIGIN}.")
