"""What messages are about (消息类别), and which of them nobody may decline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Category:
    """A kind of message that people can choose to get, or must get."""

    code: str
    title: Any
    explanation: Any
    icon: str
    #: The law that lets nobody decline it; empty where people choose.
    duty: Any = ""
    #: Told only to those who said yes.
    opt_in: bool = False

    @property
    def compulsory(self) -> bool:
        """Say whether it reaches everybody, at whatever address they gave."""
        return bool(self.duty)


CATEGORIES: dict[str, Category] = {
    category.code: category
    for category in (
        Category(
            "case",
            _("办件进展"),
            _("受理、补正、办结等，您申请的事走到哪一步"),
            "file-description",
            _("行政许可法第三十二条、第三十八条要求书面告知，不能关闭站内消息。"),
        ),
        Category(
            "service",
            _("法律文书送达"),
            _("决定书等送达给您的文书"),
            "writing-sign",
            _("民事诉讼法第九十条、行政处罚法第六十一条规定的送达，不能关闭。"),
        ),
        Category(
            "safety",
            _("紧急与安全"),
            _("预警、停水停电、账户安全"),
            "alert-triangle",
            _("突发事件应对法要求及时告知，不能关闭。"),
        ),
        Category("todo", _("待办提醒"), _("工作人员的待办、临近期限"), "list-check"),
        Category("benefit", _("惠民惠企政策"), _("可能适合您的补贴和政策"), "heart-handshake", opt_in=True),
        Category("notice", _("通知公告"), _("各部门的一般通知"), "bell"),
        Category("survey", _("意见征集"), _("问卷、听证、规划公示"), "clipboard-list", opt_in=True),
    )
}


def category(code: str) -> Category:
    """Return a category; an unknown code is a general notice."""
    return CATEGORIES.get(code, CATEGORIES["notice"])
