"""What can go wrong in the archives."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, InvalidInput, NotFound, NotPermitted, Unavailable


class NoSuchPackage(NotFound):
    """There is no such package, or the actor may not know of it."""

    code = "no-such-archive-package"
    message = _("没有找到这份档案，或者您无权查看。")


class NoSuchList(NotFound):
    """There is no such destruction list, or the actor may not know of it."""

    code = "no-such-destruction-list"
    message = _("没有找到这份销毁清册，或者您无权查看。")


class ContentGone(Conflict):
    """The content was destroyed; the record stays."""

    code = "archive-content-gone"
    message = _("这份档案的内容已经依法销毁，只保留目录信息和销毁证明。")


class ContentLost(Unavailable):
    """The vault has no readable bytes for a package."""

    code = "archive-content-lost"
    message = _("库中暂时读不到这份档案的内容，目录信息仍然保留。请在“备份与演练”中用备份修复。")


class NotDue(Conflict):
    """A file's retention is not over, or it is to be kept, or it stands on a list already."""

    code = "archive-not-due"
    message = _("“{code}”保管期限未满、应当保留，或者已列入其他清册，不能列入销毁清册。")


class WrongListState(Conflict):
    """The list is not at this step."""

    code = "destruction-list-state"
    message = _("销毁清册现在是“{state}”，不能做这一步。请刷新页面查看。")


class LinesOpen(Conflict):
    """Not every line has been decided."""

    code = "destruction-lines-open"
    message = _("还有 {count} 份档案没有作出鉴定意见。请逐份鉴定后再提交。")


class AnotherPersonNeeded(NotPermitted):
    """Author, reviewer and archivist of a list are three persons."""

    code = "destruction-another-person"
    message = _("提出、鉴定、监销必须由三个不同的人完成，您已经参与过这份清册。请交给其他人办理。")


class KeepNeedsReason(InvalidInput):
    """A file that is kept longer needs a reason and a day."""

    code = "destruction-keep-reason"
    message = _("延长保管要写明理由和延长到哪一天（晚于今天）。")


class BatchUnreadable(InvalidInput):
    """What was handed in is no transfer batch, or its list was changed."""

    code = "archive-batch-unreadable"
    message = _("这不是有效的移交包，或者清单被改动过，没有接收任何档案。请移交方重新导出。")


class ReceiptDisagrees(InvalidInput):
    """A receipt is not for this transfer."""

    code = "archive-receipt-disagrees"
    message = _("回执与这批移交对不上，没有改变任何状态。请核对后上传对应的回执。")


class NothingToTransfer(InvalidInput):
    """No package that can be handed over was chosen."""

    code = "archive-nothing-to-transfer"
    message = _("没有选中可以移交的档案。只能移交在库、完好的档案。")


class NoBackup(Conflict):
    """No second storage is set, or there is no intact copy in it."""

    code = "archive-no-backup"
    message = _("没有可用的备份。请先配置异地备份存储（SHUZHENG_ARCHIVE_BACKUP）并完成备份。")
