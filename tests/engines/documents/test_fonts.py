"""Fonts: whole families found anywhere, subsets that carry what is used, and clear words where something is missing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from shuzheng.engines.documents.fonts import families
from shuzheng.engines.documents.fonts.errors import FontMissing, GlyphMissing
from shuzheng.engines.documents.fonts.families import face, missing, split
from shuzheng.engines.documents.fonts.subset import subset

TEXT = "赣州市章贡区行政审批局2026（）“”〔〕"


def test_every_family_is_found_without_any_font_installed() -> None:
    assert missing() == []
    assert face("song").serif
    assert not face("hei").serif
    assert all(character in face("fang") for character in TEXT)


def test_a_subset_has_the_outlines_and_widths_of_its_face() -> None:
    made = subset(face("song"), TEXT, "T")
    font = TTFont(io.BytesIO(made.data))
    whole = TTFont(io.BytesIO(face("song").file.read_bytes()))
    assert font["maxp"].numGlyphs == len(set(TEXT)) + 1
    for character, glyph in made.glyphs.items():
        assert font.getBestCmap()[ord(character)] == font.getGlyphName(glyph)
        original = whole["hmtx"][whole.getBestCmap()[ord(character)]][0]
        assert font["hmtx"][font.getGlyphName(glyph)][0] == original
    assert len(made.data) < 20_000


def test_a_subset_of_the_same_characters_is_the_same_in_any_order() -> None:
    assert subset(face("hei"), "甲乙丙", "T").data == subset(face("hei"), "丙乙甲甲", "T").data


def test_a_made_bold_is_heavier_and_keeps_its_width() -> None:
    regular, bold = face("song"), face("song", bold=True)
    for character in "一永国A8":
        thin, thick = regular.glyph(character), bold.glyph(character)
        assert thick.yMax - thick.yMin > thin.yMax - thin.yMin
        assert regular.width(character) == bold.width(character)


def test_an_office_s_own_font_comes_first(tmp_path: Path) -> None:
    (tmp_path / "kai.ttf").write_bytes(subset(face("hei"), "甲乙", "Own").data)
    own = face("kai", folder=tmp_path)
    assert own.file == tmp_path / "kai.ttf"
    assert [(used.file.name, text) for used, text in split("甲丙", "kai", folder=tmp_path)] == [
        ("kai.ttf", "甲"),
        ("NotoSerifSC-Regular.otf", "丙"),
    ]


def test_every_character_that_no_family_has_is_named_once() -> None:
    with pytest.raises(GlyphMissing) as told:
        split("好\U0001f600坏\U0001f600\ue000", "song")
    assert told.value.characters == "\U0001f600\ue000"
    assert "U+1F600" in told.value.reason


def test_a_missing_package_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(families, "PACKAGE", "no_such_package_of_fonts")
    face.cache_clear()
    try:
        with pytest.raises(FontMissing, match="pip install"):
            face("song", folder=tmp_path)
        assert len(missing(tmp_path)) == 4
    finally:
        face.cache_clear()
