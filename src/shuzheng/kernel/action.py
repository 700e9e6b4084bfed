"""Actions: the only way to write. One verb, one class."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar, cast, get_args
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.kernel import audit, metering, outcomes
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import Conflict, InvalidInput, NotFound, NotPermitted, ShuzhengError
from shuzheng.kernel.event import Announcement
from shuzheng.kernel.input import Input, canonical_digest
from shuzheng.kernel.models import IdempotencyRecord
from shuzheng.kernel.pauses import require_running
from shuzheng.kernel.policy import require
from shuzheng.kernel.refusals import worth_recording
from shuzheng.kernel.registry import Registry
from shuzheng.kernel.unit import UnitOfWork, in_unit_of_work, unit_of_work

In = TypeVar("In", bound=Input)
Out = TypeVar("Out")

#: Characters of an idempotency key.
LONGEST_KEY = 200
_actions: Registry[type[Action[Any, Any]]] = Registry("action")


class KeyReused(Conflict):
    """An idempotency key came back with a different input."""

    code = "idempotency-key-reused"
    message = _("这次提交的内容与上一次不同，但用了同一个提交编号。请刷新页面后重新提交。")


class BadKey(InvalidInput):
    """An idempotency key that cannot be kept."""

    code = "idempotency-key-invalid"
    message = _("提交编号（Idempotency-Key）最多 200 个可见字符。请换一个再提交。")


class KeyRequired(InvalidInput):
    """What must not happen twice was asked for without an idempotency key."""

    code = "idempotency-key-required"
    message = _(
        "请求没有带提交编号（Idempotency-Key），没有执行。请为每次办理指定一个编号；重发同一请求时用同一个编号，便不会重复办理。"
    )


class Action(Generic[In, Out]):
    """Base of every action (动作).

    Executing one checks the permission, validates the input, opens the transaction, performs, and writes the audit
    record, the events and the jobs, all or nothing. A subclass gives ``name``, ``permission``, ``title`` and ``perform``.
    """

    #: ``engine.verb_noun``; empty for abstract bases.
    name: ClassVar[str] = ""
    #: Name of a declared permission, or ``policy.PUBLIC``, ``SIGNED_IN``, ``OFFICER``.
    permission: ClassVar[str]
    #: What people call it.
    title: ClassVar[Any]
    #: Lowest level of assurance of the sign-in.
    assurance: ClassVar[int] = 0
    #: Whether nobody may do this without an idempotency key, because a repetition would do harm.
    needs_key: ClassVar[bool] = False
    #: Type of the input; taken from the class's type arguments.
    input: ClassVar[type[Input]]
    #: Type of the result; taken from the class's type arguments.
    output: ClassVar[Any]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Register the action under its name. Raises DuplicateName."""
        super().__init_subclass__(**kwargs)
        for base in cls.__dict__.get("__orig_bases__", ()):
            for argument in get_args(base):
                if isinstance(argument, type) and issubclass(argument, Input):
                    cls.input = argument
                elif not isinstance(argument, TypeVar):
                    cls.output = argument
        if cls.name:
            _actions.add(cls.name, cls)

    def __init__(self, actor: Actor, unit: UnitOfWork) -> None:
        """Bind the action to its actor and its transaction; called by ``do``."""
        self.actor = actor
        self.unit = unit
        self._entry = audit.Entry(kind="act", name=self.name, actor=actor)

    # -- what a subclass may define ------------------------------------------------------------------------

    def scope(self, actor: Actor, given: In) -> str:
        """Return the division path in which the permission must be held; empty means in any."""
        return ""

    def check(self, actor: Actor, given: In) -> None:
        """Refuse what the permission alone cannot decide. Raises NotPermitted or Conflict."""

    def cost(self, actor: Actor, given: In) -> int:
        """Return how much of a connected application's daily limit this takes; asked after ``check``."""
        return 1

    def perform(self, actor: Actor, given: In) -> Out:
        """Do the work inside the transaction and return its result."""
        raise NotImplementedError(self.name)

    @classmethod
    def summarise(cls, result: Out) -> dict[str, Any] | None:
        """Return what is kept of a result so that ``recall`` can return it again."""
        if isinstance(result, models.Model):
            return {"id": str(result.pk)}
        return result.model_dump(mode="json") if isinstance(result, BaseModel) else None

    @classmethod
    def recall(cls, summary: dict[str, Any] | None) -> Out:
        """Return the result of an earlier execution from its summary. Raises NotFound if it was deleted since."""
        if summary is None:
            return cast(Out, None)
        if issubclass(cls.output, models.Model):
            found = cls.output._default_manager.filter(pk=summary["id"]).first()
            if found is None:
                raise NotFound
            return cast(Out, found)
        return cls.output.model_validate(summary)

    # -- what perform may call -----------------------------------------------------------------------------

    def about(
        self,
        subject: models.Model | None = None,
        *,
        case_id: UUID | None = None,
        division: str = "",
        purpose: str = "",
        **detail: Any,
    ) -> None:
        """Fill the audit record: the subject, its case and division path, and facts that are not personal data."""
        entry = self._entry
        if subject is not None:
            entry.subject_type, entry.subject_id = subject._meta.label_lower, str(subject.pk)
        entry.case_id = case_id or entry.case_id
        entry.division = division or entry.division
        entry.purpose = purpose or entry.purpose
        entry.detail.update(detail)

    def emit(self, type: str, subject: object, **data: Any) -> None:
        """Announce an event; its subscribers' jobs are deferred with the commit."""
        self.unit.events.append(Announcement(type=type, subject=str(subject), data=data))

    def later(self, task: Any, *, schedule_at: Any = None, **arguments: Any) -> None:
        """Defer a job with the commit."""
        self.unit.later(task, arguments, schedule_at)

    # -- execution -----------------------------------------------------------------------------------------

    @classmethod
    def admit(cls, actor: Actor) -> None:
        """Refuse, on record, whoever may not do this at all, and everybody while it is paused.

        Raises SignInRequired, NotPermitted, AssuranceTooLow or ServicePaused.
        """
        try:
            require(actor, cls.permission)
            _require_assurance(actor, cls.assurance)
        except NotPermitted as refusal:
            _audit_refusal(cls.name, actor, refusal)
            raise
        require_running(cls.name)

    @classmethod
    def do(
        cls, actor: Actor, given: In | dict[str, Any] | None = None, *, key: str | None = None, **fields: Any
    ) -> Out:
        """Execute the action and return its result.

        ``given`` is the typed input or raw data; ``key`` makes a repetition return the first result.
        Raises SignInRequired, NotPermitted, InvalidInput, KeyRequired, KeyReused and what the action itself raises.
        """
        cls.admit(actor)
        if cls.needs_key and not key:
            raise KeyRequired
        try:
            typed = given if isinstance(given, cls.input) else cls.input.read({**cast(dict, given or {}), **fields})
            with outcomes.observed(f"action:{cls.name}"), unit_of_work(actor.correlation_id) as unit:
                return cls._once(actor, cast(In, typed), unit, key)
        except NotPermitted as refusal:
            _audit_refusal(cls.name, actor, refusal)
            raise

    @classmethod
    def done_before(cls, actor: Actor, key: str) -> Out | None:
        """Return what an earlier execution by the same account under a key returned, or ``None`` if there was none."""
        sender = str(actor.account_id or "")
        record = IdempotencyRecord.objects.filter(sender=sender, action=cls.name, key=key).first()
        return cls.recall(record.result) if record else None

    @classmethod
    def _once(cls, actor: Actor, given: In, unit: UnitOfWork, key: str | None) -> Out:
        if not key:
            return cls(actor, unit)._execute(given)
        record, first = _claim(cls.name, actor, given, key)
        if not first:
            return cls.recall(record.result)
        result = cls(actor, unit)._execute(given)
        record.result = cls.summarise(result)
        record.save(update_fields=["result"])
        return result

    def _execute(self, given: In) -> Out:
        scope = self.scope(self.actor, given)
        if scope:
            require(self.actor, self.permission, scope)
            self._entry.division = scope
        self.check(self.actor, given)
        result = self._metered(given) if self.actor.application_id is not None else self.perform(self.actor, given)
        self.unit.entries.append(self._entry)
        return result

    def _metered(self, given: In) -> Out:
        """Perform between a look at what is left of the day and the taking, so that no call waits for another's work."""
        units = self.cost(self.actor, given)
        metering.require_left(self.actor, self.permission, units)
        result = self.perform(self.actor, given)
        metering.spend(self.actor, self.permission, units)
        return result


