"""A visitor at a real browser, who finds fault with every page they come to.

Every page must be accessible (WCAG 2.2 AA and best practice by axe-core), fit the width of the window, and raise no error
in the console, where violations of the content policy are reported too. The browser is the system's Chromium; none is
ever downloaded.

>>> with chromium() as browser:
...     daughter = Visitor(browser, "http://127.0.0.1:8000", PHONE)
...     daughter.open("/")
...     daughter.fill("搜索办事", "老人补贴")
...     daughter.press("搜索")
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PHONE, DESK = 390, 1440
HEIGHT = {PHONE: 844, DESK: 900}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
SIGN_IN = "/accounts/login/"
#: Milliseconds that anything on a page may take to appear; two busy cores are slow.
PATIENCE = 15_000


class PageAtFault(AssertionError):
    """A page is not accessible, does not fit, answered wrongly or raised an error; the message says where and what."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Visitor:
    """Somebody at a window of the browser, with cookies of their own; signs in whenever the site asks them to."""

    def __init__(
        self,
        browser: Browser,
        home: str,
        width: int = PHONE,
        *,
        name: str = "",
        password: str = "",
        scripts: bool = True,
        language: str = "zh-CN",
    ) -> None:
        """Open a window of ``width`` pixels on the site at ``home``; ``name`` and ``password`` are for signing in."""
        self.home, self.width, self.name, self.password, self.scripts = home, width, name, password, scripts
        self.window = browser.new_context(
            viewport={"width": width, "height": HEIGHT.get(width, 900)}, locale=language, java_script_enabled=scripts
        )
        self.window.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self.page = self._watched(self.window.new_page())

    def second_tab(self) -> Visitor:
        """Return the same person in another tab of the same window."""
        other = object.__new__(Visitor)
        other.__dict__.update(self.__dict__)
        other.page = other._watched(self.window.new_page())
        return other

    def leave(self) -> None:
        """Close the window."""
        self.window.close()

    # -- going ---------------------------------------------------------------------------------------------

    def open(self, path: str, status: int = 200) -> Visitor:
        """Go to an address of the site, signing in on the way if asked to."""
        answer = self.page.goto(self.home + path)
        if self.name and self.path == SIGN_IN != path:
            self.sign_in()
        else:
            self.inspect(answer, status)
        return self

    def sign_in(self) -> None:
        """Fill in the page of signing in."""
        self.inspect(None)
        self.fill("用户名、手机号或身份证号", self.name)
        self.fill("密码", self.password)
        self.press("登录", within="main")

    def press(self, name: str, *, within: str = "body", status: int = 200) -> None:
        """Press the button or link that leads to another page, and look at that page."""
        self.follow(self.control(name, within=within), status)

    def follow(self, control: Locator, status: int = 200) -> None:
        """Click on what leads to another page, and look at that page."""
        with self.page.expect_navigation() as arrived:
            control.click()
        self.inspect(arrived.value, status)

    # -- filling in ----------------------------------------------------------------------------------------

    def control(self, name: str, *, within: str = "body") -> Locator:
        """Return the first button or link with this name, or, failing that, whose name begins so."""
        place = self.page.locator(within)
        for wanted in (name, re.compile(f"^{re.escape(name)}")):
            button = place.get_by_role("button", name=wanted, exact=True)
            found = button.or_(place.get_by_role("link", name=wanted, exact=True))
            if found.count():
                return found.first
        raise PageAtFault(f"{self.path}: no button or link “{name}” among:\n{place.first.inner_text()}")

    def tap(self, name: str, *, within: str = "body") -> None:
        """Press what changes this page and leads to no other."""
        self.control(name, within=within).click()

    def fill(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(label).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label).first.select_option(label=option)

    def tick(self, label: str) -> None:
        """Tick a box or choose one of several."""
        self.page.get_by_label(label).first.check()

    def hand_in(self, field: str, name: str, content: bytes) -> None:
        """Choose a file for the upload field with this id, and wait until it is there."""
        files: Any = {"name": name, "mimeType": "application/pdf", "buffer": content}
        self.page.set_input_files(f"#{field}", files)
        if self.scripts:
            self.page.locator(f"#field-{field} li input[type=hidden]").last.wait_for(state="attached")

    # -- looking -------------------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """Path of the present page."""
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        """Text of the present page's content."""
        return self.page.locator("main").inner_text()

    def sees(self, words: str) -> None:
        """Wait until the words are on the page. Raises PageAtFault."""
        try:
            self.page.locator("main").get_by_text(words).first.wait_for()
        except Exception as error:
            raise PageAtFault(f"{self.path} does not say “{words}” but:\n{self.text}") from error

    def inspect(self, answer: Response | None = None, status: int = 200) -> None:
        """Find fault with the present page. Raises PageAtFault."""
        faults = [f"answered {answer.status}, not {status}"] if answer and answer.status != status else []
        self.page.wait_for_load_state("load")
        if not self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            faults.append(f"is wider than {self.width} px: {self.page.evaluate(WIDEST)}")
        if self.scripts:
            found = Axe().run(self.page, options=RULES)
            faults += [found.generate_report()] if found.violations_count else []
        faults += self.complaints
        self.complaints.clear()
        if faults:
            raise PageAtFault(f"{self.page.url} at {self.width} px: " + "\n".join(faults))

    def _watched(self, page: Page) -> Page:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._answered)
        return page

    def _heard(self, said: ConsoleMessage) -> None:
        # The status of an answer is looked at where it arrives, with what was asked for.
        if said.type in ("error", "warning") and not said.text.startswith("Failed to load resource"):
            self.complaints.append(said.text)

    def _answered(self, answer: Response) -> None:
        page_or_form = answer.request.resource_type in ("document", "xhr", "fetch")
        if answer.status >= 500 or (answer.status >= 400 and not page_or_form):
            self.complaints.append(f"{answer.status} {answer.url}")


#: The elements that stick out, for the message.
WIDEST = """[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""


def is_ready(node_modules: Path) -> bool:
    """Say whether there are a browser and the front-end packages that pages need."""
    return bool(CHROMIUM) and (node_modules / "@tabler").is_dir()
