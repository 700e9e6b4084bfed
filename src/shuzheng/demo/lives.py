"""What happens to one case, from filing to rating or to wherever the present finds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from shuzheng.demo import paying
from shuzheng.demo.matters import Matter
from shuzheng.demo.office import home_moment, office_moment
from shuzheng.demo.people import People
from shuzheng.engines.casework.actions.asking import AnswerTask, Consult, SuperviseCase
from shuzheng.engines.casework.actions.deciding import ApproveCase, RejectCase, WithdrawCase
from shuzheng.engines.casework.actions.filing import FileCase
from shuzheng.engines.casework.actions.intake import AcceptCase, AskSupplement, RefuseAcceptance, Supply
from shuzheng.engines.casework.actions.pausing import DecideExtension, RequestExtension
from shuzheng.engines.casework.actions.paying import RecordPayment
from shuzheng.engines.casework.actions.rating import FOLLOW_UP, RateCase
from shuzheng.engines.casework.actions.working import AddNote, ForwardStep, TakeTask
from shuzheng.engines.casework.models import Case, Task
from shuzheng.engines.identity.queries import find_unit
from shuzheng.engines.vocabulary.queries import work_calendar
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.moment import now, today

#: Yields the moment of the next act; resumed at that moment.
Life = Iterator[datetime]
#: Of a hundred cases, how many levels of each a rating has.
RATINGS = ((5, 62), (4, 25), (3, 8), (2, 3), (1, 2))
REASONS = {5: ["quick", "clear"], 4: ["easy"], 3: ["many-papers"], 2: ["slow"], 1: ["slow", "unclear"]}
SAID = {5: "办得很快，没跑腿。", 4: "挺方便的。", 3: "还行。", 2: "等得有点久。", 1: "一直没人告诉我还差什么。"}
#: Acts after which nothing goes on are given up after so many failures.
PATIENCE = 3


@dataclass(frozen=True)
class Traits:
    """What is to become of a case, drawn once."""

    #: How much of the promised time the office takes.
    pace: float = 0.5
    refused: bool = False
    supplement: bool = False
    withdrawn: bool = False
    rejected: bool = False
    consulted: bool = False
    extended: bool = False
    supervised: bool = False
    #: State in which the case is left alone.
    until: str = ""

    @classmethod
    def drawn(cls, chance: Random) -> Traits:
        """Draw what becomes of an ordinary case."""
        roll = chance.random
        pace = chance.choices([0.25, 0.6, 0.95, 1.7], weights=[35, 40, 14, 11])[0] * (0.8 + roll() * 0.4)
        return cls(
            pace=pace,
            refused=roll() < 0.04,
            supplement=roll() < 0.14,
            withdrawn=roll() < 0.03,
            rejected=roll() < 0.06,
            consulted=roll() < 0.05,
            extended=roll() < 0.15,
            supervised=pace > 1.2 and roll() < 0.5,
        )


@dataclass
class Story:
    """One case's life."""

    matter: Matter
    people: People
    chance: Random
    traits: Traits
    case: Case = field(init=False)
    failures: int = 0

    def live(self, day: date) -> Life:
        """File on a day, then go on as the steps of the process want it."""
        yield home_moment(day, self.chance)
        self.case = FileCase.do(self.matter.actor, **self.matter.given(self.people))
        yield from self._go_on()

    def _go_on(self) -> Life:
        acts = self._acts()
        while self.failures < PATIENCE:
            try:
                moment = next(acts, None)
            except ShuzhengError:
                # The platform was faster, e.g. deemed the case accepted: look again at what is open.
                self.failures += 1
                self.case.refresh_from_db()
                acts = self._acts()
                continue
            if moment is None:
                return
            yield moment

    def _acts(self) -> Life:
        while (task := self._open_step()) is not None:
            if self.case.state == self.traits.until:
                return
            yield self._when(task)
            yield from self._act(task)
        yield from self._rate()

    # -- steps ---------------------------------------------------------------------------------------------

    def _open_step(self) -> Task | None:
        steps = Task.objects.filter(case=self.case, kind=Task.Kind.STEP, state=Task.State.OPEN)
        return steps.order_by("opened_at").first()

    def _when(self, task: Task) -> datetime:
        """Return when the office comes to a step: acceptance soon, the rest at the case's pace."""
        limits = self.matter.item.limits
        promised = limits.promised.amount if limits.promised else 10
        days = self.chance.choice([0, 0, 0, 1, 2]) if _offers(task, AcceptCase) else self.traits.pace * promised / 2
        return office_moment(work_calendar(self.case.division_code), now(), days, self.chance)

    def _act(self, task: Task) -> Life:
        officer = self.people.officer(task, self.chance)
        if officer is None:
            self.failures = PATIENCE
        elif self.traits.withdrawn and not _offers(task, AcceptCase):
            self.case = WithdrawCase.do(self.matter.actor, case_id=self.case.pk, reason="暂时不办了。")
            self.failures = PATIENCE
        elif _offers(task, AcceptCase):
            yield from self._accept(officer)
        elif _offers(task, RecordPayment):
            self._pay()
        elif _offers(task, ApproveCase):
            yield from self._decide(officer)
        else:
            yield from self._forward(task, officer)

    def _pay(self) -> None:
        if self.chance.random() < 0.2:
            self.failures = PATIENCE  # whoever has not paid yet is waited for
        else:
            self.case = paying.pay(self.matter.actor, self.case)

    def _accept(self, officer: Actor) -> Life:
        if self.traits.refused:
            remedy = "请到有管辖权的部门申请，或拨打 12345 咨询。"
            self.case = RefuseAcceptance.do(
                officer, case_id=self.case.pk, reason="不属于本部门职权范围。", remedy=remedy
            )
            return
        if self.traits.supplement:
            yield from self._supplement(officer)
        self.case = AcceptCase.do(officer, case_id=self.case.pk, opinion="材料齐全，予以受理。")
        if self.traits.supervised:
            self._supervise()

    def _supplement(self, officer: Actor) -> Life:
        self.traits = replace(self.traits, supplement=False)
        wanted = {"code": "extra", "title": "申请事由的说明材料", "problem": "请补充一份能说明申请事由的材料。"}
        self.case = AskSupplement.do(officer, case_id=self.case.pk, wanted=[wanted])
        if self.traits.until == Case.State.SUPPLEMENT or self.chance.random() < 0.06:
            self.failures = PATIENCE  # whoever never answers is waited for
            return
        yield home_moment(today() + timedelta(days=self.chance.randint(1, 6)), self.chance)
        files = [self.people.paper(self.matter.actor)]
        self.case = Supply.do(self.matter.actor, case_id=self.case.pk, materials=[{"code": "extra", "files": files}])
        yield office_moment(work_calendar(self.case.division_code), now(), 1, self.chance)

    def _forward(self, task: Task, officer: Actor) -> Life:
        if task.assignee_id is None and self.chance.random() < 0.3:
            self.case = TakeTask.do(officer, case_id=self.case.pk, task_id=task.pk)
        if self.traits.extended and self.matter.item.limits.extension:
            yield from self._extend(officer)
        if self.traits.consulted and self.case.state == Case.State.ACCEPTED:
            yield from self._consult(officer)
        if self.chance.random() < 0.08:
            self.case = AddNote.do(officer, case_id=self.case.pk, text="已与申请人电话核对。")
        opinion = self.chance.choice(["情况属实，符合条件。", "材料一致，建议办理。", "已核对，请审批。"])
        self.case = ForwardStep.do(officer, case_id=self.case.pk, opinion=opinion)

    def _consult(self, officer: Actor) -> Life:
        self.traits = replace(self.traits, consulted=False)
        other = find_unit(self.case.division_code, self.chance.choice(["public-security", "justice", "finance"]))
        if other is None:
            return
        Consult.do(
            officer, case_id=self.case.pk, unit_ids=[other.pk], question="请就本申请是否影响你单位职责提出意见。"
        )
        yield office_moment(work_calendar(self.case.division_code), now(), self.chance.choice([0, 1, 2]), self.chance)
        asked = Task.objects.filter(case=self.case, kind=Task.Kind.CONSULT, state=Task.State.OPEN).first()
        answering = self.people.officer(asked, self.chance) if asked else None
        if asked and answering:
            AnswerTask.do(answering, case_id=self.case.pk, task_id=asked.pk, answer="agree", opinion="没有意见。")

    def _extend(self, officer: Actor) -> Life:
        self.traits = replace(self.traits, extended=False)
        RequestExtension.do(officer, case_id=self.case.pk, clock="promised", amount=5, reason="需要进一步核实情况。")
        yield office_moment(work_calendar(self.case.division_code), now(), 0, self.chance)
        asked = Task.objects.filter(case=self.case, kind=Task.Kind.EXTENSION, state=Task.State.OPEN).first()
        leader = self.people.officer(asked, self.chance) if asked else None
        if asked and leader:
            given: dict[str, Any] = {
                "case_id": self.case.pk,
                "task_id": asked.pk,
                "approved": True,
                "opinion": "同意。",
            }
            DecideExtension.do(leader, **given)

    def _supervise(self) -> None:
        supervisor = self.people.on(self.case.handling_unit_id, "supervisor", self.chance)
        if supervisor:
            SuperviseCase.do(supervisor, case_id=self.case.pk, demand="请按期办结并说明进度。", days=5)

    def _decide(self, officer: Actor) -> Life:
        if self.traits.rejected:
            self.case = RejectCase.do(officer, case_id=self.case.pk, reasons="申请条件不符合本事项的规定。")
        else:
            self.case = ApproveCase.do(officer, case_id=self.case.pk, reasons="符合法定条件和标准。")
        yield from ()

    # -- rating --------------------------------------------------------------------------------------------

    def _rate(self) -> Life:
        item_is_follow_up = self.case.item_code == FOLLOW_UP
        if self.case.state != Case.State.CLOSED or item_is_follow_up or self.chance.random() > 0.5:
            return
        if self.traits.until == Case.State.CLOSED:
            return
        yield home_moment(today() + timedelta(days=self.chance.randint(1, 5)), self.chance)
        levels, weights = zip(*RATINGS, strict=True)
        level = self.chance.choices(levels, weights=weights)[0]
        RateCase.do(self.matter.actor, case_id=self.case.pk, level=level, reasons=REASONS[level], text=SAID[level])
        follow_up = Case.objects.filter(item_code=FOLLOW_UP, relations__other=self.case).first() if level <= 2 else None
        if follow_up is not None:
            self.case, self.failures = follow_up, 0
            self.traits = Traits(pace=0.4)
            yield from self._go_on()


def _offers(task: Task, action: type) -> bool:
    return getattr(action, "name", "") in task.acts
