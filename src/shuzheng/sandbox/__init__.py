"""Stand-ins for the outside world, each a program of its own: real processes, real networks, no real consequences."""

from __future__ import annotations
