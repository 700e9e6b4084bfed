"""Messages that the platform itself sends; a pack may publish another wording under the same code."""

from __future__ import annotations

from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.templates import build_in

build_in(
    MessageTemplate.model_validate(
        {
            "code": "verification-code",
            "title": "验证码",
            "subject": "验证码",
            "body": "您的验证码是 {code}，5 分钟内有效。",
            "notice": "验证码 {code}，5 分钟内有效。请勿告诉任何人，包括自称工作人员的人。",
            "category": "safety",
            "urgent": True,
            "placeholders": {"code": {"title": "验证码", "personal": False, "example": "052814"}},
        }
    )
)
build_in(
    MessageTemplate.model_validate(
        {
            "code": "document-served",
            "title": "文书送达",
            "subject": "文书送达：{title}",
            "body": "“{title}”（{number}）已按您的确认以电子方式送达，今天即为送达日期。请点开查看；"
            "不服的，可以按文书写明的期限申请复议或提起诉讼，期限自明天起算。",
            "plain": "政府给您送来一份文书：{title}。请点开看。有不同意见，要在文书写的期限内提出，从明天开始算。",
            "notice": "您有一份文书已电子送达，期限自明日起算，请登录数政查看。",
            "category": "service",
            "asks": True,
            "placeholders": {"title": {"title": "文书名称"}, "number": {"title": "文号"}},
            "translations": {
                "en": {
                    "subject": "Document served: {title}",
                    "body": "“{title}” ({number}) has been served on you electronically, as you agreed. Today is the date "
                    "of service; periods for review or suit run from tomorrow.",
                    "notice": "A document has been served on you electronically. Please sign in to Shuzheng to read it.",
                }
            },
        }
    )
)
