"""What casework stores, one concept a file."""

from __future__ import annotations

from shuzheng.engines.casework.models.case import FAR_FUTURE, Case, CaseStatus
from shuzheng.engines.casework.models.clock import Clock, ClockFact
from shuzheng.engines.casework.models.decision import Decision
from shuzheng.engines.casework.models.item import ServiceItem
from shuzheng.engines.casework.models.letter import Letter, LetterSerial, ServiceAddress, Standing
from shuzheng.engines.casework.models.material import Material, SupplementRequest
from shuzheng.engines.casework.models.note import CaseRelation, Note, Participation
from shuzheng.engines.casework.models.process import ProcessInstance
from shuzheng.engines.casework.models.rating import Rating
from shuzheng.engines.casework.models.reservation import NumberReservation
from shuzheng.engines.casework.models.task import Task
from shuzheng.engines.casework.models.view import SavedView

__all__ = [
    "FAR_FUTURE",
    "Case",
    "CaseRelation",
    "CaseStatus",
    "Clock",
    "ClockFact",
    "Decision",
    "Letter",
    "LetterSerial",
    "Material",
    "Note",
    "NumberReservation",
    "Participation",
    "ProcessInstance",
    "Rating",
    "SavedView",
    "ServiceAddress",
    "ServiceItem",
    "Standing",
    "SupplementRequest",
    "Task",
]
