"""Charts of indicators as ECharts options, each with the table that everybody can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shuzheng.ui.templatetags.ui import zh_short_date

#: Signal colours of the design system's tokens.
COLOURS = {"red": "#cf3434", "amber": "#c27c0e", "green": "#2a8f55", "blue": "#2f74d0", "grey": "#7d8898"}
GRID = {"left": 8, "right": 16, "top": 36, "bottom": 8, "containLabel": True}


def lines(id: str, title: str, days: Sequence[date], series: Mapping[str, Mapping[date, Decimal]]) -> dict[str, Any]:
    """Return a chart of series by day."""
    drawn = [
        {
            "name": name,
            "type": "line",
            "smooth": True,
            "showSymbol": False,
            "data": [int(found.get(day, 0)) for day in days],
        }
        for name, found in series.items()
    ]
    option = {
        "color": [COLOURS["blue"], COLOURS["green"]],
        "grid": GRID,
        "legend": {"top": 0, "right": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [f"{day.month}-{day.day}" for day in days]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": drawn,
    }
    rows = [(zh_short_date(day), *(int(found.get(day, 0)) for found in series.values())) for day in days]
    return {"id": id, "title": title, "option": option, "columns": [_("日期"), *series], "rows": rows}


def shares(id: str, title: str, days: Sequence[date], series: Mapping[str, Mapping[date, float]]) -> dict[str, Any]:
    """Return a chart of shares in percent by day; a day without any leaves a gap in the line and a dash in the table."""
    drawn = [
        {"name": name, "type": "line", "symbolSize": 5, "data": [found.get(day) for day in days]}
        for name, found in series.items()
    ]
    option = {
        "color": [COLOURS["blue"], COLOURS["green"], COLOURS["amber"]],
        "grid": GRID,
        "legend": {"top": 0, "right": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [f"{day.month}-{day.day}" for day in days]},
        "yAxis": {"type": "value", "scale": True, "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": drawn,
    }
    rows = [
        (zh_short_date(day), *(f"{found[day]:.3f}%" if day in found else "—" for found in series.values()))
        for day in days
    ]
    return {"id": id, "title": title, "option": option, "columns": [_("日期"), *series], "rows": rows}


def bars(id: str, title: str, what: str, counts: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """Return a chart of counts, the first on top."""
    option = {
        "color": [COLOURS["blue"]],
        "grid": {**GRID, "top": 8},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [name for name, _count in counts],
            "axisLabel": {"width": 150, "overflow": "truncate"},
        },
        "series": [{"type": "bar", "barMaxWidth": 22, "data": [count for _name, count in counts]}],
    }
    return {"id": id, "title": title, "option": option, "columns": [what, _("件数")], "rows": counts}


def cards(id: str, title: str, counts: Sequence[tuple[str, str, int]]) -> dict[str, Any]:
    """Return a chart of counts by signal colour; the words stand beside the colour."""
    data = [{"name": name, "value": count, "itemStyle": {"color": COLOURS[colour]}} for name, colour, count in counts]
    option = {
        "tooltip": {"trigger": "item"},
        "series": [{"type": "pie", "radius": ["48%", "72%"], "label": {"formatter": "{b} {c}"}, "data": data}],
    }
    rows = [(name, count) for name, _colour, count in counts]
    return {"id": id, "title": title, "option": option, "columns": [_("牌"), _("件数")], "rows": rows}
