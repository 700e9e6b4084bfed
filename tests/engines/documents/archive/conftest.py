"""Closed matters and a vault of their own for the tests of the archives."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.documents.archive.actions import PackArchive
from shuzheng.engines.documents.archive.models import ArchivePackage
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now
from shuzheng.testing.identity import a_resident, a_role, a_unit, actor_of_officer, actor_of_person, an_officer
from shuzheng.testing.packs import install_packs, some_divisions

ROOT = Path(__file__).parents[4]
SYSTEM = Actor.system("test")
PATH = "36.3607.360702"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc00000030101006d3b9b2c0000000049454e44ae426082"
)
DUE = {"retention": "10年", "nomination": "destroy"}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings: Any) -> None:
    """Keep files, vault and second storage in folders of the test."""
    settings.HOME = tmp_path / "home"
    settings.ARCHIVE_BACKUP = str(tmp_path / "elsewhere")


@pytest.fixture
def division(db: None) -> None:
    """Make the divisions and publish the layout of the form."""
    some_divisions()
    install_packs(ROOT / "packs/base/archive")


class Upload(BytesIO):
    """A picture as a form sends it."""

    name = "photo.png"
    size: int | None = len(PNG)


@pytest.fixture
def photo(division: None) -> StoredFile:
    """Return a stored picture."""
    return receive(actor_of_person(a_resident("王桂英")), Upload(PNG))


Pack = Callable[..., ArchivePackage]


def content(**more: Any) -> dict[str, Any]:
    """Return a closed matter as another engine hands it over."""
    given: dict[str, Any] = {
        "source": "trial",
        "subject": new_id(),
        "revision": 3,
        "number": f"360702-{new_id().hex[-10:].upper()}",
        "title": "户外活动许可",
        "item_code": "test-permit",
        "rule": {"classification": "TEST", **DUE},
        "dates": {"closed_on": "2012-05-20"},
        "closed_at": now(),
        "division": PATH,
        "fonds": "GZ0702",
        "organ": "章贡区市场监督管理局",
        "party": {"kind": "person", "id": new_id(), "name": "王桂英"},
        "elements": ["name"],
        "process": {"statuses": [{"sequence": 1, "text": "已提交"}, {"sequence": 2, "text": "已办结"}]},
        "form": [{"section": "活动", "label": "内容", "value": "广场舞比赛"}],
    }
    return {**given, **more}


@pytest.fixture
def pack(photo: StoredFile) -> Pack:
    """Return a function that archives a matter with one picture."""

    def make(**more: Any) -> ArchivePackage:
        documents = [{"role": "material", "code": "photo", "title": "场地照片", "file": photo.pk}]
        return PackArchive.do(SYSTEM, content(**{"documents": documents, **more}))

    return make


@pytest.fixture
def unit(division: None) -> OrgUnit:
    """Return the archives of 章贡区."""
    return a_unit("archives", name="章贡区档案馆")


@pytest.fixture
def officer(unit: OrgUnit) -> Callable[..., Actor]:
    """Return a function that makes an officer with permissions."""

    def make(name: str, *permissions: str) -> Actor:
        return actor_of_officer(an_officer(name, unit=unit, roles=[a_role(f"role-{name}", permissions)]))

    return make
