"""A site of nothing but the kernel, for tests that start real processes."""

from __future__ import annotations
