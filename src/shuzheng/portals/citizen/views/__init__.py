"""The pages of the residents' portal, by what people come for."""

from __future__ import annotations
