"""Payouts: three people, limits, every bad row named, no line twice."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from shuzheng.engines.payment import jobs
from shuzheng.engines.payment.actions.payouts import CheckBatch, MakeBatch, ReleaseBatch, ReturnBatch
from shuzheng.engines.payment.actions.transferring import RecordTransfers, RetryFailedLines, ReturnFailedLines
from shuzheng.engines.payment.errors import BatchInvalid, BatchNotReady, ChannelDown, ReasonMissing, SamePerson
from shuzheng.engines.payment.models import PayoutBatch, PayoutLine
from shuzheng.engines.payment.payee_list import read, text_of
from shuzheng.engines.payment.policies import CHECK_PAYOUT, MAKE_PAYOUT, RELEASE_PAYOUT
from shuzheng.engines.payment.queries import balance, batches, payout_lines, payout_sums
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.testing.payment import MemoryChannel
from tests.engines.payment.conftest import DIVISION, PLATFORM, clerk

ROWS = "姓名,账号,金额\n张三,6222020001,300.00\n李四,6222020002,300.50\n王五,6222020000,100\n"
ALL = (MAKE_PAYOUT, CHECK_PAYOUT, RELEASE_PAYOUT)


@pytest.fixture
def people(packs: None) -> list[Actor]:
    """Return three officials who each may do everything."""
    return [clerk(name, *ALL) for name in ("制单员", "复核员", "放款员")]


def made(maker: Actor, rows: str = ROWS, **more: Any) -> PayoutBatch:
    """Return a batch made from a list."""
    usual = {"programme": "高龄津贴", "title": "高龄津贴 11 月", "channel": "memory", "division_code": DIVISION}
    return MakeBatch.do(maker, {**usual, "rows": rows, **more})


def released(people: list[Actor]) -> PayoutBatch:
    """Return a batch that three people let go."""
    batch = made(people[0])
    CheckBatch.do(people[1], batch_id=batch.pk)
    return ReleaseBatch.do(people[2], batch_id=batch.pk)


def send(batch: PayoutBatch) -> None:
    """Run the job."""
    jobs.send_payout({"subject": str(batch.pk)})


def states(batch: PayoutBatch) -> list[str]:
    """Return the states of a batch's lines."""
    return [line.state for line in payout_lines(batch).items]


def test_a_batch_is_paid_line_by_line(people: list[Actor], memory: MemoryChannel) -> None:
    batch = released(people)
    assert balance("sent:memory") == 700_50
    for _time in range(2):
        send(batch)
    assert states(batch) == ["paid", "paid", "failed"]
    assert payout_sums(batch) == {"paid": (2, 600_50), "failed": (1, 100_00)}
    assert (balance("sent:memory"), balance("paid:高龄津贴"), balance("funds:高龄津贴")) == (0, 600_50, -600_50)
    batch.refresh_from_db()
    assert batch.state == PayoutBatch.State.DONE
    assert [b.pk for b in batches(people[0]).items] == [batch.pk]


