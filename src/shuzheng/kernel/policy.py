"""Permissions: declared in code, granted in data, decided here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.error import NotPermitted, SignInRequired
from shuzheng.kernel.fields import within
from shuzheng.kernel.registry import Registry

#: Anyone may, signed in or not.
PUBLIC = "public"
#: Any person who has signed in may; a connected application may only what it was granted.
SIGNED_IN = "signed_in"
#: Any official may.
OFFICER = "officer"


@dataclass(frozen=True)
class Permission:
    """Something that a role may allow."""

    name: str
    title: Any


_permissions: Registry[Permission] = Registry("permission")


def permission(name: str, title: Any) -> str:
    """Declare a permission and return its name. Raises DuplicateName."""
    _permissions.add(name, Permission(name, title))
    return name


def permissions() -> Registry[Permission]:
    """Return every permission declared."""
    return _permissions


def may(actor: Actor, name: str, scope: str = "") -> bool:
    """Say whether an actor holds a permission for a division path; an empty path asks for any scope at all."""
    if name == PUBLIC:
        return True
    if name == SIGNED_IN:
        return not actor.anonymous and actor.application_id is None
    if name == OFFICER:
        return actor.is_officer or actor.channel == "system"
    return any(
        grant.permission in (name, EVERYTHING) and (not scope or within(scope, grant.scope)) for grant in actor.grants
    )


def may_with(actor: Actor, name: str, thing: str) -> bool:
    """Say whether an actor holds a permission for one thing by its code: a template, a seal, a kind of evidence."""
    return any(
        grant.permission in (name, EVERYTHING) and (not grant.only or thing in grant.only) for grant in actor.grants
    )


def scopes(actor: Actor, name: str) -> list[str]:
    """Return the division paths in which an actor holds a permission; ``[""]`` means everywhere."""
    held = sorted({grant.scope for grant in actor.grants if grant.permission in (name, EVERYTHING)})
    return [""] if "" in held else held


def require(actor: Actor, name: str, scope: str = "") -> None:
    """Raise SignInRequired or NotPermitted unless the actor holds the permission."""
    if may(actor, name, scope):
        return
    raise SignInRequired if actor.anonymous else NotPermitted
