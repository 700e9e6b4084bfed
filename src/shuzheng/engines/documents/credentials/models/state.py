"""Words of a licence's row."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CredentialState(models.TextChoices):
    """What was last decided about a licence; that it has expired follows from its dates."""

    ISSUING = "issuing", _("制证中")
    VALID = "valid", _("有效")
    HELD = "held", _("暂扣")
    SUSPENDED = "suspended", _("中止使用")
    REVOKED = "revoked", _("已吊销或撤销")
    VOID = "void", _("已作废")
    REPLACED = "replaced", _("已由新证代替")


class Origin(models.TextChoices):
    """How a licence came about."""

    ISSUE = "issue", _("首次核发")
    RENEW = "renew", _("延续")
    REPLACE = "replace", _("遗失补领")
    CORRECT = "correct", _("更正")
    IMPORT = "import", _("存量登记")
