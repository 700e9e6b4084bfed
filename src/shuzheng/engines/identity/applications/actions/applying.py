"""Ask for the connection of a system, and mend what was asked for (申请接入)."""

from __future__ import annotations

from ipaddress import ip_network
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field, field_validator

from shuzheng.engines.identity import queries
from shuzheng.engines.identity.applications import desk, wishes
from shuzheng.engines.identity.applications.desk import State
from shuzheng.engines.identity.applications.errors import CodeTaken
from shuzheng.engines.identity.applications.wishes import Wish
from shuzheng.engines.identity.models import Account, Application, Officer
from shuzheng.engines.identity.policies import APPLY_CONNECTION
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class AboutApplication(Input):
    """What the system is and who answers for it."""

    name: str = Field(min_length=2, max_length=100)
    #: Service number of the officer who answers for it.
    contact: str = Field(max_length=40)
    purpose: str = Field(min_length=4, max_length=500)
    kind: Application.Kind = Application.Kind.BUSINESS
    level: int = Field(default=Application.Level.INTERNAL, ge=1, le=4)
    environment: Application.Environment = Application.Environment.PRODUCTION
    networks: list[str] = Field(default=[], max_length=20)

    @field_validator("networks")
    @classmethod
    def _are_networks(cls, value: list[str]) -> list[str]:
        for text in value:
            try:
                ip_network(text, strict=False)
            except ValueError:
                raise ValueError(gettext("网段格式不对，应如 10.36.7.0/24。")) from None
        return value


class ApplyForConnectionInput(AboutApplication):
    """A system to be connected, and what it shall be able to do."""

    code: str = Field(pattern=r"^[a-z][a-z0-9-]{2,39}$")
    unit_id: UUID
    capabilities: list[Wish] = Field(min_length=1, max_length=20)


class ApplyForConnection(Action[ApplyForConnectionInput, Application]):
    """Ask for the connection of a system (申请接入). Raises CodeTaken, NoSuchCapability, InvalidInput."""

    name = "identity.apply_for_connection"
    permission = APPLY_CONNECTION
    title = _("申请接入")

    def scope(self, actor: Actor, given: ApplyForConnectionInput) -> str:
        """Ask for the permission in the unit's division."""
        return str(queries.unit(given.unit_id).division_path)

    def check(self, actor: Actor, given: ApplyForConnectionInput) -> None:
        """Refuse capabilities that there are not."""
        wishes.check(given.capabilities)

    def perform(self, actor: Actor, given: ApplyForConnectionInput) -> Application:
        """Register it, with an account in whose name it will act, and let it wait for review."""
        if Application.objects.filter(code=given.code).exists():
            raise CodeTaken
        unit = queries.unit(given.unit_id)
        account = Account(username=f"app:{given.code}", created_at=now())
        account.set_unusable_password()
        account.save()
        application = Application.objects.create(
            **_facts(given),
            code=given.code,
            unit=unit,
            division_path=unit.division_path,
            account=account,
            submitted_by_id=actor.account_id,
            created_at=now(),
            changed_at=now(),
        )
        wishes.keep(application, given.capabilities)
        application.approvals_left = wishes.approvals_for(application)
        application.save(update_fields=["approvals_left"])
        desk.note(self, application, given.purpose)
        self.emit("identity.application_applied", application.pk, code=application.code)
        return application


class AmendApplicationInput(AboutApplication):
    """The application with what changes; a test system that shall go into production says so here."""

    application_id: UUID
    #: All that shall be asked for from now on; without it, what was asked for stays.
    capabilities: list[Wish] | None = Field(default=None, max_length=20)


class AmendApplication(Action[AmendApplicationInput, Application]):
    """Change what was asked for and hand it in again (修改申请). It is reviewed anew. Raises NotInState, NoSuchCapability."""

    name = "identity.amend_application"
    permission = APPLY_CONNECTION
    title = _("修改申请")

    def scope(self, actor: Actor, given: AmendApplicationInput) -> str:
        """Ask for the permission in the application's division."""
        return desk.place_of(given.application_id)

    def check(self, actor: Actor, given: AmendApplicationInput) -> None:
        """Refuse capabilities that there are not."""
        wishes.check(given.capabilities or [])

    def perform(self, actor: Actor, given: AmendApplicationInput) -> Application:
        """Put it back before the reviewers."""
        application = desk.hold(given.application_id, State.APPLIED, State.RETURNED, State.TESTING)
        desk.require_answering(actor, application)
        facts = {
            **_facts(given),
            "state": State.APPLIED,
            "submitted_by_id": actor.account_id,
            "reviewer": None,
        }
        for name, value in facts.items():
            setattr(application, name, value)
        if given.capabilities is not None:
            wishes.keep(application, given.capabilities, instead_of_all=True)
        application.approvals_left = wishes.approvals_for(application)
        desk.save(application, [*(name.removesuffix("_id") for name in facts), "approvals_left"])
        desk.note(self, application, given.purpose)
        self.emit("identity.application_applied", application.pk, code=application.code)
        return application


def _facts(given: AboutApplication) -> dict[str, object]:
    """Return what the row says of the system. Raises InvalidInput for a contact whom nobody knows."""
    contact = Officer.objects.filter(number=given.contact.strip(), left_on=None).first()
    if contact is None:
        raise InvalidInput(FieldProblem("contact", gettext("没有这个工号，请核对联系人的工号。")))
    names = ("name", "purpose", "kind", "level", "environment", "networks")
    return {**{name: getattr(given, name) for name in names}, "contact_id": contact.pk}
