"""Pages ask only for front-end files that are served, and nothing else of npm's is reachable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from shuzheng.settings.assets import VENDOR, VendorFinder

SOURCE = Path(__file__).resolve().parents[2] / "src" / "shuzheng"
ASKED = re.compile(r"""static\s+["']([^"']+)["']""")
PAGES = [path for path in SOURCE.rglob("*.html") if "node_modules" not in path.parts]
ADDRESSES = sorted({address for path in PAGES for address in ASKED.findall(path.read_text("utf-8"))})


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_file_that_a_page_asks_for_is_served(address: str) -> None:
    assert finders.find(address)


@pytest.mark.parametrize("prefix", VENDOR)
def test_every_package_is_fetched_and_shows_something(prefix: str) -> None:
    shown = [name for name, storage in VendorFinder().list(None) if storage.prefix == prefix]
    assert shown
    assert all(finders.find(f"{prefix}/{name}") for name in shown)


@pytest.mark.parametrize(
    "address",
    [
        "vendor/bpmn/bpmn-modeler.production.min.js",
        "vendor/htmx/../package.json",
        "vendor/htmx/../../axe-core/axe.min.js",
        "vendor/axe-core/axe.min.js",
    ],
)
def test_what_is_not_named_is_not_served(address: str) -> None:
    assert not finders.find(address)
