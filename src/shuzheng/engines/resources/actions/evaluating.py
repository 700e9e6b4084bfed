"""Evaluate objectives (计算服务目标): states renewed, alerts opened and closed, measures ended when their time is up."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.engines.resources.evaluation import Evaluation, Standing, evaluate
from shuzheng.engines.resources.models import Alert, Counter, Measure, ServiceState
from shuzheng.engines.resources.models.counter import Span
from shuzheng.engines.resources.objectives import Burn
from shuzheng.engines.resources.policies import EVALUATE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

#: How long rows of counts are kept.
KEEP = {Span.MINUTE: timedelta(days=2), Span.DAY: timedelta(days=400)}
FIELDS = (
    "state", "objectives", "waiting", "queue_seconds", "wanted", "workers", "web", "move", "reason",
    "web_reason", "calm_since", "web_calm_since", "evaluated_at",
)  # fmt: skip
Place = tuple[str, str, str]


class EvaluateObjectivesInput(Input):
    """Nothing: every service is evaluated."""


class ObjectivesEvaluated(BaseModel):
    """What changed."""

    services: int
    opened: int
    closed: int
    ended: int


class EvaluateObjectives(Action[EvaluateObjectivesInput, ObjectivesEvaluated]):
    """Work out how every service stands, alert where a budget burns too fast, end measures whose time is up.

    Done twice in a row it changes nothing the second time.
    """

    name = "resources.evaluate_objectives"
    permission = EVALUATE
    title = _("计算服务目标")

    def perform(self, actor: Actor, given: EvaluateObjectivesInput) -> ObjectivesEvaluated:
        """Renew states, then alerts and measures."""
        evaluations = evaluate()
        ServiceState.objects.bulk_create(
            [evaluation.row for evaluation in evaluations],
            update_conflicts=True,
            unique_fields=["service"],
            update_fields=FIELDS,
        )
        ServiceState.objects.exclude(service__in=[e.service.code for e in evaluations]).delete()
        opened, closed = self._alert(evaluations)
        ended = self._end()
        if opened or closed or ended:
            self.about(None, opened=opened, closed=closed, ended=ended)
        return ObjectivesEvaluated(services=len(evaluations), opened=opened, closed=closed, ended=ended)

    def _alert(self, evaluations: list[Evaluation]) -> tuple[int, int]:
        open_now: dict[Place, Alert] = {
            (alert.service, alert.objective, alert.rule): alert
            for alert in Alert.objects.select_for_update().filter(closed_at=None).order_by("pk")
        }
        opened = closed = 0
        for evaluation in evaluations:
            for standing in evaluation.standings:
                for burn in standing.burns:
                    alert = open_now.pop((evaluation.service.code, standing.objective.code, burn.rule.code), None)
                    if alert is None and burn.firing:
                        self._open(evaluation, standing, burn)
                        opened += 1
                    elif alert is not None and burn.over:
                        self._close(alert)
                        closed += 1
        for alert in open_now.values():  # its rule is declared no more
            self._close(alert)
            closed += 1
        return opened, closed

    def _open(self, evaluation: Evaluation, standing: Standing, burn: Burn) -> None:
        alert = Alert.objects.create(
            service=evaluation.service.code,
            objective=standing.objective.code,
            rule=burn.rule.code,
            severity=burn.rule.severity,
            burn_long=burn.long,
            burn_short=burn.short,
        )
        self._tell("resources.alert_opened", alert)

    def _close(self, alert: Alert) -> None:
        alert.closed_at = now()
        alert.save(update_fields=["closed_at"])
        self._tell("resources.alert_closed", alert)

    def _tell(self, event: str, alert: Alert) -> None:
        self.emit(event, alert.pk, service=alert.service, objective=alert.objective, severity=alert.severity)

    def _end(self) -> int:
        over = Measure.objects.select_for_update().filter(state=Measure.State.ACTIVE, ends_at__lte=now())
        found = list(over.order_by("pk"))
        for measure in found:
            measure.state, measure.ended_by_name = Measure.State.ENDED, str(_("到期自动恢复"))
            measure.save(update_fields=["state", "ended_by_name"])
            self.emit("resources.measure_ended", measure.pk, service=measure.service, drill=measure.drill)
        return len(found)


class ForgetCountersInput(Input):
    """Nothing: what is old enough goes."""


class CountersForgotten(BaseModel):
    """How many rows went."""

    rows: int


class ForgetCounters(Action[ForgetCountersInput, CountersForgotten]):
    """Delete counts of minutes after two days, of days after four hundred (清理服务计数)."""

    name = "resources.forget_counters"
    permission = EVALUATE
    title = _("清理服务计数")

    def perform(self, actor: Actor, given: ForgetCountersInput) -> CountersForgotten:
        """Delete them; a second time there are none."""
        old = Q()
        for span, age in KEEP.items():
            old |= Q(span=span, start__lt=now() - age)
        rows, _by_model = Counter.objects.filter(old).delete()
        self.about(None, rows=rows)
        return CountersForgotten(rows=rows)
