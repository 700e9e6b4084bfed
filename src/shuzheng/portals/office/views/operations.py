"""Operations (运行保障): the board of support services, one service, and the acts of the operators on duty."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from markdown_it import MarkdownIt

from shuzheng.engines.resources import queries
from shuzheng.engines.resources.actions import (
    ApproveMeasure,
    AskMeasure,
    EndMeasure,
    PauseAtOnce,
    ReviewMeasure,
    TakeAlert,
)
from shuzheng.engines.resources.definitions import SupportService
from shuzheng.engines.resources.models import Alert
from shuzheng.engines.resources.policies import APPROVE, OPERATE
from shuzheng.engines.resources.queries import Standing
from shuzheng.kernel.action import Action
from shuzheng.kernel.error import NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import may
from shuzheng.portals.office import charts

#: How a state is called, and its colour.
STATES = {
    "no-data": (gettext_lazy("还没有数据"), "grey"),
    "ok": (gettext_lazy("正常"), "green"),
    "ticket": (gettext_lazy("消耗偏快"), "amber"),
    "page": (gettext_lazy("紧急"), "red"),
    "spent": (gettext_lazy("预算用完"), "red"),
}
STALE = (gettext_lazy("监测中断"), "amber")
#: What an act is called in the address, and the words that follow it.
ACTS: dict[str, tuple[type[Action[Any, Any]], Any]] = {
    "take": (TakeAlert, gettext_lazy("已记录。")),
    "ask": (AskMeasure, gettext_lazy("已提交，另一位有权限的同志批准后执行。")),
    "at-once": (PauseAtOnce, gettext_lazy("已执行，请另一位有权限的同志复核。")),
    "approve": (ApproveMeasure, gettext_lazy("已办理。")),
    "end": (EndMeasure, gettext_lazy("已恢复正常。")),
    "review": (ReviewMeasure, gettext_lazy("已复核。")),
}
FIELDS = ("alert_id", "note", "mode", "reason", "minutes", "measure_id", "review", "approved")


@access(OPERATE)
@require_GET
@never_cache
def board(request: Request) -> HttpResponse:
    """Show every support service, those in trouble first: state, budget left, queue, alerts, measures."""
    services = [_card(standing) for standing in queries.board()]
    context = {
        "services": services,
        "alerts": sum(len(card["alerts"]) for card in services),
        "measures": [m for card in services for m in card["measures"]],
        "trouble": sum(card["colour"] in ("red", "amber") for card in services),
        "failing": queries.failing_processes(),
    }
    return render(request, "office/operations/board.html", context)


@access(OPERATE)
@require_GET
@never_cache
def processes(request: Request) -> HttpResponse:
    """Show how many processes there are to be and why, and what was added, given up, or fell again and again."""
    context = {
        "page": queries.process_events(request.GET.get("after")),
        "failing": queries.failing_processes(),
        "decisions": [(service.service.title, service.state) for service in queries.board() if service.state],
        "crumbs": [(_("运行保障"), reverse("office:operations")), (_("进程伸缩"), "")],
    }
    return render(request, "office/operations/processes.html", context)


@access(OPERATE)
@require_GET
@never_cache
def service(request: Request, code: str) -> HttpResponse:
    """Show one service: objectives, the last weeks, alerts with the runbook, measures."""
    return _show(request, code)


def _show(request: Request, code: str, trouble: ShuzhengError | None = None) -> HttpResponse:
    standing = queries.standing(code)
    declared = standing.service
    context = {
        **_card(standing),
        "chart": _chart(declared),
        "runbook": runbook(declared.runbook),
        "past": queries.past_alerts(code, request.GET.get("after")),
        "past_measures": queries.past_measures(code),
        "modes": [(mode.code, mode.title) for mode in declared.modes],
        "may_approve": may(request.actor, APPROVE),
        "account_id": request.actor.account_id,
        "trouble": trouble,
        "typed": request.POST if trouble else {},
        "crumbs": [(_("运行保障"), reverse("office:operations")), (declared.title, "")],
    }
    return render(request, "office/operations/service.html", context, status=trouble.status if trouble else 200)


@access(OPERATE)
@require_POST
def act(request: Request, code: str, verb: str) -> HttpResponse:
    """Do what a form of the service's page asks for; show the page again with what is wrong. Raises NotFound."""
    if verb not in ACTS:
        raise NotFound
    action, done = ACTS[verb]
    given: dict[str, Any] = {name: request.POST[name].strip() for name in FIELDS if request.POST.get(name)}
    if verb in ("ask", "at-once"):
        given |= {"service": code, "drill": "drill" in request.POST}
    try:
        action.do(request.actor, given)
    except ShuzhengError as trouble:
        return _show(request, code, trouble)
    messages.success(request, str(done))
    return redirect("office:operations-service", code)


def runbook(text: str) -> SafeString:
    """Return Markdown of a pack as HTML; HTML inside it stays text, and headings begin below the page's own."""
    markdown = MarkdownIt("commonmark", {"html": False})
    html = markdown.render(text).replace("<h2>", "<h3>").replace("</h2>", "</h3>")
    return mark_safe(html)


def _card(standing: Standing) -> dict[str, Any]:
    state = standing.state
    words, colour = STALE if state and standing.stale else STATES[state.state if state else "no-data"]
    return {
        "service": standing.service,
        "state": state,
        "words": str(words),
        "colour": colour,
        "objectives": [_bar(entry) for entry in state.objectives] if state else [],
        "alerts": [_titled(alert, standing.service) for alert in standing.alerts],
        "measures": standing.measures,
    }


def _titled(alert: Alert, declared: SupportService) -> Alert:
    """Return an alert with what its objective is called."""
    titles = {objective.code: objective.title for objective in declared.objectives}
    setattr(alert, "objective_title", titles.get(alert.objective, alert.objective))
    return alert


def _bar(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an objective as a bar of the budget that is left, with the same in words."""
    share, left = entry["share"], max(0.0, min(1.0, entry["left"]))
    told = _("还没有数据")
    if share is not None:
        told = _("{share} · 预算剩余 {left}").format(share=f"{round(100 * share, 3):g}%", left=f"{100 * left:.0f}%")
    return {
        **entry,
        "percent": 0 if share is None else round(100 * left),
        "promise": f"{100 * entry['target']:g}%",
        "told": told,
        "words": str(STATES[entry["state"]][0]),
        "colour": STATES[entry["state"]][1],
    }


def _chart(declared: SupportService) -> dict[str, Any]:
    days = queries.last_days(declared.window_days)
    found = queries.daily_shares(declared.code, declared.objectives, declared.window_days)
    series: dict[str, dict[date, float]] = {o.title: found.get(o.code, {}) for o in declared.objectives}
    return charts.shares("shares", _("近 {days} 天达标比例").format(days=declared.window_days), days, series)
