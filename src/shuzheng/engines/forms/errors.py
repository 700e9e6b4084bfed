"""What can go wrong with drafts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, NotFound


class NoDraft(NotFound):
    """There is no such draft, it has expired, or it is somebody else's."""

    code = "no-draft"
    message = _("没有找到这份草稿，可能已过期或已删除。请从事项页重新开始填写。")


class TooManyDrafts(Conflict):
    """One account keeps more copies of one draft than a person can tell apart."""

    code = "too-many-drafts"
    message = _("这件事已有多份草稿。请先打开草稿列表，保留一份、删除其余的，再继续填写。")
