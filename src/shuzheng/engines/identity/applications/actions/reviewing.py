"""Review what was asked for (审核): by the data bureau, by a second person for production and for sealing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity.applications import desk, wishes
from shuzheng.engines.identity.applications.desk import ApplicationInput, State
from shuzheng.engines.identity.applications.errors import NothingToReview, SamePerson
from shuzheng.engines.identity.models import Application, ApplicationCapability
from shuzheng.engines.identity.policies import REVIEW_CONNECTION
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted


class ApproveApplicationInput(ApplicationInput):
    """Which application, and what the reviewer remarks."""

    remark: str = Field(default="", max_length=300)


class ApproveApplication(Action[ApproveApplicationInput, Application]):
    """Approve a connection or a capability (审核通过): with the last approval needed it takes effect.

    Raises NothingToReview, SamePerson.
    """

    name = "identity.approve_application"
    permission = REVIEW_CONNECTION
    title = _("审核通过")

    def scope(self, actor: Actor, given: ApproveApplicationInput) -> str:
        """Ask for the permission in the application's division."""
        return desk.place_of(given.application_id)

    def perform(self, actor: Actor, given: ApproveApplicationInput) -> Application:
        """Count the approval."""
        application = _waiting(actor, given)
        application.approvals_left -= 1
        if application.approvals_left:
            application.reviewer_id = actor.account_id
        else:
            wishes.grant(application)
            application.reviewer = None
            if application.state == State.APPLIED:
                application.state = State.TESTING
        desk.save(application, ["approvals_left", "reviewer", "state"])
        desk.note(self, application, given.remark)
        if not application.approvals_left:
            self.emit("identity.application_approved", application.pk, code=application.code)
        return application


class ReturnApplicationInput(ApplicationInput):
    """Which application, and why."""

    remark: str = Field(min_length=2, max_length=300)


class ReturnApplication(Action[ReturnApplicationInput, Application]):
    """Return what was asked for with a reason (退回申请); what is in force stays. Raises NothingToReview, SamePerson."""

    name = "identity.return_application"
    permission = REVIEW_CONNECTION
    title = _("退回申请")

    def scope(self, actor: Actor, given: ReturnApplicationInput) -> str:
        """Ask for the permission in the application's division."""
        return desk.place_of(given.application_id)

    def perform(self, actor: Actor, given: ReturnApplicationInput) -> Application:
        """Let the applicant mend it; of a system that already runs only the new wish is dropped."""
        application = _waiting(actor, given)
        application.approvals_left, application.reviewer = 0, None
        if application.state == State.APPLIED:
            application.state = State.RETURNED
        else:
            asked = ApplicationCapability.objects.filter(application=application, approved_at=None, withdrawn_at=None)
            asked.delete()
        desk.save(application, ["approvals_left", "reviewer", "state"])
        desk.note(self, application, given.remark)
        self.emit("identity.application_returned", application.pk, code=application.code)
        return application


def _waiting(actor: Actor, given: ApplicationInput) -> Application:
    """Return the locked application. Raises NotPermitted to whoever is no person, NothingToReview, SamePerson."""
    if actor.account_id is None:
        raise NotPermitted
    application = desk.hold(given.application_id)
    if not application.approvals_left:
        raise NothingToReview
    contact = application.contact.account_id if application.contact else None
    if actor.account_id in {contact, application.reviewer_id, *desk.asked_by(application)}:
        raise SamePerson
    return application
