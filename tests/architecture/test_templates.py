"""Templates run under a strict content security policy and in the design system."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "shuzheng"
TEMPLATES = sorted(SOURCE.glob("**/templates/**/*.html"))
COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.DOTALL)
HANDLER = re.compile(r"""<[^>]*?\s(on[a-z]+|hx-on[:\w-]*)\s*=\s*["']""")
SCRIPT_ADDRESS = re.compile(r"""(?:href|src|action)\s*=\s*["']\s*javascript:""", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(?:json|xml))[^>]*>", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style[\s>]|<[a-z][^>]*?\sstyle\s*=", re.IGNORECASE)
FOREIGN = re.compile(r"""<(?:script|link|img|iframe)[^>]*(?:src|href)=["'](?:https?:)?//""", re.IGNORECASE)


def hits(pattern: re.Pattern[str]) -> list[str]:
    """Return where a pattern stands in a template, comments left out."""
    found = []
    for path in TEMPLATES:
        text = COMMENT.sub("", path.read_text("utf-8"))
        found += [f"{path.relative_to(SOURCE)}: {match[0][:100]}" for match in pattern.finditer(text)]
    return found


@pytest.mark.parametrize(
    "pattern",
    [HANDLER, SCRIPT_ADDRESS, INLINE_SCRIPT, INLINE_STYLE, FOREIGN],
    ids=["inline handlers", "javascript addresses", "inline scripts", "inline styles", "foreign hosts"],
)
def test_no_template_needs_an_exception_from_the_content_security_policy(pattern: re.Pattern[str]) -> None:
    assert hits(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "bad", "good"),
    [
        (HANDLER, '<a onclick="x()">', '<a data-on="x">'),
        (SCRIPT_ADDRESS, '<a href="javascript:x()">', '<a href="/javascript">'),
        (INLINE_SCRIPT, "<script>x()</script>", '<script type="application/json">{}</script>'),
        (INLINE_STYLE, '<p style="color: red">', '<p class="style">'),
        (FOREIGN, '<script src="https://cdn.example/x.js">', '<script src="/static/x.js">'),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], bad: str, good: str) -> None:
    assert pattern.search(bad)
    assert not pattern.search(good)
