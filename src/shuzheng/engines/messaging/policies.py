"""Who may send messages; reading is everybody's own inbox."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.policy import permission

SEND = permission("messaging.send", _("发送消息"))
