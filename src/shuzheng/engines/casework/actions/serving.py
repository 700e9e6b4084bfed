"""Serving letters in law (送达): begun by the item's policy once a letter is issued, and noted when it took effect."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.actions.lettering import LetterInput, _LetterAct
from shuzheng.engines.casework.errors import NotYourCase
from shuzheng.engines.casework.letters.addressing import ServiceChoice, person_to_serve
from shuzheng.engines.casework.letters.rules import DECISIONS, LetterRule
from shuzheng.engines.casework.models import Case, Decision, Letter, ServiceAddress
from shuzheng.engines.casework.objecting import reconsider_until, sue_until
from shuzheng.engines.casework.policies import is_applicant
from shuzheng.engines.messaging.actions import ServeDocument
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import SIGNED_IN

State, Way = Letter.State, ServiceAddress.Way


class ServeLetter(_LetterAct):
    """Begin the service of an issued letter by the item's policy (开始送达); once more, and nothing changes.

    With the recipient's consent, and unless they chose otherwise for this case, it is served electronically at once.
    Where there is nobody to serve it on, the letter says so to the desk.
    """

    name = "casework.serve_letter"
    permission = EVERYTHING
    title = _("送达文书")

    def perform(self, actor: Actor, given: LetterInput) -> Letter:
        """Open the service, or say why it can not be."""
        letter = self.letter
        ladder = LetterRule.model_validate(letter.rule).serve
        if not ladder or letter.state != State.ISSUED or letter.service_id or letter.superseded_at:
            return letter
        person = person_to_serve(letter.case.applicant_kind, letter.case.applicant_id)
        if person is None:
            letter.problem = str(_("没有可以送达的人：单位没有登记法定代表人。请补登后重新送达，或者公告送达。"))
            letter.changed("problem")
            self.emit("casework.letter_unservable", letter.pk, case_id=str(letter.case_id), unit_id=str(letter.unit_id))
            return letter
        assert letter.file is not None
        service = ServeDocument.do(
            Actor.system(actor.name),
            person_id=person,
            title=letter.title,
            number=letter.number[:80],
            digest=letter.file.sm3,
            link=f"/cases/{letter.case_id}/letters/{letter.pk}/",
            case_id=letter.case_id,
            unit_id=letter.unit_id,
            electronic="electronic" in ladder and _electronic(letter.case_id),
        )
        letter.service_id, letter.problem = service.pk, ""
        letter.changed("service_id", "problem")
        self.about(letter, case_id=letter.case_id, division=str(letter.case.division_path), service=str(service.pk))
        return letter


def _electronic(case_id: UUID) -> bool:
    """Say whether the applicant chose nothing else for this case; consent itself is messaging's to ask."""
    chosen = ServiceAddress.objects.filter(case_id=case_id).values_list("way", flat=True).first()
    return chosen in (None, Way.ELECTRONIC)


class NoteLetterServedInput(Input):
    """Which service, and the day on which it took effect."""

    service_id: UUID
    case_id: UUID
    digest: str
    date: date
    way: str


class NoteLetterServed(Action[NoteLetterServedInput, Letter | None]):
    """Note on a letter that it was served (登记送达日期), and count the periods for objecting from the day after."""

    name = "casework.note_letter_served"
    permission = EVERYTHING
    title = _("登记文书送达日期")

    def perform(self, actor: Actor, given: NoteLetterServedInput) -> Letter | None:
        """Write the day down; nothing for a service other than the one that was opened for a letter of the case."""
        rows = Letter.objects.select_for_update(of=("self",)).select_related("case")
        letter = rows.filter(service_id=given.service_id, case_id=given.case_id, file__sm3=given.digest).first()
        if letter is None or letter.served_on is not None:
            return letter
        letter.served_on, letter.served_way = given.date, given.way
        letter.changed("served_on", "served_way")
        case = letter.case
        if letter.decision_id and letter.occasion in DECISIONS:
            Decision.objects.filter(pk=letter.decision_id).update(
                reconsider_until=reconsider_until(given.date, case.division_code),
                sue_until=sue_until(given.date, case.division_code),
            )
        self.about(letter, case_id=case.pk, division=str(case.division_path), way=given.way)
        self.emit("casework.letter_served", letter.pk, case_id=str(case.pk), date=given.date.isoformat(), way=given.way)
        return letter


class ConfirmServiceAddressInput(ServiceChoice):
    """For which case."""

    case_id: UUID


class ConfirmServiceAddress(Action[ConfirmServiceAddressInput, None]):
    """Confirm or change how the letters of a case are to be served (确认送达地址); what was served stays served.

    Raises NotFound, NotYourCase, InvalidInput.
    """

    name = "casework.confirm_service_address"
    permission = SIGNED_IN
    title = _("确认送达地址")

    def perform(self, actor: Actor, given: ConfirmServiceAddressInput) -> None:
        """Keep the latest choice."""
        case = Case.objects.filter(pk=given.case_id).defer("answers").first()
        if case is None:
            raise NotFound
        if not is_applicant(actor, case):
            raise NotYourCase
        chosen = given.address_for(case, actor)
        fields: dict[str, Any] = {name: getattr(chosen, name) for name in ("way", "recipient", "address")}
        fields |= {"confirmed_by": actor.person_id, "confirmed_at": chosen.confirmed_at}
        ServiceAddress.objects.update_or_create(case=case, defaults=fields)
        self.about(case, case_id=case.pk, division=str(case.division_path), way=given.way)
