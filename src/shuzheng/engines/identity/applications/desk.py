"""What the acts on an application share: the locked row, who answers for it, its history."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Max

from shuzheng.engines.identity.applications.errors import NotInState
from shuzheng.engines.identity.models import Application, ApplicationCapability, ApplicationEvent
from shuzheng.engines.identity.policies import APPLY_CONNECTION, MANAGE_CONNECTION, REVIEW_CONNECTION
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import may

State = Application.State
#: Acts that ask for something, and the one that returns what was asked for.
REQUESTS = ("identity.apply_for_connection", "identity.amend_application", "identity.ask_capability")
RETURN = "identity.return_application"


class ApplicationInput(Input):
    """Which application."""

    application_id: UUID


def place_of(application_id: UUID) -> str:
    """Return the division path of an application. Raises NotFound."""
    found = Application.objects.filter(pk=application_id).values_list("division_path", flat=True).first()
    if found is None:
        raise NotFound
    return str(found)


def hold(application_id: UUID, *states: Application.State) -> Application:
    """Return an application, locked until the transaction ends; its calls, which only refer to it, go on. Raises NotFound, NotInState."""
    found = Application.objects.select_for_update(no_key=True).filter(pk=application_id).first()
    if found is None:
        raise NotFound
    if states and found.state not in states:
        raise NotInState(state=State(found.state).label)
    return found


def answers_for(actor: Actor, application: Application) -> bool:
    """Say whether an officer answers for an application: its contact, or an officer of its unit who may apply."""
    if actor.channel == "system":
        return True
    if actor.officer_id is None:
        return False
    in_unit = application.unit_id in actor.unit_ids and may(actor, APPLY_CONNECTION, str(application.division_path))
    return in_unit or actor.officer_id == application.contact_id


def may_read(actor: Actor, application: Application) -> bool:
    """Say whether an officer may see an application and its record."""
    path = str(application.division_path)
    watches = may(actor, REVIEW_CONNECTION, path) or may(actor, MANAGE_CONNECTION, path)
    return watches or answers_for(actor, application)


def require_answering(actor: Actor, application: Application, *, or_managing: bool = False) -> None:
    """Raise NotPermitted unless the officer answers for the application, or manages all of the place."""
    managing = or_managing and may(actor, MANAGE_CONNECTION, str(application.division_path))
    if not managing and not answers_for(actor, application):
        raise NotPermitted


def asked_by(application: Application) -> set[UUID | None]:
    """Return the accounts of everybody who had a part in asking for what waits for review, not of the last only."""
    events = ApplicationEvent.objects.filter(application=application)
    returned = events.filter(act=RETURN).aggregate(last=Max("at"))["last"]
    granted = ApplicationCapability.objects.filter(application=application).aggregate(last=Max("approved_at"))["last"]
    asked = events.filter(act__in=REQUESTS)
    decided = max((moment for moment in (returned, granted) if moment), default=None)
    if decided:
        asked = asked.filter(at__gte=decided)
    return {application.submitted_by_id, *asked.values_list("account_id", flat=True)}


def note(act: Action, application: Application, text: str = "") -> None:
    """Write the act into the application's history and its audit record."""
    actor = act.actor
    ApplicationEvent.objects.create(
        application=application,
        at=now(),
        act=act.name,
        title=str(act.title)[:60],
        by=actor.name[:100],
        account_id=actor.account_id,
        note=text[:500],
    )
    act.about(application, division=str(application.division_path), code=application.code)


def save(application: Application, names: Iterable[str]) -> None:
    """Write changed fields and when."""
    application.changed_at = now()
    application.save(update_fields=[*names, "changed_at"])
