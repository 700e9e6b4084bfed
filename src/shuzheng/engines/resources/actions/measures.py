"""Emergency measures (应急处置): asked for, or taken at once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.resources import pulse
from shuzheng.engines.resources.definitions import Mode
from shuzheng.engines.resources.errors import (
    MeasureInForce,
    MeasureTooLong,
    NoSuchMode,
)
from shuzheng.engines.resources.models import Measure
from shuzheng.engines.resources.policies import OPERATE
from shuzheng.engines.resources.services import service
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

State = Measure.State


class MeasureInput(Input):
    """Which measure of which service, why, for how long, in earnest or as a drill."""

    service: str = Field(max_length=41)
    mode: str = Field(max_length=41)
    #: Told to residents; names no person.
    reason: str = Field(min_length=4, max_length=200)
    minutes: int = Field(ge=5, le=2880)
    drill: bool = False


class AskMeasure(Action[MeasureInput, Measure]):
    """Ask that a service be put into one of its declared modes (申请应急措施); a second person approves.

    Raises NoSuchService, NoSuchMode, MeasureTooLong, MeasureInForce.
    """

    name = "resources.ask_measure"
    permission = OPERATE
    title = _("申请应急措施")

    def check(self, actor: Actor, given: MeasureInput) -> None:
        """A person asks, so that another person can be told apart."""
        if actor.account_id is None:
            raise NotPermitted

    def perform(self, actor: Actor, given: MeasureInput) -> Measure:
        """Write down what is asked for."""
        measure = _draw_up(actor, given)
        measure.save()
        note(self, measure, "resources.measure_asked")
        return measure


class PauseAtOnce(AskMeasure):
    """Put a service into a declared mode at once, alone (先行处置); somebody else reviews it afterwards."""

    name = "resources.pause_at_once"
    permission = OPERATE
    title = _("先行处置")

    def perform(self, actor: Actor, given: MeasureInput) -> Measure:
        """Put it in force."""
        measure = _draw_up(actor, given)
        measure.at_once = True
        begin(measure)
        measure.save()
        note(self, measure, "resources.measure_begun")
        return measure


def _draw_up(actor: Actor, given: MeasureInput) -> Measure:
    declared = service(given.service)
    mode: Mode | None = next((mode for mode in declared.modes if mode.code == given.mode), None)
    if mode is None:
        raise NoSuchMode
    if given.minutes > mode.longest_minutes:
        raise MeasureTooLong(most=mode.longest_minutes)
    same = Measure.objects.filter(service=given.service, mode=given.mode, state__in=[State.ASKED, State.ACTIVE])
    if same.exists():
        raise MeasureInForce
    return Measure(
        service=given.service,
        mode=given.mode,
        title=mode.title,
        notice=str(_("{notice}原因：{reason}。")).format(notice=mode.notice, reason=given.reason.rstrip("。")),
        reason=given.reason,
        pauses=mode.pauses,
        holds=mode.holds,
        banner=mode.banner,
        drill=given.drill,
        minutes=given.minutes,
        state=State.ASKED,
        asked_by_id=actor.account_id,
        asked_by_name=actor.name,
    )


def begin(measure: Measure) -> None:
    """Put a measure in force for its time."""
    measure.state, measure.starts_at = State.ACTIVE, now()
    measure.ends_at = now() + timedelta(minutes=measure.minutes)


def note(action: Action, measure: Measure, event: str) -> None:
    """Put it on record, announce it, and let this process know at once; the others learn with their next pulse."""
    facts = {"service": measure.service, "mode": measure.mode, "drill": measure.drill, "at_once": measure.at_once}
    action.about(measure, minutes=measure.minutes, reason=measure.reason, **facts)
    action.emit(event, measure.pk, **facts)
    transaction.on_commit(pulse.learn)
