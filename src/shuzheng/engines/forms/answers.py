"""What comes out of a form that was answered well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shuzheng.engines.forms.values import plain


@dataclass(frozen=True)
class Correction:
    """A provided answer that the person changed (对政府提供的信息提出更正): where, whose record it was, and why."""

    path: str
    provider: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Answers in their typed normal form: hidden questions left out, computed answers filled in."""

    form_key: str
    #: The version of the form; ``None`` for a form that is not stored.
    form_id: UUID | None = None
    #: By question code; a repeated section holds a list of rows. Dates are dates, amounts are decimals.
    values: Mapping[str, Any] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    #: By path, who provided an answer that was left as it is.
    provenance: Mapping[str, str] = field(default_factory=dict)
    #: Ids of the files handed in.
    files: tuple[UUID, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return the values as JSON: what the form's JSON Schema describes. Seal it before storing it."""
        return plain(dict(self.values))
