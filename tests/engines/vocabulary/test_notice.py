"""The notice of a year's holidays, read from the words of real ones."""

from __future__ import annotations

from datetime import date

import pytest

from shuzheng.engines.vocabulary.calendar import national_calendar
from shuzheng.engines.vocabulary.notice import contradictions, read_notice, special_days
from shuzheng.kernel.error import InvalidInput

#: 国办发明电〔2025〕7号, shortened to what matters.
NOTICE_2026 = """各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节等放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
"""


def test_a_real_notice_says_what_the_library_says() -> None:
    holidays = read_notice(2026, NOTICE_2026)
    assert [holiday.name for holiday in holidays] == ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"]
    assert not list(contradictions(2026, holidays))
    known = national_calendar()
    days = [special for holiday in holidays for special in special_days(holiday)]
    assert all(known.is_working(date.fromisoformat(special["day"])) == special["working"] for special in days)
    assert sum(special["working"] for special in days) == 6


@pytest.mark.parametrize(
    ("line", "first", "last", "worked"),
    [
        ("元旦：2026年12月31日至2027年1月2日放假，共3天。", "2026-12-31", "2027-01-02", []),
        ("一、元旦：12月30日至1月1日放假调休，共3天。", "2026-12-30", "2027-01-01", []),
        ("2. 清明节：4月5日放假。", "2027-04-05", "2027-04-05", []),
        (
            "七、国庆节、中秋节：9月29日至10月6日放假调休,共8天；10月7日（星期六）、8日（星期日）上班。",
            "2027-09-29",
            "2027-10-06",
            ["2027-10-07", "2027-10-08"],
        ),
    ],
)
def test_the_forms_that_notices_have_had(line: str, first: str, last: str, worked: list[str]) -> None:
    (holiday,) = read_notice(2027, line)
    assert (holiday.first.isoformat(), holiday.last.isoformat()) == (first, last)
    assert [day.isoformat() for day in holiday.worked] == worked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有读到放假安排"),
        ("各省人民政府：请妥善安排值班。", "没有读到放假安排"),
        ("一、元旦：2月30日至31日放假。", "第 1 行"),
        ("\n一、元旦：放假三天。", "第 2 行"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_notice(2027, text)
    assert said in refused.value.errors[0].message
