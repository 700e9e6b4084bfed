"""The outside world that identity asks."""

from __future__ import annotations
