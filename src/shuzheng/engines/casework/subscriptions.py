"""Which events casework's jobs follow up, and which files it vouches for."""

from __future__ import annotations

from shuzheng.engines.casework import files as files
from shuzheng.engines.casework.jobs import (
    archive_case,
    note_service,
    recall_archive,
    recompute_clocks,
    record_payment,
    tell_applicant,
    tell_holder,
    tell_officers,
)
from shuzheng.engines.casework.licences import TEMPLATES as LICENCE_TEMPLATES
from shuzheng.engines.casework.telling import TEMPLATES
from shuzheng.kernel.event import subscribe

for event in TEMPLATES:
    subscribe(event, tell_applicant)
subscribe("casework.card_turned", tell_officers)
subscribe("vocabulary.calendar_changed", recompute_clocks)
for event in ("payment.bill_paid", "payment.bill_waived"):
    subscribe(event, record_payment)
for event in ("case_closed", "case_withdrawn", "case_not_accepted", "decision_corrected"):
    subscribe(f"casework.{event}", archive_case)
subscribe("casework.case_reopened", recall_archive)
subscribe("messaging.served", note_service)
for event in LICENCE_TEMPLATES:
    subscribe(event, tell_holder)
