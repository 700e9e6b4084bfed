"""Managing service items (事项管理): versions, drafts, what differs, publishing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzheng.engines.casework.actions.items import DraftItem, PublishItem, RetireItem
from shuzheng.engines.casework.definitions.item import ITEM_KINDS
from shuzheng.engines.casework.policies import MANAGE_ITEMS
from shuzheng.engines.casework.queries.versions import (
    LABELS,
    LineProblem,
    changes,
    drafts_of_items,
    items_managed,
    next_version,
    problems_by_line,
    read_text,
    text_of,
    versions_of,
)
from shuzheng.kernel.error import InvalidInput, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.moment import today

#: Where a new item starts.
BLANK: dict[str, Any] = {
    "code": "",
    "title": "",
    "kind": "public-service",
    "summary": "",
    "owner": {"unit": "government-service", "levels": ["county"]},
    "applicants": ["person"],
    "themes": [],
    "conditions": [],
    "materials": [{"code": "id-card", "title": "身份证明", "need": "required"}],
    "limits": {"promised": "5个工作日"},
    "legal_basis": [],
    "form": "generic-matter",
    "process": "generic-matter",
}


@access(MANAGE_ITEMS)
@require_GET
def items(request: Request) -> HttpResponse:
    """List the items in force, and the drafts that wait."""
    words = request.GET.get("q", "").strip()
    page = items_managed(words, after=request.GET.get("after"))
    kinds = {str(kind): title for kind, title in ITEM_KINDS.items()}
    rows = [(item, kinds.get(item.kind, item.kind)) for item in page.items]
    return render(
        request, "office/items.html", {"page": page, "rows": rows, "words": words, "drafts": drafts_of_items()}
    )


@access(MANAGE_ITEMS)
@require_GET
def item(request: Request, code: str) -> HttpResponse:
    """Show an item's versions, and what differs between two of them."""
    versions = versions_of(code)
    after = _version(versions, request.GET.get("to")) or versions[0]
    before = _version(versions, request.GET.get("from")) or _before(versions, after)
    context = {
        "code": code,
        "versions": versions,
        "title": versions[0].title,
        "published": next((v for v in versions if v.status == "published"), None),
        "before": before,
        "after": after,
        "changes": changes(before.body, after.body) if before else [],
        "today": today(),
    }
    return render(request, "office/item.html", context)


def _version(versions: list[DefinitionRecord], wanted: str | None) -> DefinitionRecord | None:
    return next((record for record in versions if record.version == wanted), None)


def _before(versions: list[DefinitionRecord], after: DefinitionRecord) -> DefinitionRecord | None:
    """Return the version before another one."""
    place = versions.index(after) + 1
    return versions[place] if place < len(versions) else None


@access(MANAGE_ITEMS)
@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str = "") -> HttpResponse:
    """Edit a draft as text; what is wrong comes back with its line, and nothing typed is lost."""
    versions = versions_of(code) if code else []
    draft = next((v for v in versions if v.status == "draft"), None)
    start = draft or (versions[0] if versions else None)
    text = text_of(start.body if start else BLANK)
    version = draft.version if draft else next_version(versions) if versions else "1.0.0"
    found: list[LineProblem] = []
    if request.method == "POST":
        text, version = request.POST.get("text", ""), request.POST.get("version", "").strip()
        saved, found = _save(request, text, version, code)
        if saved is not None:
            messages.success(request, _("草稿 {version} 已保存，发布后生效。").format(version=version))
            return redirect("office:item", code=saved.key)
    context = {
        "code": code,
        "text": text,
        "version": version,
        "problems": found,
        "labels": LABELS.items(),
        "start": start,
    }
    return render(request, "office/item_edit.html", context, status=422 if found else 200)


def _save(request: Request, text: str, version: str, code: str) -> tuple[DefinitionRecord | None, list[LineProblem]]:
    """Store the draft, or return what is wrong with it."""
    located, found = read_text(text)
    if located is None:
        return None, found
    if code and located.value.get("code") != code:
        return None, [LineProblem(located.line(("code",)), _("事项代码"), _("代码不能改。要另建事项请用“新建事项”。"))]
    try:
        return DraftItem.do(request.actor, version=version, body=located.value), []
    except InvalidInput as refused:
        return None, problems_by_line(refused, located)
    except ShuzhengError as refused:
        return None, [LineProblem(1, "", str(refused))]


@access(MANAGE_ITEMS)
@require_POST
def publish(request: Request, code: str) -> HttpResponse:
    """Put a draft in force from a day on."""
    given = {
        "code": code,
        "version": request.POST.get("version", ""),
        "effective": request.POST.get("effective") or None,
    }
    return _tell(
        request, code, lambda: PublishItem.do(request.actor, given), _("已发布。在办的办件继续按原来的版本办理。")
    )


@access(MANAGE_ITEMS)
@require_POST
def retire(request: Request, code: str) -> HttpResponse:
    """Stop offering an item from a day on."""
    given = {"code": code, "on": request.POST.get("on") or None}
    return _tell(request, code, lambda: RetireItem.do(request.actor, given), _("已停用。在办的办件继续办完。"))


def _tell(request: Request, code: str, do: Any, done: str) -> HttpResponse:
    """Do something and say on the item's page what came of it."""
    try:
        do()
    except NotFound:
        messages.error(request, _("没有可以操作的版本，请刷新后再试。"))
    except InvalidInput as refused:
        messages.error(request, refused.words)
    else:
        messages.success(request, done)
    return redirect("office:item", code=code)
