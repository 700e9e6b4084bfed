"""Template tags of payment."""

from __future__ import annotations
