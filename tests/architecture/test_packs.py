"""Everything that is shipped as a pack is whole, and sensitive elements are masked."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from shuzheng.kernel import pack

PACKS = Path(__file__).resolve().parents[2] / "packs"
ELEMENTS = [
    pytest.param(element, id=element["code"])
    for file in sorted(PACKS.rglob("elements.yaml"))
    for element in yaml.safe_load(file.read_text("utf-8"))
]
#: From this level on a value is shown in full only to whom it concerns (GB/T 43697, levels 1 to 4).
SENSITIVE = 3


@pytest.mark.django_db
def test_every_pack_passes_its_check() -> None:
    assert [str(problem) for problem in pack.check([PACKS])] == []


@pytest.mark.parametrize("element", ELEMENTS)
def test_every_sensitive_element_says_how_it_is_masked(element: dict[str, object]) -> None:
    level = element.get("level", 1)
    assert isinstance(level, int)
    assert level < SENSITIVE or element.get("masking")


@pytest.mark.parametrize("folder", sorted(file.parent for file in PACKS.rglob("pack.yaml")), ids=lambda path: path.name)
def test_every_pack_of_a_service_has_a_readme_and_three_examples(folder: Path) -> None:
    assert (folder / "README.md").exists()
    if (folder / "items").exists():
        assert len(list((folder / "examples").glob("*.yaml"))) >= 3
