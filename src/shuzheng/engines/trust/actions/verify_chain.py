"""Verifying the audit's chain."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.trust.policies import VERIFY
from shuzheng.engines.trust.verification import ChainReport, verify_chain
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input


class VerifyChainInput(Input):
    """Which part of the chain; all of it unless said otherwise."""

    first: int = Field(default=1, ge=1)
    last: int | None = Field(default=None, ge=1)


class VerifyChain(Action[VerifyChainInput, ChainReport]):
    """Recompute the hash chain of the audit (校验审计链) and report the first record that was touched, if any.

    It changes nothing; that somebody verified, and what was found, goes to the audit.
    """

    name = "trust.verify_chain"
    permission = VERIFY
    title = _("校验审计链")

    def perform(self, actor: Actor, given: VerifyChainInput) -> ChainReport:
        """Walk the chain."""
        report = verify_chain(given.first, given.last)
        self.about(**report.model_dump(mode="json"))
        return report
