"""Identifiers and codes: what is written can be read, what is mistyped is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.documents.credentials.identifier import (
    ROOT,
    Identifier,
    IdentifierUnreadable,
    issuer_code,
    new_code,
    read_code,
    written_code,
)

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
organs = st.text(LETTERS, min_size=18, max_size=18)
identifiers = st.builds(
    Identifier,
    type=st.builds(lambda organ, number: f"{organ}{number:03}", organs, st.integers(0, 999)),
    issuer=organs,
    serial=st.text(LETTERS, min_size=1, max_size=32),
    version=st.integers(1, 999),
)


@given(identifiers)
def test_what_is_written_is_read_again(identifier: Identifier) -> None:
    assert Identifier.parse(str(identifier)) == identifier
    assert Identifier.parse(f"  {str(identifier).lower()} ") == identifier


@given(identifiers, st.data())
def test_every_single_wrong_character_is_noticed(identifier: Identifier, data: st.DataObject) -> None:
    text = str(identifier)
    places = [n for n in range(len(ROOT) + 1, len(text)) if text[n] != "."]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from([letter for letter in LETTERS if letter != text[place]]))
    with pytest.raises(IdentifierUnreadable):
        Identifier.parse(text[:place] + wrong + text[place + 1 :])


@pytest.mark.parametrize("text", ["", "1.2.156", ROOT, f"{ROOT}..", "甲" * 40, "x" * 5000])
def test_what_is_no_identifier_is_refused(text: str) -> None:
    with pytest.raises(IdentifierUnreadable):
        Identifier.parse(text)


@pytest.mark.parametrize(
    "parts",
    [
        "11100000000013338W032.11220000013544541J.2430599.001.F",
        "11100000MB03271699022.340100.000000016.001.9",
        "11100000000013338W009.11330105002500287C.2025052201.002.0",
        "11100000000013338W011.11430000006122244L.20230000403.001.U",
        "11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
    ],
)
def test_identifiers_that_other_platforms_published_are_read(parts: str) -> None:
    assert str(Identifier.parse(f"{ROOT}.{parts}")) == f"{ROOT}.{parts}"


def test_the_next_version_differs_in_version_and_check_character_alone() -> None:
    first = Identifier("11100000MB0143028R038", "11360702MB0143028R", "000000018")
    assert str(first.next_version()).split(".")[:-2] == str(first).split(".")[:-2]
    assert first.next_version().version == 2


def test_a_code_survives_the_way_people_write_it() -> None:
    codes = {new_code() for _one in range(500)}
    assert len(codes) == 500
    for code in codes:
        assert read_code(written_code(code).lower()) == code
        assert read_code(f" {code[:4]} {code[4:8]} {code[8:]} ") == code
        assert read_code(code[:-1] + ("2" if code[-1] != "2" else "3")) == ""


def test_units_have_codes_of_the_right_shape() -> None:
    one, other = issuer_code("360702000000", "market-supervision"), issuer_code("360702000000", "civil-affairs")
    assert one != other
    assert len(one) == len(other) == 18
    assert one.startswith("11360702")
