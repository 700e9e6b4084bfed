"""Who watches over the services, and who may pause one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.policy import permission

#: Held by the role of the operators on duty; alerts are told to its holders.
OPERATE = permission("resources.operate", _("运行监测与应急处置（值班）"))
APPROVE = permission("resources.approve", _("批准和复核应急措施"))
EVALUATE = permission("resources.evaluate", _("计算服务目标"))
