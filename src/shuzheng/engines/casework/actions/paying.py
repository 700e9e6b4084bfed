"""The step that waits for money (等待缴款)."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.actions.base import CaseAct, CaseInput, State
from shuzheng.engines.casework.errors import NotPaidYet
from shuzheng.engines.payment.money import yuan
from shuzheng.engines.payment.queries import bills_of_case, settled
from shuzheng.kernel.actor import EVERYTHING, Actor


class RecordPayment(CaseAct[CaseInput]):
    """End the step that waits for the case's bill (确认缴款); the platform only, and only once nothing is left to pay.

    Raises NotPaidYet, ActNotOffered.
    """

    name = "casework.record_payment"
    permission = EVERYTHING
    title = _("确认缴款")
    states = frozenset({State.ACCEPTED, State.SUSPENDED, State.DECIDED})

    def act(self, actor: Actor, given: CaseInput) -> None:
        """Complete the step."""
        task = self.step_task(actor)
        if not settled(given.case_id):
            raise NotPaidYet
        kept = sum(bill.kept for bill in bills_of_case(given.case_id))
        text = format_lazy(_("已收到缴款 {amount} 元。"), amount=yuan(kept)) if kept else _("不用缴款，继续办理。")
        self.tell(actor, text)
        self.file.complete_step(actor, task, "paid")
        self.announce("step_completed", step=task.step)
