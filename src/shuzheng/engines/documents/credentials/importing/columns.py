"""The columns of a table of existing licences of a type."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.credentials.content import title_of
from shuzheng.engines.documents.credentials.types import CredentialType, LicenceElement

HOLDER, NUMBER, SINCE, UNTIL, IDENTIFIER = "holder", "number", "valid_from", "valid_until", "identifier"
#: What every type has: code, heading, whether it must be filled in.
COMMON = (
    (HOLDER, _("持证主体证件号码"), True),
    (NUMBER, _("证照编号"), True),
    (SINCE, _("有效期自"), True),
    (UNTIL, _("有效期至"), False),
    (IDENTIFIER, _("电子证照标识"), False),
)


@dataclass(frozen=True)
class Column:
    """A column: its code, its heading, and the element that it holds, if any."""

    code: str
    title: str
    required: bool
    element: LicenceElement | None = None


def columns_of(type: CredentialType) -> list[Column]:
    """Return the columns: what every licence has, then what no register knows of this one."""
    common = [Column(code, str(title), required) for code, title, required in COMMON]
    asked = [one for one in type.elements if one.source.startswith("answers.") and one.photo is None]
    return [*common, *(Column(one.name, title_of(one), not one.optional, one) for one in asked)]
