"""Addresses of the accounts area."""

from __future__ import annotations

from django.urls import include, path

from shuzheng.engines.identity.views import account, mandates

pages = [
    path("account", account.overview, name="account"),
    path("register", account.register, name="register"),
    path("sessions", account.session_list, name="sessions"),
    path("sessions/<uuid:handle>/end", account.end_session, name="end-session"),
    path("second-factor", account.explain_second_factor, name="second-factor"),
    path("acting", mandates.acting, name="acting"),
    path("mandates", mandates.mandate_list, name="mandates"),
    path("mandates/<uuid:mandate_id>/accept", mandates.accept, name="accept-mandate"),
    path("mandates/<uuid:mandate_id>/revoke", mandates.revoke, name="revoke-mandate"),
    path("mandates/<slug:way>", mandates.propose, name="propose-mandate"),
]

urlpatterns = [
    path("identity/", include((pages, "identity"))),
    # Pages of allauth that we replace; they come before allauth's own.
    path("accounts/signup/", account.to_registration),
    path("accounts/password/reset/", account.forgotten),
    path("accounts/password/set/", account.to_overview),
    path("accounts/email/", account.to_overview),
]
