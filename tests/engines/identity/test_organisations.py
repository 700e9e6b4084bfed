"""The usual tree of units: declared in a pack, built over the divisions, the same however often."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuzheng.engines.identity.actions import GenerateOrganisations
from shuzheng.engines.identity.models import OrgUnit, Post, Role
from shuzheng.engines.identity.queries import units_in
from shuzheng.engines.vocabulary.models import Division
from shuzheng.kernel import pack
from shuzheng.kernel.actions import LoadPacks
from shuzheng.kernel.actor import Actor

PACK = Path(__file__).parents[3] / "packs" / "base" / "organisations"
DIVISIONS = PACK.with_name("jiangxi-divisions")
SYSTEM = Actor.system("tests")
pytestmark = pytest.mark.django_db


@pytest.fixture
def organisations(tmp_path: Path) -> None:
    """Load the pack, and four divisions instead of Jiangxi's twenty-four thousand."""
    names = [
        ("36", "江西省"),
        ("3607", "赣州市"),
        ("360702", "章贡区"),
        ("360702001", "解放街道"),
        ("360702102", "沙河镇"),
    ]
    for level, (code, name) in enumerate(names, 1):
        path = ".".join(part for part in (code[:2], code[:4], code[:6], code[:9]) if len(part) <= len(code))
        full = "".join(name for _code, name in names[: min(level, 4)])
        unique = ".".join(dict.fromkeys(path.split(".")))
        Division.objects.create(
            code=code.ljust(12, "0"), name=name, level=min(level, 4), path=unique, full_name=full, source="test"
        )
    stub = "code: jiangxi-divisions\ntitle: 测试区划\nversion: 1.0.0\neffective: 2020-01-01\n"
    (tmp_path / "pack.yaml").write_text(stub, encoding="utf-8")
    LoadPacks.do(SYSTEM, paths=[PACK, tmp_path])


def test_the_pack_is_without_problems() -> None:
    assert pack.check([PACK, DIVISIONS]) == []


def test_every_division_gets_its_usual_units_with_posts(organisations: None) -> None:
    done = GenerateOrganisations.do(SYSTEM)
    assert done.units_inserted == OrgUnit.objects.count() > 100
    assert done.posts_inserted == Post.objects.count() > 400
    bureau = OrgUnit.objects.get(code="360702-market-supervision")
    assert (bureau.name, bureau.parent.code) == ("章贡区市场监督管理局", "360702-peoples-government")
    assert str(bureau.path) == "36.3607.360702.market_supervision"
    assert bureau.synthetic
    assert set(bureau.posts.values_list("code", "role_code")) >= {("approver", "approver"), ("inspector", "inspector")}
    assert OrgUnit.objects.get(code="36-education").name == "江西省教育厅"


def test_a_street_has_an_office_and_a_town_a_government(organisations: None) -> None:
    GenerateOrganisations.do(SYSTEM)
    assert OrgUnit.objects.get(code="360702001-township-government").name == "解放街道办事处"
    assert OrgUnit.objects.get(code="360702102-township-government").name == "沙河镇人民政府"


def test_generating_again_changes_nothing(organisations: None) -> None:
    GenerateOrganisations.do(SYSTEM)
    again = GenerateOrganisations.do(SYSTEM)
    assert set(again.model_dump().values()) == {0}


def test_a_renamed_unit_is_mended_and_nothing_else(organisations: None) -> None:
    GenerateOrganisations.do(SYSTEM)
    OrgUnit.objects.filter(code="360702-education").update(name="错名")
    again = GenerateOrganisations.do(SYSTEM, division_code="360702")
    assert (again.units_inserted, again.units_updated) == (0, 1)


def test_units_are_listed_by_subtree(organisations: None) -> None:
    GenerateOrganisations.do(SYSTEM)
    found = set(units_in("36.3607.360702.360702001").values_list("division_code", flat=True))
    assert found == {"360702001000"}


def test_roles_come_from_the_pack_and_the_three_administrators_are_marked(organisations: None) -> None:
    marked = set(Role.objects.filter(administrator=True).values_list("code", flat=True))
    assert marked == {"system-administrator", "security-administrator", "audit-administrator"}
    assert "casework.decide" in Role.objects.get(code="approver").permissions


def test_a_pack_with_an_unknown_permission_or_post_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("code: broken\ntitle: 坏包\nversion: 1.0.0\neffective: 2020-01-01\n")
    (tmp_path / "roles.yaml").write_text("- code: r\n  title: 角色\n  permissions:\n    - identity.manage_role\n")
    (tmp_path / "organisations").mkdir()
    (tmp_path / "organisations" / "units.yaml").write_text(
        "- code: u\n  title: 局\n  short: 局\n  names: {county: 局}\n  posts: [nobody]\n"
    )
    found = {(Path(p.file).name, p.line, p.suggestion) for p in pack.check([tmp_path])}
    assert ("roles.yaml", 4, "(did you mean 'identity.manage_roles'?)") in found
    assert any(file == "units.yaml" and line == 5 for file, line, _ in found)
