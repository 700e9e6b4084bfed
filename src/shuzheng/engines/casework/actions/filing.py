"""Filing (提交申请): from answers and materials to a case with a number, a first task and a running clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.casework import licences
from shuzheng.engines.casework.amending import keep_answers
from shuzheng.engines.casework.casefile import CaseFile, new_file
from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.eligibility import check_applicant
from shuzheng.engines.casework.errors import DraftGone, NotEligible
from shuzheng.engines.casework.letters.addressing import ServiceChoice
from shuzheng.engines.casework.materials import GivenMaterial, new_materials, wanted_of
from shuzheng.engines.casework.models import Case, Material, NumberReservation, ServiceAddress
from shuzheng.engines.casework.numbers import number_code
from shuzheng.engines.casework.policies import ACCEPT
from shuzheng.engines.casework.serving import place_served
from shuzheng.engines.casework.units import owning_unit
from shuzheng.engines.forms.engine import CompiledForm, FormContext, form_of, prefill, validate
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.vocabulary.models import Division
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.definition import Stored, get
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now, today
from shuzheng.kernel.number import reserve_case_numbers
from shuzheng.kernel.policy import SIGNED_IN, may


class FileCaseInput(Input):
    """An application."""

    item_code: str = Field(max_length=120)
    #: Where the applicant lives or trades, or where the matter lies; decides which unit handles it.
    division_code: str = Field(pattern=r"^\d{12}$")
    #: Raw answers to the item's form, validated by it.
    answers: dict[str, Any] = {}
    #: Why an answer that government provided was changed, by path.
    reasons: dict[str, str] = {}
    materials: list[GivenMaterial] = Field(default=[], max_length=100)
    #: Draft that this application ends.
    draft_id: UUID | None = None
    #: A number reserved before, at a window.
    number: str = ""
    #: GeoJSON geometry of what the case is about.
    location: dict[str, Any] | None = None
    #: How letters are to be served; may be confirmed later.
    service: ServiceChoice | None = None
    #: Applicant, when an official files at the window for somebody present.
    applicant: Party | None = None
    synthetic: bool = False


class FileCase(Action[FileCaseInput, Case]):
    """File an application (提交申请).

    Validates the answers by the item's form, checks mandate, assurance and materials, takes a number, opens the first
    step and starts the acceptance clock. Raises InvalidInput, NotEligible, ServedElsewhere, AssuranceTooLow, NoUnit,
    NoDefinition, DraftGone.
    """

    name = "casework.file_case"
    permission = SIGNED_IN
    title = _("提交申请")

    def perform(self, actor: Actor, given: FileCaseInput) -> Case:
        """Build the case and everything that belongs to it, and write it in one go."""
        stored: Stored[ServiceItemDefinition] = get("service_item", given.item_code)
        item, place = stored.body, place_served(stored.body, given.division_code)
        party = self._party(actor, given)
        check_applicant(actor, item, party)
        form, process = form_of(get("form", item.form)), get("process", item.process)
        known = prefill(form, actor, party, purpose=item.code)
        answers = validate(
            form, given.answers, FormContext(actor=actor, party=party, prefill=known), reasons=given.reasons
        )
        case = self._case(actor, given, stored, party, place)
        case.form_id, case.process_id = form.id, process.id
        keep_answers(case, form, answers.values)
        case.corrections = [asdict(correction) for correction in answers.corrections]
        case.location = given.location or _location(form, answers.values)
        file = new_file(case, self.unit)
        wanted = wanted_of(item, form, answers.values)
        held = licences.held_for(party, wanted)
        materials = new_materials(actor, case, wanted, given.materials, held)
        licences.use(actor, case, held, {one.code for one in given.materials if one.way == "licence" and not one.files})
        address = [given.service.address_for(case, actor)] if given.service else []
        self._open(actor, file, [*materials, *address])
        if given.draft_id is not None:
            _end_draft(actor, given.draft_id)
        return case

    def _party(self, actor: Actor, given: FileCaseInput) -> Party:
        """Return on whose behalf the application is made."""
        if given.applicant is not None:
            if not may(actor, ACCEPT):
                raise NotPermitted
            return given.applicant
        if actor.party is None:
            raise NotEligible(FieldProblem("applicant", str(_("请先选择为谁办理。"))))
        return actor.party

    def _case(
        self,
        actor: Actor,
        given: FileCaseInput,
        stored: Stored[ServiceItemDefinition],
        party: Party,
        place: Division,
    ) -> Case:
        item = stored.body
        unit_id, path = owning_unit(item, place)
        return Case(
            number=self._number(given, item, place),
            item_id=stored.id,
            item_code=item.code,
            title=item.title,
            applicant_kind=party.kind,
            applicant_id=party.id,
            applicant_name=party.name,
            operator_id=actor.person_id,
            operator_name=actor.name,
            mandate_id=actor.mandate_id,
            assurance=actor.assurance,
            channel=actor.channel,
            division_code=place.code,
            division_path=path,
            receiving_unit_id=unit_id,
            handling_unit_id=unit_id,
            lead_unit_id=unit_id,
            secrecy=item.secrecy,
            filed_at=now(),
            synthetic=given.synthetic,
        )

    def _number(self, given: FileCaseInput, item: ServiceItemDefinition, place: Division) -> str:
        if not given.number:
            return reserve_case_numbers(place.code, number_code(item), today())[0]
        used = NumberReservation.objects.filter(
            number=given.number, item_code=item.code, division_code=place.code, used_at=None
        ).update(used_at=now())
        if not used:
            raise InvalidInput(FieldProblem("number", str(_("这个办件编号没有预留，或已经用过。请重新取号。"))))
        return given.number

    def _open(self, actor: Actor, file: CaseFile, others: list[Material | ServiceAddress]) -> None:
        case = file.case
        self.about(case, case_id=case.pk, division=str(case.division_path), item=case.item_code, channel=case.channel)
        file.clocks.start(file.item.clock_rules["acceptance"])
        file.begin(actor)
        file.tell(actor, self.name, _("您的申请已提交，等待受理。"))
        file.save(*others)
        self.emit("casework.case_filed", case.pk, number=case.number, item=case.item_code, division=case.division_code)


def _end_draft(actor: Actor, draft_id: UUID) -> None:
    """Delete the draft that became this case. Raises DraftGone, so that of two filings at once one stays."""
    deleted, _by_model = Draft.objects.filter(pk=draft_id, account_id=actor.account_id).delete()
    if not deleted:
        raise DraftGone


def _location(form: CompiledForm, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the first point among the answers as GeoJSON."""
    for question in form.questions():
        point = values.get(question.code) if question.element.datatype == "geo_point" else None
        if point:
            return {"type": "Point", "coordinates": [point["longitude"], point["latitude"]]}
    return None
