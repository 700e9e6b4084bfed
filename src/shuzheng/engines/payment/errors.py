"""What can go wrong with money."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, InvalidInput, NotFound, NotPermitted, Unavailable


class NoSuchBill(NotFound):
    """There is no such bill, or it is somebody else's."""

    code = "no-such-bill"
    message = _("没有找到这张缴款书。请核对缴款码，或从“我的缴费”进入。")


class BillNotOpen(Conflict):
    """The bill is paid, waived or cancelled."""

    code = "bill-not-open"
    message = _("这张缴款书现在是“{state}”，不用再缴。")


class FeeUndecided(InvalidInput):
    """The fee decision cannot be taken on these values."""

    code = "fee-undecided"
    message = _("收费计算没有完成，没有开单：{reason}")

    def __init__(self, reason: str) -> None:
        """Say why."""
        super().__init__()
        self.params = {"reason": reason}


class NoSuchReceipt(NotFound):
    """There is no receipt with these three numbers."""

    code = "no-such-receipt"
    message = _("没有查到这张票据。请核对票据代码、票据号码和校验码；仍然查不到的，可能是假票据，可以拨打 12345 反映。")


class NoSuchChannel(NotFound):
    """This installation has no such channel."""

    code = "no-such-channel"
    message = _("没有这个支付渠道，请换一种方式。")


class ChannelDown(Unavailable):
    """The channel did not answer, or not in time; what it did is not known."""

    code = "payment-channel-down"
    message = _("支付渠道暂时没有响应，没有扣款的不会扣款；已经扣款的，系统会自动查到。请过一会儿再试，或换一种方式。")


class ChannelRefused(Conflict):
    """The channel answered that it will not do this."""

    code = "payment-channel-refused"
    message = _("支付渠道没有接受：{reason}")


class Forged(NotPermitted):
    """A notification is not signed by the channel it claims to come from."""

    code = "payment-notification-forged"
    message = _("通知的签名不对，没有处理。")


class AmountDiffers(Conflict):
    """The channel reports another amount than was ordered; a person must look at it."""

    code = "payment-amount-differs"
    message = _("渠道报告的金额与订单不同，没有入账，已转人工对账。")


class RefundTooLarge(Conflict):
    """More would be refunded than was received."""

    code = "refund-too-large"
    message = _("退付金额超过可退金额 {most} 元，没有提交。请改小后再试。")


class OwnRefund(NotPermitted):
    """Whoever asked for a refund may not approve it."""

    code = "own-refund"
    message = _("退付申请不能由申请人自己审批，请交其他有权限的同志审批。")


class ReasonMissing(InvalidInput):
    """Whoever says no says why."""

    code = "reason-missing"
    message = _("没有办理：请写明理由（至少四个字），对方会看到。")


class SameDecider(NotPermitted):
    """A refund above the limit would be approved twice by one person."""

    code = "refund-same-decider"
    message = _("这笔退付金额较大，须由两位同志先后审批，您已经批过一次。")


class RefundDecided(Conflict):
    """Somebody has decided on the refund."""

    code = "refund-decided"
    message = _("这笔退付已经处理过，当前是“{state}”。")


class SamePerson(NotPermitted):
    """Two of making, checking and releasing a batch would be one person."""

    code = "payout-same-person"
    message = _("制单、复核、放款须由三个人分别办理，您已经办过其中一步。")


class BatchNotReady(Conflict):
    """The batch is not in the state that this step needs."""

    code = "payout-not-ready"
    message = _("这个批次现在是“{state}”，不能办理这一步。请刷新后再看。")


class BatchInvalid(InvalidInput):
    """The list of a batch has bad rows or exceeds a limit; nothing was kept."""

    code = "payout-invalid"
    message = _("名单有问题，没有导入。请按提示修改后重新上传。")


class StatementUnreadable(InvalidInput):
    """The acquirer's file cannot be read as a whole."""

    code = "statement-unreadable"
    message = _("对账文件无法读取：{reason}")

    def __init__(self, reason: str) -> None:
        """Say what is wrong with the file."""
        super().__init__()
        self.params = {"reason": reason}


class TooDifferent(Conflict):
    """So much of a file disagrees that it cannot be ours."""

    code = "statement-too-different"
    message = _("差异超过 {most} 笔，可能不是本单位的文件，没有入账。请核对商户号后再对账。")


class ClaimedByAnother(Conflict):
    """Somebody else looks into the difference."""

    code = "discrepancy-claimed"
    message = _("{who} 已经认领了这条差异。请与其联系，或请其退回认领。")


class OwnWriteOff(NotPermitted):
    """Whoever proposed a write-off may not agree to it."""

    code = "own-write-off"
    message = _("核销须由两位同志办理：您提出的，请另一位同志复核。")


class AlreadySettled(Conflict):
    """The discrepancy was settled meanwhile."""

    code = "discrepancy-settled"
    message = _("这条差异已经处理过。请刷新后再看。")


class CannotResolve(Conflict):
    """This way of settling does not fit this discrepancy."""

    code = "discrepancy-unfit"
    message = _("这种处理方式不适用于这条差异，请换一种。")
