"""Pages shown as SVG: well-formed, safe, and never failing for what stands in the file."""

from __future__ import annotations

import re
from datetime import date

import pytest
from lxml import etree

from shuzheng.engines.documents.fonts.families import face
from shuzheng.engines.documents.ofd.document import read
from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.ofd.shapes import rectangle
from shuzheng.engines.documents.ofd.svg import SealAppearance, page_svg
from shuzheng.engines.documents.ofd.writer import Writer

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)
SVG = "{http://www.w3.org/2000/svg}"


def made(title: str = "证") -> bytes:
    """Return a page with text, a path, a picture and a watermark."""
    writer = Writer(title, created=date(2026, 11, 22))
    page = writer.page(100, 80)
    page.path(rectangle(5, 5, 90, 70), stroke=(255, 0, 0), dash=(1, 1))
    page.text(10, 20, "食品经营食品", face("song"), 5, alpha=128)
    page.image(PNG, 70, 10, 20, 20)
    page.annotation("Watermark").text(20, 60, "副本", face("hei"), 10, angle=30)
    return writer.to_bytes()


def svg(data: bytes, **options: object) -> etree._Element:
    """Return the first page as SVG, parsed."""
    document = read(data)
    return etree.fromstring(page_svg(document, document.pages[0], **options).encode())  # type: ignore[arg-type] - options


def test_a_page_becomes_outlines_pictures_and_a_label() -> None:
    root = svg(made(), prefix="a-")
    assert root.get("viewBox") == "0 0 100 80"
    assert root.get("aria-label") == "证 食品经营食品"
    glyphs = [node.get("id") for node in root.iter(f"{SVG}path") if node.get("id")]
    assert len(glyphs) == len(set("食品经营副本"))
    assert all(str(id).startswith("a-g") for id in glyphs)
    uses = [node.get("href") for node in root.iter(f"{SVG}use")]
    assert len([use for use in uses if str(use).startswith("#a-g")]) == 8
    image = next(root.iter(f"{SVG}image"))
    assert str(image.get("href")).startswith("data:image/png;base64,")


def test_nothing_in_it_runs_or_is_fetched_whatever_the_file_says() -> None:
    package = Package.open(made('"><script>alert(1)</script>'))
    page = package.read("Doc_0/Pages/Page_0/Content.xml").decode()
    hostile = page.replace('ResourceID="', 'ResourceID="&quot; onload=&quot;x').replace(
        ">食品经营食品<", ">&lt;script&gt;\U0001f600<"
    )
    package.put("Doc_0/Pages/Page_0/Content.xml", hostile.encode())
    root = svg(package.to_bytes())
    tags = {str(node.tag).removeprefix(SVG) for node in root.iter()}
    assert tags <= {"svg", "defs", "path", "image", "use", "g", "rect", "text", "title"}
    for node in root.iter():
        assert not [name for name in node.attrib if str(name).startswith("on")]
        assert not [v for v in node.attrib.values() if re.match(r"(https?:|javascript:|//)", str(v))]


@pytest.mark.parametrize("font", [b"", b"\0\1\0\0" + bytes(60), b"OTTO" + b"\xff" * 5000, b"not a font"])
def test_a_broken_font_is_replaced_by_ours(font: bytes) -> None:
    package = Package.open(made())
    name = next(name for name in package.names() if name.endswith(".ttf"))
    package.put(name, font)
    assert len(list(svg(package.to_bytes()).iter(f"{SVG}use"))) == 9


def test_a_seal_is_shown_in_its_place_and_a_riding_seal_only_in_part() -> None:
    document = read(made())
    page = document.pages[0].id
    whole = SealAppearance(page, (50, 40, 20, 20), None, PNG, "行政审批专用章")
    riding = SealAppearance(page, (90, 10, 20, 20), (0, 0, 10, 20), PNG)
    elsewhere = SealAppearance("77", (0, 0, 5, 5), None, PNG)
    text = page_svg(document, document.pages[0], seals=[whole, riding, elsewhere])
    root = etree.fromstring(text.encode())
    assert [node.text for node in root.iter(f"{SVG}title")] == ["行政审批专用章"]
    assert text.count("translate(50 40)") == 1
    assert 'clip-path="inset(0px 10px 0px 0px)"' in text
    assert len(list(root.iter(f"{SVG}image"))) == 3


def test_a_seal_whose_picture_is_an_ofd_file_is_drawn_and_one_that_cannot_be_read_is_framed() -> None:
    document = read(made())
    page = document.pages[0].id
    inner = SealAppearance(page, (50, 40, 20, 20), None, made("章"))
    broken = SealAppearance(page, (10, 40, 20, 20), None, b"%PDF-1.7")
    root = etree.fromstring(page_svg(document, document.pages[0], seals=[inner, broken]).encode())
    nested = [node for node in root.iter(f"{SVG}svg") if node is not root]
    assert [node.get("viewBox") for node in nested] == ["0 0 100 80"]
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
