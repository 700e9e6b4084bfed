"""A sandbox time-stamping authority (沙箱时间戳机构, RFC 3161): a program with keys and an authority of its own.

It writes certificates with the platform's own writer; that both do not misread the standard alike is said by ``openssl ts``.
``python -m shuzheng.sandbox.tsa --port 9318 --trust var/time-authorities``
"""

from __future__ import annotations

from shuzheng.sandbox.tsa.server import Server

__all__ = ["Server"]
