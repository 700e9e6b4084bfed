"""What of messages to many (群发) did not arrive: a page of it, and the file."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuzheng.engines.messaging import bulks, desk_operation
from shuzheng.engines.messaging.models import Bulk, Delivery
from shuzheng.engines.messaging.policies import BULK
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.engines.trust.masking import mask
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import local
from shuzheng.kernel.page import Page
from shuzheng.kernel.spreadsheet import csv_file


def failures_of(request: Request, found: Bulk) -> Page[Delivery]:
    """Return a page of what did not arrive; whose names were read is recorded."""
    page = desk_operation.bulk_failures(found, request.GET.get("after"))
    _record(request, page.items)
    return page


def _record(request: Request, shown: Iterable[Delivery]) -> None:
    """Record with one statement whose names were read."""
    messages = [delivery.message for delivery in shown if delivery.message]
    people = {one.recipient_person_id for one in messages if one.recipient_person_id}
    if people:
        record_read(request.actor, _("群发未到达"), PERSON, people, ["name"], name="office.bulk")


@access(BULK)
@require_GET
def failures(request: Request, bulk_id: UUID) -> HttpResponse:
    """Return what did not arrive as a CSV file: names and addresses masked, every read recorded."""
    found = bulks.bulk(request.actor, bulk_id)
    shown = list(desk_operation.every_failure(found))
    _record(request, shown)
    rows = [_row(delivery) for delivery in shown]
    heading = (_("姓名"), _("方式"), _("状态"), _("原因"), _("通道"), _("发出时间"), _("回执时间"))
    return csv_file(f"bulk-{found.pk}.csv", heading, rows)


def _row(delivery: Delivery) -> list[str]:
    person = delivery.message.recipient_person if delivery.message else None
    times = [f"{local(at):%Y-%m-%d %H:%M}" if at else "" for at in (delivery.sent_at, delivery.receipt_at)]
    name = mask(person.name, "person_name") if person else ""
    told = [delivery.get_channel_display(), delivery.get_status_display(), delivery.reason, delivery.provider]
    return [name, *told, *times]
