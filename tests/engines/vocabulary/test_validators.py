"""Validators: every true value passes in one form, every slip is refused with words that help."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.cn import uscc as credit_code

from shuzheng.engines.vocabulary.element import Element
from shuzheng.engines.vocabulary.validators import InvalidValue, clean, normalise
from shuzheng.engines.vocabulary.validators.identity import birth_date_of, sex_of
from shuzheng.kernel import moment

COUNTIES = ["360702", "360102", "362131", "110101", "440305", "659001", "513425", "810000", "830000"]
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def element(datatype: str, **more: Any) -> Element:
    """Return an element of a datatype."""
    return Element.model_validate(
        {"code": "x", "title": "甲", "definition": "用来测试的数据元", "datatype": datatype, "level": 1, **more}
    )


def refused(of: Element, value: Any) -> str:
    """Return what a person is told about a value that is refused."""
    with pytest.raises(InvalidValue) as caught:
        normalise(of, value)
    return str(caught.value)


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    """Return valid resident identity numbers."""
    born = draw(st.dates(date(1910, 1, 1), date(2024, 12, 31)))
    body = f"{draw(st.sampled_from(COUNTIES))}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + ric.calc_check_digit(body + "0")


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    """Return valid unified social credit codes."""
    head = draw(st.sampled_from(["91", "92", "93", "11", "12", "51", "52", "A1", "N2", "Y1"])) + "360702"
    body = head + draw(st.text(ALPHABET, min_size=9, max_size=9))
    return body + credit_code.calc_check_digit(body + "0")


ID, USCC = element("id_number"), element("uscc")


@given(resident_ids())
def test_every_valid_resident_id_passes_however_it_is_written(number: str) -> None:
    assert normalise(ID, number) == number
    spaced = f" {number[:6]} {number[6:14]}-{number[14:]} ".lower()
    assert normalise(ID, spaced) == number
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    assert normalise(ID, wide) == number


@given(resident_ids(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_wrong_digit_of_a_resident_id_is_refused(number: str, place: int, sign: str) -> None:
    if number[place] != sign:
        assert "身份证号" in refused(ID, number[:place] + sign + number[place + 1 :])


@given(resident_ids(), st.integers(0, 16))
def test_two_neighbouring_digits_swapped_are_refused(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        refused(ID, swapped)


@given(resident_ids())
def test_a_resident_id_tells_birth_and_sex(number: str) -> None:
    assert f"{birth_date_of(number):%Y%m%d}" == number[6:14]
    assert sex_of(number) == ("1" if number[16] in "13579" else "2")


def test_messages_about_resident_ids_name_the_place_and_the_remedy() -> None:
    def number(body: str) -> str:
        return body + ric.calc_check_digit(body + "0")

    cases = {
        "36070219900307001": "应为 18 位，现在是 17 位",
        "360702900307001": "15 位的旧身份证号已停止使用",
        "3607021990O3070013": "第 11 位“O”不是数字",
        "36070219900307001Y": "第 18 位只能是数字或字母 X",
        number("99999919900307001"): "前 6 位“999999”不是已知的行政区划代码",
        number("36070219900231001"): "“19900231”不是真实的日期",
        number("36070218500307001"): "出生年份 1850 过早",
    }
    for value, message in cases.items():
        assert message in refused(ID, value)
    right = number("36070219900307001")
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    assert refused(ID, wrong) == "身份证号第 18 位校验码不符，请逐位核对，尤其是最后一位（X 为字母）。"


def test_a_birth_that_lies_in_the_future_is_refused_on_the_day_before() -> None:
    body = "36070220260310001"
    number = body + ric.calc_check_digit(body + "0")
    with moment.at(datetime(2026, 3, 9, 15, 59, tzinfo=UTC)):
        assert "2026-03-10 还没有到" in refused(ID, number)
    with moment.at(datetime(2026, 3, 9, 16, 0, tzinfo=UTC)):
        assert normalise(ID, number) == number


def test_a_foreign_permanent_resident_has_a_resident_number() -> None:
    body = "91112419810803002"
    assert normalise(ID, body + ric.calc_check_digit(body + "0"))


@given(credit_codes())
def test_every_valid_credit_code_passes_however_it_is_written(code: str) -> None:
    assert normalise(USCC, code) == code
    assert normalise(USCC, f"{code[:8].lower()} {code[8:].lower()}") == code


@given(credit_codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_wrong_sign_of_a_credit_code_is_refused(code: str, place: int, sign: str) -> None:
    if code[place] != sign:
        assert "统一社会信用代码" in refused(USCC, code[:place] + sign + code[place + 1 :])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("9136070200", "应为 18 位，现在是 10 位"),
        ("91360702MA35H3KXIA", "第 17 位“I”不对"),
        ("98360702MA35H3KX1A", "前两位“98”不是已知的机构类别"),
        ("9136070AMA35H3KX1A", "第 3 至 8 位应全是数字"),
        ("91360702MA35H3KX1B", "第 18 位校验码不符"),
    ],
)
def test_messages_about_credit_codes_name_the_place(value: str, message: str) -> None:
    assert message in refused(USCC, value)


GOOD = [
    ("mobile", "139 0797 0001", "13907970001"),
    ("mobile", "+86-139-0797-0001", "13907970001"),
    ("mobile", "１３９０７９７０００１", "13907970001"),
    ("mobile", "008613907970001", "13907970001"),
    ("mobile", "19912345678", "19912345678"),
    ("landline", "0797-8391234", "0797-8391234"),
    ("landline", "（0797）8391234", "0797-8391234"),
    ("landline", "07978391234转801", "0797-8391234-801"),
    ("landline", "+86 797 8391234", None),
    ("landline", "010 88886666", "010-88886666"),
    ("phone", "13907970001", "13907970001"),
    ("phone", "0797—8391234", "0797-8391234"),
    ("phone", "12345", "12345"),
    ("phone", "400-820-8820", "4008208820"),
    ("email", " Mei@Example.COM ", "Mei@example.com"),
    ("email", "mei＠example．com", "mei@example.com"),
    ("postcode", "３４１０００", "341000"),
    ("plate", "赣b·12345", "赣B12345"),
    ("plate", "赣BD12345", "赣BD12345"),
    ("plate", "赣B12345F", "赣B12345F"),
    ("plate", "赣A1234警", "赣A1234警"),
    ("bank_card", "6228 4804 0256 4890 018", "6228480402564890018"),
    ("integer", "１,２８０", 1280),
    ("integer", "12.0", 12),
    ("decimal", " 86.5 ", Decimal("86.5")),
    ("money", "￥1,280.5元", Decimal("1280.50")),
    ("date", "2026年2月28日", date(2026, 2, 28)),
    ("date", "20240229", date(2024, 2, 29)),
    ("date", "2026／3／7", date(2026, 3, 7)),
    ("datetime", "2026-11-22 09:30", datetime(2026, 11, 22, 1, 30, tzinfo=UTC)),
    ("datetime", "2026-11-22T09:30:00+08:00", datetime(2026, 11, 22, 1, 30, tzinfo=UTC)),
    ("boolean", "是", True),
    ("boolean", "false", False),
    ("division", "360702", "360702000000"),
    ("geo_point", "114.93503，25.83109", (114.93503, 25.83109)),
    ("geo_point", [114.93503, 25.83109], (114.93503, 25.83109)),
    ("text", "　张 三\u200b\x07 ", "张 三"),
]


@pytest.mark.parametrize(("datatype", "value", "stored"), [case for case in GOOD if case[2] is not None])
def test_a_value_is_stored_in_one_form(datatype: str, value: Any, stored: Any) -> None:
    assert normalise(element(datatype), value) == stored


@pytest.mark.parametrize(("datatype", "value", "stored"), [case for case in GOOD if case[2] is not None])
def test_the_stored_form_is_valid_itself(datatype: str, value: Any, stored: Any) -> None:
    assert normalise(element(datatype), stored) == stored


@pytest.mark.parametrize(
    ("datatype", "value", "message"),
    [
        ("mobile", "1390797000", "应为 11 位，现在是 10 位"),
        ("mobile", "23907970001", "没有以“239”开头"),
        ("mobile", "15412345678", "没有以“154”开头"),
        ("mobile", "139O7970001", "只能有数字"),
        ("landline", "8391234", "应带区号"),
        ("landline", "0797-839123", "应带区号"),
        ("phone", "12", "11 位手机号码，或带区号"),
        ("email", "mei.example.com", "应如 name@example.com"),
        ("email", "mei@", "应如 name@example.com"),
        ("postcode", "34100", "应为 6 位数字"),
        ("postcode", "991000", "没有以“99”开头"),
        ("plate", "B12345", "第 1 位应为省份简称"),
        ("plate", "赣B1234", "应为 7 位，新能源汽车为 8 位，现在是 6 位"),
        ("plate", "赣BI2345", "没有字母 I 和 O"),
        ("plate", "赣B1234警5", "格式不对"),
        ("bank_card", "6228480402564890019", "校验位不符"),
        ("bank_card", "62284804", "现在是 8 位"),
        ("bank_card", "6228-x", "只有数字"),
        ("integer", "12.5", "请填写整数"),
        ("integer", "十二", "请填写数字"),
        ("integer", "1,28", "请填写数字"),
        ("integer", "9" * 40, "数字太大"),
        ("money", "1.234", "最多到分"),
        ("date", "2026-02-29", "2026 年 2 月没有 29 日"),
        ("date", "2026-13-01", "2026 年 13 月没有 1 日"),
        ("date", "22.11.2026", "日期的写法不对"),
        ("datetime", "2026-02-30 09:30", "时间不存在"),
        ("boolean", "也许", "“是”或“否”"),
        ("division", "3607021", "应为 2、4、6、9 或 12 位"),
        ("geo_point", "25.83109,114.93503", "经度和纬度写反了"),
        ("geo_point", "0,0", "不在我国范围内"),
        ("geo_point", "114.9", "应为“经度,纬度”"),
        ("file", "../../etc/passwd", "文件名不对"),
        ("text", " \u200b ", "没有填写"),
        ("text", None, "没有填写"),
        ("text", "甲" * 10_001, "最多 10000 个字，现在多了 1 个"),
    ],
)
def test_a_wrong_value_is_refused_with_words_that_help(datatype: str, value: Any, message: str) -> None:
    assert message in refused(element(datatype), value)


def test_bounds_of_numbers_are_inside() -> None:
    area = element("decimal", minimum=Decimal("0.01"), maximum=100, decimals=2)
    assert normalise(area, "100") == 100
    assert "不能大于 100" in refused(area, "100.01")
    assert "不能小于 0.01" in refused(area, "0")
    assert "最多保留 2 位小数" in refused(area, "1.234")


def test_bounds_of_days_are_inside_and_today_moves() -> None:
    born = element("date", earliest="1900-01-01", latest="today")
    with moment.at(datetime(2026, 3, 9, 12, tzinfo=UTC)):
        assert normalise(born, "2026-03-09") == date(2026, 3, 9)
        assert "不能晚于今天（2026-03-09）" in refused(born, "2026-03-10")
        assert "不能早于 1900-01-01" in refused(born, "1899-12-31")
    assert "不能晚于 2020-01-01" in refused(element("date", latest="2020-01-01"), "2021-01-01")


def test_a_text_that_breaks_its_pattern_is_told_the_hint() -> None:
    vin = element("text", pattern="[A-Z0-9]{3}", pattern_hint="应为 3 位大写字母和数字", min_length=3, length=3)
    assert normalise(vin, "ＡＢ１") == "AB1"
    assert refused(vin, "ab1") == "格式不对：应为 3 位大写字母和数字。"
    assert "至少 3 个字" in refused(vin, "AB")


def test_chinese_punctuation_in_prose_is_left_alone() -> None:
    assert normalise(element("text"), "店铺（一层），营业。") == "店铺（一层），营业。"


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(value: str) -> None:
    assert clean(clean(value)) == clean(value)


@given(st.text(max_size=60), st.sampled_from(sorted({case[0] for case in GOOD})))
def test_no_input_breaks_a_validator(value: str, datatype: str) -> None:
    """Whatever is entered is either accepted or refused with a message; nothing else is raised."""
    of = element(datatype)
    try:
        normalise(of, value)
    except InvalidValue:
        told = refused(of, value)
        assert told
