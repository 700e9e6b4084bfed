"""``shuzheng doctor``: says in plain words what is wrong with an installation, and what to do."""

from __future__ import annotations

from typing import Annotated

import typer

from shuzheng.cli.console import out
from shuzheng.cli.doctor.finding import Finding, Level
from shuzheng.cli.doctor.machine import examine_machine
from shuzheng.cli.doctor.site import examine_site
from shuzheng.cli.site import settings_module

MARKS = {Level.FINE: ("✓", "green"), Level.NOTE: ("!", "yellow"), Level.WRONG: ("✗", "red")}


def doctor(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what is wrong or deserves a look.")] = False,
) -> None:
    """Examine this installation and say in plain words what is wrong and what to do. Exit code 1 if anything is wrong.

    体检：逐项检查本机安装，指出问题和处理办法。
    """
    settings_module()
    findings = [*examine_machine(), *examine_site()]
    for finding in findings:
        if not (quiet and finding.level is Level.FINE):
            _show(finding)
    wrong = sum(finding.level is Level.WRONG for finding in findings)
    notes = sum(finding.level is Level.NOTE for finding in findings)
    out.print(
        f"\n{len(findings)} checks: {wrong} wrong, {notes} to look at. 共 {len(findings)} 项：{wrong} 项有问题，{notes} 项请留意。",
        highlight=False,
    )
    raise typer.Exit(1 if wrong else 0)


def _show(finding: Finding) -> None:
    mark, colour = MARKS[finding.level]
    out.print(f"[{colour}]{mark}[/] ", end="")
    out.print(f"{finding.chinese}  {finding.english}", markup=False, highlight=False)
    if finding.cure:
        out.print(f"    → {finding.cure}", style="cyan", markup=False, highlight=False)
