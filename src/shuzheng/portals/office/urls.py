"""Addresses of the officials' portal."""

from __future__ import annotations

from django.urls import path

from shuzheng.portals.office import money_urls, seal_urls
from shuzheng.portals.office.views import (
    acts,
    appointing,
    audit,
    board,
    bulk,
    calendar,
    case,
    items,
    messages,
    overview,
    people,
    services,
    work,
)

app_name = "office"
urlpatterns = [
    path("office/", work.work, name="work"),
    path("office/next/", work.following, name="next"),
    path("office/views/", work.save_view, name="save-view"),
    path("office/views/<uuid:view_id>/delete/", work.delete_view, name="delete-view"),
    path("office/cases/<uuid:case_id>/", case.case, name="case"),
    path("office/cases/<uuid:case_id>/take/<uuid:task_id>/", work.take, name="take"),
    path("office/cases/<uuid:case_id>/acts/<str:name>/", acts.act, name="act"),
    path("office/board/", board.board, name="board"),
    path("office/supervision/", board.supervision, name="supervision"),
    path("office/search/", board.search, name="search"),
    path("office/overview/", overview.overview, name="overview"),
    path("office/items/", items.items, name="items"),
    path("office/items/new/", items.edit, name="item-new"),
    path("office/items/<str:code>/", items.item, name="item"),
    path("office/items/<str:code>/edit/", items.edit, name="item-edit"),
    path("office/items/<str:code>/publish/", items.publish, name="item-publish"),
    path("office/items/<str:code>/retire/", items.retire, name="item-retire"),
    path("office/people/", people.people, name="people"),
    path("office/people/roles/", people.roles, name="roles"),
    path("office/people/delegations/", people.delegations, name="delegations"),
    path("office/people/<str:verb>/", appointing.change, name="people-change"),
    path("office/calendar/", calendar.calendar, name="calendar"),
    path("office/inbox/", messages.own, name="messages"),
    path("office/inbox/<uuid:message_id>/open", messages.open_message, name="open-message"),
    path("office/messages/", bulk.bulks, name="bulks"),
    path("office/messages/bulk/new/", bulk.new, name="bulk-new"),
    path("office/messages/bulk/<uuid:bulk_id>/", bulk.bulk, name="bulk"),
    path("office/messages/bulk/<uuid:bulk_id>/recipients", bulk.recipients, name="bulk-recipients"),
    path("office/messages/bulk/<uuid:bulk_id>/<str:verb>", bulk.change, name="bulk-change"),
    path("office/messages/templates/", messages.template_list, name="templates"),
    path("office/messages/templates/<str:code>/", messages.template, name="template"),
    path("office/messages/dead/", messages.dead_letters, name="dead-letters"),
    path("office/messages/dead/<uuid:delivery_id>/<str:verb>", messages.settle, name="settle-delivery"),
    path("office/messages/statistics/", messages.statistics, name="message-statistics"),
    path("office/services/", services.services, name="services"),
    path("office/services/new/", services.new, name="service-new"),
    path("office/services/<uuid:service_id>/", services.service, name="service"),
    path("office/services/<uuid:service_id>/proof/", services.proof, name="service-proof"),
    path("office/audit/", audit.audit, name="audit"),
    path("office/audit/export/", audit.export, name="audit-export"),
    path("office/audit/verify/", audit.verify, name="audit-verify"),
    *seal_urls.urlpatterns,
    *money_urls.urlpatterns,
]
