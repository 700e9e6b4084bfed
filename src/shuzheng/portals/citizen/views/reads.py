"""Who looked at my data (谁看过我的数据): the list, the proof of each look, and all of it to take away."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from shuzheng.engines.trust.ledger import evidence_of_record
from shuzheng.engines.trust.queries import read_about, reads_about
from shuzheng.engines.trust.views import evidence_file
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import local, today
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.kernel.spreadsheet import csv_file
from shuzheng.portals.citizen.readers import Look, looks

#: Reads that one export takes away at most.
MOST = 5000


@require_GET
@access(SIGNED_IN)
@never_cache
def reads(request: Request) -> HttpResponse:
    """Show who read the person's data, when, what, under which case and why. Raises NotFound without a person."""
    person_id, show = _person(request), "all" if request.GET.get("show") == "all" else ""
    page = reads_about(person_id, by_others=not show, after=request.GET.get("after"))
    tabs = [
        {"key": "", "title": _("别人看的"), "url": "?show="},
        {"key": "all", "title": _("包括我自己"), "url": "?show=all"},
    ]
    context = {
        "page": page,
        "looks": looks(page.items, person_id),
        "tabs": tabs,
        "show": show,
        "crumbs": [(_("我的"), reverse("citizen:me")), (_("谁看过我的数据"), "")],
    }
    return render(request, "citizen/reads.html", context)


@require_GET
@access(SIGNED_IN)
@never_cache
def proof(request: Request, record_id: int) -> HttpResponse:
    """Send the evidence of one look. Raises NotFound where it is not about the person, or not yet in the ledger."""
    record = read_about(_person(request), record_id)
    found = evidence_of_record(record) if record else None
    if found is None:
        raise NotFound
    return evidence_file(found.model_dump_json(indent=1), str(record_id))


@require_GET
@access(SIGNED_IN)
@never_cache
def export(request: Request) -> HttpResponse:
    """Send the newest reads by others as a table, at most ``MOST``. Raises NotFound without a person."""
    person_id = _person(request)
    found = looks(reads_about(person_id, by_others=True, size=MOST).items, person_id)
    heading = (_("时间"), _("谁看的"), _("单位和岗位"), _("看了什么"), _("用途"), _("办件"), _("账本编号"))
    return csv_file(f"reads-{today():%Y%m%d}.csv", heading, map(_exported, found))


def _exported(look: Look) -> list[object]:
    at = f"{local(look.record.at):%Y-%m-%d %H:%M:%S}"
    return [at, look.who, look.office, look.what, look.purpose, look.record.case_id, look.record.id]


def _person(request: Request) -> UUID:
    """Return who asks. Raises NotFound for an account without a person."""
    if request.actor.person_id is None:
        raise NotFound
    return request.actor.person_id
