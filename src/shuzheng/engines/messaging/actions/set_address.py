"""Say where else one wants to be told (设置接收方式)."""

from __future__ import annotations

from typing import Literal

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.messaging.errors import BadAddress
from shuzheng.engines.messaging.models import ContactAddress
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import SIGNED_IN

VALIDATORS = {"email": validate_email, "sms": RegexValidator(r"^1[3-9]\d{9}$")}


class SetAddressInput(Input):
    """Where."""

    channel: Literal["email", "sms"]
    #: Empty to be told there no longer.
    address: str = Field(default="", max_length=200)


class SetAddress(Action[SetAddressInput, None]):
    """Give, change or take back one's own address for a channel. Raises BadAddress."""

    name = "messaging.set_address"
    permission = SIGNED_IN
    title = _("设置接收方式")

    def check(self, actor: Actor, given: SetAddressInput) -> None:
        """Only persons have addresses, and only plausible ones."""
        if actor.person_id is None:
            raise NotPermitted
        if given.address:
            try:
                VALIDATORS[given.channel](given.address)
            except ValidationError:
                raise BadAddress(FieldProblem("address", str(BadAddress.message))) from None

    def perform(self, actor: Actor, given: SetAddressInput) -> None:
        """Write or delete the address."""
        self.about(channel=given.channel, given=bool(given.address))
        where = {"person_id": actor.person_id, "channel": given.channel}
        if given.address:
            ContactAddress.objects.update_or_create(**where, defaults={"address": given.address})
        else:
            ContactAddress.objects.filter(**where).delete()