class AssuranceTooLow(NotPermitted):
    """The way of signing in does not prove the person well enough for this."""

    code = "assurance-too-low"
    message = _("办理这件事需要更高等级的身份认证。请先完成实名核验，您填写的内容已保留。")


def _require_assurance(actor: Actor, level: int) -> None:
    if actor.assurance < level:
        raise AssuranceTooLow


def _claim(name: str, actor: Actor, given: Input, key: str) -> tuple[IdempotencyRecord, bool]:
    """Take the key, or wait for and return whoever took it first."""
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise BadKey
    sender = str(actor.account_id or "")
    digest = canonical_digest([given, actor.party.id if actor.party else None])
    claim = IdempotencyRecord(sender=sender, action=name, key=key, input_hash=digest)
    IdempotencyRecord.objects.bulk_create([claim], ignore_conflicts=True)
    record = IdempotencyRecord.objects.get(sender=sender, action=name, key=key)
    if record.input_hash != digest:
        raise KeyReused
    return record, record.pk == claim.pk


def _audit_refusal(name: str, actor: Actor, refusal: ShuzhengError) -> None:
    """Record a refused attempt; of actions that call each other, the outermost records it.

    Of strangers' attempts from one address only so many a minute; the next that is recorded says how many were left out.
    """
    if in_unit_of_work():
        return
    left_out = worth_recording(actor.address) if actor.anonymous else 0
    if left_out is None:
        return
    detail = {"code": refusal.code, **({"left_out": left_out} if left_out else {})}
    with transaction.atomic():
        audit.record(audit.Entry(kind="act", name=name, actor=actor, result="refused", detail=detail))


def actions() -> Registry[type[Action[Any, Any]]]:
    """Return every action registered."""
    return _actions


def perform_action(name: str, actor: Actor, data: dict[str, Any], *, key: str | None = None) -> Any:
    """Execute an action by its name, as APIs, processes and the command line do. Raises UnknownName."""
    return _actions[name].do(actor, data, key=key)
