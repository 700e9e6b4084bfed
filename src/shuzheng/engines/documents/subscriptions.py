"""Which events the jobs of documents follow up, and what belongs into a package."""

from __future__ import annotations

from shuzheng.engines.documents.jobs import dispose_of_matters, finish_after_seal
from shuzheng.kernel.event import subscribe

for event in ("seal_made", "seal_renewed", "seal_unfrozen"):
    subscribe(f"documents.{event}", finish_after_seal)
subscribe("documents.archive_destroyed", dispose_of_matters)
