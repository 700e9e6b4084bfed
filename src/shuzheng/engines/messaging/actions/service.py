"""Serving documents in law (送达): the way chosen, each try on record, and the date from which periods run.

Sources: 民事诉讼法 (2023) §87 回证, §88 直接, §89 留置, §90 电子, §91 邮寄, §95 公告 (thirty days); 行政处罚法 §61 and
行政许可法 §44, which send administrative bodies to these rules.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity.models import Person
from shuzheng.engines.messaging.actions.send_message import LINK, SendMessage
from shuzheng.engines.messaging.actions.service_steps import close_served, keep_step
from shuzheng.engines.messaging.errors import WrongState
from shuzheng.engines.messaging.models import LegalService, ServiceStep
from shuzheng.engines.messaging.models.service import Way
from shuzheng.engines.messaging.policies import SERVE, serves_for
from shuzheng.engines.messaging.queries import consent_of
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import local, now, today

#: Public notice takes effect when so many days have passed (民事诉讼法 §95).
NOTICE_DAYS = 30
TEMPLATE = "document-served"
#: Ladder: what must have failed before a way is open.
AFTER: dict[str, frozenset[str]] = {
    Way.LEFT: frozenset({Way.DIRECT}),
    Way.NOTICE: frozenset({Way.DIRECT, Way.MAIL}),
}
Status, Outcome = LegalService.Status, ServiceStep.Outcome


class ServeDocumentInput(Input):
    """Which document is to be served on whom."""

    person_id: UUID
    title: str = Field(min_length=2, max_length=200)
    number: str = Field(default="", max_length=80)
    #: SM3 of the document, hexadecimal.
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    link: str = Field(default="", max_length=300, pattern=LINK)
    case_id: UUID | None = None
    unit_id: UUID | None = None
    #: Not where the recipient chose another way for this document, whatever they consented to in general.
    electronic: bool = True


class ServeDocument(Action[ServeDocumentInput, LegalService]):
    """Serve a document on a person (送达文书): electronically where they agreed, else a service is opened for the other ways.

    With consent it is served the day on which it reaches their inbox (民事诉讼法 §90). The same document of a case
    is served on a person once. Officials serve documents of their own unit that belong to no case: the letters of cases
    are served by the platform. Emits ``messaging.served``. Raises NotFound, NotPermitted.
    """

    name = "messaging.serve_document"
    permission = SERVE
    title = _("送达文书")

    def check(self, actor: Actor, given: ServeDocumentInput) -> None:
        """Refuse officials another unit's documents, and what would pass for the letter of a case."""
        if not serves_for(actor, given.unit_id) or (given.case_id is not None and actor.channel != "system"):
            raise NotPermitted

    def perform(self, actor: Actor, given: ServeDocumentInput) -> LegalService:
        """Open the service and take the first rung of the ladder."""
        # Whoever serves the same person at the same moment waits here, so that no document is served twice.
        if not Person.objects.select_for_update().filter(pk=given.person_id).exists():
            raise NotFound
        same = LegalService.objects.filter(person_id=given.person_id, case_id=given.case_id, digest=given.digest)
        known = same.exclude(status=Status.CANCELLED).first()
        if known is not None:
            return known
        service = LegalService.objects.create(created_at=now(), **given.model_dump(exclude={"electronic"}))
        self.about(service, case_id=given.case_id, digest=given.digest)
        if given.electronic and consent_of(given.person_id) is not None:
            self._electronically(actor, service)
        return service

    def _electronically(self, actor: Actor, service: LegalService) -> None:
        message = SendMessage.do(
            Actor.system("messaging"),
            template=TEMPLATE,
            recipient_person=service.person_id,
            values={"title": service.title, "number": service.number or str(_("无文号"))},
            link=f"/messages/services/{service.pk}/",
            case_id=service.case_id,
            topic=f"service:{service.pk}",
        )
        service.message = message
        step = keep_step(service, actor, Way.ELECTRONIC, Outcome.SERVED, place=str(_("站内消息")))
        close_served(self, service, step, local(message.created_at).date())


class RecordServiceInput(Input):
    """What was done about a service."""

    service_id: UUID
    way: Literal["direct", "mail", "left", "notice"]
    #: ``started``: the letter was posted, the notice published.
    outcome: Literal["started", "served", "failed"]
    #: Address (masked), number of the letter, where the notice hangs.
    place: str = Field(default="", max_length=300)
    #: Who signed and in which quality; witnesses; why it failed.
    note: str = Field(default="", max_length=300)
    #: The day on which it happened; today if not given.
    on: date | None = None


class RecordService(Action[RecordServiceInput, LegalService]):
    """Record a try at service on paper, or a public notice (登记送达), for one's own unit.

    Leaving (留置) follows a refused direct service and needs witnesses; public notice comes last.
    Raises NotFound, NotPermitted, WrongState, InvalidInput.
    """

    name = "messaging.record_service"
    permission = SERVE
    title = _("登记送达")
    service: LegalService

    def scope(self, actor: Actor, given: RecordServiceInput) -> str:
        """Lock the service; the permission must be held in the division of its unit. Raises NotFound."""
        rows = LegalService.objects.select_for_update(of=("self",)).select_related("unit")
        found = rows.filter(pk=given.service_id).first()
        if found is None:
            raise NotFound
        self.service = found
        return str(found.unit.division_path) if found.unit else ""

    def check(self, actor: Actor, given: RecordServiceInput) -> None:
        """Refuse officials of other units."""
        if not serves_for(actor, self.service.unit_id):
            raise NotPermitted

    def perform(self, actor: Actor, given: RecordServiceInput) -> LegalService:
        """Append the step; a notice starts its thirty days, a success ends the service."""
        service = self.service
        if service.status not in (Status.OPEN, Status.UNDER_WAY):
            raise WrongState
        day = given.on or today()
        _check_step(service, given, day)
        step = keep_step(service, actor, given.way, given.outcome, place=given.place, note=given.note, on=day)
        service.status, service.way = Status.UNDER_WAY, given.way
        service.deemed_on = day + timedelta(days=NOTICE_DAYS) if given.way == Way.NOTICE else None
        self.about(service, case_id=service.case_id, way=given.way, outcome=given.outcome)
        if given.outcome == Outcome.SERVED:
            close_served(self, service, step, day)
        else:
            service.save()
        if given.outcome == Outcome.FAILED:
            self.emit("messaging.service_failed", service.pk, case_id=str(service.case_id or ""), way=given.way)
        return service


def _check_step(service: LegalService, given: RecordServiceInput, day: date) -> None:
    """Refuse a rung that is not reached yet, and steps that say too little. Raises WrongState, InvalidInput."""
    if day > today() or day < local(service.created_at).date():
        raise InvalidInput(FieldProblem("on", str(_("日期须在立项之后、今天以前。"))))
    failed = set(ServiceStep.objects.filter(service=service, outcome=Outcome.FAILED).values_list("way", flat=True))
    needed = AFTER.get(given.way)
    if needed and not needed & failed:
        raise WrongState(_("前面的送达方式还没有试过，不能直接使用这种方式。请先登记直接送达或邮寄送达的结果。"))
    if given.way == Way.NOTICE and given.outcome == Outcome.SERVED:
        raise WrongState(_("公告满三十日自动视为送达，请登记为已发起。"))
    if given.way == Way.LEFT and len(given.note) < 2:
        raise InvalidInput(FieldProblem("note", str(_("留置送达须写明见证人和拒收情况。"))))
