"""Addresses of the small site: the kernel's own, and one page that asks the database."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.http import HttpResponse
from django.urls import include, path

from shuzheng.kernel.actor import ANYBODY, Actor
from shuzheng.kernel.audit import Entry
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import PUBLIC
from shuzheng.kernel.rows import Step

handler500 = "shuzheng.kernel.outage.server_error"


def nobody(request: Request) -> Actor:
    """Nobody signs in here."""
    return ANYBODY


def no_audit(entries: Iterable[Entry]) -> Step:
    """Keep no audit."""
    return "SELECT", []


@access(PUBLIC)
def page(request: Request) -> HttpResponse:
    """A page that needs the database."""
    with connection.cursor() as cursor:
        cursor.execute("select 42")
        return HttpResponse(f"{cursor.fetchone()[0]}")


urlpatterns = [path("", include("shuzheng.kernel.urls")), path("page", page, name="page")]
