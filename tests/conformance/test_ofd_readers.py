"""Our OFD opened by other people's readers: easyofd (Python) and ofd.js (in a browser)."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import segno
from pypdf import PdfReader

from shuzheng.engines.documents.fonts.families import face
from shuzheng.engines.documents.ofd.document import read
from shuzheng.engines.documents.ofd.shapes import ellipse, rectangle
from shuzheng.engines.documents.ofd.writer import Writer
from shuzheng.testing.browser import chromium

OFD_JS = Path(__file__).resolve().parents[2] / "node_modules" / "ofd.js" / "lib" / "ofd.umd.min.js"
LINES = [
    "食品经营许可证",
    "许可证编号：JY2360702202611220018",
    "经营者名称：赣州市章贡区小红餐饮店",
    "有效期至 2031年11月29日",
]

#: Runs by itself, because easyofd imports from and writes into the folder it stands in, and warns about itself. A reader
#: draws with the 宋体 of its machine; this one is given ours.
EASYOFD = """
import json, sys
import easyofd
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
pdfmetrics.registerFont(TTFont("宋体", "song.ttf"))
reader = easyofd.OFD()
reader.read("licence.ofd", fmt="path")
found = reader.data[0]
pages = found["page_info"].values()
open("licence.pdf", "wb").write(reader.to_pdf())
print("FOUND" + json.dumps({
    "sizes": found["page_size"],
    "texts": [[text["text"] for text in page["text_list"]] for page in pages],
    "places": [[text["pos"] for text in page["text_list"]] for page in pages],
    "images": [len(page["img_list"]) for page in pages],
    "paths": [len(page["line_list"]) for page in pages],
    "fonts": [bool(font.get("font_b64")) for font in found["fonts"].values()],
    "annotations": len(found["annotation_info"]),
}))
"""

OPEN = """async (data) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const documents = await new Promise((success, fail) =>
    window.ofd.parseOfdDocument({ofd: new File([bytes], "a.ofd"), success, fail}));
  const pages = window.ofd.renderOfd(800, documents[0]);
  for (const page of pages) document.body.appendChild(page);
  return pages.map((page) => ({
    text: page.textContent, paths: page.querySelectorAll("path").length, images: page.querySelectorAll("img, image, canvas").length,
    width: page.offsetWidth, height: page.offsetHeight,
  }));
}"""


def licence() -> bytes:
    """Return a licence of two pages with everything that a licence has."""
    writer = Writer("食品经营许可证", created=date(2026, 11, 22), custom={"证照编号": "1.2.156"})
    code = io.BytesIO()
    segno.make("https://example.gov.cn/v/1").save(code, kind="png", scale=4)
    for _ in range(2):
        page = writer.page(297, 210)
        page.layer("Background").path(rectangle(10, 10, 277, 190, 4), stroke=(180, 20, 20), width=0.6)
        page.path(ellipse(220, 140, 40, 40), stroke=(200, 0, 0), fill=(255, 240, 240))
        for n, line in enumerate(LINES):
            page.text(40, 50 + 20 * n, line, face("song"), 8)
        page.image(code.getvalue(), 40, 150, 30, 30)
        page.annotation("Watermark").text(120, 120, "副本", face("song"), 20, alpha=60)
    writer.attach("metadata", b"{}", format="json")
    return writer.to_bytes()


def test_easyofd_reads_and_draws_our_file(tmp_path: Path) -> None:
    data = licence()
    fonts = read(data).fonts.values()
    (tmp_path / "licence.ofd").write_bytes(data)
    (tmp_path / "song.ttf").write_bytes(next(font.data or b"" for font in fonts))
    made = subprocess.run([sys.executable, "-c", EASYOFD], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert made.returncode == 0, made.stderr[-2000:]
    found = json.loads(made.stdout.split("FOUND")[1])
    assert found["sizes"] == [[0, 0, 297, 210]] * 2
    assert found["texts"] == [LINES, LINES]
    assert found["places"][0][1][:2] == [40, pytest.approx(70 - 0.88 * 8)]
    assert (found["images"], found["paths"], found["fonts"], found["annotations"]) == ([1, 1], [2, 2], [True], 2)
    drawn = PdfReader(tmp_path / "licence.pdf")
    assert len(drawn.pages) == 2
    words = "".join(drawn.pages[0].extract_text().split())
    assert sorted(words) == sorted("".join("".join(LINES).split()) + "副本")


@pytest.mark.skipif(not OFD_JS.is_file(), reason="ofd.js is not in node_modules: npm ci")
def test_ofd_js_reads_and_draws_our_file() -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 900, "height": 700})
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_content("<body></body>")
        page.add_script_tag(path=OFD_JS)
        pages = page.evaluate(OPEN, base64.b64encode(licence()).decode())
    assert not faults
    assert len(pages) == 2
    for shown in pages:
        assert "".join(shown["text"].split()).startswith("".join("".join(LINES).split()))
        assert shown["paths"] >= 2
        assert shown["images"] >= 1
        assert shown["width"] / shown["height"] == pytest.approx(297 / 210, rel=0.02)
