"""Sample data for the style guide; nothing here is a real person or case."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shuzheng.kernel.actor import Party
from shuzheng.kernel.moment import now

COLOURS = ("brand-fill", "action-fill", "ink", "ink-faint", "green", "amber", "red", "grey")

BOUNDARIES: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [corners]},
        }
        for name, corners in (
            (
                "示例甲区",
                [[114.85, 25.78], [114.98, 25.76], [115.02, 25.86], [114.93, 25.93], [114.84, 25.89], [114.85, 25.78]],
            ),
            (
                "示例乙县",
                [[114.98, 25.76], [115.14, 25.74], [115.2, 25.85], [115.1, 25.95], [115.02, 25.86], [114.98, 25.76]],
            ),
        )
    ],
}

BPMN_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:dd="http://www.omg.org/spec/DD/20100524/DI" targetNamespace="urn:shuzheng:specimen">'
)


def process() -> str:
    """Return a small BPMN diagram: a start, three user tasks in a row, an end."""
    names = [("accept", _("受理")), ("inspect", _("现场勘验")), ("decide", _("审批决定"))]
    nodes = ["start", *(code for code, _title in names), "end"]
    tasks = "".join(f'<userTask id="{code}" name="{title}"/>' for code, title in names)
    flows, shapes, edges = "", "", ""
    for place, code in enumerate(nodes):
        round_one = code in ("start", "end")
        width, height, top = (36, 36, 102) if round_one else (110, 80, 80)
        left = 40 + place * 170 + (37 if round_one else 0)
        bounds = f'<dc:Bounds x="{left}" y="{top}" width="{width}" height="{height}"/>'
        shapes += f'<di:BPMNShape id="{code}_di" bpmnElement="{code}">{bounds}</di:BPMNShape>'
        if place:
            flows += f'<sequenceFlow id="f{place}" sourceRef="{nodes[place - 1]}" targetRef="{code}"/>'
            edges += f'<di:BPMNEdge id="f{place}_di" bpmnElement="f{place}">{_points(nodes, place)}</di:BPMNEdge>'
    plane = f'<di:BPMNDiagram id="d"><di:BPMNPlane id="p" bpmnElement="process">{shapes}{edges}</di:BPMNPlane></di:BPMNDiagram>'
    model = f'<process id="process"><startEvent id="start"/>{tasks}<endEvent id="end"/>{flows}</process>'
    return f"{BPMN_HEAD}{model}{plane}</definitions>"


def _points(nodes: list[str], place: int) -> str:
    """Return the two ends of the arrow into the node at a place."""
    start = 40 + (place - 1) * 170 + (73 if nodes[place - 1] == "start" else 110)
    stop = 40 + place * 170 + (37 if nodes[place] == "end" else 0)
    return f'<dd:waypoint x="{start}" y="120"/><dd:waypoint x="{stop}" y="120"/>'


def specimens() -> dict[str, Any]:
    """Return the context of the style guide."""
    moment = now()
    months = [_("%(month)s月") % {"month": month} for month in range(6, 12)]
    filed = [212, 268, 251, 304, 342, 318]
    closed = [198, 240, 262, 281, 330, 325]
    return {
        "moment": moment,
        "yesterday": moment - timedelta(days=1),
        "colours": COLOURS,
        "party": Party("person", UUID(int=1), _("张桂兰（合成）")),
        "crumbs": [(_("首页"), "/"), (_("办事"), "/"), (_("高龄津贴"), "")],
        "steps": [_("填写"), _("材料"), _("核对"), _("提交")],
        "tabs": [
            {"key": "doing", "title": _("在办"), "url": "?tab=doing", "count": "3"},
            {"key": "done", "title": _("已办结"), "url": "?tab=done", "count": "12"},
            {"key": "draft", "title": _("草稿"), "url": "?tab=draft", "count": ""},
        ],
        "sexes": [("1", _("男")), ("2", _("女"))],
        "page": SimpleNamespace(next="bmV4dA", previous="cHJldg"),
        "files": [SimpleNamespace(id=UUID(int=2), name=_("身份证正面.jpg"), size=482_113)],
        "errors": [("id_number", _("身份证号码的校验位不对，请核对最后一位"))],
        "boundaries": BOUNDARIES,
        "process": process(),
        "now_at": ["inspect"],
        "done_at": ["start", "accept"],
        "chart_columns": [_("月份"), _("收件"), _("办结")],
        "chart_rows": list(zip(months, filed, closed, strict=True)),
        "chart": {
            "legend": {},
            "xAxis": {"type": "category", "data": months},
            "yAxis": {"type": "value", "name": _("件")},
            "series": [
                {"name": _("收件"), "type": "bar", "data": filed, "barMaxWidth": 24},
                {"name": _("办结"), "type": "line", "smooth": True, "data": closed},
            ],
        },
    }
