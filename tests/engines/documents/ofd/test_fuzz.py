"""Files that were damaged anywhere: either refused in a sentence or shown as far as they go, never anything else."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from shuzheng.engines.documents.fonts.families import face
from shuzheng.engines.documents.ofd.document import read
from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.ofd.shapes import rectangle
from shuzheng.engines.documents.ofd.svg import page_svg
from shuzheng.engines.documents.ofd.writer import Writer

ODD = st.sampled_from(
    [
        "",
        "-1",
        "1e400",
        "nan",
        "g 9 9",
        "../..",
        "/",
        "#",
        "\u0661",
        "0 0 0 0",
        "9" * 400,
        "true",
        "{}",
        "%",
        "M",
        "\U0001f600",
    ]
)


def whole() -> bytes:
    """Return a file with one of everything."""
    writer = Writer("证", created=date(2026, 11, 22), custom={"a": "b"})
    page = writer.page(100, 80)
    page.path(rectangle(5, 5, 90, 70, 3), stroke=(255, 0, 0), dash=(1, 1), fill=(1, 2, 3))
    page.text(10, 20, "食品经营", face("song"), 5)
    page.annotation("Watermark", parameters={"x": "y"}).text(20, 60, "副本", face("hei"), 10, angle=30, alpha=9)
    writer.attach("a", b"1", format="txt")
    return writer.to_bytes()


DATA = whole()
PARTS = [name for name in Package.open(DATA).names() if name.endswith(".xml")]


def look_at_everything(data: bytes) -> None:
    """Read a file as far as any page of ours would."""
    try:
        document = read(data)
    except OfdUnreadable:
        return
    assert [document.info, document.custom, document.attachments, document.signatures]
    for page in document.pages:
        assert isinstance(page.text, str)
        etree.fromstring(page_svg(document, page).encode(), etree.XMLParser(huge_tree=True))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(DATA) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_bytes_changed_anywhere(changes: list[tuple[int, int]]) -> None:
    data = bytearray(DATA)
    for at, value in changes:
        data[at] = value
    look_at_everything(bytes(data))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(DATA) - 1))
def test_a_file_cut_anywhere(length: int) -> None:
    look_at_everything(DATA[:length])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_values_and_elements_replaced_anywhere(data: st.DataObject) -> None:
    package = Package.open(DATA)
    name = data.draw(st.sampled_from(PARTS))
    root = package.xml(name)
    nodes = list(root.iter())
    for _ in range(data.draw(st.integers(1, 4))):
        node = data.draw(st.sampled_from(nodes))
        if node.attrib and data.draw(st.booleans()):
            node.set(data.draw(st.sampled_from(sorted(map(str, node.attrib)))), data.draw(ODD))
        elif data.draw(st.booleans()):
            node.text = data.draw(ODD)
        elif node.getparent() is not None:
            node.append(etree.fromstring(etree.tostring(data.draw(st.sampled_from(nodes)))))
    package.put(name, etree.tostring(root))
    look_at_everything(package.to_bytes())