def test_only_failed_lines_are_sent_again(
    people: list[Actor], memory: MemoryChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = released(people)
    send(batch)
    before = dict(memory.transfers)
    failed = batch.lines.get(state="failed")
    RetryFailedLines.do(people[2], batch_id=batch.pk)
    failed.refresh_from_db()
    assert (failed.state, failed.attempt) == ("waiting", 1)
    send(batch)
    fresh = memory.transfers.keys() - before.keys()
    assert fresh == {failed.number}
    assert states(batch) == ["paid", "paid", "failed"]
    assert balance("sent:memory") == 0
    RetryFailedLines.do(people[2], batch_id=batch.pk)
    assert balance("sent:memory") == 100_00


def test_a_lost_answer_pays_nobody_twice(people: list[Actor], memory: MemoryChannel) -> None:
    batch = released(people)
    memory.deaf = True
    with pytest.raises(ChannelDown):
        send(batch)
    assert states(batch) == ["waiting"] * 3
    memory.deaf = False
    jobs.chase()
    assert states(batch) == ["paid", "paid", "failed"]
    assert len(memory.transfers) == 3


def test_three_people_or_nothing(people: list[Actor], memory: MemoryChannel) -> None:
    maker, checker, releaser = people
    batch = made(maker)
    with pytest.raises(SamePerson):
        CheckBatch.do(maker, batch_id=batch.pk)
    with pytest.raises(BatchNotReady):
        ReleaseBatch.do(releaser, batch_id=batch.pk)
    CheckBatch.do(checker, batch_id=batch.pk)
    for same in (maker, checker):
        with pytest.raises(SamePerson):
            ReleaseBatch.do(same, batch_id=batch.pk)
    for action in (CheckBatch, ReleaseBatch):
        with pytest.raises(NotPermitted):
            action.do(PLATFORM, batch_id=batch.pk)
    with pytest.raises(NotPermitted):
        RecordTransfers.do(maker, batch_id=batch.pk, reports=[])
    with pytest.raises(IntegrityError), transaction.atomic():  # not even with a console
        PayoutBatch.objects.filter(pk=batch.pk).update(releaser_id=maker.account_id)


def test_a_returned_batch_pays_nobody(people: list[Actor], memory: MemoryChannel) -> None:
    batch = made(people[0])
    ReturnBatch.do(people[1], batch_id=batch.pk, note="名单不对")
    send(batch)
    assert not memory.transfers
    with pytest.raises(BatchNotReady):
        CheckBatch.do(people[1], batch_id=batch.pk)


def test_every_bad_row_is_named_and_nothing_is_kept(people: list[Actor]) -> None:
    rows = "姓名,账号,金额\n张三,6222020001,300.00\n,6222020002,1\n李四,12 34,1\n王五,6222020003,-1\n赵六,6222020001,1.234\n"
    with pytest.raises(BatchInvalid) as caught:
        made(people[0], rows)
    assert [problem.path for problem in caught.value.errors] == ["rows.3", "rows.4", "rows.5", "rows.6"]
    assert "与第 2 行重复" in caught.value.errors[-1].message
    assert not PayoutBatch.objects.exists()


def test_limits_hold_for_a_person_a_batch_and_a_day(people: list[Actor], settings: Any) -> None:
    settings.PAYOUT_LIMITS = {"line": 300_00, "batch": 500_00, "day": 650_00}
    with pytest.raises(BatchInvalid, match="名单有问题") as caught:
        made(people[0])
    assert "单人限额" in caught.value.errors[0].message
    small = "姓名,账号,金额\n张三,6222020001,300\n李四,6222020002,100\n"
    large = small + "王五,6222020003,200\n"
    with pytest.raises(BatchInvalid) as caught:
        made(people[0], large)
    assert "每批限额 500.00" in caught.value.errors[0].message
    made(people[0], small)
    with pytest.raises(BatchInvalid) as caught:
        made(people[0], small)
    assert "每日限额 650.00" in caught.value.errors[0].message
    made(people[0], small, programme="另一个项目")


def test_account_numbers_are_sealed_in_the_database(people: list[Actor]) -> None:
    made(people[0])
    kept = PayoutLine.objects.values_list("account", flat=True)
    assert all("6222" not in str.__str__(account) for account in kept)


@given(st.text(max_size=300))
def test_no_list_breaks_the_reader(text: str) -> None:
    payees, problems = read("姓名,账号,金额\n" + text, 10**6)
    assert problems or all(0 < payee.amount <= 10**6 for payee in payees)


def workbook(*rows: tuple[object, ...]) -> bytes:
    """Return a list of payees as Excel saves it."""
    book, written = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(written)
    return written.getvalue()


def test_a_workbook_is_read_line_by_line() -> None:
    head = ("姓名", "账号", "金额")
    text = text_of(workbook(head, ("张三", "6222020001", 300), (None, None, None), ("李四", 6222020002, 12.5)))
    payees, problems = read(text, 1000_00)
    assert [(p.name, p.account, p.amount) for p in payees] == [
        ("张三", "6222020001", 300_00),
        ("李四", "6222020002", 12_50),
    ]
    assert problems == []
    _none, problems = read(text_of(workbook(head, ("张三", 6222020000000000001, 300), ("王", "1", "x"))), 1000_00)
    assert [p.path for p in problems] == ["rows.2", "rows.3"]
    assert "末尾几位已丢失" in problems[0].message


def test_a_list_in_the_encoding_of_excel_is_read_and_garbage_is_not() -> None:
    payees, _problems = read(text_of("姓名,账号,金额\r\n张三,6222020001,300\r\n".encode("gb18030")), 1000_00)
    assert payees[0].name == "张三"
    for garbage in (b"PK\x03\x04 no workbook", b"\xff\xff\xff", workbook()[:200]):
        with pytest.raises(BatchInvalid):
            text_of(garbage)


def test_a_workbook_that_unpacks_beyond_measure_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuzheng.engines.payment.payee_list.UNPACKED", 100)
    with pytest.raises(BatchInvalid):
        text_of(workbook(("姓名", "账号", "金额")))


def test_failed_lines_that_are_left_are_never_sent_again(people: list[Actor], memory: MemoryChannel) -> None:
    batch = released(people)
    jobs.send_payout({"subject": str(batch.pk)})
    funds = balance("funds:高龄津贴")
    with pytest.raises(ReasonMissing):
        ReturnFailedLines.do(people[2], batch_id=batch.pk)
    with pytest.raises(SamePerson):
        ReturnFailedLines.do(people[0], batch_id=batch.pk, note="账户销户，改发现金")
    ReturnFailedLines.do(people[2], batch_id=batch.pk, note="账户销户，改发现金")
    assert payout_sums(batch)["returned"] == (1, 100_00)
    assert balance("funds:高龄津贴") == funds  # the money came back when the channel said that it failed
    for action in (RetryFailedLines, ReturnFailedLines):
        with pytest.raises(BatchNotReady):
            action.do(people[2], batch_id=batch.pk, note="再来一次")
