"""Note that seals have run out (到期)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.seals.actions.base import record
from shuzheng.engines.documents.seals.models import Seal, SealState
from shuzheng.engines.documents.seals.policies import MANAGE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class ExpireSealsInput(Input):
    """Nothing to say."""


class ExpireSeals(Action[ExpireSealsInput, None]):
    """Mark seals whose time is over; stamping refuses them by the clock alone, this makes it visible."""

    name = "documents.expire_seals"
    permission = MANAGE
    title = _("标记到期印章")

    def perform(self, actor: Actor, given: ExpireSealsInput) -> None:
        """Mark them."""
        over = Seal.objects.select_for_update().filter(state=SealState.IN_USE, valid_to__lt=now())
        for seal in over:
            record(actor, seal, "expired", SealState.EXPIRED)
            self.emit("documents.seal_expired", seal.pk, code=seal.code)
