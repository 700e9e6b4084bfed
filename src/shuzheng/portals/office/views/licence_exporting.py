"""Licences found, as a table to take away: masked, for a purpose that is recorded."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from shuzheng.engines.documents.credentials import desk_queries
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.credentials.policies import READ
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.spreadsheet import csv_file
from shuzheng.portals.office.rows import masked_applicant

COLUMNS = (
    _("证照"), _("证照编号"), _("电子证照标识"), _("持证主体"), _("状态"), _("有效期自"), _("有效期至"), _("发证机关"),
)  # fmt: skip


@access(READ)
@never_cache
@require_GET
def export(request: Request) -> HttpResponse:
    """Send the licences found, or those that will expire, people masked. Raises PurposeNeeded."""
    words, purpose = request.GET.get("q", "").strip(), request.GET.get("purpose", "").strip()
    found = desk_queries.exported(request.actor, words, purpose)
    return csv_file("licences.csv", COLUMNS, (_row(one) for one in found))


def _row(one: Credential) -> list[str]:
    until = one.valid_until.isoformat() if one.valid_until else str(_("长期"))
    holder = masked_applicant(one.holder_name, one.holder_kind)
    state = str(one.standing_now.title)
    return [one.title, one.number, one.identifier, holder, state, one.valid_from.isoformat(), until, one.unit.name]
