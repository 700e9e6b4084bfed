"""Which events the jobs of documents follow up."""

from __future__ import annotations

from shuzheng.engines.documents.jobs import finish_credentials
from shuzheng.kernel.event import subscribe

for event in ("seal_made", "seal_renewed", "seal_unfrozen", "seal_granted"):
    subscribe(f"documents.{event}", finish_credentials)
