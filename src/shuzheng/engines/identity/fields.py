"""The column by which an encrypted column is found again."""

from __future__ import annotations

from typing import Any

from django.db import models

from shuzheng.engines.trust.crypto import blind_index
from shuzheng.engines.trust.fields import Sealed


class BlindIndexField(models.CharField):
    """Blind index of an encrypted field beside it, kept up to date on every save; null where there is no value."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        """Name the encrypted field that is indexed."""
        self.of = of
        kwargs.update(max_length=64, null=True, editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Keep the name of the indexed field in migrations."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "null", "editable"):
            kwargs.pop(fixed, None)
        return name, path, list(args), {**kwargs, "of": self.of}

    def digest(self, value: str) -> str | None:
        """Return the index of a value, or ``None`` for an empty one."""
        return blind_index(value, f"{self.model._meta.label_lower}.{self.of}") if value else None

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Compute the index anew unless nobody has read or changed the encrypted value."""
        plain = model_instance.__dict__.get(self.of)
        if plain is not None and not isinstance(plain, Sealed):
            setattr(model_instance, self.attname, self.digest(plain))
        return getattr(model_instance, self.attname)

    def get_prep_value(self, value: Any) -> Any:
        """Store the digest as text."""
        return None if value in (None, "") else super().get_prep_value(value)
