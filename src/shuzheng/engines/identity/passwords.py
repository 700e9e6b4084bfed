"""Rules for passwords beyond Django's own (ASVS 2.1): no upper-case drill, no expiry, but nothing personal."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Shortest piece of a person's data that a password may not contain.
PIECE = 6


class MaximumLengthValidator:
    """Refuses passwords so long that hashing them would be an attack."""

    def __init__(self, max_length: int = 128) -> None:
        """Set the greatest number of characters."""
        self.max_length = max_length

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if the password is too long."""
        if len(password) > self.max_length:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return ngettext("密码最多 %(max)d 个字符。", "密码最多 %(max)d 个字符。", self.max_length) % {
            "max": self.max_length
        }


class PersonalDataValidator:
    """Refuses passwords made of the user name, the name, the birthday, the id number or the mobile number."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if the password contains such data."""
        lowered = password.lower()
        if any(piece in lowered for piece in _pieces(user)):
            raise ValidationError(_("密码不能包含用户名、姓名、生日、证件号码或手机号码。"), code="password_personal")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("不要使用姓名、生日、证件号码或手机号码。")


def _pieces(user: Any) -> set[str]:
    person = getattr(user, "person", None)
    found = {str(getattr(user, "username", "") or "").lower()}
    if person is not None:
        number, mobile = person.id_number or "", person.mobile or ""
        found |= {number[6:14], number[-PIECE:].lower(), mobile[-8:], mobile[-PIECE:], person.name.lower()}
    return {piece for piece in found if len(piece) >= PIECE or (not piece.isascii() and len(piece) > 1)}
