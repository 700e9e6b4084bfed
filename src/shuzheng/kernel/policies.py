"""The kernel's own permissions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.policy import permission

LOAD_PACKS = permission("kernel.load_packs", _("装载应用包"))
USE_API_DOCS = permission("kernel.use_api_docs", _("查看接口文档"))
USE_ADMIN = permission("operator.use_admin", _("进入运维后台"))
