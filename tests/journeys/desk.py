"""What officers do at their desk over and over."""

from __future__ import annotations

from collections.abc import Mapping

from shuzheng.testing.browser import Visitor


def open_case(officer: Visitor, title: str) -> None:
    """Open the one case with this title from the officer's work list."""
    officer.open("/office/")
    officer.press(title, within="table")


def begin_act(officer: Visitor, act: str) -> None:
    """Press an act on the case page and wait for its form beside the case."""
    officer.tap(act, within=".of-act-list")
    officer.page.locator("#act form").wait_for()


def act(
    officer: Visitor, act: str, texts: Mapping[str, str] | None = None, choices: Mapping[str, str] | None = None
) -> None:
    """Do an act on the open case: press it, fill in its form and send it."""
    begin_act(officer, act)
    form = officer.page.locator("#act form")
    for label, text in (texts or {}).items():
        form.get_by_label(label).first.fill(text)
    for label, option in (choices or {}).items():
        form.get_by_label(label).first.select_option(label=option)
    officer.press("提交", within="#act form")
    officer.sees("已完成：")
