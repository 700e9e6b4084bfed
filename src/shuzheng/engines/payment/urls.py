"""Addresses of payment."""

from __future__ import annotations

from django.urls import path

from shuzheng.engines.payment import views

app_name = "payment"
urlpatterns = [path("payment/notify/<str:name>", views.notify, name="notify")]
