"""Who may do what with money: permissions, and whose a bill is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.payment.models import Bill
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.policy import may, permission

READ = permission("payment.read", _("查看缴款和账簿"))
MANAGE = permission("payment.manage_bills", _("开具、取消缴款书和办理减免"))
REQUEST_REFUND = permission("payment.request_refund", _("申请退付"))
APPROVE_REFUND = permission("payment.approve_refund", _("审批退付"))
RECONCILE = permission("payment.reconcile", _("对账和处理差异"))
MAKE_PAYOUT = permission("payment.make_payout", _("发放制单"))
CHECK_PAYOUT = permission("payment.check_payout", _("发放复核"))
RELEASE_PAYOUT = permission("payment.release_payout", _("发放放款"))
#: Any of these opens the office's pages of money.
OFFICE = (READ, MANAGE, REQUEST_REFUND, APPROVE_REFUND, RECONCILE)


def is_payer(actor: Actor, bill: Bill) -> bool:
    """Say whether a bill is the actor's own, that of the party acted for, or one that the actor handles."""
    if actor.party is not None and actor.party.id == bill.payer_id:
        return True
    return actor.person_id is not None and actor.person_id in (bill.payer_id, bill.operator_id)


def may_read(actor: Actor, bill: Bill) -> bool:
    """Say whether an actor may open a bill: its payer, and whoever keeps the books of its division."""
    return is_payer(actor, bill) or any(may(actor, name, str(bill.division_path)) for name in OFFICE)
