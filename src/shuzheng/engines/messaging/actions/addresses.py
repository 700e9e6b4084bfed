"""Where else one wants to be told (接收方式): an address counts once a code sent there came back."""

from __future__ import annotations

import hmac
from datetime import timedelta
from secrets import randbelow
from typing import Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity.actions.mobile import ProveMobile
from shuzheng.engines.messaging import templates
from shuzheng.engines.messaging.errors import BadAddress, TooManyCodes, WrongCode
from shuzheng.engines.messaging.models import ContactAddress, Delivery, VerificationCode
from shuzheng.engines.messaging.models.contact_address import CODE_LIFE, CODE_TRIES, CODES_A_DAY
from shuzheng.engines.messaging.queries import owner_of
from shuzheng.engines.trust.crypto import blind_index
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN

VALIDATORS = {"email": validate_email, "sms": RegexValidator(r"^1[3-9]\d{9}$")}
#: Between two codes.
INTERVAL = timedelta(minutes=1)
TEMPLATE = "verification-code"
Where = Literal["email", "sms"]


class RequestCodeInput(Input):
    """Where the code is sent."""

    channel: Where
    address: str = Field(max_length=200)


class RequestCode(Action[RequestCodeInput, None]):
    """Have a one-time code sent to an address that one says is one's own (获取验证码). Raises BadAddress, TooManyCodes."""

    name = "messaging.request_code"
    permission = SIGNED_IN
    title = _("获取验证码")

    def check(self, actor: Actor, given: RequestCodeInput) -> None:
        """Only plausible addresses."""
        if owner_of(actor) is None:
            raise NotPermitted
        try:
            VALIDATORS[given.channel](given.address)
        except ValidationError:
            raise BadAddress(FieldProblem("address", str(BadAddress.message))) from None

    def perform(self, actor: Actor, given: RequestCodeInput) -> None:
        """Keep the code's digest, and queue its sending; earlier codes are void."""
        owner = _owner(actor)
        _require_patience(owner)
        code = f"{randbelow(1_000_000):06d}"
        VerificationCode.objects.filter(owner=owner, used_at=None).update(used_at=now())
        VerificationCode.objects.create(
            owner=owner, channel=given.channel, address=given.address, digest=_digest(owner, code)
        )
        template = templates.find(TEMPLATE).template
        notice = templates.word(template, {"code": "{code}"}).notice
        delivery = Delivery.objects.create(
            channel=given.channel, to=given.address, title=template.title, text=notice, secret=code
        )
        self.about(delivery, channel=given.channel)
        self.emit("messaging.notice_queued", delivery.pk)


class ConfirmAddressInput(Input):
    """The code that came."""

    code: str = Field(min_length=6, max_length=6, repr=False)


class ConfirmAddress(Action[ConfirmAddressInput, ContactAddress | None]):
    """Prove an address by the code sent there (核验接收方式); a mobile number also raises the account to level 2.

    Returns ``None`` for a wrong code, so that the try is counted, which an error would undo; ``confirm`` raises instead.
    """

    name = "messaging.confirm_address"
    permission = SIGNED_IN
    title = _("核验接收方式")

    def perform(self, actor: Actor, given: ConfirmAddressInput) -> ContactAddress | None:
        """Compare in constant time; count the try."""
        owner = _owner(actor)
        codes = VerificationCode.objects.select_for_update().filter(owner=owner, used_at=None)
        code = codes.filter(created_at__gt=now() - CODE_LIFE, tries__lt=CODE_TRIES).order_by("-created_at").first()
        right = code is not None and hmac.compare_digest(code.digest, _digest(owner, given.code))
        self.about(right=right)
        if code is None or not right:
            if code is not None:
                code.tries += 1
                code.save(update_fields=["tries"])
            return None
        code.used_at = now()
        code.save(update_fields=["used_at"])
        address, _new = ContactAddress.objects.update_or_create(
            owner=owner, channel=code.channel, defaults={"address": code.address, "verified_at": now()}
        )
        if code.channel == "sms" and actor.account_id:
            ProveMobile.do(Actor.system("messaging"), account_id=actor.account_id, mobile=code.address)
        return address


def confirm(actor: Actor, code: str) -> ContactAddress:
    """Prove an address by its code. Raises WrongCode, the try being counted."""
    found = ConfirmAddress.do(actor, code=code) if len(code) == 6 and code.isdigit() else None
    if found is None:
        raise WrongCode(FieldProblem("code", str(WrongCode.message)))
    return found


class RemoveAddressInput(Input):
    """Which channel."""

    channel: Where


class RemoveAddress(Action[RemoveAddressInput, None]):
    """Take back one's own address for a channel (删除接收方式)."""

    name = "messaging.remove_address"
    permission = SIGNED_IN
    title = _("删除接收方式")

    def perform(self, actor: Actor, given: RemoveAddressInput) -> None:
        """Delete it; what was sent there before stays on record."""
        self.about(channel=given.channel)
        ContactAddress.objects.filter(owner=_owner(actor), channel=given.channel).delete()


def _owner(actor: Actor) -> UUID:
    owner = owner_of(actor)
    if owner is None:
        raise NotPermitted
    return owner


def _digest(owner: UUID, code: str) -> str:
    return blind_index(code, f"messaging.code.{owner}")


def _require_patience(owner: UUID) -> None:
    recent = VerificationCode.objects.filter(owner=owner, created_at__gt=now() - timedelta(days=1))
    latest = list(recent.order_by("-created_at")[:CODES_A_DAY])
    if len(latest) >= CODES_A_DAY or (latest and latest[0].created_at > now() - INTERVAL):
        raise TooManyCodes
