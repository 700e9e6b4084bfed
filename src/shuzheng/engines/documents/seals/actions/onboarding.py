"""Bring a local application to the middle platform (接入印章中台)."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.seals.models import SealApplication
from shuzheng.engines.documents.seals.policies import ONBOARD
from shuzheng.engines.identity import queries as identity
from shuzheng.engines.identity.models import Account
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import Conflict, NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class ApplicationKnown(Conflict):
    """The code is taken."""

    code = "seal-application-known"
    message = _("这个应用编码已被使用，请换一个。")


class OnboardSealApplicationInput(Input):
    """What is onboarded, whose it is, and how much it may stamp."""

    code: str = Field(pattern=r"^[a-z][a-z0-9\-]{2,59}$")
    name: str = Field(min_length=2, max_length=100)
    unit_id: UUID
    daily_quota: int = Field(ge=1, le=10_000_000)


class OnboardSealApplication(Action[OnboardSealApplicationInput, SealApplication]):
    """Give an application an account, a secret and a daily quota; grants then say what it may stamp. Raises ApplicationKnown."""

    name = "documents.onboard_seal_application"
    permission = ONBOARD
    title = _("接入应用")

    def scope(self, actor: Actor, given: OnboardSealApplicationInput) -> str:
        """Ask for the permission in the unit's division."""
        return str(identity.unit(given.unit_id).division_path)

    def perform(self, actor: Actor, given: OnboardSealApplicationInput) -> SealApplication:
        """Onboard it."""
        if SealApplication.objects.filter(code=given.code).exists():
            raise ApplicationKnown
        unit = identity.unit(given.unit_id)
        account = Account(username=f"app:{given.code}")
        account.set_unusable_password()
        account.save()
        application = SealApplication.objects.create(
            **given.model_dump(),
            account=account,
            division_path=unit.division_path,
            secret=secrets.token_hex(32),
            created_at=now(),
        )
        self.about(application, code=given.code, quota=given.daily_quota)
        return application


class ChangeSealApplicationInput(Input):
    """Which application, and what changes."""

    application_id: UUID
    daily_quota: int = Field(ge=1, le=10_000_000)
    active: bool = True


class ChangeSealApplication(Action[ChangeSealApplicationInput, SealApplication]):
    """Change an application's quota, or stop it at once. Raises NotFound."""

    name = "documents.change_seal_application"
    permission = ONBOARD
    title = _("调整接入应用")

    def scope(self, actor: Actor, given: ChangeSealApplicationInput) -> str:
        """Ask for the permission in the application's division."""
        found = SealApplication.objects.filter(pk=given.application_id).values_list("division_path", flat=True).first()
        if found is None:
            raise NotFound
        return str(found)

    def perform(self, actor: Actor, given: ChangeSealApplicationInput) -> SealApplication:
        """Change it."""
        application = SealApplication.objects.select_for_update().get(pk=given.application_id)
        application.daily_quota, application.active = given.daily_quota, given.active
        application.save(update_fields=["daily_quota", "active"])
        self.about(application, quota=given.daily_quota, active=given.active)
        return application
