"""My work (我的待办): what waits for me, the most urgent first."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuzheng.engines.casework.actions.views import DeleteView, SaveView
from shuzheng.engines.casework.actions.working import TakeTask
from shuzheng.engines.casework.models import Task
from shuzheng.engines.casework.queries.work import WorkFilter, my_tasks, saved_views, work_choices
from shuzheng.engines.insight.queries import workload
from shuzheng.kernel.error import InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import OFFICER
from shuzheng.portals.office.rows import rows_of

CARDS = ("red", "amber", "green")


@access(OFFICER)
@require_GET
def work(request: Request) -> HttpResponse:
    """Show the open tasks that are the officer's to do, narrowed by what the address asks for."""
    chosen = filter_of(request)
    page = my_tasks(request.actor, chosen, after=request.GET.get("after"))
    waiting = workload(request.actor)
    choices = work_choices(request.actor)
    context = {
        "page": page,
        "rows": rows_of(page.items),
        "chosen": chosen,
        "narrowed": any(asdict(chosen).values()),
        "waiting": waiting,
        "cards": [_card(request, card, waiting.counts.get(card, 0), chosen) for card in CARDS],
        "choices": choices,
        "kinds": Task.Kind.choices,
        "views": _views(request),
        "filters": urlencode({k: v for k, v in asdict(chosen).items() if v}),
    }
    return render(request, "office/work.html", context)


def filter_of(request: Request) -> WorkFilter:
    """Return the filter that an address asks for; what it does not know is left out."""
    names = WorkFilter.__dataclass_fields__
    return WorkFilter(**{name: request.GET[name].strip()[:100] for name in names if request.GET.get(name)})


def _card(request: Request, card: str, count: int, chosen: WorkFilter) -> dict[str, Any]:
    words = {"red": _("红牌 · 最后一天或已超期"), "amber": _("黄牌 · 临近期限"), "green": _("绿牌 · 正常")}
    on = chosen.card == card
    url = reverse("office:work") + ("" if on else f"?{urlencode({'card': card})}")
    return {"card": card, "label": words[card], "count": count, "url": url, "on": on}


def _views(request: Request) -> list[dict[str, Any]]:
    """Return the officer's saved views with their addresses; the one that is shown is marked."""
    here = {k: v for k, v in request.GET.items() if v and k != "after"}
    base = reverse("office:work")
    return [
        {"id": v.pk, "name": v.name, "url": f"{base}?{urlencode(v.filters)}", "on": v.filters == here}
        for v in saved_views(request.actor)
    ]


@access(OFFICER)
@require_POST
def save_view(request: Request) -> HttpResponse:
    """Keep the present filter under a name."""
    filters = {k: v for k, v in request.POST.items() if k in WorkFilter.__dataclass_fields__ and v}
    try:
        SaveView.do(request.actor, name=request.POST.get("name", ""), filters=filters)
    except InvalidInput:
        messages.error(request, _("请给视图起一个名字，最多 40 个字。"))
    else:
        messages.success(request, _("视图已保存。"))
    return redirect(f"{reverse('office:work')}?{urlencode(filters)}")


@access(OFFICER)
@require_POST
def delete_view(request: Request, view_id: UUID) -> HttpResponse:
    """Delete a saved view of one's own."""
    DeleteView.do(request.actor, view_id=view_id)
    return redirect("office:work")


@access(OFFICER)
@require_POST
def take(request: Request, case_id: UUID, task_id: UUID) -> HttpResponse:
    """Take a task and open its case."""
    try:
        TakeTask.do(request.actor, case_id=case_id, task_id=task_id)
    except ShuzhengError as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("已领办，同事会看到由您承办。"))
    return HttpResponseRedirect(reverse("office:case", args=[case_id]))


@access(OFFICER)
@require_GET
def following(request: Request) -> HttpResponse:
    """Open the most urgent case of mine other than the one at hand."""
    here = request.GET.get("after", "")
    case = next((t.case_id for t in my_tasks(request.actor, size=5).items if str(t.case_id) != here), None)
    if case is None:
        messages.success(request, _("没有其他待办了。"))
        return redirect("office:work")
    return redirect("office:case", case_id=case)
