"""A reconciled day as a sheet to keep (对账结果表): as rows of CSV, as OFD and PDF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from django.utils.translation import gettext as _

from shuzheng.engines.documents.layout import render
from shuzheng.engines.payment.models import Discrepancy, Statement
from shuzheng.engines.payment.money import yuan
from shuzheng.engines.payment.queries import discrepancies
from shuzheng.kernel.moment import local

#: Template of the layout, in ``packs/base/fees/documents``.
TEMPLATE = "reconciliation-sheet"


def heading() -> list[str]:
    """Return the heading of the CSV."""
    return [
        _("账期"), _("渠道"), _("差异"), _("单号"), _("渠道流水号"), _("文件行"), _("我方（元）"), _("渠道（元）"),
        _("状态"), _("处理"), _("说明"), _("处理人"), _("复核人"),
    ]  # fmt: skip


def rows(statement: Statement) -> Iterator[list[str]]:
    """Return one row for each difference of a day."""
    for d in discrepancies(statement):
        yield [
            statement.day.isoformat(), statement.channel, str(d.get_kind_display()), d.number, d.trade_number, str(d.line or ""),
            _amount(d.ours), _amount(d.theirs), str(d.get_state_display()), str(d.get_resolution_display()), d.note,
            d.resolved_by, d.confirmed_by,
        ]  # fmt: skip


def rendered(statement: Statement, form: Literal["ofd", "pdf"]) -> bytes:
    """Return a day as a document. Raises NoDefinition, Unavailable."""
    values: dict[str, str | bytes | list[dict[str, str]]] = {
        "day": statement.day.isoformat(),
        "channel": statement.channel,
        "state": str(statement.get_state_display()),
        "lines": str(statement.lines),
        "matched": str(statement.matched),
        "received": yuan(statement.received),
        "refunded": yuan(statement.refunded),
        "digest": statement.digest or "—",
        "matched_at": f"{local(statement.matched_at):%Y-%m-%d %H:%M}" if statement.matched_at else "—",
        "differences": [_line(d) for d in discrepancies(statement)],
    }
    return render(TEMPLATE, values, format=form, created=statement.day)


def _line(d: Discrepancy) -> dict[str, str]:
    people = " ".join(filter(None, (d.resolved_by, d.confirmed_by)))
    return {
        "kind": str(d.get_kind_display()),
        "number": d.number,
        "ours": _amount(d.ours),
        "theirs": _amount(d.theirs),
        "state": f"{d.get_state_display()} {d.get_resolution_display()}".strip(),
        "people": people or "—",
    }


def _amount(fen: int | None) -> str:
    return "" if fen is None else yuan(fen).replace(",", "")
