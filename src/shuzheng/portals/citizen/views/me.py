"""One's own page: who I am here, for whom I act, who looked at my data."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuzheng.engines.casework.queries import items_titled
from shuzheng.engines.identity.models import Account
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.engines.trust.queries import reads_about
from shuzheng.engines.vocabulary.queries import element
from shuzheng.kernel.definition import NoDefinition
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN


@require_GET
@access(SIGNED_IN)
def me(request: Request) -> HttpResponse:
    """Show the person, masked, and the ways to everything that is theirs."""
    account = cast(Account, request.user)
    return render(request, "citizen/me.html", {"account": account, "person": account.person})


@require_GET
@access(SIGNED_IN)
def reads(request: Request) -> HttpResponse:
    """Show who read the person's data, when, what and why (谁看过我的信息). Raises NotFound without a person."""
    if request.actor.person_id is None:
        raise NotFound
    everything = request.GET.get("show") == "all"
    page = reads_about(request.actor.person_id, by_others=not everything, after=request.GET.get("after"))
    titles = items_titled(record.purpose for record in page.items)
    rows = [
        {
            "record": record,
            "own": record.person_id == request.actor.person_id,
            "what": _titles(record),
            # Filling in a form by itself names the service item by its code.
            "purpose": titles.get(record.purpose, record.purpose),
        }
        for record in page.items
    ]
    tabs = [
        {"key": "", "title": _("别人看的"), "url": "?show="},
        {"key": "all", "title": _("包括我自己"), "url": "?show=all"},
    ]
    context = {
        "page": page,
        "rows": rows,
        "tabs": tabs,
        "show": "all" if everything else "",
        "crumbs": [(_("我的"), reverse("citizen:me")), (_("谁看过我的信息"), "")],
    }
    return render(request, "citizen/reads.html", context)


def _titles(record: AuditRecord) -> str:
    """Return the names of the elements that were read."""
    return "、".join(_title(code) for code in record.detail.get("elements", []))


def _title(code: str) -> str:
    try:
        return element(code).title
    except NoDefinition:
        return code
