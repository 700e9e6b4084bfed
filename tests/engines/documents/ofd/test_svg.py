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
    return etree.fromstring(page_svg(document, document.pages[0], **options).encode())


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


def with_object(markup: str) -> etree._Element:
    """Return a page on which an object of somebody else's stands."""
    package = Package.open(made())
    name = next(one for one in package.names() if one.endswith("Content.xml"))
    content = package.read(name).decode()
    package.put(name, content.replace("</ofd:Layer>", f"{markup}</ofd:Layer>", 1).encode())
    return svg(package.to_bytes())


SQUARE = "<ofd:AbbreviatedData>M 0 0 L 20 0 L 20 20 L 0 20 C</ofd:AbbreviatedData>"


def test_what_is_cut_is_shown_cut() -> None:
    clip = (
        '<ofd:Clip><ofd:Area CTM="1 0 0 1 2 0"><ofd:Path Boundary="1 1 9 9">'
        + SQUARE
        + "</ofd:Path></ofd:Area></ofd:Clip>"
    )
    page = with_object(
        '<ofd:PathObject ID="901" Boundary="10 10 20 20" Fill="true" Stroke="false">'
        f'<ofd:FillColor Value="0 128 0"/><ofd:Clips>{clip}{clip}</ofd:Clips>{SQUARE}</ofd:PathObject>'
    )
    clips = page.findall(f".//{SVG}clipPath")
    assert len(clips) == 2, "all clips hold"
    assert clips[0][0].get("transform") == "matrix(1 0 0 1 3 1)"
    used = [group.get("clip-path", "") for group in page.iter(f"{SVG}g") if group.get("clip-path")]
    assert sorted(used) == sorted(f"url(#{one.get('id')})" for one in clips)


@pytest.mark.parametrize(
    ("shading", "tag"),
    [
        ('<ofd:AxialShd StartPoint="0 0" EndPoint="20 0" MapType="Reflect">{stops}</ofd:AxialShd>', "linearGradient"),
        (
            '<ofd:RadialShd StartPoint="10 10" EndPoint="10 10" StartRadius="0" EndRadius="9">{stops}</ofd:RadialShd>',
            "radialGradient",
        ),
    ],
)
def test_colours_run_as_the_file_says(shading: str, tag: str) -> None:
    stops = "".join(
        f'<ofd:Segment Position="{at}"><ofd:Color Value="{value}"/></ofd:Segment>'
        for at, value in ((0, "255 0 0"), (1, "0 0 255"))
    )
    page = with_object(
        '<ofd:PathObject ID="901" Boundary="10 10 20 20" Fill="true" Stroke="false">'
        f"<ofd:FillColor>{shading.format(stops=stops)}</ofd:FillColor>{SQUARE}</ofd:PathObject>"
    )
    (found,) = page.findall(f".//{SVG}{tag}")
    assert [(stop.get("offset"), stop.get("stop-color")) for stop in found] == [("0", "#ff0000"), ("1", "#0000ff")]
    assert any(path.get("fill") == f"url(#{found.get('id')})" for path in page.iter(f"{SVG}path"))


DOT = (
    '<ofd:PathObject ID="902" Boundary="0 0 2 2" Fill="true" Stroke="false"><ofd:FillColor {fill}</ofd:FillColor>'
    "{square}</ofd:PathObject>"
)
PATTERN = (
    '><ofd:Pattern Width="{w}" Height="2" XStep="3" RelativeTo="Page"><ofd:CellContent>{cell}</ofd:CellContent>'
    "</ofd:Pattern>"
)


def test_a_pattern_repeats_its_cell() -> None:
    cell = DOT.format(fill='Value="0 128 0">', square=SQUARE)
    page = with_object(
        DOT.format(fill=PATTERN.format(w=2, cell=cell), square=SQUARE).replace("0 0 2 2", "9 8 20 20", 1)
    )
    (found,) = page.findall(f".//{SVG}pattern")
    assert (found.get("width"), found.get("height")) == ("3", "2")
    assert found.get("patternTransform") == "matrix(1 0 0 1 -9 -8)"
    assert [path.get("fill") for path in found.iter(f"{SVG}path")] == ["#008000"]
    assert any(path.get("fill") == f"url(#{found.get('id')})" for path in page.iter(f"{SVG}path"))


def test_patterns_too_fine_or_too_deep_are_left_out() -> None:
    fine = with_object(DOT.format(fill=PATTERN.format(w=0.0001, cell=""), square=SQUARE))
    assert fine.find(f".//{SVG}pattern") is None
    nested = DOT.format(fill='Value="1 2 3">', square=SQUARE)
    for _ in range(12):
        nested = DOT.format(fill=PATTERN.format(w=2, cell=nested), square=SQUARE)
    assert len(with_object(nested).findall(f".//{SVG}pattern")) <= 20


def test_a_shading_that_says_too_little_is_one_colour() -> None:
    page = with_object(
        '<ofd:PathObject ID="901" Boundary="1 1 9 9" Fill="true"><ofd:FillColor><ofd:AxialShd StartPoint="x"><ofd:Segment>'
        f'<ofd:Color Value="1 2 3"/></ofd:Segment></ofd:AxialShd></ofd:FillColor>{SQUARE}</ofd:PathObject>'
    )
    assert page.find(f".//{SVG}linearGradient") is None
    assert any(path.get("fill") == "#010203" for path in page.iter(f"{SVG}path"))


def test_more_clips_and_stops_than_anybody_needs_are_left_out() -> None:
    clip = f"<ofd:Clip><ofd:Area><ofd:Path>{SQUARE}</ofd:Path></ofd:Area></ofd:Clip>"
    stops = '<ofd:Segment><ofd:Color Value="1 2 3"/></ofd:Segment>' * 500
    page = with_object(
        '<ofd:PathObject ID="901" Boundary="1 1 9 9" Fill="true"><ofd:FillColor>'
        f'<ofd:AxialShd StartPoint="0 0" EndPoint="1 1">{stops}</ofd:AxialShd></ofd:FillColor>'
        f"<ofd:Clips>{clip * 500}</ofd:Clips>{SQUARE}</ofd:PathObject>"
    )
    assert len(page.findall(f".//{SVG}clipPath")) == 32
    assert len(page.findall(f".//{SVG}stop")) == 64


def test_an_image_that_cannot_be_shown_says_why() -> None:
    package = Package.open(made())
    name = next(one for one in package.names() if one.endswith(".png"))
    package.put(name, b"\x97JB2\r\n\x1a\n" + bytes(20))
    told = [title.text or "" for title in svg(package.to_bytes()).iter(f"{SVG}title")]
    assert any("JBIG2" in text for text in told)


def test_a_narrow_letter_of_a_font_that_is_not_there_stands_in_the_middle_of_its_half_width() -> None:
    page = with_object(
        '<ofd:TextObject ID="901" Boundary="0 0 99 20" Font="0" Size="10">'
        '<ofd:TextCode X="10" Y="10" DeltaX="5 5">:0:</ofd:TextCode></ofd:TextObject>'
    )
    (first, _digit, _last) = [use for use in page.iter(f"{SVG}use") if "#" in use.get("href", "")][-5:-2]
    place = re.match(r"translate\(([\d.]+) 10\)", first.get("transform", ""))
    assert place is not None
    assert 10.5 < float(place[1]) < 12.5
