"""The log of uses of seals (用章日志): searched, paged by key, and taken away in part."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from pydantic import ValidationError

from shuzheng.engines.documents.seals import queries
from shuzheng.engines.documents.seals.models import SealUse
from shuzheng.engines.documents.seals.queries import LogSearch
from shuzheng.kernel.audit import Entry, record
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import local, today
from shuzheng.kernel.policy import OFFICER
from shuzheng.kernel.spreadsheet import csv_file
from shuzheng.portals.office.views.seals import render_tab

#: Uses that one export takes away at most.
MOST = 5000


@access(OFFICER)
@never_cache
@require_GET
def log(request: Request) -> HttpResponse:
    """Search the log of uses; whoever has no wider permission sees their own."""
    listed = queries.log(request.actor, _wanted(request), request.GET.get("after"))
    return render_tab(request, "log", {"page": listed, "typed": request.GET, "most": MOST})


@access(OFFICER)
@never_cache
@require_GET
def export(request: Request) -> HttpResponse:
    """Send what a search finds as CSV, at most ``MOST`` uses; that it was taken away is recorded."""
    listed = queries.log(request.actor, _wanted(request), request.GET.get("after"), size=MOST)
    record(Entry(kind="read", name="office.export_seal_log", actor=request.actor, detail={"count": len(listed.items)}))
    heading = (
        _("用章时间"), _("印章编码"), _("印章名称"), _("文件"), _("事项"), _("盖章人"), _("签章摘要"), _("账本编号"),
    )  # fmt: skip
    return csv_file(f"seals-{today():%Y%m%d}.csv", heading, map(_exported, listed.items))


def _exported(use: SealUse) -> list[object]:
    who = use.officer.person.name if use.officer else use.application.name if use.application else _("系统")
    told = (use.seal.code, use.seal.name, use.document_name, use.item_code, who, use.digest, use.ledger_entry)
    return [f"{local(use.at):%Y-%m-%d %H:%M:%S}", *told]


def _wanted(request: Request) -> LogSearch:
    typed = {name: value for name, value in request.GET.items() if isinstance(value, str) and value.strip()}
    try:
        return LogSearch.model_validate({name: value.strip() for name, value in typed.items()})
    except ValidationError as problem:
        raise InvalidInput(message=_("查询条件有误，请检查日期后再查。")) from problem
