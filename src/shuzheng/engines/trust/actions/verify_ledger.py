"""Verifying the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.trust.ledger.verification import LedgerReport, verify_ledger
from shuzheng.engines.trust.policies import VERIFY
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input


class VerifyLedgerInput(Input):
    """From which leaf on; all of it unless said otherwise."""

    first: int = Field(default=0, ge=0)


class VerifyLedger(Action[VerifyLedgerInput, LedgerReport]):
    """Recompute the evidence ledger from the records (校验存证账本) and report the first that was touched, if any.

    It changes nothing; that somebody verified, and what was found, goes to the audit.
    """

    name = "trust.verify_ledger"
    permission = VERIFY
    title = _("校验存证账本")

    def perform(self, actor: Actor, given: VerifyLedgerInput) -> LedgerReport:
        """Walk the tree."""
        report = verify_ledger(given.first)
        self.about(**report.model_dump(mode="json"))
        return report
