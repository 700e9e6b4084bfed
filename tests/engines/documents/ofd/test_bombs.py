"""Files that are small and would become large: bounded, whatever they refer to, in memory and in time."""

from __future__ import annotations

import time
from datetime import date

from shuzheng.engines.documents.fonts.families import face
from shuzheng.engines.documents.ofd.document import Document
from shuzheng.engines.documents.ofd.package import ROOT, Package
from shuzheng.engines.documents.ofd.parsing import children
from shuzheng.engines.documents.ofd.reading import LONGEST_RUN, MOST_CHARACTERS
from shuzheng.engines.documents.ofd.svg import page_svg
from shuzheng.engines.documents.ofd.writer import Writer

OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def changed(**parts: str) -> Document:
    """Return a document whose parts are replaced; ``Pages_Page_0_Content`` names Pages/Page_0/Content.xml."""
    writer = Writer("证", created=date(2026, 11, 22))
    writer.page(100, 80).text(10, 20, "食品", face("song"), 5)
    writer.page(100, 80).text(10, 20, "经营", face("song"), 5)
    writer.attach("a", bytes(300_000), format="bin")
    package = Package.open(writer.to_bytes())
    names = {"Content": "Doc_0/Pages/Page_0/Content.xml", "Resources": "Doc_0/DocumentRes.xml"}
    names |= {"Attachments": "Doc_0/Attachs/Attachments.xml", "Document": "Doc_0/Document.xml"}
    for name, text in parts.items():
        package.put(names[name], text.encode())
    return Document(package, next(children(package.xml(ROOT), "DocBody")))


def test_composite_objects_that_multiply_are_cut_off() -> None:
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{n}"><ofd:Content>'
        + f'<ofd:CompositeObject ID="9{n}" Boundary="0 0 1 1" ResourceID="{n + 1}"/>' * 30
        + "</ofd:Content></ofd:CompositeGraphicUnit>"
        for n in range(100, 114)
    )
    document = changed(
        Resources=f'<ofd:Res {OFD} BaseLoc="Res"><ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits></ofd:Res>',
        Content=f'<ofd:Page {OFD}><ofd:Content><ofd:Layer ID="1">'
        '<ofd:CompositeObject ID="2" Boundary="0 0 1 1" ResourceID="100"/></ofd:Layer></ofd:Content></ofd:Page>',
    )
    assert len(document.pages[0].objects) == 1
    assert document.resources.reading.composed_left == 0
    assert document.pages[1].text == "经营"


def test_a_text_without_end_is_cut_off() -> None:
    code = f"<ofd:TextCode>{'字' * 1_000_000}</ofd:TextCode>"
    text = f'<ofd:TextObject ID="2" Boundary="0 0 9 9" Font="1" Size="3">{code * 3}</ofd:TextObject>'
    document = changed(
        Content=f'<ofd:Page {OFD}><ofd:Content><ofd:Layer ID="1">{text}</ofd:Layer></ofd:Content></ofd:Page>'
    )
    assert len(document.pages[0].text.replace("\n", "").replace(" ", "")) == 3 * LONGEST_RUN < MOST_CHARACTERS
    assert len(page_svg(document, document.pages[0])) < 20_000_000


def test_many_references_to_one_part_unpack_it_once() -> None:
    entry = '<ofd:Attachment ID="9" Name="a"><ofd:FileLoc>attachment_8.bin</ofd:FileLoc></ofd:Attachment>'
    started = time.monotonic()
    document = changed(Attachments=f"<ofd:Attachments {OFD}>{entry * 20_000}</ofd:Attachments>")
    assert len({id(attachment.data) for attachment in document.attachments}) == 1
    assert time.monotonic() - started < 20
