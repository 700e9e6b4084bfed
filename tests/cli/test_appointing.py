"""The first officials are appointed at the command line, whole or not at all."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from shuzheng.cli import appointing
from shuzheng.cli.main import app
from shuzheng.engines.identity.models import Account, Officer, Person, RoleAssignment
from shuzheng.testing.identity import a_post, a_role, a_unit, an_id_number

pytestmark = pytest.mark.django_db
SECRET = "Long-enough-and-odd-7391"


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the test's own database instead of a data folder's, with a bureau and a role."""
    from contextlib import nullcontext

    monkeypatch.setattr(appointing, "site", nullcontext)
    a_post(a_unit("data-administration"))
    a_role("security-administrator", ["identity.manage_roles"], administrator=True)


def appoint(*options: str, password: str = SECRET, unit: str = "360702-data-administration", post: str = "handler"):
    given = ["appoint", "周敏", "--number=360702001", f"--unit={unit}", f"--post={post}", f"--password={password}"]
    return CliRunner().invoke(app, [*given, f"--id-number={an_id_number()}", *options])


def test_one_command_makes_a_person_an_officer_with_a_role_and_a_password() -> None:
    done = appoint("--role=security-administrator")
    assert done.exit_code == 0, done.output
    officer = Officer.objects.get(number="360702001")
    assert RoleAssignment.objects.get(officer=officer).role.code == "security-administrator"
    assert Account.objects.get(pk=officer.account_id).check_password(SECRET)


def test_a_poor_password_leaves_nothing_behind() -> None:
    refused = appoint(password="123456")
    assert refused.exit_code != 0
    assert not Officer.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.parametrize(("where", "said"), [({"unit": "360702-none"}, "no bureau"), ({"post": "king"}, "handler")])
def test_an_unknown_bureau_or_post_says_what_there_is(where: dict[str, str], said: str) -> None:
    refused = appoint(**where)
    assert refused.exit_code == 2
    assert said in refused.output
