"""Limits of connected applications: where they are kept is known to the engine that keeps the register of them."""

from __future__ import annotations

from typing import Protocol

from shuzheng.kernel.actor import Actor


class Meter(Protocol):
    """Counts what connected applications do against their limits; raises TooMany where one is reached."""

    def count_call(self, actor: Actor, permission: str) -> None:
        """Count one call under a permission against the limit a second."""
        ...

    def require_left(self, actor: Actor, permission: str, units: int) -> None:
        """Look whether units of the day's limit are left, holding nothing."""
        ...

    def spend(self, actor: Actor, permission: str, units: int) -> None:
        """Take units of the day's limit, to be given back if the transaction is undone."""
        ...


_meters: list[Meter] = []


def install(meter: Meter) -> None:
    """Have applications counted by a meter from now on."""
    _meters[:] = [meter]


def count_call(actor: Actor, permission: str) -> None:
    """Count one call of an application. Raises TooMany."""
    for meter in _meters:
        meter.count_call(actor, permission)


def require_left(actor: Actor, permission: str, units: int) -> None:
    """Refuse an application whose day's limit does not hold so many units more; takes none of them. Raises TooMany."""
    for meter in _meters:
        meter.require_left(actor, permission, units)


def spend(actor: Actor, permission: str, units: int) -> None:
    """Take units of the day's limit of an application, in the caller's transaction. Raises TooMany.

    The count is held until the transaction ends: whoever works long asks ``require_left`` first and spends last.
    """
    for meter in _meters:
        meter.spend(actor, permission, units)
