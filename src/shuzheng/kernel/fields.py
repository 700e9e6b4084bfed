"""Model fields that several engines use."""

from __future__ import annotations

from typing import Any

from django.db import models

from shuzheng.kernel.id import new_id


class IdField(models.UUIDField):
    """Primary key of every growing table: a UUIDv7, so that new rows sit side by side in the index."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Set the key's fixed properties."""
        kwargs.update(primary_key=True, default=new_id, editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Leave the fixed properties out of migrations."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("primary_key", "default", "editable"):
            kwargs.pop(fixed, None)
        return name, path, list(args), kwargs


class LtreeField(models.Field):
    """A path in a tree (PostgreSQL ``ltree``), e.g. ``36.3607.360702`` for a division."""

    description = "ltree path"

    def db_type(self, connection: Any) -> str:
        """Return the column type."""
        return "ltree"

    def get_prep_value(self, value: Any) -> Any:
        """Store paths as text."""
        return None if value is None else str(value)


@LtreeField.register_lookup
class Within(models.Lookup):
    """``path__within=scope``: the node itself and everything below it; an empty scope holds everything."""

    lookup_name = "within"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return ``path <@ scope``."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} <@ ({right})::ltree", (*left_params, *right_params)


@LtreeField.register_lookup
class ContainsPath(models.Lookup):
    """``path__contains_path=node``: the node itself and everything above it."""

    lookup_name = "contains_path"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return ``path @> node``."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @> ({right})::ltree", (*left_params, *right_params)


def within(path: str, scope: str) -> bool:
    """Say whether a path is a scope or lies below it; every path lies within the empty scope."""
    return not scope or path == scope or path.startswith(scope + ".")
