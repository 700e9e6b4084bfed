"""Permissions of this engine; all belong to the audit administrator but the last, which is the security administrator's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.policy import permission

READ_AUDIT = permission("trust.read_audit", _("查阅审计记录"))
VERIFY = permission("trust.verify", _("校验存证账本"))
MANAGE_KEYS = permission("trust.manage_keys", _("轮换密钥"))
