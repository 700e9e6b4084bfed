"""Boxes at fixed places: what a licence face needs."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import date
from typing import Any

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from shuzheng.engines.documents.drawing import Picture, Words
from shuzheng.engines.documents.layout import Attachment, compose_template, render_template
from shuzheng.engines.documents.layout.boxes import DoesNotFit
from shuzheng.engines.documents.layout.template import DocumentTemplate
from shuzheng.engines.documents.ofd.document import read
from shuzheng.kernel.error import InvalidInput

DAY = date(2026, 11, 22)


def png(width: int, height: int, *, colour: int = 2, filter: int = 0, interlaced: int = 0) -> bytes:
    """Return a PNG of one colour type whose rows are predicted one way."""
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    row = bytes([filter]) + bytes((n * 37) % 256 for n in range(width * channels))
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, interlaced)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")
    )


def face(*boxes: dict[str, Any], **changes: Any) -> DocumentTemplate:
    """Return a template with these boxes on a landscape page."""
    names = {
        "name": {"title": "姓名", "optional": True},
        "photo": {"title": "照片", "kind": "picture", "optional": True},
    }
    body = {"code": "face", "title": "证", "paper": {"width": 297, "height": 210}, "placeholders": names, **changes}
    return DocumentTemplate.model_validate({**body, "boxes": list(boxes)})


def words_of(template: DocumentTemplate, **values: Any) -> list[Words]:
    """Return the runs of text on the first page."""
    sheet = compose_template(template, values).sheets[0]
    return [mark for item in (*sheet.background, *sheet.body) for mark in item.marks if isinstance(mark, Words)]


NAMES = st.text("食品经营许可证赣州市章贡区ABC12（）", min_size=1, max_size=80)


@settings(max_examples=60, deadline=None)
@given(
    text=NAMES,
    width=st.floats(15, 150),
    height=st.floats(8, 40),
    align=st.sampled_from(["left", "center", "right", "justify", "spread"]),
    vertical=st.sampled_from(["top", "middle", "bottom"]),
    letter=st.floats(0, 3),
)
def test_text_stays_in_its_box_or_is_refused(
    text: str, width: float, height: float, align: str, vertical: str, letter: float
) -> None:
    box = {"at": [20, 30, width, height], "text": "{name}", "size": 16, "align": align, "vertical": vertical}
    try:
        runs = words_of(face({**box, "letter": letter, "line": 1.2}), name=text)
    except DoesNotFit:
        return
    assert "".join(run.text for run in runs) == text
    for run in runs:
        end = run.x + sum(run.advances[:-1]) + run.face.width(run.text[-1]) * run.size / 1000
        assert run.x >= 20 - 0.01
        assert end <= 20 + width + 0.01
        assert run.y - 0.88 * run.size >= 30 - 0.01
        assert run.y + 0.12 * run.size <= 30 + height + 0.01


def test_a_value_too_long_for_its_box_is_named() -> None:
    with pytest.raises(DoesNotFit, match="太长") as refusal:
        render_template(face({"at": [0, 0, 20, 6], "text": "{name}"}), {"name": "长" * 200}, format="ofd")
    assert refusal.value.errors[0].path == "values.name"


def test_text_is_centred_in_both_directions() -> None:
    run = words_of(face({"at": [100, 50, 80, 20], "text": "证", "size": 28.3465, "align": "center", "line": 1}))[0]
    assert (run.x, run.y - 0.88 * run.size) == pytest.approx((135, 55), abs=0.01)


def test_spread_text_fills_its_box_from_edge_to_edge() -> None:
    run = words_of(face({"at": [10, 10, 60, 10], "text": "姓名", "size": 12, "align": "spread"}))[0]
    assert run.x == pytest.approx(10)
    assert run.x + run.advances[0] + run.size == pytest.approx(70, abs=0.01)


def test_upright_text_runs_down_and_its_columns_run_left() -> None:
    runs = words_of(
        face({"at": [10, 10, 40, 60], "text": "营业执照副本\n章贡", "size": 20, "upright": True, "line": 1.2})
    )
    first, second = runs[:6], runs[6:]
    assert [run.text for run in first] == list("营业执照副本")
    assert len({round(run.x, 3) for run in first}) == 1
    assert [run.y for run in first] == sorted(run.y for run in first)
    assert second[0].x < first[0].x


def test_a_photo_keeps_its_proportions_in_the_middle_of_its_box() -> None:
    template = face({"at": [10, 10, 30, 30], "picture": "photo"})
    sheet = compose_template(template, {"photo": png(20, 40)}).sheets[0]
    picture = sheet.body[0].marks[0]
    assert isinstance(picture, Picture)
    assert (picture.x, picture.y, picture.width, picture.height) == (17.5, 10, 15, 30)


def test_a_missing_photo_leaves_its_frame() -> None:
    border = {"kind": "double", "colour": "#a00000", "width": 0.4}
    sheet = compose_template(face({"at": [10, 10, 30, 40], "picture": "photo", "border": border}), {}).sheets[0]
    assert len(sheet.background) == 1
    assert not sheet.body


def test_seals_and_boxes_of_every_page_are_told() -> None:
    template = face(
        {"at": [200, 150, 40, 40], "seal": "office", "page": 2},
        {"at": [10, 10, 60, 20], "text": "副本", "page": 0},
    )
    composition = compose_template(template, {})
    assert [(s.name, s.page, s.x, s.y, s.width) for s in composition.seals] == [("office", 1, 200, 150, 40)]
    assert len(composition.sheets) == 2
    assert [page.text for page in read(render_template(template, {}, format="ofd")).pages] == ["副本", "副本"]


def test_a_licence_carries_its_data_its_frame_and_its_code() -> None:
    template = face(
        {"at": [8, 8, 281, 194], "border": {"kind": "guilloche", "colour": "#b8860b"}, "fill": "#fffdf5"},
        {
            "at": [40, 30, 217, 20],
            "text": "食品经营许可证",
            "size": 36,
            "bold": True,
            "align": "center",
            "heading": True,
        },
        {"at": [240, 150, 30, 30], "qr": "https://example.gov.cn/v/{name}", "alternative": "核验二维码"},
    )
    data = render_template(
        template,
        {"name": "李"},
        format="ofd",
        created=DAY,
        custom={"证照编号": "1.2.156"},
        attachments=[Attachment("metadata", b"{}", "json", visible=False)],
    )
    document = read(data)
    assert document.custom == {"证照编号": "1.2.156"}
    assert document.attachments[0].data == b"{}"
    assert document.pages[0].text == "食品经营许可证"
    assert len(data) < 60_000


@pytest.mark.parametrize("colour", [0, 2, 4, 6])
@pytest.mark.parametrize("filter", range(5))
def test_every_kind_of_png_looks_in_pdf_as_it_is(colour: int, filter: int) -> None:
    data = png(5, 3, colour=colour, filter=filter)
    pdf = render_template(face({"at": [0, 0, 50, 30], "picture": "photo"}), {"photo": data}, format="pdf")
    shown = PdfReader(io.BytesIO(pdf)).pages[0].images[0].image
    assert shown is not None
    expected = Image.open(io.BytesIO(data))
    assert shown.convert("RGBA").tobytes() == expected.convert("RGBA").tobytes()


def test_a_jpeg_goes_into_pdf_as_it_is() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(out, "JPEG")
    pdf = render_template(face({"at": [0, 0, 40, 30], "picture": "photo"}), {"photo": out.getvalue()}, format="pdf")
    assert out.getvalue() in pdf


@pytest.mark.parametrize(
    "data",
    [
        png(4, 4, interlaced=1),
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0\0\x10",
        png(4, 4)[:40],
        b"\xff\xd8\xff" + b"\xff" * 50,
    ],
)
def test_a_picture_that_cannot_be_used_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"图片|PNG"):
        render_template(face({"at": [0, 0, 40, 30], "picture": "photo"}), {"photo": data}, format="pdf")


def test_a_qr_code_reads_back() -> None:
    template = face({"at": [0, 0, 30, 30], "qr": "https://example.gov.cn/v/1"})
    marks = [mark for item in compose_template(template, {}).sheets[0].body for mark in item.marks]
    dark = sum(map(sum, segno.make("https://example.gov.cn/v/1", error="m", micro=False).matrix))
    module = 30 / (len(list(segno.make("https://example.gov.cn/v/1", error="m", micro=False).matrix)) + 8)
    points = [values for _letter, values in marks[0].commands if values]
    blocks = [points[n : n + 4] for n in range(0, len(points), 4)]
    area = sum((b[1][0] - b[0][0]) * (b[2][1] - b[1][1]) for b in blocks) / module**2
    assert round(area) == dark
    assert len(blocks) < dark / 2, "modules are joined"
