"""Searching the audit (审计), verifying the ledger, and taking a bounded part of it away."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzheng.engines.casework.models import Case
from shuzheng.engines.identity.models import Account, Officer, Person
from shuzheng.engines.trust import queries
from shuzheng.engines.trust.actions.verify_ledger import VerifyLedger
from shuzheng.engines.trust.audit import PERSON
from shuzheng.engines.trust.ledger import heads
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.engines.trust.policies import READ_AUDIT, VERIFY
from shuzheng.engines.trust.queries import AuditSearch
from shuzheng.kernel.action import actions
from shuzheng.kernel.audit import Entry, record
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import ZONE, local, today
from shuzheng.kernel.policy import may
from shuzheng.kernel.spreadsheet import csv_file

#: Records that one export takes away at most.
MOST = 5000
#: What matches nothing, for a name or number that nobody has.
NOBODY = "00000000-0000-0000-0000-000000000000"
COLUMNS = (
    "at",
    "actor_name",
    "party_name",
    "kind",
    "name",
    "result",
    "subject_type",
    "subject_id",
    "case_id",
    "purpose",
    "channel",
    "address",
)


@access(READ_AUDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def audit(request: Request) -> HttpResponse:
    """Search the audit; an id number is posted, so that it stands in no address. Searching is itself recorded."""
    typed = request.POST if request.method == "POST" else request.GET
    page, titles = queries.search(request.actor, _wanted(typed), after=request.GET.get("after")), actions()
    context = {
        "page": page,
        "rows": [(row, titles[row.name].title if row.name in titles else "") for row in page.items],
        "typed": typed,
        "kinds": AuditRecord.Kind.choices,
        "results": AuditRecord.Result.choices,
        "head": heads.newest(),
        "may_verify": may(request.actor, VERIFY),
        "most": MOST,
    }
    return render(request, "office/audit.html", context)


def _wanted(typed: Any) -> AuditSearch:
    """Return the search that a form asks for; a number that nobody has finds nothing."""
    conditions: dict[str, Any] = {name: typed.get(name) for name in ("kind", "result") if typed.get(name)}
    if name := typed.get("name", "").strip():
        conditions["name"] = name
    if number := typed.get("case", "").strip().upper():
        conditions["case_id"] = Case.objects.filter(number=number).values_list("pk", flat=True).first() or NOBODY
    if who := typed.get("who", "").strip():
        conditions["account_id"] = _account(who) or NOBODY
    if id_number := typed.get("id_number", "").strip().upper():
        person = Person.objects.by_id_number(id_number)
        conditions |= {"subject_type": PERSON, "subject_id": str(person.pk) if person else NOBODY}
    for bound, days in (("since", 0), ("until", 1)):
        if day := parse_date(typed.get(bound, "") or ""):
            conditions[bound] = datetime.combine(day + timedelta(days=days), time.min, tzinfo=ZONE)
    return AuditSearch.model_validate(conditions)


def _account(who: str) -> Any:
    """Return the account of a user name or of an officer's number."""
    own = Officer.objects.filter(number=who).values_list("account_id", flat=True).first()
    return own or Account.objects.filter(username__iexact=who).values_list("pk", flat=True).first()


@access(READ_AUDIT)
@never_cache
@require_GET
def export(request: Request) -> HttpResponse:
    """Send what a search finds as CSV, at most ``MOST`` records; that it was taken away is recorded."""
    page = queries.search(request.actor, _wanted(request.GET), after=request.GET.get("after"), size=MOST)
    record(Entry(kind="read", name="office.export_audit", actor=request.actor, detail={"count": len(page.items)}))
    return csv_file(f"audit-{today():%Y%m%d}.csv", COLUMNS, map(_exported, page.items))


def _exported(row: AuditRecord) -> list[Any]:
    return [f"{local(row.at):%Y-%m-%d %H:%M:%S}", *(getattr(row, name) for name in COLUMNS[1:])]


@access(VERIFY)
@require_POST
def verify(request: Request) -> HttpResponse:
    """Recompute the ledger and say what was found."""
    report = VerifyLedger.do(request.actor)
    if report.finding is None:
        text = _("账本完好：{size} 项全部相符，{heads} 个签名树头一致。")
        messages.success(request, text.format(size=report.size, heads=report.heads))
    else:
        messages.error(request, report.finding.message)
    return redirect("office:audit")
