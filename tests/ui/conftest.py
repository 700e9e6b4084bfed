"""Fixtures of the design system's tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.template import Context, Template
from django.test import RequestFactory

from shuzheng.kernel.actor import ANYBODY
from shuzheng.testing.browser import chromium as start_chromium
from shuzheng.testing.browser import is_ready
from shuzheng.ui.context import ui


@pytest.fixture
def page(rf: RequestFactory) -> Any:
    """A request for a page by somebody who has not signed in."""
    request: Any = rf.get("/ui/styleguide")
    request.actor = ANYBODY
    return request


@pytest.fixture
def render(page: Any) -> Callable[..., str]:
    """Render a piece of template with the tags of this library."""

    def draw(source: str, **context: Any) -> str:
        from django_cotton.compiler_regex import CottonCompiler

        compiled = CottonCompiler().process("{% load ui i18n %}" + source)
        return Template(compiled).render(Context({"request": page, **ui(page), **context}))

    return draw


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real browser; skipped where there is none, required where ``CI`` is set."""
    if not is_ready(Path(site.NODE_MODULES)):
        if os.environ.get("CI"):
            pytest.fail("Chromium and the front-end packages are required in CI.")
        pytest.skip("no Chromium or no front-end packages here")
    # Playwright keeps an event loop in this thread, in which Django would refuse to ask the database anything.
    with pytest.MonkeyPatch.context() as environment, start_chromium() as browser:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield browser
