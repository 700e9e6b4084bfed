"""The overview (总览): indicators as charts, each with its table, its definition and its vintage."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuzheng.engines.casework.models import Rating, ServiceItem
from shuzheng.engines.casework.policies import READ
from shuzheng.engines.insight.queries import Values, values
from shuzheng.engines.vocabulary.queries import divisions
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.fields import within
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import today
from shuzheng.kernel.policy import scopes
from shuzheng.portals.office import charts

CODES = ("cases-open", "cases-filed", "cases-closed", "on-time-rate", "ratings", "top-items")
DAYS = 30


@access(READ)
@require_GET
def overview(request: Request) -> HttpResponse:
    """Show how the officer's division does; another one below it on request."""
    held = scopes(request.actor, READ)
    scope = request.GET.get("division", held[0] if held else "")
    if not any(within(scope, own) for own in held):
        raise NotPermitted
    first = today() - timedelta(days=DAYS - 1)
    found = values(CODES, scope, since=first)
    context = {
        "figures": _figures(found),
        "charts": list(_charts(found, first)),
        "definitions": list(found.values()),
        "vintage": max((v.vintage for v in found.values() if v.vintage), default=None),
        "place": _place(scope),
        "scopes": [(path, _place(path)) for path in held],
        "scope": scope,
    }
    return render(request, "office/overview.html", context)


def _place(path: str) -> str:
    if not path:
        return _("全省")
    code = path.rsplit(".", 1)[-1]
    found = divisions([code]).get(code)
    return found.full_name if found else path


def _figures(found: dict[str, Values]) -> list[dict[str, Any]]:
    """Return the single figures: open cases by card, cases of today, the rate."""
    open_cases = found["cases-open"].by_key if "cases-open" in found else {}
    filed = found["cases-filed"].by_day.get(today(), 0) if "cases-filed" in found else 0
    closed = found["cases-closed"].by_day.get(today(), 0) if "cases-closed" in found else 0
    rate = found["on-time-rate"].single if "on-time-rate" in found else None
    return [
        {"label": _("今日收件"), "value": int(filed), "unit": _("件"), "tone": ""},
        {"label": _("今日办结"), "value": int(closed), "unit": _("件"), "tone": ""},
        {"label": _("红牌办件"), "value": int(open_cases.get("red", 0)), "unit": _("件"), "tone": "red"},
        {"label": _("黄牌办件"), "value": int(open_cases.get("amber", 0)), "unit": _("件"), "tone": "amber"},
        {"label": _("绿牌办件"), "value": int(open_cases.get("green", 0)), "unit": _("件"), "tone": "green"},
        {"label": _("按时办结率"), "value": "—" if rate is None else f"{rate:.1f}", "unit": "%", "tone": ""},
    ]


def _charts(found: dict[str, Values], first: date) -> Iterable[dict[str, Any]]:
    days = [first + timedelta(days=n) for n in range(DAYS)]
    if {"cases-filed", "cases-closed"} <= found.keys():
        series = {_("收件"): found["cases-filed"].by_day, _("办结"): found["cases-closed"].by_day}
        yield charts.lines("flow", _("每日收件与办结"), days, series)
    if "top-items" in found:
        counts = found["top-items"].by_key
        titles = dict(ServiceItem.objects.filter(code__in=counts).values_list("code", "title"))
        ranked = sorted(((titles.get(c, c), int(n)) for c, n in counts.items()), key=lambda pair: -pair[1])
        yield charts.bars("top-items", _("近 30 天高频事项"), _("事项"), ranked)
    if "ratings" in found:
        counts = found["ratings"].by_key
        levels = [(str(label), int(counts.get(str(level), 0))) for level, label in reversed(Rating.Level.choices)]
        yield charts.bars("ratings", _("近 90 天评价分布"), _("评价"), levels)
    if "cases-open" in found:
        counts = found["cases-open"].by_key
        names = {"red": _("红牌"), "amber": _("黄牌"), "green": _("绿牌")}
        yield charts.cards("cards", _("在办办件按红黄绿牌"), [(names[c], c, int(counts.get(c, 0))) for c in names])
