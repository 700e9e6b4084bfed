"""What can go wrong with connected applications, in words for their developers and their reviewers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, InvalidInput, NotPermitted, TooMany


class BadSignature(NotPermitted):
    """The call is not signed by whom it claims to come from; what was wrong is not said."""

    status = 401
    code = "bad-signature"
    message = _("签名不对或密钥编号不存在，没有处理。请核对密钥、签名内容和请求正文是否一致。")


class MalformedSignature(NotPermitted):
    """The headers of the signature are not as RFC 9421 and our profile ask."""

    status = 401
    code = "malformed-signature"
    message = _("签名头不完整：{missing}。请对照接口说明中的签名要求。")


class ClockSkew(NotPermitted):
    """The call was signed too long ago or in the future."""

    status = 401
    code = "clock-skew"
    message = _(
        "签名时间与服务器相差 {seconds} 秒，超过允许的 {most} 秒，没有处理。服务器时间是 {server}，请校准时钟后重新签名。"
    )


class Replayed(NotPermitted):
    """The nonce was used before."""

    status = 401
    code = "replayed"
    message = _("这个请求已经收到过（nonce 重复），没有再次处理。重发时请换一个 nonce 重新签名。")


class CredentialEnded(NotPermitted):
    """The key was right, but it has expired or was revoked."""

    status = 401
    code = "credential-ended"
    message = _("这把密钥已过期或被吊销，没有处理。请联系应用的联系人换用新密钥。")


class AddressNotAllowed(NotPermitted):
    """The application calls from a network that was not registered."""

    code = "address-not-allowed"
    message = _("应用不能从这个网络地址（{address}）调用，没有处理。请在接入登记中增加网段。")


class ApplicationStopped(NotPermitted):
    """The application is paused, retired or not yet through its review."""

    code = "application-stopped"
    message = _("应用当前“{state}”，没有处理。请联系数据主管部门。")


class RateExceeded(TooMany):
    """More calls a second than allowed."""

    code = "rate-exceeded"
    retry_after = 1
    message = _("调用过于频繁，超过每秒 {most} 次，没有处理。请稍后重发。")


class LimitExceeded(TooMany):
    """The day's limit is used up."""

    code = "limit-exceeded"
    message = _("今天的额度 {most} 已不够这次使用，没有处理。请明天再试，或申请提高额度。")

    def __init__(self, *, most: int, wait: int) -> None:
        """Say when the next day begins."""
        super().__init__(most=most)
        self.retry_after = wait


class CodeTaken(Conflict):
    """Another application has the code."""

    code = "application-code-taken"
    message = _("这个应用编码已被使用，没有登记。请换一个。")


class NotInState(Conflict):
    """The application is not in the state that this needs."""

    code = "application-state"
    message = _("应用当前“{state}”，不能这样操作，内容没有改变。请刷新后再看。")


class NothingToReview(Conflict):
    """What was asked for has been decided meanwhile."""

    code = "nothing-to-review"
    message = _("这份申请已由他人审核，没有重复处理。请刷新后再看。")


class SamePerson(NotPermitted):
    """Whoever applies does not approve, and the two approvals come from two people."""

    code = "applicant-is-reviewer"
    message = _("申请人、联系人不能审核自己的应用，两次审核也须由两人分别作出。请由另一位审核人员办理。")


class NotInForce(Conflict):
    """The capability was withdrawn, or waits for review."""

    code = "capability-not-in-force"
    message = _("这项能力没有生效，限额没有改变。待审核的，请在审核时退回修改。")


class WouldLoosen(Conflict):
    """A limit would be raised without review."""

    code = "limits-need-review"
    message = _("这里只能收紧限额、提前截止。要放宽或延长，请由应用单位申请能力，按规定审核后生效。")


class TriedTooOften(TooMany):
    """A capability is tried again within a minute, or the signature more often than anybody needs."""

    code = "tried-too-often"
    message = _("联调过于频繁，这一次没有执行。请一分钟后再试。")


class NotTried(Conflict):
    """Something has not been tried with success."""

    code = "application-not-tried"
    message = _("还不能上线：{missing}。请先完成联调。")


class TooManyCredentials(Conflict):
    """There are as many live keys as may be."""

    code = "too-many-credentials"
    message = _("有效的密钥已有 {most} 把，没有增加。请先吊销不用的密钥。")


class BadPublicKey(InvalidInput):
    """The public key cannot be read, or is of another algorithm."""

    code = "bad-public-key"
    message = _("公钥不能识别，没有保存。请粘贴 PEM 格式的公钥，并选对算法。")


class NoSuchCapability(InvalidInput):
    """The platform has no such capability, or the things named do not fit it."""

    code = "no-such-capability"
    message = _("申请的能力有误，没有保存。请按提示修改。")
