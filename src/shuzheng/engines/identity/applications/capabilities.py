"""What an application can be granted (接入能力): declared by the engine that offers it, listed in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from shuzheng.kernel.actor import Actor
from shuzheng.kernel.registry import Registry

#: Tries a capability for an application without doing anything: raises a ShuzhengError, or returns what it found.
Trial = Callable[[Actor, list[str]], str]


@dataclass(frozen=True)
class Capability:
    """One kind of thing that applications may do."""

    code: str
    title: Any
    #: What it brings; empty where nothing is called, as with events.
    permission: str
    trial: Trial
    #: What its list of codes names, e.g. templates; empty where there is nothing to name.
    things: Any = ""
    #: It is granted for named things only.
    named: bool = False
    #: What its daily limit counts.
    unit: Any = ""
    #: Granted by two people, also to an application that only tries.
    two_persons: bool = False
    #: What may be named: pairs of code and title.
    choices: Callable[[], Iterable[tuple[str, str]]] | None = None


_capabilities: Registry[Capability] = Registry("capability of applications")


def declare(capability: Capability) -> Capability:
    """Offer a capability to applications. Raises DuplicateName."""
    return _capabilities.add(capability.code, capability)


def capabilities() -> Registry[Capability]:
    """Return every capability, by code."""
    return _capabilities


def by_permission(permission: str) -> list[str]:
    """Return the codes of the capabilities that bring a permission."""
    return [one.code for one in _capabilities.values() if permission and one.permission == permission]
