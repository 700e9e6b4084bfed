"""What may go wrong with a case."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, FieldProblem, InvalidInput, NotPermitted, Unavailable


class CaseMoved(Conflict):
    """Another officer acted on the case meanwhile."""

    code = "case-moved"
    message = _("这个办件刚刚由他人办理过，您的操作没有执行，填写的意见已保留。请查看最新进展后再办。")


class WrongState(Conflict):
    """The act is not possible in the case's state."""

    code = "wrong-state"
    message = _("办件目前是“{state}”，不能“{act}”。")


class NotYourTask(NotPermitted):
    """The step belongs to another post or another officer."""

    code = "not-your-task"
    message = _("这个环节不在您的岗位上，或已由他人承办。")


class NotPaidYet(Conflict):
    """The case's bill is still open."""

    code = "not-paid-yet"
    message = _("缴款书还没有缴清，办件停在等待缴款。缴清后会自动继续。")


class ActNotOffered(Conflict):
    """No open step of the case offers the act."""

    code = "act-not-offered"
    message = _("办件当前环节没有“{act}”这项操作。")


class NotYourCase(NotPermitted):
    """The case belongs to another applicant."""

    code = "not-your-case"
    message = _("这不是您或您所代理的人的办件。")


class NotEligible(InvalidInput):
    """The item is not for this kind of applicant."""

    code = "not-eligible"


class ServedElsewhere(NotEligible):
    """The item's owner does not serve the place of the application."""

    code = "served-elsewhere"

    def __init__(self, *errors: FieldProblem, instead: str = "") -> None:
        """Keep the code of the same item of the office that serves the place, where there is one."""
        super().__init__(*errors)
        self.instead = instead

    def problem(self) -> dict[str, Any]:
        """Return the problem details with the item to apply for instead."""
        return {**super().problem(), "instead": self.instead}


class DraftGone(Conflict):
    """The draft was filed or deleted already; it becomes one case at most."""

    code = "draft-gone"
    message = _("这份草稿已经提交过，或已被删除，没有重复提交。请到“我的办件”中查看。")


class OpinionsOutstanding(Conflict):
    """A countersignature or consultation has not been answered yet."""

    code = "opinions-outstanding"
    message = _("还有 {count} 个单位的会办或会签意见没有返回，暂时不能作出决定。")


class OwnExtension(NotPermitted):
    """Whoever handles a case cannot approve its extension."""

    code = "own-extension"
    message = _("延期申请人不能批准自己的延期，请由其他负责人审批。")


class AlreadyAsked(Conflict):
    """A second request for supplements adds something that the first did not name."""

    code = "already-asked"
    message = _("补正要求应当一次性告知。“{title}”不在第一次告知的清单中，不能再要求补正。")


class NoUnit(Conflict):
    """No unit in the division or above it handles the item."""

    code = "no-unit"
    message = _("“{division}”还没有办理这个事项的单位，请到政务服务中心窗口咨询。您填写的内容已保留。")


class AlreadyRated(Conflict):
    """A case is rated once."""

    code = "already-rated"
    message = _("这个办件您已经评价过，感谢您的评价。")


class NoSealForLetter(Conflict):
    """The office has no electronic seal of the kind that the letter asks for."""

    code = "letter-no-seal"
    message = _(
        "{unit}还没有可用的电子印章，文书已生成，等待用印。印章备案并授权后会自动用印，也可以由印章持有人用印。"
    )


class LetterDelayed(Unavailable):
    """A letter could not be written now; the job tries again."""

    code = "letter-delayed"
    message = _("文书暂时没有生成：{problem} 办件不受影响，稍后自动重试。")


class LetterNotWaiting(Conflict):
    """The letter is not where the act wants it."""

    code = "letter-state"
    message = _("这份文书现在是“{state}”，不能这样操作。请刷新页面查看。")
