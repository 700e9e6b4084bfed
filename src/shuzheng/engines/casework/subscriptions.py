"""Which events casework's jobs follow up, and which files it vouches for."""

from __future__ import annotations

from shuzheng.engines.casework import files as files
from shuzheng.engines.casework.jobs import (
    archive_case,
    finish_letters_after_seal,
    give_letter,
    note_letter_served,
    note_service,
    recall_archive,
    recompute_clocks,
    record_payment,
    serve_letter,
    tell_applicant,
    tell_file_owner,
    tell_holder,
    tell_lock_holder,
    tell_of_letter,
    tell_officers,
    weigh_calendar,
)
from shuzheng.engines.casework.letters.said import EVENTS as LETTER_EVENTS
from shuzheng.engines.casework.licences import TEMPLATES as LICENCE_TEMPLATES
from shuzheng.engines.casework.telling import TEMPLATES
from shuzheng.kernel.event import subscribe

for event in TEMPLATES:
    subscribe(event, tell_applicant)
subscribe("casework.card_turned", tell_officers)
subscribe("documents.lock_broken", tell_lock_holder)
subscribe("documents.file_disposed", tell_file_owner)
subscribe("vocabulary.calendar_changed", recompute_clocks)
subscribe("vocabulary.calendar_proposed", weigh_calendar)
for event in ("payment.bill_paid", "payment.bill_waived"):
    subscribe(event, record_payment)
for event in ("case_closed", "case_withdrawn", "case_not_accepted", "decision_corrected"):
    subscribe(f"casework.{event}", archive_case)
subscribe("casework.case_reopened", recall_archive)
subscribe("messaging.served", note_service)
for event in LICENCE_TEMPLATES:
    subscribe(event, tell_holder)
for event in LETTER_EVENTS:
    subscribe(event, note_letter_served if event == "messaging.served" else give_letter)
subscribe("casework.letter_issued", serve_letter)
for event in (
    "casework.letter_unsealed",
    "casework.letter_failed",
    "casework.letter_unservable",
    "messaging.service_failed",
):
    subscribe(event, tell_of_letter)
for event in ("seal_made", "seal_renewed", "seal_unfrozen"):
    subscribe(f"documents.{event}", finish_letters_after_seal)
