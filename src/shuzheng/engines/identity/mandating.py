"""The steps that the verbs of a mandate share: finding the other person, proposing, locking, putting in force."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from shuzheng.engines.identity import authority
from shuzheng.engines.identity.errors import NoSuchPerson
from shuzheng.engines.identity.models import Account, Mandate, Person
from shuzheng.engines.identity.models.mandate import ALL_ITEMS
from shuzheng.engines.identity.policies import CONFIRM_IDENTITY
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import kinds, published_body
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import may


def find_person(name: str, id_number: str, path: str, actor: Actor) -> Person:
    """Return the other person of a mandate. Raises NoSuchPerson, or InvalidInput if it is the actor's own."""
    person = Person.objects.by_id_number(id_number)
    if person is None or person.name != name:
        raise NoSuchPerson
    if person.pk == actor.person_id:
        raise InvalidInput(FieldProblem(path, gettext("不需要授权本人，请填写另一个人的证件号码。")))
    return person


def extent(given: Any) -> dict[str, Any]:
    """Return scope and dates for the row. Raises InvalidInput for a service item that is not published."""
    unknown = [code for code in given.items if code != ALL_ITEMS and published_body("service_item", code) is None]
    if unknown and "service_item" in kinds():
        raise InvalidInput(FieldProblem("items", gettext("没有编码为“{code}”的事项，请核对。").format(code=unknown[0])))
    return {"items": list(given.items), "valid_from": given.valid_from, "valid_to": given.valid_to}


def propose(action: Action[Any, Mandate], **columns: Any) -> Mandate:
    """Create the mandate in the name of an action and announce it."""
    mandate = Mandate.objects.create(created_by_id=action.actor.account_id, **columns)
    action.about(mandate, kind=mandate.kind, status=mandate.status)
    action.emit(f"identity.mandate_{mandate.status}", mandate.pk, **facts(mandate))
    return mandate


def put_in_force(action: Action[Any, Mandate], mandate: Mandate) -> Mandate:
    """Make a waiting mandate valid in the name of an action and announce it."""
    mandate.status = Mandate.Status.ACTIVE
    mandate.confirmed_by_id, mandate.confirmed_at = action.actor.account_id, now()
    mandate.save(update_fields=["status", "confirmed_by", "confirmed_at", "evidence"])
    authority_changed(mandate)
    action.about(mandate, status=mandate.status)
    action.emit("identity.mandate_active", mandate.pk, **facts(mandate))
    return mandate


def locked(mandate_id: UUID, actor: Actor) -> Mandate:
    """Return a mandate that concerns the actor, locked. Raises NotFound."""
    mandate = (
        Mandate.objects.select_for_update(of=("self",)).select_related("grantor_legal").filter(pk=mandate_id).first()
    )
    if mandate is None:
        raise NotFound
    firm = mandate.grantor_legal
    concerned = {mandate.operator_id, mandate.grantor_person_id, firm and firm.representative_id} - {None}
    if actor.person_id not in concerned and not may(actor, CONFIRM_IDENTITY):
        raise NotFound
    return mandate


def authority_changed(mandate: Mandate) -> None:
    """Let the operator's sessions look anew at whom they may act for."""
    authority.changed(Account.objects.filter(person=mandate.operator_id).values_list("pk", flat=True))


def facts(mandate: Mandate) -> dict[str, str]:
    """Return what an event says about a mandate."""
    return {
        "kind": mandate.kind,
        "operator": str(mandate.operator_id),
        "grantor": str(mandate.grantor_id),
    }
