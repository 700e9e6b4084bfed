"""What can go wrong with messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, InvalidInput, NotFound, NotPermitted, TooMany, Unavailable


class NoSuchTemplate(NotFound):
    """No template of this code is published or built in."""

    code = "no-such-template"
    message = _("没有编号为 {code} 的消息模板，消息没有发出。请先发布模板。")


class ValuesDisagree(InvalidInput):
    """The values given are not those that the template's placeholders need."""

    code = "message-values"
    message = _("消息模板所需的内容与给出的不一致，消息没有发出。")


class NoSuchMessage(NotFound):
    """There is no such message in this inbox."""

    code = "no-such-message"
    message = _("没有找到这条消息，可能已被移除。")


class BadAddress(InvalidInput):
    """The address cannot be of this channel."""

    code = "bad-address"
    message = _("地址格式不对，没有保存。请核对后重新填写。")


class ChannelDown(Unavailable):
    """The channel did not take the notice."""

    code = "channel-down"
    message = _("消息通道暂时不可用，稍后会自动重发。")


class NotSafe(InvalidInput):
    """An address of a system lies where we must not call."""

    code = "address-not-safe"
    message = _("这个地址不能用作推送目标：须是公网的 https 地址。内网地址须由系统管理员在设置中允许。")


class WrongCode(InvalidInput):
    """A one-time code is wrong, used or too old."""

    code = "wrong-code"
    message = _("验证码不对或已过期。请核对短信或邮件，或重新获取验证码。")


class TooManyCodes(TooMany):
    """Too many codes were asked for."""

    code = "too-many-codes"
    message = _("获取验证码过于频繁，请稍后再试。每人每天最多 10 次，两次之间至少间隔 1 分钟。")


class Compulsory(Conflict):
    """Messages of this category may not be declined."""

    code = "compulsory-category"
    message = _("这类消息依法必须告知您，不能关闭。")


class TooLate(Conflict):
    """What is to be cancelled or changed has already happened."""

    code = "too-late"
    message = _("消息已经发出，不能取消。")


class WrongState(Conflict):
    """The bulk or the service is not in the state that this needs."""

    code = "wrong-state"
    message = _("当前状态下不能这样操作，内容没有改变。请刷新后再看。")


class NotByTheSame(NotPermitted):
    """Maker and approver must be two people."""

    code = "maker-is-approver"
    message = _("拟稿人不能审批自己的群发，请由另一位有权限的同事审批。")


class NoConsent(Conflict):
    """The person has not agreed to be served electronically."""

    code = "no-service-consent"
    message = _("受送达人没有同意电子送达，不能以电子方式送达。请改用直接、邮寄等方式。")


class TooManyTargets(Conflict):
    """The application has as many receivers as may be."""

    code = "too-many-targets"
    message = _("这个应用已有 {most} 个推送目标，没有增加。请先停用不用的。")


class BadSignature(NotPermitted):
    """A receipt is not signed by whom it claims to come from."""

    status = 401
    code = "bad-signature"
    message = _("签名不对、时间相差超过 5 分钟或请求重复，没有处理。")


class BadList(InvalidInput):
    """An uploaded list of recipients cannot be read at all."""

    code = "bad-list"
    message = _("名单没有读出来，没有加入任何人。")
