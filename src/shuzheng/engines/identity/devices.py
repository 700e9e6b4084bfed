"""What a browser calls itself, in words its owner recognises."""

from __future__ import annotations

from django.utils.translation import gettext as _
from ua_parser import parse

#: Families as people in China call them; others keep their own name.
_NAMES = {"WeChat Browser": "微信", "QQ Browser": "QQ 浏览器", "UC Browser": "UC 浏览器", "Mobile Safari": "Safari"}


def device_of(agent: str) -> str:
    """Return system and browser of a User-Agent header, such as “Windows · Edge”."""
    found = parse(agent)
    system = found.os.family if found.os else ""
    browser = found.user_agent.family if found.user_agent else ""
    return " · ".join(filter(None, [system, _NAMES.get(browser, browser)])) or _("未知设备")
