"""What can go wrong in this engine, in the words a person sees."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import ShuzhengError


class PurposeMissing(ShuzhengError):
    """Personal data was about to be shown without a purpose; nothing was shown."""

    status = 422
    code = "purpose-missing"
    message = _("查阅个人信息必须说明用途，本次没有显示。请填写用途或从办件中进入。")
