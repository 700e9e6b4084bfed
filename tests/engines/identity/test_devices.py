"""Sessions are listed by devices that their owner recognises."""

from __future__ import annotations

import pytest

from shuzheng.engines.identity.devices import device_of

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.49"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Edg/130.0.0.0"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (PHONE, "iOS · 微信"),
        (DESK, "Windows · Edge"),
        ("curl/8.5", "curl"),
        ("", "未知设备"),
        ("\x00<script>", "未知设备"),
    ],
)
def test_a_device_is_named_in_words(agent: str, said: str) -> None:
    assert device_of(agent) == said
