"""OFD files that other people's software wrote and sealed, opened by our reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from shuzheng.engines.documents.ofd.document import Document, read
from shuzheng.engines.documents.ofd.svg import page_svg

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "ofd"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no samples in {SAMPLES}")
FILES = sorted(SAMPLES.glob("*.ofd"))
GREETING = "你好呀，OFD Reader&Writer！"


def sample(name: str) -> Document:
    """Return a sample, read."""
    return read((SAMPLES / f"{name}.ofd").read_bytes())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_sample_opens_and_every_page_of_it_shows_something(file: Path) -> None:
    document = read(file.read_bytes())
    assert document.pages
    assert document.info["DocID"]
    for page in document.pages:
        assert (page.width, page.height) in {(210, 297), (210, 140)}
        assert page.objects


@pytest.mark.parametrize("name", ["helloworld", "chineseDir", "DigitalSign", "SESV4SignDoc"])
def test_the_words_of_a_page_are_read(name: str) -> None:
    document = sample(name)
    assert [page.text for page in document.pages] == [GREETING]
    assert [font.name for font in document.fonts.values()] == ["宋体"]


def test_an_attachment_is_read() -> None:
    attachment = sample("AddAttachment").attachments[0]
    assert (attachment.name, attachment.format, attachment.data[:3] if attachment.data else b"") == (
        "Gao",
        "jpg",
        b"\xff\xd8\xff",
    )


def test_a_page_outside_its_usual_folder_is_found_with_its_template_and_its_attachment() -> None:
    document = sample("no_page_container")
    assert "上海增值税电子普通发票" in document.pages[0].text
    assert document.attachments[0].data
    assert [media.format for media in document.media.values()] == ["JB2"]


def test_an_invoice_tells_its_metadata_images_annotations_and_words() -> None:
    document = sample("发票示例")
    assert document.custom["发票号码"] == "24112000000048542163"
    assert document.info["Author"] == "China Tax"
    assert [media.data[:4] for media in document.media.values() if media.data] == [b"\x89PNG"] * 2
    page = document.pages[0]
    assert [annotation.kind for annotation in page.annotations] == ["Watermark", "Watermark"]
    assert page.annotations[0].parameters == {"sw_printable": "true"}
    assert "海南麒麟云服科技有限公司" in page.text
    assert "24112000000048542163" in page.text
    assert "收款人:李蓉蓉;    复核人:周欣铭;" in page.text


def test_the_list_of_signatures_tells_where_each_seal_stands() -> None:
    stamps = sample("V4RideRight").signatures[0].stamps
    assert [stamp.page for stamp in stamps] == ["1", "21", "43", "63", "83"]
    assert [stamp.clip for stamp in stamps] == [(8.0 * n, 0, 8, 40) for n in range(5)]
    assert sample("signedFile").signatures[0].signed_value == "Doc_0/Signs/Sign_0/SignedValue.dat"
    assert sample("DigitalSign").signatures[0].kind == "Sign"


def test_a_missing_part_is_told_and_the_rest_is_shown() -> None:
    document = sample("V4RideRight")
    assert document.problems == ["容器中缺少文件：Doc_0/PublicRes.xml。"]
    assert len(document.pages) == 5


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_page_of_every_sample_is_shown(file: Path) -> None:
    document = read(file.read_bytes())
    for page in document.pages:
        root = etree.fromstring(page_svg(document, page).encode(), etree.XMLParser(huge_tree=True))
        drawn = [node for node in root.iter() if str(node.tag).rpartition("}")[2] in ("use", "path", "text")]
        assert len(drawn) >= len(page.text.replace(" ", "").replace("\n", "")) * 0.9
