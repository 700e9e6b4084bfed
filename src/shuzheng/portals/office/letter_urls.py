"""Addresses of the pages about letters."""

from __future__ import annotations

from django.urls import path

from shuzheng.portals.office.views import letters

_ONE = "office/cases/<uuid:case_id>/letters/<uuid:letter_id>"
urlpatterns = [
    path("office/letters/", letters.letters, name="letters"),
    path(f"{_ONE}/", letters.letter, name="letter"),
    path(f"{_ONE}/letter.ofd", letters.letter_ofd, name="letter-ofd"),
    path(f"{_ONE}/letter.pdf", letters.letter_pdf, name="letter-pdf"),
    path(f"{_ONE}/<str:verb>", letters.change, name="letter-change"),
]
