"""The archives (档案): searching, a package, destruction lists, reading again, backup and drills, transfers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from pydantic import ValidationError

from shuzheng.engines.documents.archive import destruction_queries, queries
from shuzheng.engines.documents.archive.models import PackageState
from shuzheng.engines.documents.archive.policies import BACKUP, MANAGE, PROPOSE, READ
from shuzheng.engines.documents.archive.queries import ArchiveSearch
from shuzheng.engines.documents.archive.rule import PERMANENT, WAYS, ArchiveRule
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import may

#: For what a person may look into the archives.
PURPOSES = (
    ("archive", gettext_lazy("档案管理")),
    ("business", gettext_lazy("业务查考")),
    ("subject", gettext_lazy("当事人利用")),
    ("dispute", gettext_lazy("复议诉讼举证")),
    ("audit", gettext_lazy("审计检查")),
)
NOMINATIONS = {"keep": gettext_lazy("继续保管或移交"), "destroy": gettext_lazy("鉴定后销毁")}
SECRECY = {"public": gettext_lazy("公开"), "internal": gettext_lazy("内部"), "sensitive": gettext_lazy("敏感")}
#: Of damaged bytes and refused packages.
PROBLEMS = {
    "changed": gettext_lazy("内容被改动"),
    "missing": gettext_lazy("内容缺失"),
    "added": gettext_lazy("清单之外的文件"),
    "unreadable": gettext_lazy("无法读取"),
    "unsound": gettext_lazy("自身核验不成立"),
    "record": gettext_lazy("目录信息不完整"),
    "division": gettext_lazy("不属于您管理的区划"),
    "known": gettext_lazy("已经接收过"),
    "no-intact-copy": gettext_lazy("备份不完好"),
}


@access(READ)
@never_cache
@require_GET
def search(request: Request) -> HttpResponse:
    """Search the archives for a purpose, which is recorded."""
    typed = {name: str(value).strip() for name, value in request.GET.items() if value}
    try:
        wanted, wrong = ArchiveSearch.model_validate(typed), ""
    except ValidationError:
        wanted, wrong = ArchiveSearch(), _("有一项条件的格式不对，没有按它查询。请核对年度和日期。")
    purpose = purpose_of(typed.get("purpose", "")) or purpose_of("archive")
    page = queries.search(request.actor, wanted, purpose, after=request.GET.get("after"))
    choices = {"purposes": PURPOSES, "states": PackageState.choices, "retentions": (PERMANENT, "30年", "10年")}
    return _render(request, "search", {"page": page, "typed": request.GET, "wrong": wrong, **choices})


def purpose_of(code: str) -> str:
    """Return a purpose in words; nothing for an unknown one."""
    return str(dict(PURPOSES).get(code, ""))


@access(READ)
@never_cache
@require_GET
def package(request: Request, package_id: UUID) -> HttpResponse:
    """Show a package: what is known of it, what is in it, what was found, and its proof."""
    found = queries.package(request.actor, package_id)
    rule = ArchiveRule.model_validate(found.rule)
    context = {
        "found": found,
        "crumbs": [(_("电子档案"), reverse("office:archive")), (found.title, "")],
        "rule": rule,
        "way": WAYS[rule.starts.way],
        "nomination": NOMINATIONS.get(found.nomination, found.nomination),
        "secrecy": SECRECY.get(found.secrecy, found.secrecy),
        "properties": queries.properties(found),
        "versions": queries.versions(found),
        "damage": [(one["path"], PROBLEMS.get(one["problem"], one["problem"])) for one in found.damage],
        "proved": queries.evidence(found) is not None,
        "purposes": PURPOSES,
        "may_manage": may(request.actor, MANAGE, str(found.division_path)),
    }
    return render(request, "office/archive/package.html", context)


@access(READ)
@never_cache
@require_GET
def destruction(request: Request) -> HttpResponse:
    """Show what is due, and the lists."""
    proposing = may(request.actor, PROPOSE)
    context = {
        "due": destruction_queries.due(request.actor, request.GET.get("due_after")) if proposing else None,
        "undated": destruction_queries.undated(request.actor),
        "page": destruction_queries.lists(request.actor, request.GET.get("after")),
    }
    return _render(request, "destruction", context)


@access(READ)
@never_cache
@require_GET
def destruction_list(request: Request, list_id: UUID) -> HttpResponse:
    """Show a list with what this officer may do about it."""
    found, lines = destruction_queries.destruction_list(request.actor, list_id)
    crumbs = [(_("鉴定与销毁"), reverse("office:archive-destruction")), (found.title, "")]
    context = {
        "found": found,
        "lines": lines,
        "steps": destruction_queries.steps_for(request.actor, found),
        "crumbs": crumbs,
    }
    return render(request, "office/archive/list.html", context)


@access(READ)
@never_cache
@require_GET
def fixity(request: Request) -> HttpResponse:
    """Show the runs of reading and what was found damaged."""
    context = {
        "page": queries.fixity_runs(request.GET.get("after")),
        "damaged": queries.damaged(request.actor),
        "may_manage": may(request.actor, MANAGE),
    }
    return _render(request, "fixity", context)


@access(BACKUP)
@never_cache
@require_GET
def backup(request: Request) -> HttpResponse:
    """Show how the second storage stands, and the drills."""
    page = queries.drills(request.GET.get("after"))
    told = [
        (drill, [(one["code"], PROBLEMS.get(one["problem"], one["problem"])) for one in drill.findings])
        for drill in page.items
    ]
    return _render(request, "backup", {"status": queries.backup_status(), "page": page, "rows": told})


@access(MANAGE)
@never_cache
@require_GET
def transfers(request: Request) -> HttpResponse:
    """Show transfers both ways, and the form for a new one."""
    return _render(request, "transfers", {"page": queries.transfers(request.actor, request.GET.get("after"))})


@access(MANAGE)
@never_cache
@require_GET
def transfer(request: Request, transfer_id: UUID) -> HttpResponse:
    """Show a transfer line by line."""
    found = queries.transfer(request.actor, transfer_id)
    said = {line["code"]: line for line in found.lines}
    codes = [line["record"]["code"] for line in found.batch] or list(said)
    lines = [(code, said.get(code), PROBLEMS.get(said.get(code, {}).get("problem", ""), "")) for code in codes]
    crumbs = [(_("移交与接收"), reverse("office:archive-transfers")), (found.number, "")]
    return render(request, "office/archive/transfer.html", {"found": found, "lines": lines, "crumbs": crumbs})


def _render(request: Request, tab: str, context: dict[str, Any]) -> HttpResponse:
    context |= {"tabs": _tabs(request.actor), "tab": tab}
    return render(request, f"office/archive/{tab}.html", context)


def _tabs(actor: Actor) -> list[dict[str, Any]]:
    tabs = [
        ("search", _("查档"), "office:archive", READ),
        ("destruction", _("鉴定与销毁"), "office:archive-destruction", READ),
        ("fixity", _("定期校验"), "office:archive-fixity", READ),
        ("backup", _("备份与演练"), "office:archive-backup", BACKUP),
        ("transfers", _("移交与接收"), "office:archive-transfers", MANAGE),
    ]
    return [{"key": key, "title": title, "url": reverse(route)} for key, title, route, who in tabs if may(actor, who)]
