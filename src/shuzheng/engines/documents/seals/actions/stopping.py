"""Stop a seal for a while or for good (冻结、解冻、撤销)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.seals.actions.base import SealAction, SealInput
from shuzheng.engines.documents.seals.authority import authority
from shuzheng.engines.documents.seals.keys import seal_keys
from shuzheng.engines.documents.seals.models import Seal, SealState
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now


class StopSealInput(SealInput):
    """Which seal and why."""

    reason: str = Field(min_length=2, max_length=500)


class FreezeSeal(SealAction[StopSealInput]):
    """Stop a seal at once, for as long as it takes; stamps under way finish first or not at all. Raises WrongState."""

    name = "documents.freeze_seal"
    title = _("冻结印章")
    begins_in = frozenset({SealState.IN_USE, SealState.EXPIRED})

    def perform(self, actor: Actor, given: StopSealInput) -> Seal:
        """Freeze it."""
        return self.enter(self.locked(given), "frozen", SealState.FROZEN, given.reason)


class UnfreezeSeal(SealAction[StopSealInput]):
    """Let a frozen seal stamp again; approved requests are still there. Raises WrongState."""

    name = "documents.unfreeze_seal"
    title = _("解冻印章")
    begins_in = frozenset({SealState.FROZEN})

    def perform(self, actor: Actor, given: StopSealInput) -> Seal:
        """Unfreeze it, as expired if it ran out meanwhile."""
        seal = self.locked(given)
        state = SealState.EXPIRED if seal.expired(now()) else SealState.IN_USE
        return self.enter(seal, "unfrozen", state, given.reason)


class RevokeSeal(SealAction[StopSealInput]):
    """End a seal for good: its certificates are revoked and its keys destroyed; earlier stamps stay valid. Raises WrongState."""

    name = "documents.revoke_seal"
    title = _("撤销印章")
    begins_in = frozenset({SealState.FILED, SealState.IN_USE, SealState.FROZEN, SealState.EXPIRED})

    def perform(self, actor: Actor, given: StopSealInput) -> Seal:
        """Revoke it."""
        seal = self.locked(given)
        for certificate in (seal.certificate, seal.pdf_certificate):
            if certificate is not None:
                authority().revoke(certificate, now())
                seal_keys().destroy(certificate.key)
        return self.enter(seal, "revoked", SealState.REVOKED, given.reason)
