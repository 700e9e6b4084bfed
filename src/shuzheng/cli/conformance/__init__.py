"""``shuzheng conformance``: tries an installation, or a system that is to be connected, against the standards at its boundary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from shuzheng.cli.conformance.kit import Check, Result, Verdict, over_http, try_all
from shuzheng.cli.console import fail, out
from shuzheng.cli.site import set_up

MARKS = {Verdict.PASSED: ("✓", "green"), Verdict.FAILED: ("✗", "red"), Verdict.LEFT_OUT: ("–", "yellow")}


def conformance(
    base_url: Annotated[str, typer.Argument(help="Address of the installation, e.g. https://gov.example.cn.")],
    application: Annotated[
        str, typer.Option(help="Key id of a connected application (HMAC-SM3), whose signature is tried.")
    ] = "",
    secret: Annotated[str, typer.Option(help="Its secret.", envvar="SHUZHENG_APPLICATION_SECRET")] = "",
    receiver: Annotated[str, typer.Option(help="Address of its webhook receiver, which is tried too.")] = "",
    receiver_secret: Annotated[
        str, typer.Option(help="Secret of that receiver.", envvar="SHUZHENG_RECEIVER_SECRET")
    ] = "",
    provoke: Annotated[bool, typer.Option(help="Also ask so often that the rate limit must answer.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write the findings as JSON into this file.")] = None,
) -> None:
    """Try an installation's public boundary, and the side of a connected application. Exit code 1 if anything fails.

    符合性测试：逐项检验平台对外接口；给出应用编码和密钥时，同时检验接入方一侧。
    """
    if bool(application) != bool(secret) or bool(receiver) != bool(receiver_secret):
        fail("An application needs --secret, a receiver needs --receiver-secret.", code=2)
    set_up()
    from shuzheng.cli.conformance.application import APPLICATION, RECEIVER, Application
    from shuzheng.cli.conformance.installation import INSTALLATION, PROVOKING

    site = over_http(base_url)
    results = try_all([*INSTALLATION, *(PROVOKING if provoke else ())], site)
    if application:
        results += try_all(APPLICATION, Application(site, application, secret))
    if receiver:
        results += try_all(RECEIVER, Application(over_http(receiver), "", receiver_secret))
    _show(results)
    if report is not None:
        told = {"target": base_url, "results": [result.plain() for result in results]}
        report.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")
    raise typer.Exit(1 if any(result.verdict is Verdict.FAILED for result in results) else 0)


def _show(results: list[Result]) -> None:
    table = Table("", "check", "standard", "finding", box=None)
    for result in results:
        mark, colour = MARKS[result.verdict]
        check: Check = result.check
        table.add_row(f"[{colour}]{mark}[/]", check.name, check.standard, result.finding)
    out.print(table)
    passed, failed = (sum(r.verdict is v for r in results) for v in (Verdict.PASSED, Verdict.FAILED))
    out.print(f"\n{len(results)} checks: {passed} passed, {failed} failed, {len(results) - passed - failed} left out.")
