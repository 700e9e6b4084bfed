"""What can go wrong with messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import InvalidInput, NotFound, Unavailable


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
