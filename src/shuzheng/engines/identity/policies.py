"""What may be allowed to officers in identity."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.policy import permission

MANAGE_ORGANISATIONS = permission("identity.manage_organisations", _("管理机构与岗位"))
MANAGE_OFFICERS = permission("identity.manage_officers", _("任免工作人员"))
MANAGE_ROLES = permission("identity.manage_roles", _("授予与收回角色"))
MANAGE_ACCOUNTS = permission("identity.manage_accounts", _("锁定与解锁账户、结束会话"))
CONFIRM_IDENTITY = permission("identity.confirm_identity", _("在窗口当面核验身份与代办关系"))
REGISTER_PERSONS = permission("identity.register_persons", _("登记自然人与法人"))
PROVE_MOBILE = permission("identity.prove_mobile", _("确认手机号经验证码核验"))
APPLY_CONNECTION = permission("identity.apply_connection", _("申请应用接入、管理本单位的接入应用"))
REVIEW_CONNECTION = permission("identity.review_connection", _("审核应用接入"))
MANAGE_CONNECTION = permission("identity.manage_connection", _("管理接入应用：上线、限额、暂停与下线"))
#: What every connected application holds while it calls; no role should bring it.
TRY_CONNECTION = permission("identity.try_connection", _("作为接入应用联调"))
