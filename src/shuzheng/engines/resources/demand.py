"""What a service asks of whoever starts processes (伸缩需求): plain, so that a supervisor needs no tables to read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Demand:
    """How many processes a service wants beyond the least it was declared with."""

    service: str
    #: Job queues that an additional worker works off.
    queues: tuple[str, ...] = ()
    workers: int = 0
    web: int = 0
    #: Why, in words for people.
    reason: str = ""


@dataclass(frozen=True)
class Incident:
    """Something that a supervisor did to a process, or that befell one."""

    #: ``added``, ``retired``, ``crash-loop`` or ``recovered``.
    kind: str
    #: Name of the process, e.g. ``worker`` or ``worker-message-1``.
    program: str
    #: Processes of web and of workers that there are to be from now on.
    web: int
    workers: int
    reason: str = ""
