"""Payouts: a batch is made, checked and released by three different people; each line is paid once at most."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.payment import ledger
from shuzheng.engines.payment.errors import BatchInvalid, BatchNotReady, SamePerson
from shuzheng.engines.payment.models import PayoutBatch, PayoutLine
from shuzheng.engines.payment.money import yuan
from shuzheng.engines.payment.numbers import trade_number
from shuzheng.engines.payment.payee_list import Payee, read
from shuzheng.engines.payment.policies import CHECK_PAYOUT, MAKE_PAYOUT, RELEASE_PAYOUT
from shuzheng.engines.trust.crypto import blind_index
from shuzheng.engines.vocabulary.divisions import lineage
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now, today

State = PayoutBatch.State


class MakeBatchInput(Input):
    """A list of payees under a programme."""

    programme: str = Field(min_length=2, max_length=120, pattern=r"^[^:]+$")
    title: str = Field(min_length=2, max_length=200)
    channel: str = Field(max_length=20)
    division_code: str = Field(pattern=r"^\d{12}$")
    #: CSV with the heading 姓名,账号,金额; amounts in yuan.
    rows: str = Field(min_length=1, max_length=2_000_000)


class MakeBatch(Action[MakeBatchInput, PayoutBatch]):
    """Make a batch from a list (发放制单). Raises BatchInvalid, which names every bad row and limit."""

    name = "payment.make_batch"
    permission = MAKE_PAYOUT
    title = _("发放制单")

    def scope(self, actor: Actor, given: MakeBatchInput) -> str:
        """Make it in one's own division."""
        return ".".join(lineage(given.division_code))

    def check(self, actor: Actor, given: MakeBatchInput) -> None:
        """A person makes it."""
        if actor.account_id is None:
            raise NotPermitted

    def perform(self, actor: Actor, given: MakeBatchInput) -> PayoutBatch:
        """Check the list against the limits and keep it."""
        assert actor.account_id is not None
        payees, problems = read(given.rows, settings.PAYOUT_LIMITS["line"])
        total = sum(payee.amount for payee in payees)
        problems += _beyond_limits(given.programme, total)
        if problems:
            raise BatchInvalid(*problems)
        batch = PayoutBatch.objects.create(
            number=trade_number("B"),
            programme=given.programme,
            title=given.title,
            channel=given.channel,
            division_path=".".join(lineage(given.division_code)),
            day=today(),
            count=len(payees),
            total=total,
            made_by=actor.name,
            maker_id=actor.account_id,
        )
        PayoutLine.objects.bulk_create([_line(batch, place, payee) for place, payee in enumerate(payees, 1)])
        self.about(batch, division=str(batch.division_path), count=batch.count, total=total)
        return batch


def _line(batch: PayoutBatch, place: int, payee: Payee) -> PayoutLine:
    return PayoutLine(
        batch=batch,
        sequence=place,
        payee_name=payee.name,
        account=payee.account,
        account_index=blind_index(payee.account, "payment.payout"),
        amount=payee.amount,
    )


def _beyond_limits(programme: str, total: int) -> list[FieldProblem]:
    limits, problems = settings.PAYOUT_LIMITS, []
    if total > limits["batch"]:
        text = _("合计 {total} 元，超过每批限额 {most} 元。")
        problems.append(FieldProblem("rows", str(text).format(total=yuan(total), most=yuan(limits["batch"]))))
    others = PayoutBatch.objects.filter(programme=programme, day=today()).exclude(state=State.RETURNED)
    today_ = (others.aggregate(sum=Sum("total"))["sum"] or 0) + total
    if today_ > limits["day"]:
        text = _("这个项目今天合计 {total} 元，超过每日限额 {most} 元。")
        problems.append(FieldProblem("rows", str(text).format(total=yuan(today_), most=yuan(limits["day"]))))
    return problems


class BatchInput(Input):
    """Which batch, and what to say of it."""

    batch_id: UUID
    note: str = Field(default="", max_length=500)


class OnBatch(Action[BatchInput, PayoutBatch]):
    """Base of what a second and a third person do with a batch."""

    ready: tuple[str, ...] = ()

    def scope(self, actor: Actor, given: BatchInput) -> str:
        """Lock the batch; the permission must be held in its division."""
        self.batch = locked_batch(given.batch_id)
        return str(self.batch.division_path)

    def check(self, actor: Actor, given: BatchInput) -> None:
        """Refuse the platform, whoever did another step, and the wrong moment. Raises SamePerson, BatchNotReady."""
        if actor.account_id is None:
            raise NotPermitted
        if actor.account_id in (self.batch.maker_id, self.batch.checker_id):
            raise SamePerson
        if self.batch.state not in self.ready:
            raise BatchNotReady(state=self.batch.get_state_display())
        self.about(self.batch, division=str(self.batch.division_path), total=self.batch.total)


class CheckBatch(OnBatch):
    """Check a batch (发放复核); never its maker. Raises SamePerson, BatchNotReady."""

    name = "payment.check_batch"
    permission = CHECK_PAYOUT
    title = _("发放复核")
    ready = (State.MADE,)

    def perform(self, actor: Actor, given: BatchInput) -> PayoutBatch:
        """Note who checked."""
        self.batch.state, self.batch.checked_by, self.batch.checked_at = State.CHECKED, actor.name, now()
        self.batch.checker_id = actor.account_id
        self.batch.save()
        return self.batch


class ReturnBatch(OnBatch):
    """Return a batch that is wrong (退回发放批次); nothing of it is paid. Raises SamePerson, BatchNotReady."""

    name = "payment.return_batch"
    permission = CHECK_PAYOUT
    title = _("退回发放批次")
    ready = (State.MADE, State.CHECKED)

    def perform(self, actor: Actor, given: BatchInput) -> PayoutBatch:
        """End it."""
        self.batch.state, self.batch.note = State.RETURNED, given.note
        self.batch.save(update_fields=["state", "note"])
        return self.batch


class ReleaseBatch(OnBatch):
    """Release a checked batch (放款); neither its maker nor its checker. Raises SamePerson, BatchNotReady."""

    name = "payment.release_batch"
    permission = RELEASE_PAYOUT
    title = _("放款")
    ready = (State.CHECKED,)

    def perform(self, actor: Actor, given: BatchInput) -> PayoutBatch:
        """Book the money as on its way; a job sends it."""
        batch = self.batch
        batch.state, batch.released_by, batch.released_at = State.RELEASED, actor.name, now()
        batch.releaser_id = actor.account_id
        batch.save()
        book_move(batch, f"release:{batch.pk}", "sent", batch.channel, "funds", batch.programme, batch.total)
        self.emit("payment.payout_released", batch.pk, total=batch.total)
        return batch


def book_move(batch: PayoutBatch, key: str, debited: str, whose: str, credited: str, whom: str, amount: int) -> None:
    """Book money of a batch that moves from one subject's account to another's, e.g. from ``funds`` to ``sent``."""
    amounts = [ledger.debit(f"{debited}:{whose}", amount), ledger.credit(f"{credited}:{whom}", amount)]
    ledger.book(key, str(_("发放 {title}")).format(title=batch.title), amounts)


def locked_batch(batch_id: UUID) -> PayoutBatch:
    """Lock a batch. Raises NotFound."""
    batch = PayoutBatch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    return batch
