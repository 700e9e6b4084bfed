"""What residents do over and over."""

from __future__ import annotations

from typing import Any

from shuzheng.engines.casework.models import Case
from shuzheng.testing.browser import Visitor

REASON = "路灯坏了三天，请派人来修。"
TRUTH = "我承诺以上内容和材料真实、有效"


def begin(visitor: Visitor, item: str, party: str = "") -> None:
    """Go from the guide to the form, for oneself or for another."""
    visitor.open(f"/services/{item}/")
    visitor.press("马上办")
    if visitor.path.startswith("/accounts/"):
        visitor.sign_in()
    if party:
        visitor.tick(party)
    visitor.press("下一步")


def reach_review(visitor: Visitor) -> None:
    """Fill in the generic matter and go on to the last page."""
    begin(visitor, "generic-matter")
    visitor.fill("申请事由", REASON)
    visitor.press("下一步")
    visitor.press("下一步")


def send(visitor: Visitor) -> str:
    """Promise that all is true, send, and return the address of the case."""
    visitor.tick(TRUTH)
    visitor.press("提交申请")
    visitor.sees("申请已提交")
    visitor.press("看进展")
    return visitor.path


def cases_of(person: Any) -> int:
    """Return how many cases the person has."""
    return Case.objects.filter(applicant_id=person.pk).count()
