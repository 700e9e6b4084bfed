"""A mobile number proved by a code sent to it (手机号核验)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity.inputs import Mobile
from shuzheng.engines.identity.models import Account
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.engines.identity.policies import PROVE_MOBILE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input


class ProveMobileInput(Input):
    """Whose number it proved to be."""

    account_id: UUID
    mobile: Mobile = Field(min_length=11)


class ProveMobile(Action[ProveMobileInput, Account]):
    """Note that a mobile number is an account's own, and raise the account to level 2 if it was lower.

    For the engine that sent the code and saw it come back; nobody may say so of themselves. Raises NotFound.
    """

    name = "identity.prove_mobile"
    permission = PROVE_MOBILE
    title = _("核验手机号")

    def perform(self, actor: Actor, given: ProveMobileInput) -> Account:
        """Keep the number with the person, and raise the level."""
        account = (
            Account.objects.select_for_update(of=("self",)).select_related("person").filter(pk=given.account_id).first()
        )
        if account is None:
            raise NotFound
        if account.person is not None:
            account.person.mobile = given.mobile
            account.person.save(update_fields=["mobile", "mobile_index"])
        account.assurance = max(account.assurance, Assurance.MOBILE)
        account.save(update_fields=["assurance"])
        self.about(account, assurance=account.assurance)
        return account
