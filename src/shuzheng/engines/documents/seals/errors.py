"""What can go wrong with seals; every message says what was kept and what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents import errors
from shuzheng.kernel.error import Conflict, InvalidInput, NotFound, NotPermitted


class NoSuchSeal(NotFound):
    """There is no such seal, or the actor may not know of it."""

    code = "no-such-seal"
    message = _("没有找到这枚印章，可能编码有误，或者它不归您管理。")


class SealKnown(Conflict):
    """The code or the filing number is in use."""

    code = "seal-known"
    message = _("这个印章编码或公安备案号已经备案过。请核对备案证明。")


class WrongState(Conflict):
    """The seal's state forbids it."""

    code = "seal-state"
    message = _("印章目前是“{state}”状态，不能这样操作。")


class SealUnusable(Conflict):
    """The seal is not in use."""

    code = "seal-unusable"
    message = _("印章目前是“{state}”状态，不能盖章。申请和审批已保留；印章恢复使用后可以直接盖章，不用重新申请。")


class CertificateExpired(Conflict):
    """The seal's certificate ran out."""

    code = "seal-certificate-expired"
    message = _(
        "印章的数字证书已于 {day} 到期，没有盖章。申请和审批已保留：请印章管理员更新证书，更新后可以直接盖章，不用重新申请。"
    )


class NotGranted(NotPermitted):
    """Nobody granted this use of this seal."""

    code = "seal-not-granted"
    message = _("您没有使用这枚印章的有效授权，没有盖章。如确需用印，请联系印章管理员。")


class OutsideGrant(NotPermitted):
    """A grant exists, but not for this item, kind, or place."""

    code = "seal-outside-grant"
    message = _("您的用印授权不包括这次的{what}，没有盖章。授权范围：{scope}。")


class GrantSpent(Conflict):
    """Nothing is left of the permitted times."""

    code = "seal-grant-spent"
    message = _("授权的用印次数（{most} 次）已经用完，没有盖章。请印章管理员重新授权。")


class NeedsApproval(Conflict):
    """The grant needs an approval for each use."""

    code = "seal-needs-approval"
    message = _("使用这枚印章要先申请并经审批。请提交用印申请。")


class RequestDecided(Conflict):
    """The request does not stand where it should."""

    code = "seal-request-state"
    message = _("这份用印申请现在是“{state}”，不能这样操作。请刷新页面查看。")


class OwnRequest(NotPermitted):
    """Approving one's own request, or twice."""

    code = "seal-own-request"
    message = _("申请人和两位审批人必须是三个不同的人。请由其他审批人办理。")


class CannotStamp(InvalidInput):
    """The document cannot take this stamp."""

    code = "cannot-stamp"
    message = _("这份文件不能盖章，其余内容已保留。请按提示修改后再试。")


class StorageFull(errors.StorageFull):
    """The stamped document could not be kept."""

    message = _("存储空间不足，盖章没有完成，也没有计入用印次数。申请和审批已保留，请联系运维人员后重试。")


class KeySealStanding(InvalidInput):
    """A key seal cannot be used without approval."""

    code = "key-seal-standing"
    message = _("重要印章每次使用都要经两人审批，不能授权免审批使用。")
