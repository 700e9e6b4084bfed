"""Ask for more or other capabilities, and give one up (申请能力)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.applications import desk, wishes
from shuzheng.engines.identity.applications.capabilities import capabilities
from shuzheng.engines.identity.applications.desk import State
from shuzheng.engines.identity.applications.wishes import Wish
from shuzheng.engines.identity.models import Application, ApplicationCapability
from shuzheng.engines.identity.policies import APPLY_CONNECTION
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import OFFICER


class AskCapabilityInput(Wish):
    """Which application, and what it shall be able to do."""

    application_id: UUID


class AskCapability(Action[AskCapabilityInput, Application]):
    """Ask for a capability, or for other limits of one that is held, which stays in force meanwhile (申请能力).

    Raises NotInState, NoSuchCapability.
    """

    name = "identity.ask_capability"
    permission = APPLY_CONNECTION
    title = _("申请能力")

    def scope(self, actor: Actor, given: AskCapabilityInput) -> str:
        """Ask for the permission in the application's division."""
        return desk.place_of(given.application_id)

    def perform(self, actor: Actor, given: AskCapabilityInput) -> Application:
        """Let it wait for review; what others had approved before counts no more."""
        wish = Wish(**given.model_dump(exclude={"application_id"}))
        wishes.check([wish])
        application = desk.hold(given.application_id, State.APPLIED, State.TESTING, State.ONLINE, State.PAUSED)
        desk.require_answering(actor, application)
        wishes.keep(application, [wish])
        application.submitted_by_id, application.reviewer = actor.account_id, None
        application.approvals_left = wishes.approvals_for(application)
        desk.save(application, ["submitted_by", "reviewer", "approvals_left"])
        desk.note(self, application, str(capabilities()[given.capability].title))
        self.emit("identity.application_applied", application.pk, code=application.code)
        return application


class CapabilityInput(Input):
    """Which capability of which application."""

    capability_id: UUID


class WithdrawCapability(Action[CapabilityInput, ApplicationCapability]):
    """Take a capability back at once (收回能力). Raises NotFound, NotPermitted."""

    name = "identity.withdraw_capability"
    permission = OFFICER
    title = _("收回能力")

    def perform(self, actor: Actor, given: CapabilityInput) -> ApplicationCapability:
        """End it; a second time changes nothing."""
        found = ApplicationCapability.objects.filter(pk=given.capability_id).first()
        if found is None:
            raise NotFound
        application = desk.hold(found.application_id)
        desk.require_answering(actor, application, or_managing=True)
        if found.withdrawn_at is None:
            found.withdrawn_at = now()
            found.save(update_fields=["withdrawn_at"])
            desk.note(self, application, str(capabilities()[found.capability].title))
        return found
