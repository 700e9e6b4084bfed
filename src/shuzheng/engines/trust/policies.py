"""Permissions of this engine: the first two are the audit administrator's, the last a depositor's, the rest the security administrator's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.policy import permission

READ_AUDIT = permission("trust.read_audit", _("查阅审计记录"))
VERIFY = permission("trust.verify", _("校验存证账本"))
MANAGE_KEYS = permission("trust.manage_keys", _("轮换密钥"))
MANAGE_LEDGER = permission("trust.manage_ledger", _("设置账本见证"))
ERASE = permission("trust.erase_person", _("删除账本中的个人信息"))
RECORD_EVIDENCE = permission("trust.record_evidence", _("存证"))
