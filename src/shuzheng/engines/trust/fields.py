"""Model fields that keep personal data unreadable in the database."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from shuzheng.engines.trust.crypto import open_sealed, seal


class Sealed(str):
    """What the database holds of an encrypted value; printing it reveals nothing.

    ``values()`` and ``values_list()`` return these; an attribute of an instance opens itself when it is first read.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Say only that something is there."""
        return "<sealed>"

    def __str__(self) -> str:
        """Cover the value, should it end up on a page."""
        return "****"


class _OpeningAttribute(DeferredAttribute):
    """An instance's attribute that is decrypted when it is first read, so that lists pay only for what they show."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = cast(EncryptedTextField, self.field).open(value)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        """Make the descriptor come before the instance's dictionary, where the sealed value lies."""
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text under SM4-GCM, bound to its model and field, with the id of its key so that keys can be rotated.

    It cannot be searched: keep ``crypto.blind_index(value, purpose)`` beside it and filter by that. A value moved to
    another column, or altered, raises DecryptionFailed when it is read. ``context`` pins the binding where a model or
    field is renamed later.
    """

    description = "text under SM4-GCM"
    descriptor_class = _OpeningAttribute

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        """Refuse an index, which would be one of random text."""
        if kwargs.get("unique") or kwargs.get("db_index") or kwargs.get("primary_key"):
            raise FieldError("An encrypted field cannot be indexed; keep a blind index beside it.")
        self._context = context
        super().__init__(*args, **kwargs)

    @property
    def context(self) -> str:
        """What the ciphertext is bound to, e.g. ``identity.person.mobile``."""
        return self._context or f"{self.model._meta.label_lower}.{self.name}"

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Keep the pinned context in migrations."""
        name, path, args, kwargs = super().deconstruct()
        if self._context:
            kwargs["context"] = self._context
        return name, path, list(args), kwargs

    def open(self, sealed: Sealed) -> str:
        """Return the plain text. Raises DecryptionFailed, UnknownKey."""
        return open_sealed(str.__str__(sealed), self.context)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Mark what comes from the database as sealed; an empty text is not encrypted."""
        return Sealed(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Hand a value that nobody read back as it is, without opening it."""
        value = model_instance.__dict__.get(self.attname)
        return value if isinstance(value, Sealed) else super().pre_save(model_instance, add)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Encrypt on the way to the database."""
        if value is None or value == "" or hasattr(value, "as_sql"):
            return value
        return str.__str__(value) if isinstance(value, Sealed) else seal(str(value), self.context)

    def get_lookup(self, lookup_name: str) -> Any:
        """Offer only ``isnull``. Raises FieldError."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.context} is encrypted; filter by its blind index instead of {lookup_name!r}.")
        return super().get_lookup(lookup_name)
