"""Types of licences: what is declared wrongly is named with file and line before anything is issued."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuzheng.engines.documents.credentials.content import number
from shuzheng.engines.documents.credentials.types import Numbering
from shuzheng.kernel import pack
from shuzheng.testing.credentials import World

BROKEN = Path(__file__).parent / "broken"
WRONG = [
    ("credentials/stall.yaml", 4, "没有“market-supervison”", "market-supervision"),
    ("credentials/stall.yaml", 6, "没有“person-nam”", "person-name"),
    ("credentials/stall.yaml", 7, "area 可以不填，但照面“stall-face”要求必填", ""),
    ("credentials/stall.yaml", 8, "要填 colour，证照类型里没有这个元素", ""),
    ("credentials/stall.yaml", 10, "没有印章位置 bureau", ""),
    ("credentials/stall.yaml", 11, "没有“stal”", ""),
    ("credentials/endless.yaml", 7, "有效期请写", ""),
]


def test_every_mistake_of_a_type_is_named_with_file_and_line(world: World) -> None:
    found = pack.check([BROKEN])
    for file, line, message, suggestion in WRONG:
        here = [p for p in found if Path(p.file) == BROKEN / file and p.line == line and message in p.message]
        assert here, f"{file}:{line} {message} not among {[(p.file, p.line, p.message) for p in found]}"
        assert suggestion in here[0].suggestion


def test_a_number_says_kind_place_and_serial_and_can_be_checked() -> None:
    rule = Numbering(pattern="JY{kind}{division}{serial:6}{check}", by="form", kinds={"catering": "2"})
    made = number(rule, {"form": "catering"}, "360702000000", 18)
    assert made[:-1] == "JY2360702000018"
    assert made[-1].isdigit()


@pytest.mark.parametrize("pattern", ["JY{division}", "JY{serial}{colour}", "JY{serial", "JY{kind}{serial}"])
def test_a_rule_of_numbers_that_would_repeat_or_cannot_be_filled_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="编号规则"):
        Numbering(pattern=pattern)
