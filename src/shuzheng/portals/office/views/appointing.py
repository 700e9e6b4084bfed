"""What the forms of the people's pages do: appointing, roles, delegations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shuzheng.engines.identity.actions.appointments import AppointOfficer, EndAppointment
from shuzheng.engines.identity.actions.delegations import DelegateDuties, EndDelegation
from shuzheng.engines.identity.actions.roles import AssignRole, WithdrawRole
from shuzheng.engines.identity.models import Officer, Person, Post
from shuzheng.engines.identity.policies import MANAGE_OFFICERS, MANAGE_ROLES
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.engines.vocabulary.queries import search as search_divisions
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import today
from shuzheng.kernel.policy import OFFICER, require
from shuzheng.portals.office.outcome import told


@access(OFFICER)
@require_POST
def change(request: Request, verb: str) -> HttpResponse:
    """Do what a form of these pages asks for, and say what came of it."""
    if verb not in CHANGES:
        raise NotFound
    do, route, done = CHANGES[verb]
    with told(request, done):
        do(request.actor, request.POST)
    return redirect(route)


def _appoint(actor: Actor, post: QueryDict) -> None:
    require(actor, MANAGE_OFFICERS)
    person = Person.objects.by_id_number(post.get("id_number", "").strip().upper())
    record_read(
        actor, "任免工作人员", PERSON, person.pk if person else "", ["resident-id", "name"], name="office.appoint"
    )
    if person is None or person.name != post.get("name", "").strip():
        raise NotFound(_("姓名与证件号码核对不上，没有任命。请核对后再试。"))
    wanted = Post.objects.filter(pk=_uuid(post.get("post_id"))).first()
    if wanted is None:
        raise NotFound(_("请先查找单位，再选择岗位。"))
    given = {"person_id": person.pk, "post_id": wanted.pk, "valid_from": post.get("valid_from") or today()}
    AppointOfficer.do(actor, given)


def _assign(actor: Actor, post: QueryDict) -> None:
    require(actor, MANAGE_ROLES)
    officer = Officer.objects.filter(number=post.get("number", "").strip()).first()
    if officer is None:
        raise NotFound(_("没有这个工号，请核对。"))
    AssignRole.do(
        actor,
        officer_id=officer.pk,
        role=post.get("role", ""),
        division_code=_division(post.get("division", "").strip()),
    )


def _division(text: str) -> str:
    """Return the code of a division given by code or name; empty for everywhere. Raises NotFound."""
    if not text or text.isdigit():
        return text
    found = search_divisions(text)
    if not found:
        raise NotFound(_("没有找到这个区划，请填写名称或 12 位代码。"))
    return found[0].division.code


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _delegate(actor: Actor, post: QueryDict) -> None:
    names = ("delegate_id", "valid_from", "valid_to", "reason")
    DelegateDuties.do(actor, {name: post[name] for name in names if post.get(name)})


Change = tuple[Callable[[Actor, QueryDict], Any], str, Any]
CHANGES: dict[str, Change] = {
    "appoint": (_appoint, "office:people", gettext_lazy("已任命。")),
    "end-appointment": (
        lambda actor, post: EndAppointment.do(actor, {"appointment_id": post.get("id", "")}),
        "office:people",
        gettext_lazy("已免去岗位。"),
    ),
    "assign-role": (_assign, "office:roles", gettext_lazy("已授予角色。")),
    "withdraw-role": (
        lambda actor, post: WithdrawRole.do(actor, {"assignment_id": post.get("id", "")}),
        "office:roles",
        gettext_lazy("已收回角色。"),
    ),
    "delegate": (_delegate, "office:delegations", gettext_lazy("已委托，期间办件会同时出现在对方的待办中。")),
    "end-delegation": (
        lambda actor, post: EndDelegation.do(actor, {"delegation_id": post.get("id", "")}),
        "office:delegations",
        gettext_lazy("已收回委托。"),
    ),
}
