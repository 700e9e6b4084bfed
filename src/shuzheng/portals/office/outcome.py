"""Doing what a form of a page asks for, and saying what came of it on the page that follows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages

from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.http import Request


@contextmanager
def told(request: Request, done: Any) -> Iterator[None]:
    """Say that it is done, or why it was refused; any other fault is the caller's."""
    try:
        yield
    except ShuzhengError as refused:
        messages.error(request, refused.words)
    else:
        messages.success(request, str(done))
