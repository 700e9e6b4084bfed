"""Which events casework's jobs follow up, and which files it vouches for."""

from __future__ import annotations

from shuzheng.engines.casework import files as files
from shuzheng.engines.casework.jobs import (
    note_service,
    recompute_clocks,
    record_payment,
    tell_applicant,
    tell_officers,
)
from shuzheng.engines.casework.telling import TEMPLATES
from shuzheng.kernel.event import subscribe

for event in TEMPLATES:
    subscribe(event, tell_applicant)
subscribe("casework.card_turned", tell_officers)
subscribe("vocabulary.calendar_changed", recompute_clocks)
for event in ("payment.bill_paid", "payment.bill_waived"):
    subscribe(event, record_payment)
subscribe("messaging.served", note_service)
