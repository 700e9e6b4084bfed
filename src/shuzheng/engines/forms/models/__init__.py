"""What forms store: drafts only; answers that were sent belong to cases."""

from __future__ import annotations

from shuzheng.engines.forms.models.draft import Draft

__all__ = ["Draft"]
