"""From a registered letter to a sealed file (制发): composed, stamped and kept in one savepoint, or a state that says why not."""

from __future__ import annotations

from django.db import transaction

from shuzheng.engines.casework.errors import NoSealForLetter
from shuzheng.engines.casework.letters import composing
from shuzheng.engines.casework.letters.rules import LetterRule
from shuzheng.engines.casework.models import Decision, Letter
from shuzheng.engines.documents.drawing import SealPlace
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.seals import desk, results
from shuzheng.engines.documents.seals.desk import Order
from shuzheng.engines.documents.seals.granting import Wish
from shuzheng.engines.documents.seals.models import Seal
from shuzheng.engines.documents.seals.places import OnPage
from shuzheng.engines.documents.seals.queries import seal_of_unit
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.identity.queries import unit as unit_by_id
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import ShuzhengError, Unavailable
from shuzheng.kernel.moment import now

State = Letter.State
#: Attempts are counted so far, and then no further.
MOST_ATTEMPTS = 30_000
#: What an attempt may change.
FIELDS = ("state", "problem", "attempts", "file", "seal_use_id", "issued_at")


def issue(actor: Actor, letter: Letter) -> None:
    """Bring a locked letter as far as it goes; whatever goes wrong is written on it, and nothing else stays.

    A template that lacks something ends as FAILED, a seal that cannot be used as UNSEALED, storage or fonts that do not
    answer leave it WRITING, to be tried again. An issued letter is left alone, and one that was overtaken stays unissued.
    """
    if letter.state == State.ISSUED or overtaken(letter):
        return
    letter.attempts = min(letter.attempts + 1, MOST_ATTEMPTS)
    letter.problem = ""
    unit = unit_by_id(letter.unit_id)
    try:
        with transaction.atomic():
            _seal_and_keep(actor, letter, unit)
    except Unavailable as problem:
        _note(letter, State.WRITING, problem)
    except _NotSealed as refused:
        _keep_unsealed(letter, refused)
    except ShuzhengError as problem:
        _note(letter, State.FAILED, problem)
    letter.changed(*FIELDS)


def overtaken(letter: Letter) -> bool:
    """Say whether a later act took the letter's place, or set its decision aside: such a letter gets no seal any more."""
    if letter.superseded_at is not None or letter.decision_id is None:
        return letter.superseded_at is not None
    return Decision.objects.filter(pk=letter.decision_id).exclude(superseded_at=None).exists()


def seal(actor: Actor, letter: Letter) -> None:
    """Let a seal holder stamp a letter that waits for it. Raises what ``desk.stamp`` and ``composing.original`` raise."""
    letter.problem = ""
    _seal_and_keep(actor, letter, unit_by_id(letter.unit_id), refuse=True)
    letter.changed(*FIELDS)


def seal_of(unit: OrgUnit, rule: LetterRule) -> Seal:
    """Return the unit's seal that a rule asks for, one in use before others. Raises NoSealForLetter."""
    one = seal_of_unit(unit.pk, rule.seal, rule.seal_purpose)
    if one is None:
        raise NoSealForLetter(unit=unit.name)
    return one


class _NotSealed(Exception):
    """The letter is written, but the seal refused it; carries what to keep."""

    def __init__(self, data: bytes, problem: ShuzhengError) -> None:
        super().__init__(str(problem))
        self.data, self.problem = data, problem


def _seal_and_keep(actor: Actor, letter: Letter, unit: OrgUnit, *, refuse: bool = False) -> None:
    rule = LetterRule.model_validate(letter.rule)
    data, place = composing.original(letter, unit.name)
    if rule.seal != "none":
        try:
            data = _stamped(actor, letter, unit, data, place)
        except Unavailable:
            raise
        except ShuzhengError as problem:
            if refuse:
                raise
            raise _NotSealed(data, problem) from problem
    letter.file = _kept(letter, data)
    letter.state, letter.issued_at = State.ISSUED, now()


def _stamped(actor: Actor, letter: Letter, unit: OrgUnit, data: bytes, place: SealPlace | None) -> bytes:
    rule = LetterRule.model_validate(letter.rule)
    position = OnPage(place.page + 1, place.x, place.y) if place else OnPage(1, 130, 220)
    wish = Wish(rule.document_kind, letter.case.item_code)
    order = Order(seal_of(unit, rule).code, wish, name_of(letter), position, letter.case_id)
    with transaction.atomic():
        data, use = desk.stamp(actor, order, data)
    letter.seal_use_id = use.pk
    return data


def _keep_unsealed(letter: Letter, refused: _NotSealed) -> None:
    try:
        with transaction.atomic():
            letter.file = letter.file or _kept(letter, refused.data)
    except ShuzhengError as problem:
        _note(letter, State.WRITING, problem)
    else:
        _note(letter, State.UNSEALED, refused.problem)


def _kept(letter: Letter, data: bytes) -> StoredFile:
    return results.keep(Actor.system("casework.letters"), data, name_of(letter), results.OFD)


def name_of(letter: Letter, ending: str = "ofd") -> str:
    """Return the file name of a letter."""
    return f"{letter.title}-{letter.number}.{ending}"


def _note(letter: Letter, state: Letter.State, problem: ShuzhengError) -> None:
    letter.state, letter.problem = state, str(problem)
    letter.seal_use_id = letter.issued_at = None
