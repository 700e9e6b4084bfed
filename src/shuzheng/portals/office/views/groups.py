"""Lists of people who are written to again and again (常用收件人)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.messaging import lists, recipient_groups
from shuzheng.engines.messaging.actions import AddMembers, RemoveGroup, RemoveMembers, SaveGroup
from shuzheng.engines.messaging.actions.bulk import MOST_AT_ONCE
from shuzheng.engines.messaging.policies import BULK
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.kernel.error import InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.portals.office.messaging import message_tabs, tried, uploaded_list


@access(BULK)
@require_http_methods(["GET", "POST"])
def groups(request: Request) -> HttpResponse:
    """List the lists, and begin a new one."""
    error = ""
    if request.method == "POST":
        unit = OrgUnit.objects.filter(pk__in=request.actor.unit_ids).order_by("code").first()
        try:
            made = SaveGroup.do(
                request.actor, title=request.POST.get("title", "").strip(), department=unit.code if unit else ""
            )
            return redirect("office:group", made.pk)
        except InvalidInput as wrong:
            error = str(wrong.errors[0].message)
    words = request.GET.get("q", "").strip()[:50]
    context = {
        "page": recipient_groups.groups(request.actor, request.GET.get("after"), words=words),
        "words": words,
        "typed": request.POST,
        "error": error,
        "tab": "groups",
        "tabs": message_tabs(request.actor),
    }
    return render(request, "office/messages/groups.html", context, status=422 if error else 200)


@access(BULK)
@require_http_methods(["GET", "POST"])
def group(request: Request, group_id: UUID) -> HttpResponse:
    """Show who is on a list; add the people of an uploaded file, naming every row that is wrong."""
    found = recipient_groups.group(request.actor, group_id)
    read, error = None, ""
    if request.method == "POST":
        try:
            read = lists.read(uploaded_list(request))
            people = [person for person, _own in read.people]
            for start in range(0, len(people), MOST_AT_ONCE):
                AddMembers.do(request.actor, group_id=group_id, people=people[start : start + MOST_AT_ONCE])
        except ShuzhengError as refused:
            errors = getattr(refused, "errors", ())
            error = str(errors[0].message) if errors else str(refused)
        found.refresh_from_db()
    page, people_by_id = recipient_groups.members(found, request.GET.get("after"))
    for id in people_by_id:
        record_read(request.actor, _("常用收件人"), PERSON, id, ["name", "id_number"], None, name="office.group")
    context = {
        "group": found,
        "page": page,
        "people": [(member, people_by_id.get(member.person_id)) for member in page.items],
        "read": read,
        "wrong": read.wrong[: lists.MOST_NAMED] if read else [],
        "error": error,
        "crumbs": [(_("常用收件人"), reverse("office:groups")), (found.title, "")],
        "tab": "groups",
        "tabs": message_tabs(request.actor),
    }
    return render(request, "office/messages/group.html", context, status=422 if error else 200)


@access(BULK)
@require_POST
def remove_member(request: Request, group_id: UUID, person_id: UUID) -> HttpResponse:
    """Take somebody off a list."""
    if tried(request, lambda: RemoveMembers.do(request.actor, group_id=group_id, people=[person_id])):
        messages.success(request, _("已移出名单。"))
    return redirect("office:group", group_id)


@access(BULK)
@require_POST
def remove(request: Request, group_id: UUID) -> HttpResponse:
    """Delete a list."""
    if not tried(request, lambda: RemoveGroup.do(request.actor, group_id=group_id)):
        return redirect("office:group", group_id)
    messages.success(request, _("名单已删除。"))
    return redirect("office:groups")
