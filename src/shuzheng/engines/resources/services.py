"""The declared services."""

from __future__ import annotations

from shuzheng.engines.resources.definitions import KIND, SupportService
from shuzheng.engines.resources.errors import NoSuchService
from shuzheng.kernel.definition import NoDefinition, get


def service(code: str) -> SupportService:
    """Return a service in force. Raises NoSuchService."""
    try:
        return get(KIND, code).body
    except NoDefinition:
        raise NoSuchService from None
