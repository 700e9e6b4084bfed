"""Let an application work, stop it for a while, end it (上线、暂停、下线), and set its limits."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity.applications import desk, trials
from shuzheng.engines.identity.applications.capabilities import capabilities
from shuzheng.engines.identity.applications.desk import ApplicationInput, State
from shuzheng.engines.identity.applications.errors import NotInForce, NotTried, WouldLoosen
from shuzheng.engines.identity.models import Application, ApplicationCapability, ApplicationCredential
from shuzheng.engines.identity.policies import MANAGE_CONNECTION
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import OFFICER


class PutOnline(Action[ApplicationInput, Application]):
    """Let an application work (上线) once its signature and each capability were tried. Raises NotInState, NotTried."""

    name = "identity.put_online"
    permission = MANAGE_CONNECTION
    title = _("上线")

    def scope(self, actor: Actor, given: ApplicationInput) -> str:
        """Ask for the permission in the application's division."""
        return desk.place_of(given.application_id)

    def perform(self, actor: Actor, given: ApplicationInput) -> Application:
        """Open it."""
        application = desk.hold(given.application_id, State.TESTING)
        missing = trials.missing(application)
        if missing:
            raise NotTried(missing="、".join(missing))
        application.state = State.ONLINE
        desk.save(application, ["state"])
        desk.note(self, application)
        self.emit("identity.application_online", application.pk, code=application.code)
        return application


class StopInput(ApplicationInput):
    """Which application, and why."""

    reason: str = Field(min_length=2, max_length=200)


class PauseApplication(Action[StopInput, Application]):
    """Accept nothing from an application for a while, at once (暂停). Raises NotInState, NotPermitted."""

    name = "identity.pause_application"
    permission = OFFICER
    title = _("暂停")

    def perform(self, actor: Actor, given: StopInput) -> Application:
        """Stop it: its officers may, and whoever manages connections."""
        application = desk.hold(given.application_id, State.ONLINE)
        desk.require_answering(actor, application, or_managing=True)
        application.state = State.PAUSED
        desk.save(application, ["state"])
        desk.note(self, application, given.reason)
        self.emit("identity.application_paused", application.pk, code=application.code)
        return application


class ResumeApplication(Action[ApplicationInput, Application]):
    """Let a paused application work again (恢复). Raises NotInState."""

    name = "identity.resume_application"
    permission = MANAGE_CONNECTION
    title = _("恢复")

    def scope(self, actor: Actor, given: ApplicationInput) -> str:
        """Ask for the permission in the application's division."""
        return desk.place_of(given.application_id)

    def perform(self, actor: Actor, given: ApplicationInput) -> Application:
        """Open it again."""
        application = desk.hold(given.application_id, State.PAUSED)
        application.state = State.ONLINE
        desk.save(application, ["state"])
        desk.note(self, application)
        return application


class RetireApplication(Action[StopInput, Application]):
    """End a connection for good (下线): keys and capabilities end, the record stays. Raises NotInState, NotPermitted."""

    name = "identity.retire_application"
    permission = OFFICER
    title = _("下线")

    def perform(self, actor: Actor, given: StopInput) -> Application:
        """Close it."""
        living = [state for state in State if state != State.OFFLINE]
        application = desk.hold(given.application_id, *living)
        desk.require_answering(actor, application, or_managing=True)
        application.state, application.approvals_left = State.OFFLINE, 0
        desk.save(application, ["state", "approvals_left"])
        ApplicationCredential.objects.filter(application=application, revoked_at=None).update(revoked_at=now())
        ApplicationCapability.objects.filter(application=application, withdrawn_at=None).update(withdrawn_at=now())
        desk.note(self, application, given.reason)
        self.emit("identity.application_retired", application.pk, code=application.code)
        return application


class SetLimitsInput(Input):
    """Which capability, and how often at most it may be used until when."""

    capability_id: UUID
    per_second: int = Field(ge=1, le=10_000)
    per_day: int | None = Field(default=None, ge=1, le=100_000_000)
    valid_to: date


class SetLimits(Action[SetLimitsInput, ApplicationCapability]):
    """Tighten the limits of a capability at once (收紧限额): nothing is raised or prolonged but by a reviewed wish.

    Raises NotFound, NotInForce for one that was withdrawn or still waits for review, and WouldLoosen.
    """

    name = "identity.set_connection_limits"
    permission = MANAGE_CONNECTION
    title = _("收紧限额")

    def scope(self, actor: Actor, given: SetLimitsInput) -> str:
        """Ask for the permission in the application's division."""
        rows = ApplicationCapability.objects.filter(pk=given.capability_id)
        found = rows.values_list("application_id", flat=True).first()
        if found is None:
            raise NotFound
        return desk.place_of(found)

    def perform(self, actor: Actor, given: SetLimitsInput) -> ApplicationCapability:
        """Write them; the next call is measured by them."""
        found = ApplicationCapability.objects.select_for_update().get(pk=given.capability_id)
        if found.approved_at is None or found.withdrawn_at is not None:
            raise NotInForce
        if _loosens(found, given):
            raise WouldLoosen
        found.per_second, found.per_day = given.per_second, given.per_day
        found.valid_to = max(given.valid_to, found.valid_from)
        found.save(update_fields=["per_second", "per_day", "valid_to"])
        title = capabilities()[found.capability].title
        text = f"{title} {given.per_second}/s {given.per_day or '∞'}/d {found.valid_to}"
        desk.note(self, found.application, text)
        return found


def _loosens(held: ApplicationCapability, given: SetLimitsInput) -> bool:
    """Say whether a limit would be higher, later or gone; none a day is the highest."""
    more_a_day = held.per_day is not None and (given.per_day is None or given.per_day > held.per_day)
    return more_a_day or given.per_second > held.per_second or given.valid_to > held.valid_to
