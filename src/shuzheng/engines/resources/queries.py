"""Reading how the services stand: the board, one service, its last weeks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from shuzheng.engines.resources import counters, objectives
from shuzheng.engines.resources.definitions import KIND, Objective, SupportService
from shuzheng.engines.resources.models import Alert, Measure, ProcessEvent, ServiceState
from shuzheng.engines.resources.services import service
from shuzheng.kernel.definition import listing
from shuzheng.kernel.moment import local, now, today
from shuzheng.kernel.page import Page, page

#: An evaluation older than so many seconds is shown as out of date.
STALE = 180
OPEN = (Measure.State.ASKED, Measure.State.ACTIVE)
BADNESS: dict[str, int] = {state: rank for rank, state in enumerate(objectives.ORDER)}


@dataclass
class Standing:
    """A service and how it stands."""

    service: SupportService
    state: ServiceState | None
    alerts: list[Alert] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)

    @property
    def stale(self) -> bool:
        """Say whether the evaluation is missing or out of date, so that its figures say nothing of now."""
        return self.state is None or (now() - self.state.evaluated_at).total_seconds() > STALE


def board() -> list[Standing]:
    """Return every declared service, those in trouble first, in four statements."""
    states = ServiceState.objects.in_bulk()
    found = {stored.key: Standing(stored.body, states.get(stored.key)) for stored in listing(KIND)}
    for alert in Alert.objects.filter(closed_at=None).order_by("severity", "-opened_at"):
        if alert.service in found:
            found[alert.service].alerts.append(alert)
    for measure in open_measures():
        if measure.service in found:
            found[measure.service].measures.append(measure)
    return sorted(found.values(), key=lambda standing: (-_badness(standing), standing.service.code))


def _badness(standing: Standing) -> int:
    return BADNESS[standing.state.state] if standing.state else 0


def open_measures() -> list[Measure]:
    """Return the measures that wait for approval, are in force, or still have to be reviewed."""
    unreviewed = Measure.objects.filter(at_once=True, decided_at=None, state=Measure.State.ENDED)
    return list((Measure.objects.filter(state__in=OPEN) | unreviewed).order_by("-asked_at"))


def standing(code: str) -> Standing:
    """Return one service with its open alerts and measures. Raises NoSuchService."""
    found = Standing(service(code), ServiceState.objects.filter(pk=code).first())
    found.alerts = list(Alert.objects.filter(service=code, closed_at=None).order_by("severity", "-opened_at"))
    found.measures = [measure for measure in open_measures() if measure.service == code]
    return found


def past_alerts(code: str, after: str | None) -> Page[Alert]:
    """Return a service's closed alerts, the latest first."""
    return page(Alert.objects.filter(service=code, closed_at__isnull=False), order=("-opened_at", "id"), after=after)


def past_measures(code: str, most: int = 10) -> list[Measure]:
    """Return the last measures of a service, whatever became of them."""
    return list(Measure.objects.filter(service=code).order_by("-asked_at")[:most])


def daily_shares(code: str, wanted: Iterable[Objective], days: int) -> dict[str, dict[date, float]]:
    """Return the share of good outcomes in percent by objective and day; days without any are left out."""
    rows = counters.days(days, code).get(code, [])
    return {
        objective.code: {
            local(start).date(): round(100 * kept, 3)
            for start, count in rows
            if (kept := objectives.share(objective, count)) is not None
        }
        for objective in wanted
    }


def last_days(many: int) -> list[date]:
    """Return the last days, the earliest first, today included."""
    return [today() - timedelta(days=back) for back in range(many - 1, -1, -1)]


def scaling() -> list[ServiceState]:
    """Return the services that have a scaling policy, with the processes there should be."""
    return list(ServiceState.objects.exclude(wanted=None).order_by("service"))


def measure(measure_id: UUID) -> Measure | None:
    """Return a measure, or ``None``."""
    return Measure.objects.filter(pk=measure_id).first()


def process_events(after: str | None = None) -> Page[ProcessEvent]:
    """Return one page of what supervisors did to processes, the latest first."""
    return page(ProcessEvent.objects.all(), order=("-at", "-id"), after=after)


def failing_processes() -> list[ProcessEvent]:
    """Return the processes that are in a crash loop now."""
    return list(ProcessEvent.objects.filter(kind=ProcessEvent.Kind.CRASH_LOOP, resolved_at=None).order_by("-at")[:20])
