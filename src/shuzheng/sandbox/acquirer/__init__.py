"""The sandbox acquirer (演示收单机构): takes orders, shows a pay page, notifies, refunds, transfers, writes daily files.

It imports nothing of Shuzheng and keeps its own store (SQLite), so that time-outs, double notifications and files that
do not agree are real. Faults are set by ``POST /api/faults``.
"""

from __future__ import annotations

from shuzheng.sandbox.acquirer.server import Acquirer, serve

__all__ = ["Acquirer", "serve"]
