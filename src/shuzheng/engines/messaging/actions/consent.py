"""Consent to be served electronically (电子送达确认), 民事诉讼法 §90: given by the person, withdrawable at any time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.messaging.models import ServiceConsent
from shuzheng.engines.messaging.queries import consent_of
from shuzheng.engines.trust import ledger
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.input import Input, canonical_digest
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN


class GiveConsentInput(Input):
    """The words agreed to, as the page showed them."""

    text: str = Field(min_length=10, max_length=2000)


class GiveConsent(Action[GiveConsentInput, ServiceConsent]):
    """Agree to be served electronically (确认电子送达); asks for a sign-in by real name."""

    name = "messaging.give_consent"
    permission = SIGNED_IN
    assurance = 3
    title = _("确认电子送达")

    def perform(self, actor: Actor, given: GiveConsentInput) -> ServiceConsent:
        """Keep the words; who has agreed already keeps the first consent."""
        if actor.person_id is None:
            raise NotPermitted
        known = consent_of(actor.person_id)
        if known is not None:
            return known
        consent = ServiceConsent.objects.create(person_id=actor.person_id, text=given.text, agreed_at=now())
        ledger.append(
            "messaging.consent",
            str(consent.pk),
            {"text": canonical_digest(given.text), "agreed_at": now().isoformat()},
        )
        self.about(consent)
        return consent


class NothingInput(Input):
    """Nothing."""


class WithdrawConsent(Action[NothingInput, None]):
    """Take the consent to electronic service back (撤回电子送达确认); what was served before stays served."""

    name = "messaging.withdraw_consent"
    permission = SIGNED_IN
    title = _("撤回电子送达确认")

    def perform(self, actor: Actor, given: NothingInput) -> None:
        """End it."""
        ended = ServiceConsent.objects.filter(person_id=actor.person_id, withdrawn_at=None).update(withdrawn_at=now())
        self.about(ended=ended)
