"""One's own page: who I am here, and the ways to everything that is mine."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shuzheng.engines.identity.models import Account
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN


@require_GET
@access(SIGNED_IN)
def me(request: Request) -> HttpResponse:
    """Show the person, masked, and the ways to everything that is theirs."""
    account = cast(Account, request.user)
    return render(request, "citizen/me.html", {"account": account, "person": account.person})
