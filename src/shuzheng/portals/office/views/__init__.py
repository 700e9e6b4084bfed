"""The pages of the officials' portal."""

from __future__ import annotations
