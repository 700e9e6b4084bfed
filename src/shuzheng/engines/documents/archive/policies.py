"""Who may do what in the archives. Proposing, judging and destroying are three rights, for three persons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.policy import permission

#: What jobs hold; no role should bring it.
PACK = permission("documents.pack_archive", _("生成归档信息包"))
READ = permission("documents.read_archive", _("查阅档案"))
#: Dates, repairs, fixity, transfers.
MANAGE = permission("documents.manage_archive", _("管理档案"))
PROPOSE = permission("documents.propose_destruction", _("提出档案销毁"))
REVIEW = permission("documents.review_destruction", _("鉴定到期档案"))
DESTROY = permission("documents.destroy_archive", _("监销档案"))
BACKUP = permission("documents.drill_backup", _("管理档案备份与恢复演练"))
