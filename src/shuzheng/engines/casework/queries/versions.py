"""Versions of a service item: what there is, what differs between two, and a draft checked line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.models import ServiceItem
from shuzheng.engines.casework.words import normal
from shuzheng.kernel.error import InvalidInput, NotFound
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.source import Located, Unreadable, parse_yaml

#: What people call the fields of a service item, in the order in which an editor shows them.
LABELS: dict[str, Any] = {
    "code": _("事项代码"), "title": _("名称"), "national_code": _("国家实施编码"), "number_code": _("编号用代码"),
    "kind": _("事项类型"), "owner": _("实施主体"), "summary": _("一句话说明"), "aliases": _("群众怎么叫"),
    "themes": _("主题"), "applicants": _("谁可以申请"), "conditions": _("受理条件"), "materials": _("申请材料"),
    "limits": _("办理时限"), "legal_basis": _("设定依据"), "fees": _("收费"), "results": _("办理结果"),
    "channels": _("办理渠道"), "places": _("办理地点"), "steps": _("办理步骤"), "faq": _("常见问题"),
    "phone": _("咨询电话"), "complaint_phone": _("监督电话"), "form": _("表单"), "process": _("流程"),
    "assurance": _("认证等级"), "by_relative": _("可由亲属代办"), "secrecy": _("公开范围"), "source": _("文本来源"),
    "synthetic": _("演示数据"),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One field that differs between two versions."""

    path: str
    label: str
    before: str
    after: str

    @property
    def what(self) -> str:
        """Return ``added``, ``removed`` or ``changed``."""
        return "changed" if self.before and self.after else "added" if self.after else "removed"


def versions_of(code: str) -> list[DefinitionRecord]:
    """Return the versions of a service item, the newest first. Raises NotFound if there is none."""
    found = DefinitionRecord.objects.filter(kind="service_item", key=code).order_by("-created_at", "-id")
    records = list(found)
    if not records:
        raise NotFound
    return records


def items_managed(words: str = "", *, after: str | None = None, size: int = 20) -> Page[ServiceItem]:
    """Return a page of the items in force by code, those whose names or codes hold the words; one statement."""
    items = ServiceItem.objects.defer("words", "summary")
    if words:
        items = items.filter(Q(phrase__contains=normal(words)) | Q(code__startswith=words))
    return page(items, order=("code",), after=after, size=size)


def drafts_of_items(limit: int = 50) -> list[DefinitionRecord]:
    """Return the drafts that wait to be published, the newest first."""
    found = DefinitionRecord.objects.filter(kind="service_item", status="draft").defer("body")
    return list(found.order_by("-created_at")[:limit])


def next_version(versions: list[DefinitionRecord]) -> str:
    """Return the version number after the highest."""
    major, minor, _patch = max(tuple(int(part) for part in record.version.split(".")) for record in versions)
    return f"{major}.{minor + 1}.0"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return what differs between two versions, field by field, in the order of the editor."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    order = list(LABELS)
    paths = sorted({*old, *new}, key=lambda path: (_rank(path, order), path))
    return [
        Change(path, _label(path), old.get(path, ""), new.get(path, ""))
        for path in paths
        if old.get(path, "") != new.get(path, "")
    ]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every plain value with its path; entries of a list are known by their code, else by their place."""
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield from _leaves(child, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, child in enumerate(value):
            name = child.get("code", index + 1) if isinstance(child, Mapping) else index + 1
            yield from _leaves(child, f"{path}[{name}]")
    elif value is not None and value != "":
        yield path, str(value)


def _head(path: str) -> str:
    return path.split(".")[0].split("[")[0]


def _rank(path: str, order: list[str]) -> int:
    head = _head(path)
    return order.index(head) if head in order else len(order)


def _label(path: str) -> str:
    head = _head(path)
    return f"{LABELS.get(head, head)}{path[len(head) :]}"


# -- the editor ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineProblem:
    """Something wrong in an edited text: where and what."""

    line: int
    label: str
    message: str


def text_of(body: Mapping[str, Any]) -> str:
    """Return a version as the text that an editor shows: the fields in their usual order."""
    ordered = {name: body[name] for name in [*LABELS, *body] if name in body}
    return yaml.safe_dump(ordered, allow_unicode=True, sort_keys=False, width=100)


def read_text(text: str) -> tuple[Located | None, list[LineProblem]]:
    """Parse an edited text; what cannot be read comes back as problems with their lines."""
    try:
        located = parse_yaml(text.replace("\r\n", "\n"))
    except Unreadable as problem:
        return None, [LineProblem(problem.line, "", str(problem))]
    if not isinstance(located.value, dict):
        return None, [LineProblem(1, "", str(_("请按“字段: 内容”的格式填写。")))]
    return located, []


def problems_by_line(error: InvalidInput, located: Located) -> list[LineProblem]:
    """Return an action's findings with the lines of the edited text that they concern, in order."""
    found = []
    for problem in error.errors:
        path = tuple(int(p) if p.isdigit() else p for p in problem.path.split(".") if p and p != "body")
        label = _label(".".join(str(part) for part in path)) if path else ""
        found.append(LineProblem(located.line(path), label, str(problem.message)))
    return sorted(found, key=lambda problem: problem.line)
