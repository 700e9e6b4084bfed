"""Letters of cases (文书): register, write and seal, write anew; none of it locks the case or makes an act wait."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.errors import LetterNotWaiting
from shuzheng.engines.casework.letters import composing, issuing, numbering
from shuzheng.engines.casework.letters.matter import Matter
from shuzheng.engines.casework.letters.rules import DECISIONS, LetterRule, Occasion, rule_for
from shuzheng.engines.casework.letters.said import decision_of, occasion_of, said
from shuzheng.engines.casework.letters.values import values_of
from shuzheng.engines.casework.models import Decision, Letter, Standing
from shuzheng.engines.casework.policies import HANDLE
from shuzheng.engines.casework.queries.case import WholeCase, whole_case
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.identity.queries import unit as unit_by_id
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.definition import NoDefinition
from shuzheng.kernel.error import NotFound, NotPermitted, ShuzhengError, Unavailable
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import local, now
from shuzheng.kernel.policy import OFFICER

State = Letter.State
log = structlog.get_logger()


class RegisterLetterInput(Input):
    """The event of the act."""

    case_id: UUID
    #: CloudEvents envelope: id, type, subject, time, data.
    event: dict[str, Any]


class RegisterLetter(Action[RegisterLetterInput, Letter | None]):
    """Register the letter that an act gives (文书登记): its number, and what it will say; the same event gives one letter.

    A decision's letter takes the place of the earlier one. One that cannot be filled is kept as FAILED, so that its office
    is told. Returns nothing for an act that gives no letter.
    """

    name = "casework.register_letter"
    permission = EVERYTHING
    title = _("登记文书")

    def perform(self, actor: Actor, given: RegisterLetterInput) -> Letter | None:
        """Number it and write down what fills it."""
        known = Letter.objects.filter(event_id=given.event["id"]).first()
        if known is not None:
            return known
        whole = whole_case(given.case_id)
        decision = decision_of(given.event, whole)
        occasion = occasion_of(given.event, decision)
        rule = rule_for(whole.item.letters, occasion) if occasion else None
        unit_id = whole.case.handling_unit_id or whole.case.receiving_unit_id
        if occasion is None or rule is None or unit_id is None:
            return None
        letter = _drawn_up(given.event, whole, decision, rule, unit_by_id(unit_id))
        case = whole.case
        self.about(letter, case_id=case.pk, division=str(case.division_path), occasion=str(occasion))
        if letter.state == State.FAILED:
            self.emit("casework.letter_failed", letter.pk, **_told(letter))
        return letter


def _drawn_up(
    event: dict[str, Any], whole: WholeCase, decision: Decision | None, rule: LetterRule, unit: OrgUnit
) -> Letter:
    """Return the new letter, or that which somebody else registered for the event at the same moment."""
    letter = Letter(
        case=whole.case,
        occasion=rule.occasion,
        event_id=event["id"],
        event={name: event[name] for name in ("id", "type", "subject", "time", "data")},
        decision_id=decision.pk if decision else None,
        rule=rule.model_dump(mode="json"),
        template_id=composing.template_in_force(rule.template),
        unit_id=unit.pk,
        word=rule.word,
        year=_time(event).year,
        written_at=_time(event),
        # A decision that was corrected before its letter came to be written is not the last word.
        superseded_at=decision.superseded_at if decision else None,
    )
    try:
        with transaction.atomic():
            letter.serial = numbering.next_serial(unit, letter.word, letter.year)
            letter.number = numbering.number_of(unit, letter.word, letter.year, letter.serial)
            if rule.occasion in DECISIONS and letter.superseded_at is None:
                letter.supersedes = _take_the_place(letter)
            _fill_or_fail(letter, whole, unit)
            letter.save(force_insert=True)
    except IntegrityError:
        return Letter.objects.get(event_id=event["id"])
    return letter


def _take_the_place(letter: Letter) -> Letter | None:
    """End the letter of the earlier decision, and return it."""
    earlier = Letter.objects.filter(case_id=letter.case_id, occasion__in=list(DECISIONS), superseded_at=None)
    before = earlier.order_by("-written_at", "-id").first()
    if before is not None:
        before.superseded_at = now()
        before.changed("superseded_at")
    return before


def _fill_or_fail(letter: Letter, whole: WholeCase, unit: OrgUnit) -> None:
    """Set what a letter says; where that cannot be said, the letter says why, and has no content. Raises Unavailable."""
    try:
        fill(letter, whole, unit)
        return
    except Unavailable:
        raise
    except ShuzhengError as problem:
        letter.problem = str(problem)
    except (ValueError, LookupError):
        log.exception("letter_not_filled", case=str(letter.case_id), occasion=letter.occasion)
        letter.problem = str(_("文书内容没有生成。请核对办件信息和文书模板，再重新生成文书。"))
    letter.state, letter.content = State.FAILED, ""
    letter.title = str(letter.get_occasion_display())


def fill(letter: Letter, whole: WholeCase, unit: OrgUnit) -> None:
    """Set what a letter says, and its title, from its event and the case."""
    occasion, before = Occasion(letter.occasion), letter.supersedes
    matter = Matter(
        whole=whole,
        unit=unit,
        number=letter.number,
        at=_time(letter.event),
        said=said(occasion, letter.event, whole),
        replaces=f"{before.title}（{before.number}）" if before else "",
    )
    letter.values = values_of(occasion, matter)
    try:
        letter.title = composing.title_of(composing.template_of(letter), letter.values)[:200]
    except NoDefinition:
        letter.title = str(letter.get_occasion_display())


def _time(event: dict[str, Any]) -> datetime:
    return local(datetime.fromisoformat(event["time"]))


def _told(letter: Letter) -> dict[str, str]:
    """Return what an event of a letter says."""
    return {"case_id": str(letter.case_id), "occasion": letter.occasion, "unit_id": str(letter.unit_id)}


class LetterInput(Input):
    """Which letter."""

    letter_id: UUID


class _LetterAct(Action[LetterInput, Letter]):
    """What the acts on one letter have in common: it is locked, and its case is named in the audit."""

    letter: Letter

    def scope(self, actor: Actor, given: LetterInput) -> str:
        """Lock the letter; the permission must be held in the division of its case. Raises NotFound."""
        rows = Letter.objects.select_for_update(of=("self",)).select_related("case", "file", "supersedes")
        found = rows.filter(pk=given.letter_id).first()
        if found is None:
            raise NotFound
        self.letter = found
        return str(found.case.division_path)

    def require(self, *states: str) -> None:
        """Refuse a letter that stands elsewhere, or was overtaken by a later act. Raises LetterNotWaiting."""
        if issuing.overtaken(self.letter):
            raise LetterNotWaiting(state=Standing.of(self.letter.state, self.letter.superseded_at or now()).label)
        if self.letter.state not in states:
            raise LetterNotWaiting(state=self.letter.get_state_display())

    def tell(self) -> Letter:
        """Announce where the letter stands now, and return it."""
        letter, case = self.letter, self.letter.case
        self.about(letter, case_id=case.pk, division=str(case.division_path), state=letter.state)
        if letter.state != State.WRITING:
            self.emit(f"casework.letter_{letter.state}", letter.pk, **_told(letter))
        return letter


class IssueLetter(_LetterAct):
    """Write, seal and keep a registered letter (制发文书); an issued one is left alone, so that twice does no harm."""

    name = "casework.issue_letter"
    permission = EVERYTHING
    title = _("制发文书")

    def perform(self, actor: Actor, given: LetterInput) -> Letter:
        """Bring it as far as it goes."""
        before = self.letter.state
        issuing.issue(actor, self.letter)
        return self.tell() if self.letter.state != before else self.letter


class SealLetter(_LetterAct):
    """Seal a letter that waits for it (文书用印), under a grant of one's own.

    Raises LetterNotWaiting, NoSealForLetter, NotGranted, NeedsApproval and what else the stamping desk raises.
    """

    name = "casework.seal_letter"
    permission = OFFICER
    title = _("文书用印")

    def scope(self, actor: Actor, given: LetterInput) -> str:
        """Lock the letter; holding a grant of the seal replaces a permission in the division."""
        super().scope(actor, given)
        return ""

    def perform(self, actor: Actor, given: LetterInput) -> Letter:
        """Stamp it; the grant decides who may."""
        self.require(State.UNSEALED)
        issuing.seal(actor, self.letter)
        return self.tell()


class RewriteLetter(_LetterAct):
    """Write a letter anew that could not be generated or sealed (重新生成文书), with the template in force and the case as it is.

    Its number stays. Raises LetterNotWaiting, NotPermitted.
    """

    name = "casework.rewrite_letter"
    permission = HANDLE
    title = _("重新生成文书")

    def check(self, actor: Actor, given: LetterInput) -> None:
        """Refuse officials of other offices."""
        if actor.channel != "system" and self.letter.unit_id not in actor.unit_ids:
            raise NotPermitted

    def perform(self, actor: Actor, given: LetterInput) -> Letter:
        """Fill it again and issue it."""
        self.require(State.WRITING, State.FAILED, State.UNSEALED)
        letter = self.letter
        letter.template_id, letter.file = composing.template_in_force(letter.rule["template"]), None
        letter.state = State.WRITING
        _fill_or_fail(letter, whole_case(letter.case_id), unit_by_id(letter.unit_id))
        letter.changed("template_id", "content", "title", "state", "problem", "file")
        if letter.content:
            issuing.issue(Actor.system(actor.name), letter)
        return self.tell()
