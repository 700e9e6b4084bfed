"""Our seals shown by other people's readers, who take them out of SES_Signature by themselves: easyofd and ofd.js."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from shuzheng.engines.documents.seals.image import RED, official_seal
from shuzheng.engines.documents.seals.places import OnPage
from shuzheng.engines.documents.seals.raster import png
from shuzheng.engines.documents.seals.ses import Picture, SealContent
from shuzheng.engines.documents.seals.stamping import stamp_ofd
from shuzheng.engines.documents.seals.writing import write_seal
from shuzheng.testing.browser import chromium
from shuzheng.testing.seals import a_document
from tests.engines.documents.seals.makers import BEGAN, ENDS, STAMPED, authority, holder

OFD_JS = Path(__file__).resolve().parents[2] / "node_modules" / "ofd.js" / "lib" / "ofd.umd.min.js"
#: Runs by itself, because easyofd writes into the folder it stands in. Counts red dots within and beside the seal's box.
EASYOFD = """
import json
import easyofd
reader = easyofd.OFD()
reader.read("sealed.ofd", fmt="path")
page = reader.to_jpg()[0].convert("RGB")
scale = page.width / 210
def red(box):
    dots = list(page.crop([round(part * scale) for part in box]).resize((200, 200)).getdata())
    return sum(r > 150 and g < 90 and b < 90 for r, g, b in dots)
print("FOUND" + json.dumps([red((130, 220, 172, 262)), red((20, 150, 120, 280))]))
"""
OPEN = """async (data) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const documents = await new Promise((success, fail) =>
    window.ofd.parseOfdDocument({ofd: new File([bytes], "a.ofd"), success, fail}));
  const pages = window.ofd.renderOfd(800, documents[0]);
  const [shown] = Object.values(documents[0].stampAnnot)[0];
  const told = shown.stamp.sealObj.SES_Signature.toSign.eseal.esealInfo;
  return {verified: shown.stamp.sealObj.verifyRet, name: told.property.name, code: told.esID, pages: pages.length,
    image: shown.obj.img.slice(0, 22), box: Object.values(shown.obj.boundary)};
}"""


@pytest.fixture(scope="module")
def sealed() -> bytes:
    """A document with a seal at the foot of its page."""
    root = authority()
    maker, stamper = holder("制章中心", root), holder("行政审批局", root, serial=3)
    image = official_seal("赣州市章贡区行政审批局", code="3607020000001", mark="演示")
    picture = Picture("png", png(image.path, image.size, dots=400, colour=RED), 42, 42)
    content = SealContent("3607020000001", "test", 1, "行政审批局", (stamper.certificate,), BEGAN, BEGAN, ENDS, picture)
    seal = write_seal(content, maker.certificate, maker.sign)
    return stamp_ofd(a_document(), seal, stamper.signer, place=OnPage(1, 130, 220), at=STAMPED).data


def test_easyofd_shows_our_seal_where_it_was_put(sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "sealed.ofd").write_bytes(sealed)
    command = [sys.executable, "-W", "ignore", "-c", EASYOFD]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    within, beside = json.loads(done.stdout.partition("FOUND")[2].splitlines()[0])
    assert within > 2000
    assert beside == 0


@pytest.mark.skipif(not OFD_JS.exists(), reason="npm packages are not installed")
def test_ofd_js_shows_our_seal_and_finds_its_signature_valid(sealed: bytes) -> None:
    with chromium() as browser:
        page = browser.new_page()
        page.set_content("<body></body>")
        page.add_script_tag(path=str(OFD_JS))
        found = page.evaluate(OPEN, base64.b64encode(sealed).decode())
    assert found == {
        "verified": True,
        "name": "行政审批局",
        "code": "3607020000001",
        "pages": 1,
        "image": "data:image/png;base64,",
        "box": [130, 220, 42, 42],
    }
