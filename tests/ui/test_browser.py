"""The style guide in a real browser: accessible, whole on a phone, alive, and quiet under the content policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.identity.models import Account

pytestmark = pytest.mark.journey
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
GUIDE, DESK = "/ui/styleguide", "/ui/styleguide/desk"
ELDER, DARK = {"sz_elder": "1"}, {"sz_theme": "dark"}
VIEWS: list[tuple[str, int, dict[str, str]]] = [
    *[(GUIDE, 390, look) for look in ({}, ELDER, DARK, ELDER | DARK)],
    *[(GUIDE, 1440, look) for look in ({}, DARK)],
    *[(DESK, 1440, look) for look in ({}, DARK)],
    (DESK, 390, {}),
]
ALIVE = ("[data-chart] svg", "[data-bpmn] svg", "[data-map].leaflet-container", "[data-upload][data-alive]")


@pytest.fixture
def visit(chromium: Any, live_server: Any) -> Iterator[Any]:
    """Open a page with cookies in a window of some width."""
    windows = []

    def open_page(path: str, width: int, cookies: dict[str, str]) -> Any:
        window = chromium.new_context(viewport={"width": width, "height": 844}, locale="zh-CN")
        windows.append(window)
        window.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        page = window.new_page()
        page.complaints = []
        page.on(
            "console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield open_page
    for window in windows:
        window.close()


@pytest.mark.parametrize(("path", "width", "look"), VIEWS)
def test_every_component_is_accessible_and_fits(visit: Any, path: str, width: int, look: dict[str, str]) -> None:
    page = visit(path, width, look)
    if path == GUIDE:
        for component in ALIVE:
            page.wait_for_selector(component)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.complaints == []


def test_a_click_on_the_map_fills_the_coordinates(visit: Any) -> None:
    page = visit(GUIDE, 1440, {})
    page.wait_for_selector("[data-map].leaflet-container")
    page.locator("[data-map]").click(position={"x": 200, "y": 100})
    assert page.input_value("#place-longitude") != "114.94"


def test_the_keyboard_walks_the_desk(visit: Any) -> None:
    page = visit(DESK, 1440, {})
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#2"
    page.keyboard.press("?")
    sheet = page.locator("#shortcuts")
    assert sheet.is_visible()
    assert "受理" in sheet.inner_text()
    page.keyboard.press("Escape")
    assert not sheet.is_visible()


def test_elder_mode_is_one_press_away_and_stays(visit: Any) -> None:
    page = visit(GUIDE, 390, {})
    before = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.get_by_role("button", name="长者版").click()
    page.wait_for_selector("html[data-elder]")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 1.25 * before
    page.reload()
    assert page.locator("html[data-elder]").count() == 1


def test_auto_theme_follows_the_device(visit: Any) -> None:
    page = visit(GUIDE, 390, {"sz_theme": "auto"})
    assert page.get_attribute("html", "data-bs-theme") == "light"
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("html[data-bs-theme=dark]")


def test_an_upload_goes_on_by_itself_after_the_connection_was_lost(visit: Any, client: Client) -> None:
    client.force_login(Account.objects.create(username="zhang"))
    page = visit(GUIDE, 390, {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value})
    pieces: list[str] = []

    def lose_the_second_piece(route: Any) -> None:
        if route.request.method == "PATCH":
            pieces.append(route.request.headers["upload-offset"])
            if len(pieces) == 2:
                return route.abort("connectionreset")
        return route.continue_()

    page.route("**/upload/*", lose_the_second_piece)
    content = b"%PDF-1.7\n" + bytes(2_500_000)
    page.set_input_files("#photo", {"name": "证明.pdf", "mimeType": "application/pdf", "buffer": content})
    row = page.locator("#field-photo li", has_text="证明.pdf")
    row.locator("input[type=hidden]").wait_for(state="attached")
    stored = StoredFile.objects.get(pk=row.locator("input[type=hidden]").input_value())
    assert (stored.name, stored.size) == ("证明.pdf", len(content))
    assert pieces == ["0", "1048576", "1048576", "2097152"]
    assert "上传完成" in row.inner_text()


def test_a_wrong_file_is_refused_in_words(visit: Any, client: Client) -> None:
    client.force_login(Account.objects.create(username="zhang"))
    page = visit(GUIDE, 390, {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value})
    page.set_input_files("#photo", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + bytes(100)})
    page.get_by_text("不能上传这种文件").wait_for()
