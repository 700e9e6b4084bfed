"""Shuzheng 数政: an open digital-government platform."""

from __future__ import annotations

__version__ = "0.1.0"
