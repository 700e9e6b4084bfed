"""Addresses of licences: one's own, and their verification by anyone."""

from __future__ import annotations

from django.urls import path

from shuzheng.portals.citizen.views import licence_acts, licences, verifying

urlpatterns = [
    path("licences/", licences.licence_list, name="licences"),
    path("licences/<uuid:licence_id>/", licences.licence, name="licence"),
    path("licences/<uuid:licence_id>/show/", licences.show, name="licence-show"),
    path("licences/<uuid:licence_id>/original.ofd", licences.original, name="licence-original"),
    path("licences/<uuid:licence_id>/evidence.json", licences.proof, name="licence-proof"),
    path("licences/<uuid:licence_id>/copy/", licence_acts.copy, name="licence-copy"),
    path("licences/<uuid:licence_id>/authorise/", licence_acts.authorise, name="licence-authorise"),
    path("licences/<uuid:licence_id>/withdraw/", licence_acts.withdraw, name="licence-withdraw"),
    path("licences/<uuid:licence_id>/loss/", licence_acts.loss, name="licence-loss"),
    path("verify/code/", verifying.ask, name="verify-ask"),
    path("verify/show/<str:token>", verifying.shown, name="verify-shown"),
    path("verify/<str:code>", verifying.by_code, name="verify-code"),
    path("verify/<str:code>/evidence.json", verifying.proof, name="verify-proof"),
]
