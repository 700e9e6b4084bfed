"""What our writer writes, our reader reads: the same words at the same places, whatever they are."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
import segno
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from shuzheng.engines.documents.fonts.errors import GlyphMissing
from shuzheng.engines.documents.fonts.families import face
from shuzheng.engines.documents.ofd.document import Document, read
from shuzheng.engines.documents.ofd.errors import OfdUnreadable, OfdUnwritable
from shuzheng.engines.documents.ofd.graphics import ImageObject, PathObject, TextObject
from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.ofd.shapes import ellipse, rectangle
from shuzheng.engines.documents.ofd.words import placed
from shuzheng.engines.documents.ofd.writer import Writer
from shuzheng.engines.documents.ofd.written_page import Page

DAY = date(2026, 11, 22)
WORDS = st.text("中华人民共和国行政许可法赣州市章贡区ABCxyz0189，。（）“”〔〕 ", min_size=1, max_size=30).filter(
    lambda text: text.strip() == text
)
WHERE = st.floats(0, 200).map(lambda value: round(value, 3))


def a_writer() -> tuple[Writer, Page]:
    """Return a writer with one page."""
    writer = Writer("测试", created=DAY)
    return writer, writer.page(210, 297)


def qr_png() -> bytes:
    """Return a picture."""
    out = io.BytesIO()
    segno.make("https://example.gov.cn").save(out, kind="png", scale=3)
    return out.getvalue()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(WORDS, WHERE, WHERE, st.sampled_from([3.0, 5.644, 12.5])), min_size=1, max_size=6))
def test_words_come_back_where_they_were_put(lines: list[tuple[str, float, float, float]]) -> None:
    writer, page = a_writer()
    for text, x, y, size in lines:
        page.text(x, y, text, face("song"), size)
    found = list(placed(read(writer.to_bytes()).pages[0].objects))
    assert [run.text for run in found] == [text for text, *_ in lines]
    for run, (text, x, y, size) in zip(found, lines, strict=True):
        end = x + sum(face("song").width(c) for c in text[:-1]) * size / 1000
        assert (run.x, run.y, run.end) == pytest.approx((x, y, end), abs=0.002 * len(text))


@given(st.floats(-180, 180), WHERE, WHERE)
@settings(max_examples=30, deadline=None)
def test_turned_words_begin_where_they_were_put(angle: float, x: float, y: float) -> None:
    writer, page = a_writer()
    page.text(x, y, "仅供办理使用", face("hei"), 10, angle=angle, alpha=60)
    run = next(placed(read(writer.to_bytes()).pages[0].objects))
    assert (run.x, run.y) == pytest.approx((x, y), abs=0.01)


def everything() -> bytes:
    """Return a document with one of everything."""
    writer = Writer(
        "食品经营许可证",
        created=DAY,
        author="审批局",
        subject="许可",
        keywords=("证照",),
        custom={"证照编号": "A1", "b": "<&>"},
    )
    for _ in range(2):
        page = writer.page(297, 210)
        page.layer("Background").path(rectangle(0, 0, 297, 210), fill=(250, 248, 240))
        page.path(ellipse(10, 10, 30, 20), stroke=(200, 0, 0), width=0.5, dash=(1, 2), alpha=128)
        page.text(30, 40, "食品经营许可证", face("song", bold=True), 12, colour=(160, 0, 0))
        page.image(qr_png(), 20, 100, 30, 30)
        page.annotation("Watermark", parameters={"a": "b"}, remark="说明").text(
            60, 120, "副本", face("hei"), 20, angle=30
        )
    writer.attach("数据", b'{"a": 1}', format="json", visible=False)
    return writer.to_bytes()


def test_everything_written_is_read_back() -> None:
    document = read(everything())
    assert not document.problems
    assert (document.info["Title"], document.info["CreationDate"]) == ("食品经营许可证", "2026-11-22")
    assert document.custom == {"证照编号": "A1", "b": "<&>"}
    assert [(a.name, a.data, a.visible) for a in document.attachments] == [("数据", b'{"a": 1}', False)]
    page = document.pages[1]
    assert (page.width, page.height, page.text) == (297, 210, "食品经营许可证")
    background, path, words, image = page.objects
    assert isinstance(background, PathObject)
    assert background.fill == (250, 248, 240)
    assert isinstance(path, PathObject)
    assert (path.stroke, path.width, path.dash, path.alpha) == ((200, 0, 0), 0.5, (1, 2), 128)
    assert isinstance(words, TextObject)
    assert words.fill == (160, 0, 0)
    assert document.fonts[words.font].bold
    assert isinstance(image, ImageObject)
    assert document.media[image.resource].data == qr_png()
    assert len(document.media) == 1
    annotation = page.annotations[0]
    assert (annotation.kind, annotation.remark, annotation.parameters) == ("Watermark", "说明", {"a": "b"})
    assert [run.text for run in placed(annotation.objects)] == ["副本"]


def test_the_same_content_gives_the_same_bytes() -> None:
    assert everything() == everything()


def test_an_embedded_font_has_the_characters_of_the_document_and_few_others() -> None:
    document = read(everything())
    fonts = {font.name: TTFont(io.BytesIO(font.data or b"")) for font in document.fonts.values()}
    assert set(map(chr, fonts["宋体 Bold"].getBestCmap())) == set("食品经营许可证")
    assert set(map(chr, fonts["黑体"].getBestCmap())) == set("副本")


ORDER = {
    "OFD": ["DocBody"],
    "DocBody": ["DocInfo", "DocRoot", "Versions", "Signatures"],
    "DocInfo": "DocID Title Author Subject Abstract CreationDate ModDate DocUsage Cover Keywords Creator CreatorVersion "
    "CustomDatas".split(),
    "Document": "CommonData Pages Outlines Permissions Actions VPreferences Bookmarks Annotations CustomTags Attachments "
    "Extensions".split(),
    "CommonData": ["MaxUnitID", "PageArea", "PublicRes", "DocumentRes", "TemplatePage", "DefaultCS"],
    "Page": ["Template", "PageRes", "Area", "Content", "Actions", "FileLoc"],
    "TextObject": ["Actions", "Clips", "FillColor", "StrokeColor", "CGTransform", "TextCode"],
    "PathObject": ["Actions", "Clips", "StrokeColor", "FillColor", "AbbreviatedData"],
    "Annot": ["Remark", "Parameters", "Appearance"],
}
REQUIRED = {
    "Page": {"ID"},
    "Layer": {"ID"},
    "TextObject": {"ID", "Boundary", "Font", "Size"},
    "PathObject": {"ID", "Boundary"},
    "ImageObject": {"ID", "Boundary", "ResourceID"},
    "Font": {"ID", "FontName"},
    "MultiMedia": {"ID", "Type"},
    "Annot": {"ID", "Type", "Creator", "LastModDate"},
    "Attachment": {"ID", "Name"},
    "Res": {"BaseLoc"},
}


def parts(data: bytes) -> dict[str, etree._Element]:
    """Return every XML part of a file."""
    package = Package.open(data)
    return {name: package.xml(name) for name in package.names() if name.endswith(".xml")}


def test_the_structure_is_that_of_the_standard() -> None:
    """Order of elements, required attributes, one namespace, identifiers unique and below MaxUnitID (§7)."""
    ids: list[int] = []
    highest = 0
    for name, root in parts(everything()).items():
        for node in root.iter():
            uri, _, tag = str(node.tag)[1:].rpartition("}")
            assert uri == "http://www.ofdspec.org/2016"
            order = [str(child.tag).rpartition("}")[2] for child in node]
            if tag in ORDER:
                assert order == sorted(order, key=ORDER[tag].index), f"{tag} in {name}"
            if not (tag == "Page" and node.getparent() is None) and not (tag == "Page" and "PageID" in node.attrib):
                assert REQUIRED.get(tag, set()) <= set(node.attrib), f"{tag} in {name}"
            if "ID" in node.attrib and name != "Doc_0/Document.xml":
                ids.append(int(node.get("ID", "")))
            if tag == "Page" and name == "Doc_0/Document.xml":
                ids.append(int(node.get("ID", "")))
            if tag == "MaxUnitID":
                highest = int(node.text or "")
    assert len(ids) == len(set(ids))
    assert max(ids) <= highest


def test_a_character_without_a_glyph_is_named() -> None:
    _, page = a_writer()
    with pytest.raises(GlyphMissing, match=r"U\+1F600"):
        page.text(10, 10, "好\U0001f600", face("song"), 5)


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"II*\0tiff"])
def test_a_picture_of_another_kind_is_refused(data: bytes) -> None:
    _, page = a_writer()
    with pytest.raises(OfdUnwritable, match="PNG"):
        page.image(data, 0, 0, 10, 10)


def test_a_document_without_pages_and_text_with_control_characters_are_refused() -> None:
    with pytest.raises(OfdUnwritable, match="没有页面"):
        Writer("空", created=DAY).to_bytes()
    writer, _ = a_writer()
    writer.custom["a"] = "\x00"
    with pytest.raises(OfdUnwritable, match="控制字符"):
        writer.to_bytes()


def changed(part: str, pattern: str, replacement: str) -> Document:
    """Return a document read after one part of it was rewritten."""
    package = Package.open(everything())
    text = package.read(part).decode()
    assert re.search(pattern, text)
    package.put(part, re.sub(pattern, replacement, text).encode())
    return read(package.to_bytes())


def test_a_huge_number_of_pages_is_refused() -> None:
    with pytest.raises(OfdUnreadable, match="页数"):
        changed("Doc_0/Document.xml", r"(<ofd:Page ID[^>]*/>)", r"\1" * 3000)


def test_a_delta_that_repeats_without_end_is_cut_at_the_length_of_its_text() -> None:
    document = changed("Doc_0/Pages/Page_0/Content.xml", r'DeltaX="[^"]*"', 'DeltaX="g 2000000000 4"')
    assert document.pages[0].text == "食品经营许可证"


@pytest.mark.parametrize(
    ("part", "pattern", "replacement"),
    [
        ("Doc_0/Pages/Page_0/Content.xml", r'Boundary="[^"]*"', 'Boundary="x 1e999 nan"'),
        ("Doc_0/Pages/Page_0/Content.xml", r'Value="[^"]*"', 'Value="#zz 300"'),
        ("Doc_0/Pages/Page_0/Content.xml", r"M [^<]*", "M 1 L x B 1 2"),
        ("Doc_0/Pages/Page_0/Content.xml", r'Font="\d+"', 'Font="999"'),
        ("Doc_0/PublicRes.xml", r"font_\d+.ttf", "../../../etc/passwd"),
        ("Doc_0/DocumentRes.xml", r"image_\d+.png", "gone.png"),
        ("Doc_0/Annots/Annotations.xml", r"Page_0", "Page_9"),
        ("Doc_0/Document.xml", r"Attachs/Attachments.xml", "nowhere.xml"),
    ],
)
def test_a_broken_part_does_not_keep_the_rest_from_being_read(part: str, pattern: str, replacement: str) -> None:
    document = changed(part, pattern, replacement)
    for page in document.pages:
        assert page.text == "食品经营许可证"
        assert isinstance(page.annotations, list)
    assert isinstance(document.attachments, list)


@pytest.mark.parametrize(
    ("part", "pattern", "replacement", "reason"),
    [
        ("OFD.xml", r"<ofd:DocBody>.*</ofd:DocBody>", "", "没有文档"),
        ("OFD.xml", r"Doc_0/Document.xml", "../x.xml", "容器之外"),
        ("Doc_0/Document.xml", r"</ofd:Pages>", "", "XML"),
    ],
)
def test_a_file_without_a_root_is_refused(part: str, pattern: str, replacement: str, reason: str) -> None:
    with pytest.raises(OfdUnreadable, match=reason):
        changed(part, pattern, replacement)
