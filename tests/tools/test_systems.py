"""The page of proved systems: rows in the list's order, and nothing passes that is not proved."""

from __future__ import annotations

import pytest

from tools.systems import System, page, problems, systems

KNOWN = {
    "e-seal": System("e-seal", "电子印章", "Electronic seal system", "共性支撑"),
    "e-archive": System("e-archive", "电子档案", "E-archives", "政府运行"),
}
STAMP = {
    "id": "e-seal",
    "page": "/office/seals/",
    "pack": "",
    "test": "tests/systems/test_e_seal.py::test_a",
    "passed": True,
}
FREEZE = {**STAMP, "page": "/verify/", "test": "tests/systems/test_e_seal.py::test_b"}


def test_the_list_has_every_row_of_the_plans() -> None:
    assert len(systems()) == 531
    assert systems()["e-seal"].name_zh == "电子印章"


def test_a_row_names_its_pages_and_how_many_tests_of_a_file_prove_it() -> None:
    written = page([FREEZE, STAMP], KNOWN)
    assert "`/office/seals/`, `/verify/`" in written
    assert "`tests/systems/test_e_seal.py` (2)" in written
    assert "1 rows are" in " ".join(written.split())
    assert "电子档案" not in written


@pytest.mark.parametrize("wrong", [{"id": "no-such-row"}, {"passed": False}])
def test_what_is_not_proved_is_named(wrong: dict[str, object]) -> None:
    assert not problems([STAMP], KNOWN)
    assert problems([{**STAMP, **wrong}], KNOWN)
