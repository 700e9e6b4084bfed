"""Addresses of the design system."""

from __future__ import annotations

from django.urls import path

from shuzheng.ui import views

app_name = "ui"
urlpatterns = [
    path("preferences/elder", views.elder, name="elder"),
    path("preferences/theme", views.theme, name="theme"),
    path("preferences/language", views.language, name="language"),
    path("ui/styleguide", views.styleguide, name="styleguide"),
    path("ui/styleguide/desk", views.styleguide_desk, name="styleguide-desk"),
]
