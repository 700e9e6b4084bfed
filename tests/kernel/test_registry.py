"""Names are registered once; permissions are held somewhere in the division tree."""

from __future__ import annotations

import pytest

from shuzheng.kernel.actor import ANYBODY, Actor, Grant
from shuzheng.kernel.error import NotPermitted, SignInRequired
from shuzheng.kernel.fields import within
from shuzheng.kernel.policy import OFFICER, PUBLIC, SIGNED_IN, may, permission, permissions, require, scopes
from shuzheng.kernel.registry import DuplicateName, Registry, UnknownName
from tests.kernel.trial import GANZHOU, JIANGXI, JIUJIANG, KEEP, somebody


def test_a_name_is_taken_once_and_the_same_thing_may_come_again() -> None:
    registry: Registry[object] = Registry("thing")
    thing = object()
    assert registry.add("a", thing) is registry.add("a", thing)
    with pytest.raises(DuplicateName, match="thing 'a' is declared twice"):
        registry.add("a", object())
    assert (len(registry), list(registry), registry["a"]) == (1, ["a"], thing)


def test_an_unknown_name_is_refused_with_the_nearest_known_one() -> None:
    registry: Registry[int] = Registry("thing")
    registry.add("casework.suspend_case", 1)
    with pytest.raises(UnknownName) as raised:
        registry["casework.suspendcase"]
    assert str(raised.value) == "unknown thing 'casework.suspendcase' (did you mean 'casework.suspend_case'?)"
    assert registry.get("nothing like it") is None


def test_a_permission_is_declared_once() -> None:
    assert permissions()[KEEP].title
    with pytest.raises(DuplicateName):
        permission(KEEP, "别的")


@pytest.mark.parametrize(
    ("path", "scope", "inside"),
    [
        ("36.3607", "36", True),
        ("36.3607", "36.3607", True),
        ("36", "36.3607", False),
        ("36.3607", "", True),
        ("36.36070", "36.3607", False),
    ],
)
def test_a_path_lies_within_itself_and_what_is_above_it(path: str, scope: str, inside: bool) -> None:
    assert within(path, scope) is inside


def test_a_permission_reaches_down_the_tree_and_neither_up_nor_sideways() -> None:
    actor = somebody(scope=GANZHOU)
    assert may(actor, KEEP, GANZHOU)
    assert may(actor, KEEP, f"{GANZHOU}.360702")
    assert may(actor, KEEP), "somewhere at all"
    assert not may(actor, KEEP, JIANGXI)
    assert not may(actor, KEEP, JIUJIANG)
    assert not may(actor, "trial.other", GANZHOU)


def test_scopes_name_where_a_permission_is_held() -> None:
    grants = frozenset({Grant(KEEP, JIUJIANG), Grant(KEEP, GANZHOU), Grant("trial.other", "")})
    assert scopes(somebody(grants=grants), KEEP) == [JIUJIANG, GANZHOU]
    assert scopes(somebody(), KEEP) == [""]
    assert scopes(somebody(held=False), KEEP) == []


def test_who_is_refused_learns_whether_signing_in_would_help() -> None:
    with pytest.raises(SignInRequired):
        require(ANYBODY, KEEP)
    with pytest.raises(NotPermitted) as raised:
        require(somebody(held=False), KEEP)
    assert not isinstance(raised.value, SignInRequired)


def test_public_signed_in_and_officer_are_decided_by_who_acts() -> None:
    citizen, platform = somebody(held=False), Actor.system("cli")
    officer = somebody(held=False, officer_id=citizen.account_id)
    assert [may(who, PUBLIC) for who in (ANYBODY, citizen, officer, platform)] == [True, True, True, True]
    assert [may(who, SIGNED_IN) for who in (ANYBODY, citizen, officer, platform)] == [False, True, True, True]
    assert [may(who, OFFICER) for who in (ANYBODY, citizen, officer, platform)] == [False, False, True, True]
    assert may(platform, KEEP, JIUJIANG)
