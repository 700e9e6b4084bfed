"""Themes of service items (办事主题): their icons, and which ones concern whom."""

from __future__ import annotations

from shuzheng.engines.vocabulary.code_list import Code
from shuzheng.engines.vocabulary.queries import code_list
from shuzheng.kernel.definition import NoDefinition
from shuzheng.kernel.moment import today

ICONS = {
    "birth": "baby-carriage", "household": "home-2", "identity": "id", "education": "school", "work": "briefcase",
    "social-security": "shield-check", "elderly": "old", "disability": "wheelchair", "medical": "stethoscope",
    "marriage": "heart", "housing": "home", "traffic": "car", "travel": "world", "culture": "book", "tourism": "beach",
    "public-utility": "bolt", "taxes": "receipt", "legal": "scale", "death": "leaf", "establish": "building-store",
    "permit": "license", "qualification": "certificate", "investment": "chart-line", "construction": "hammer",
    "environment": "plant-2", "agriculture": "tree", "transport": "bus", "safety": "shield-lock",
    "food-drug": "tools-kitchen-2", "quality": "clipboard-check", "trade": "briefcase-2",
    "intellectual-property": "sparkles", "finance": "coin", "public-security": "shield-check", "civil": "heart-handshake",
    "religion": "building-community", "cancel": "circle-x", "other": "folder",
}  # fmt: skip
#: Themes in which firms look first; the others are residents' (GB/T 39554.1 sorts themes by natural and legal persons).
OF_FIRMS = (
    "establish", "permit", "qualification", "investment", "construction", "environment", "agriculture", "transport",
    "safety", "food-drug", "quality", "trade", "intellectual-property", "finance", "public-security", "taxes", "cancel",
)  # fmt: skip
OF_BOTH = ("taxes", "public-security", "agriculture", "other")


def icon_of(code: str) -> str:
    """Return the icon of a theme."""
    return ICONS.get(code, "file-text")


def themes(audience: str = "") -> list[Code]:
    """Return the themes of an audience (``person``, ``legal`` or both), in the order of the list."""
    try:
        known = code_list("theme").current(today())
    except NoDefinition:
        return []
    if audience == "legal":
        return [theme for theme in known if theme.code in (*OF_FIRMS, *OF_BOTH)]
    return [theme for theme in known if not audience or theme.code not in OF_FIRMS or theme.code in OF_BOTH]
