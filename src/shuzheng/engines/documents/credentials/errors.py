"""What can go wrong with licences; every message says what was kept and what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, InvalidInput, NotFound, NotPermitted, TooMany


class NoSuchCredential(NotFound):
    """There is no such licence, or the actor may not know of it; which of the two is not said."""

    code = "no-such-credential"
    message = _("没有查到这份证照。请核对编号或查验码后再查；如果仍查不到，请向发证机关核实。")


class WrongState(Conflict):
    """The licence's state forbids the act."""

    code = "credential-state"
    message = _("这份证照目前是“{state}”，不能这样操作。")


class NotIssuer(InvalidInput):
    """The unit does not issue licences of this type."""

    code = "not-issuer"
    message = _("这类证照不由该单位签发，没有签发。请核对证照类型目录中的发证机关。")


class NoSeal(Conflict):
    """The issuing unit has no seal of the kind that the type asks for."""

    code = "credential-no-seal"
    message = _("{unit}还没有可用于制证的电子印章。决定已经作出，证照已登记；印章备案并授权系统用印后会自动制证。")


class AlreadyImported(Conflict):
    """The same table was entered before and neither returned nor undone."""

    code = "credentials-already-imported"
    message = _("这张表已经提交过，没有再提交一遍。要改正，先在“导入批次”里撤回或撤销，再提交改好的表。")


class NothingToImport(InvalidInput):
    """No row of the table can be registered."""

    code = "no-credentials-to-import"
    message = _("没有一行可以登记，什么也没有写入。请按每行的提示改好后再导入。")


class AlreadyUndone(Conflict):
    """The import was undone before."""

    code = "import-undone"
    message = _("这次导入已经撤销过。")


class OwnImport(NotPermitted):
    """Whoever entered a table would confirm it."""

    code = "own-import"
    message = _("导入的存量证照要由本单位另一位工作人员复核，经办人不能复核自己导入的表。")


class ImportNotWaiting(Conflict):
    """The table waits for nobody any more."""

    code = "import-not-waiting"
    message = _("这张表已经复核过或者已经撤回，没有再次处理。请刷新页面查看结果。")


class ImportHasBadRows(Conflict):
    """Rows that were good when they were entered cannot be registered now, or not by this officer."""

    code = "import-has-bad-rows"
    message = _("有 {n} 行现在不能登记，没有登记任何一份。第一处：{what}。请退回经办人，改好后重新导入。")


class ElementsMissing(Conflict):
    """The face needs what neither the case nor the registers say."""

    code = "credential-elements-missing"
    message = _("制证缺少照面信息：{names}。决定已经作出，证照已登记；请发证机关补全后重新制证。")


class NotAuthorised(NotPermitted):
    """Nobody let the actor use this licence."""

    code = "credential-not-authorised"
    message = _("没有使用这份证照的有效授权：授权不存在、已收回、已到期或次数已用完。请持证人重新授权。")


class PurposeNeeded(InvalidInput):
    """A licence is looked up for a purpose or not at all."""

    code = "credential-purpose"
    message = _("请写明查询用途。查询会记录在案，持证人可以看到。")


class TooManyQueries(TooMany):
    """An address asked too often."""

    code = "too-many-credential-queries"
    message = _("同一网络短时间内查验太多次，这一次没有查。请一分钟后再试。")
