"""On whose behalf else the person may act, and the page that offers it where something is theirs."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from shuzheng.engines.casework.models import Case
from shuzheng.engines.identity.models import Account
from shuzheng.engines.identity.parties import PartyChoice
from shuzheng.engines.identity.queries import parties_for
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.http import Request


def others(request: Request) -> list[PartyChoice]:
    """Return on whose behalf else the person may act: what is a firm's is seen when acting for it."""
    party, account = request.actor.party, cast(Account, request.user)
    return [one for one in parties_for(account) if one.party and (party is None or one.party.id != party.id)]


def offer(request: Request, case_id: UUID) -> HttpResponse:
    """Offer to act for the applicant of a case. Raises NotFound if the person may not."""
    applicant = Case.objects.filter(pk=case_id).values_list("applicant_id", flat=True).first()
    choice = next((one for one in others(request) if one.party and one.party.id == applicant), None)
    if choice is None:
        raise NotFound
    return render(request, "citizen/cases/elsewhere.html", {"choice": choice})
