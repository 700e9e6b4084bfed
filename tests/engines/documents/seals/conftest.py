"""Fixtures of the seal service's tests: a bureau, its people, its seal; a store of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.documents.seals.models import Seal
from shuzheng.engines.identity.models import Officer, OrgUnit
from shuzheng.kernel.actor import Actor
from shuzheng.testing.identity import a_role, a_unit, actor_of_officer, an_officer
from shuzheng.testing.seals import a_seal


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """A storage of this test's own."""
    settings.HOME = tmp_path
    settings.ANTIVIRUS = "none"
    return tmp_path


@pytest.fixture
def bureau(db: None) -> OrgUnit:
    """A bureau."""
    return a_unit("administrative-approval", name="赣州市章贡区行政审批局")


@pytest.fixture
def seal(bureau: OrgUnit) -> Seal:
    """The bureau's seal, in use."""
    return a_seal(bureau)


@pytest.fixture
def applicant(bureau: OrgUnit) -> Officer:
    """Somebody who handles matters."""
    return an_officer("李国华", unit=bureau, posts=["handler"])


@pytest.fixture
def clerk(applicant: Officer) -> Actor:
    """That officer, on duty."""
    return actor_of_officer(applicant)


def an_approver(bureau: OrgUnit, name: str) -> Actor:
    """Return an officer who may approve the use of seals in the bureau's division."""
    role = a_role("seal-approver", ["documents.approve_seal_use", "documents.read_seal_log"])
    return actor_of_officer(
        an_officer(name, unit=bureau, posts=["approver"], roles=[role], scope=str(bureau.division_path))
    )


@pytest.fixture
def approver(bureau: OrgUnit) -> Actor:
    """An approver."""
    return an_approver(bureau, "刘建国")


@pytest.fixture
def second_approver(bureau: OrgUnit) -> Actor:
    """Another approver."""
    return an_approver(bureau, "杨立")
