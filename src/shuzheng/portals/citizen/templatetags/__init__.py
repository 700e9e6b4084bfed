"""Template library of the residents' portal."""

from __future__ import annotations
