"""Pages of other people's OFD files, drawn by us and by ofd.js in a browser, are the same pictures but for the typeface.

Both write with our fonts. The distance of two pictures is the ink of one that has no ink of the other near it: as a share of all
its ink, and in the square of the page where it is worst. A missing word or picture is near nothing.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import override_settings
from PIL import Image, ImageChops, ImageFilter, ImageStat
from playwright.sync_api import Page, Route

from shuzheng.engines.documents.credentials.picturing import pictures
from shuzheng.engines.documents.fonts.families import Family, face
from shuzheng.engines.documents.ofd.package import Package
from shuzheng.testing.browser import chromium

ROOT = Path(__file__).resolve().parents[2]
OFD_JS = ROOT / "node_modules" / "ofd.js" / "lib" / "ofd.umd.min.js"
SAMPLES = ROOT.parent / "shared" / "conformance" / "ofd"
pytestmark = [
    pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no samples in {SAMPLES}"),
    pytest.mark.skipif(not OFD_JS.is_file(), reason="ofd.js is not in node_modules: npm ci"),
]
#: Pixels across a page, how far apart two strokes of one letter may lie (0.9 mm on A4), and the side of a square.
WIDTH, NEAR, SQUARE = 1200, 5, 24
DARK = 190
#: Pixels of a style sheet across a page: at another scale ofd.js leaves some pictures as they were.
LAID = 800
#: What ofd.js draws wrongly: a seal three times too large.
WITHOUT_SEALS = {"SignScaleError"}
#: What it does not open.
UNREADABLE_TO_IT = {"v4signed"}
FILES = [file for file in sorted(SAMPLES.glob("*.ofd")) if file.stem not in UNREADABLE_TO_IT]
FONTS: dict[str, Family] = {"SimSun": "song", "楷体": "song", "Times New Roman": "song", "Courier New": "hei"}

DRAW = """async ([data, width]) => {
  document.body.innerHTML = "";
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const documents = await new Promise((success, fail) =>
    window.ofd.parseOfdDocument({ofd: new File([bytes], "a.ofd"), success, fail}));
  for (const page of window.ofd.renderOfd(width, documents[0])) document.body.appendChild(page);
}"""
READY = """async () => {
  await document.fonts.ready;
  await Promise.all([...document.querySelectorAll("img, image")].map((image) => image.decode().catch(() => {})));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


@dataclass(frozen=True)
class Distance:
    """Ink of one picture that is missing in the other: its share of all, and of the worst square's area."""

    all: float
    worst: float

    def within(self, most: Distance) -> bool:
        """Whether no more is missing than may be."""
        return self.all <= most.all and self.worst <= most.worst


#: Edges that were rounded differently, but in no place as much as a letter.
SMALL = Distance(0.03, 0.05)
#: Where ofd.js lets wide letters run together, or does not know the inherited pens and the transparency of an invoice.
FAULTS = {"AddAttachment": Distance(0.03, 0.2), "发票示例": Distance(0.03, 0.2)}


@pytest.fixture(scope="module")
def window() -> Iterator[Page]:
    """A page with ofd.js, on which what is drawn with a font of the trade is drawn with ours."""
    faces = "".join(f"@font-face{{font-family:'{n}';src:url(http://fonts.test/{f})}}" for n, f in FONTS.items())
    with chromium() as browser:
        page = browser.new_page(viewport={"width": LAID + 40, "height": 900}, device_scale_factor=WIDTH / LAID)
        page.route("http://fonts.test/*", _font)
        page.set_content(f"<style>{faces} body {{margin: 0; width: {LAID}px}}</style><body></body>")
        page.add_script_tag(path=OFD_JS)
        yield page


def _font(route: Route) -> None:
    family: Family = "hei" if route.request.url.endswith("hei") else "song"
    route.fulfill(path=face(family).file, headers={"Access-Control-Allow-Origin": "*"})


def ours(window: Page, data: bytes) -> list[Image.Image]:
    """Return the pages as our reader draws them."""
    with override_settings(FONTS=""):
        drawn = pictures(data)
    return [rasterised(window, page) for page in drawn]


def rasterised(window: Page, svg: str) -> Image.Image:
    """Return the ink of a page of SVG."""
    window.evaluate("(svg) => {document.body.innerHTML = svg}", svg)
    window.evaluate(READY)
    return ink(window.locator("body > svg").screenshot())


def theirs(window: Page, data: bytes) -> list[Image.Image]:
    """Return the pages as ofd.js draws them."""
    window.evaluate(DRAW, [base64.b64encode(data).decode(), LAID])
    window.evaluate(READY)
    return [ink(page.screenshot()) for page in window.locator("body > div").all()]


def ink(png: bytes) -> Image.Image:
    """Return where a picture is dark, as white on black of one width."""
    grey = Image.open(io.BytesIO(png)).convert("L")
    return grey.resize((WIDTH, round(grey.height * WIDTH / grey.width))).point([255] * DARK + [0] * (256 - DARK))


def missing(wanted: Image.Image, found: Image.Image) -> Distance:
    """Return what of one picture is not in the other."""
    near = found.resize(wanted.size).filter(ImageFilter.MaxFilter(2 * NEAR + 1))
    lost = ImageChops.subtract(wanted, near)
    squares = lost.resize((lost.width // SQUARE, lost.height // SQUARE), Image.Resampling.BOX)
    worst = float(squares.getextrema()[1])  # pyright: ignore[reportArgumentType]  # one band has two numbers
    return Distance(ImageStat.Stat(lost).sum[0] / max(ImageStat.Stat(wanted).sum[0], 1), worst / 255)


def sample(file: Path) -> bytes:
    """Return a sample, without its seals where ofd.js draws these wrongly."""
    if file.stem not in WITHOUT_SEALS:
        return file.read_bytes()
    package = Package.open(file.read_bytes())
    package.put("OFD.xml", re.sub(rb"<(\w+:)?Signatures>.*?</(\w+:)?Signatures>", b"", package.read("OFD.xml")))
    return package.to_bytes()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_page_of_ours_shows_what_another_reader_shows(window: Page, file: Path) -> None:
    data = sample(file)
    mine, other = ours(window, data), theirs(window, data)
    assert len(mine) == len(other)
    for number, (own, foreign) in enumerate(zip(mine, other, strict=True), 1):
        lost, added, most = missing(foreign, own), missing(own, foreign), FAULTS.get(file.stem, SMALL)
        assert lost.within(most), f"page {number} misses {lost}"
        assert added.within(most), f"page {number} adds {added}"


#: Of the picture of an invoice: its code, the first line of its title, the name of a party, an amount.
TAKEN_AWAY = {
    "image": r'<use href="#\w*i\d+"[^>]*/>',
    "words": r"<g transform=[^>]*>(<use href=\"#\w*g\d+\"[^>]*/>){8,}</g>",
    "number": r"<g transform=[^>]*>(<use href=\"#\w*g\d+\"[^>]*/>){6}</g>",
}


@pytest.mark.parametrize("part", TAKEN_AWAY)
def test_a_page_that_lacks_a_picture_or_words_is_told_from_one_that_does_not(window: Page, part: str) -> None:
    data = sample(SAMPLES / "signedFile.ofd")
    (whole,) = pictures(data)
    lacking, count = re.subn(TAKEN_AWAY[part], "<g></g>", whole, count=1)
    assert count == 1
    assert not missing(rasterised(window, whole), rasterised(window, lacking)).within(SMALL)
