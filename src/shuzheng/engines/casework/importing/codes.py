"""Codes of service items (事项编码), checked part by part.

The national implementation code (实施清单编码, 31 characters, GB/T 39554.1) is: unified social credit code of the department
(18) · level of the catalogue (1) · catalogue code (12: region 2, kind 2, department 2, item 3, sub-item 3); two more
characters name a variant (业务办理项). Provinces that joined late write ``catalogue-division-serial-department-level-variant``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from shuzheng.engines.casework.importing.entry import Entry, Rejected

_NATIONAL = re.compile(r"(?P<department>[0-9A-Z]{18})(?P<level>\d)(?P<catalogue>\d{12})(?P<variant>\d{2})?")
_LOCAL = re.compile(
    r"(?P<catalogue>[0-9A-Z][0-9A-Z-]*)-(?P<division>\d{12})-(?P<serial>\d{3})-"
    r"(?P<department>[0-9A-Za-z]{7,18}(?:-[0-9X])?)-(?P<level>\d)-(?P<variant>\d{2})"
)
#: Departments without a code of their own are given one that begins so (临时代码).
PROVISIONAL = "TE"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class ItemCode:
    """The parts of a code that mean something here."""

    catalogue: str
    #: Credit code or organisation code of the department.
    department: str
    #: Twelve digits where the code names one.
    division: str = ""


def national_code(code: str, entry: Entry, *, catalogue: str = "") -> ItemCode:
    """Return the parts of a code of 31 or 33 characters. Raises Rejected for a wrong structure or check character."""
    match = _NATIONAL.fullmatch(code)
    if match is None:
        raise Rejected("TASK_CODE", _("事项编码应为 31 位（业务办理项 33 位），这个编码的结构不对。"))
    department = match["department"]
    if department.startswith(PROVISIONAL):
        entry.warn("TASK_CODE", _("实施主体用的是临时代码，不是统一社会信用代码。"))
    elif not uscc.is_valid(department):
        raise Rejected("TASK_CODE", _("事项编码前 18 位不是有效的统一社会信用代码，校验位不对。"))
    if catalogue and match["catalogue"] != catalogue:
        raise Rejected("CATAID", _("事项编码中的目录编码与目录编码一栏不一致。"))
    return ItemCode(match["catalogue"], department)


def local_code(code: str, entry: Entry, *, division: str) -> ItemCode:
    """Return the parts of a code in six parts. Raises Rejected for a wrong structure or check character."""
    match = _LOCAL.fullmatch(code)
    if match is None:
        raise Rejected("itemCode", _("事项编码应为“目录-区划-序号-部门-层级-序号”六段，这个编码的结构不对。"))
    _check_department(match["department"].replace("-", "").upper(), entry)
    if match["division"] != division:
        entry.warn("areaCode", _("事项编码中的区划与区划一栏不一致，以区划一栏为准。"))
    return ItemCode(match["catalogue"], match["department"], match["division"])


def _check_department(code: str, entry: Entry) -> None:
    if code.startswith(PROVISIONAL):
        entry.warn("itemCode", _("实施主体用的是临时代码，不是统一社会信用代码。"))
    elif len(code) not in (9, 18):
        entry.warn("itemCode", _("部门代码既不是 18 位统一社会信用代码，也不是 9 位组织机构代码。"))
    elif not (uscc.is_valid(code) if len(code) == 18 else is_organisation_code(code)):
        raise Rejected("itemCode", _("事项编码中的部门代码校验位不对。"))


def is_organisation_code(code: str) -> bool:
    """Say whether nine characters are an organisation code (组织机构代码, GB 11714): the last one is a check character."""
    total = sum(_DIGITS.index(c) * weight for c, weight in zip(code[:8], _ORGANISATION_WEIGHTS, strict=True))
    check = 11 - total % 11
    return code[8] == {10: "X", 11: "0"}.get(check, str(check))
