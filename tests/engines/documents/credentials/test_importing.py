"""Existing licences from a table: every bad row is named, a rehearsal writes nothing, and what was wrong is undone."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from shuzheng.engines.documents.credentials.actions import (
    AuthoriseUse,
    CompleteCredential,
    ConfirmImport,
    ImportCredentials,
    ReturnImport,
    UndoImport,
)
from shuzheng.engines.documents.credentials.actions.importing import Imported
from shuzheng.engines.documents.credentials.errors import (
    AlreadyImported,
    AlreadyUndone,
    ImportHasBadRows,
    ImportNotWaiting,
    NoSuchCredential,
    NothingToImport,
    NotIssuer,
    OwnImport,
)
from shuzheng.engines.documents.credentials.importing import (
    TableUnreadable,
    columns_of,
    read_file,
    read_table,
    rows_of,
    tables,
)
from shuzheng.engines.documents.credentials.models import Credential, CredentialBatch, CredentialEvent
from shuzheng.engines.documents.credentials.queries import held
from shuzheng.engines.documents.credentials.reviewing import SIZE, sheet, waiting_batches
from shuzheng.engines.identity.models import LegalPerson, Person
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.models import AuditRecord, LedgerEntry
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.definition import get
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.input import canonical_json
from shuzheng.testing.identity import (
    a_firm,
    a_mandate,
    a_resident,
    a_role,
    a_unit,
    actor_of_officer,
    an_officer,
)

ISSUE, DECIDE = "documents.issue_credentials", "documents.decide_credentials"


def a_row(world: Any, **more: str) -> dict[str, str]:
    """Return a row of a good table."""
    row = {
        "持有人": "",
        "持证主体证件号码": world.firm.uscc,
        "证照编号": "JY23607020000018",
        "有效期自": "2024-05-06",
        "有效期至": "2029年5月5日",
        "经营场所": "江西省赣州市章贡区文明大道 8 号一层",
        "主体业态": "餐饮服务经营者",
        "经营项目": "热食类食品制售、自制饮品制售",
    }
    return {**row, **more}


def enter(world: Any, *rows: dict[str, str], **more: Any) -> Imported:
    """Enter rows as an officer of the bureau."""
    given = {"credential_type": "food-business-licence", "unit_id": world.bureau.pk, "name": "存量.xlsx"}
    return ImportCredentials.do(world.officer(ISSUE), {**given, "rows": list(rows), **more})


def confirm(world: Any, done: Imported, name: str = "刘建国") -> CredentialBatch:
    """Confirm what was entered, as another officer of the bureau."""
    return ConfirmImport.do(world.officer(DECIDE, name=name), batch_id=done.batch_id)


def take_over(world: Any, *rows: dict[str, str], **more: Any) -> CredentialBatch:
    """Enter rows and have them confirmed."""
    return confirm(world, enter(world, *rows, **more))


def test_a_table_becomes_licences_that_spare_their_holders_papers(world: Any) -> None:
    batch = take_over(world, a_row(world))
    assert (batch.registered, batch.state, batch.checker_name) == (1, "registered", "刘建国")
    licence = held(Party("legal", world.firm.pk, world.firm.name, ""), ["food-business-licence"])[
        "food-business-licence"
    ]
    assert licence.number == "JY23607020000018"
    assert licence.standing().good
    assert licence.standing_now.good
    assert (licence.valid_from, licence.valid_until) == (date(2024, 5, 6), date(2029, 5, 5))
    assert licence.values["projects"]["text"] == "热食类食品制售；自制饮品制售"
    assert licence.values["holder_name"]["text"] == "赣南人家餐饮店"
    assert LedgerEntry.objects.filter(kind="credential.batch_imported").count() == 1


def test_a_sealed_original_can_be_made_of_a_licence_taken_over(world: Any) -> None:
    take_over(world, a_row(world))
    licence = Credential.objects.get()
    CompleteCredential.do(world.officer(ISSUE), credential_id=licence.pk)
    licence.refresh_from_db()
    assert licence.state == "valid"
    assert licence.original_id, licence.problem
    assert licence.standing().good


def test_every_bad_row_is_named_with_everything_that_is_wrong(world: Any) -> None:
    bad = [
        a_row(world, 证照编号=""),
        a_row(world, 持证主体证件号码="91360702MA35ABCD1X", 有效期自="前年"),
        a_row(world, 持证主体证件号码=a_resident("李梅").id_number, 证照编号="A1"),
        a_row(world, 证照编号="A2", 主体业态="小卖部", 有效期至="2020-01-01"),
        a_row(world, 证照编号="A3", 电子证照标识="1.2.156.3005.2.X"),
        a_row(world, 证照编号="A4"),
        a_row(world, 证照编号="A4"),
    ]
    done = enter(world, *bad)
    told = {one.line: one.what for one in done.problems}
    assert sorted(told) == [2, 3, 4, 5, 6, 8]
    assert "没有填“证照编号”" in told[2]
    assert "登记库里没有" in told[3]
    assert "“前年”不是日期" in told[3]
    assert "只发给单位" in told[4]
    assert "主体业态" in told[5]
    assert "早于" in told[5]
    assert "标识的格式" in told[6]
    assert "与第 7 行重复" in told[8]
    assert not Credential.objects.exists(), "one bad row keeps all out"
    mended = enter(world, *bad, leave_out_bad=True)
    assert (mended.waiting, confirm(world, mended).registered) == (1, 1)
    assert Credential.objects.get().number == "A4"


def test_a_rehearsal_writes_nothing(world: Any) -> None:
    done = enter(world, a_row(world), dry_run=True)
    assert (done.good, done.waiting, done.batch_id) == (1, 0, None)
    assert not Credential.objects.exists()
    assert not CredentialBatch.objects.exists()


def test_the_same_table_and_the_same_number_are_registered_once(world: Any) -> None:
    take_over(world, a_row(world))
    with pytest.raises(AlreadyImported):
        enter(world, a_row(world))
    (problem,) = enter(world, a_row(world, 有效期至="长期")).problems
    assert "证照编号已经登记过" in problem.what
    with pytest.raises(NothingToImport):
        enter(world, a_row(world, 有效期至="永久"), leave_out_bad=True)


def test_a_wrong_table_is_undone_except_for_what_was_used(world: Any) -> None:
    done = take_over(world, a_row(world), a_row(world, 证照编号="JY23607020000026"))
    used = Credential.objects.get(number="JY23607020000018")
    given = {"credential_id": used.pk, "recipient": "某某银行", "purpose": "开立账户", "hours": 24}
    AuthoriseUse.do(world.holder, given)
    undone = UndoImport.do(world.officer(ISSUE), batch_id=done.pk, reason="表里的日期错了一年")
    assert undone.kept == 1
    assert list(Credential.objects.values_list("number", flat=True)) == [used.number]
    assert CredentialEvent.objects.count() == 1
    with pytest.raises(AlreadyUndone):
        UndoImport.do(world.officer(ISSUE), batch_id=done.pk, reason="再来一次")
    assert take_over(world, a_row(world, 证照编号="JY23607020000026")).registered == 1


def test_only_who_works_in_the_bureau_that_issues_them_takes_licences_over(world: Any) -> None:
    welfare = a_unit("civil-affairs")
    given = {"credential_type": "food-business-licence", "unit_id": welfare.pk, "name": "x", "rows": [a_row(world)]}
    with pytest.raises(NotIssuer):
        ImportCredentials.do(Actor.system("test"), given)
    for elsewhere in (welfare, a_unit("market-supervision", "360402000000")):
        with pytest.raises(NotPermitted):
            enter(world, a_row(world), unit_id=elsewhere.pk)


def neighbour(world: Any, *permissions: str) -> Actor:
    """Return an officer of another bureau of the same county, who may do this throughout the county."""
    role = a_role(f"next-{len(permissions)}", list(permissions))
    scope = str(world.bureau.division_path)
    return actor_of_officer(
        an_officer("邻居", unit=a_unit("civil-affairs"), posts=["approver"], roles=[role], scope=scope)
    )


def test_another_bureau_of_the_county_neither_confirms_nor_undoes(world: Any) -> None:
    done = enter(world, a_row(world))
    other = neighbour(world, ISSUE, DECIDE)
    with pytest.raises(NotPermitted):
        ConfirmImport.do(other, batch_id=done.batch_id)
    with pytest.raises(NotPermitted):
        ReturnImport.do(other, batch_id=done.batch_id, reason="看不懂")
    with pytest.raises(NoSuchCredential):
        sheet(other, done.batch_id or world.firm.pk)
    assert waiting_batches(other).items == []
    confirm(world, done)
    with pytest.raises(NotPermitted):
        UndoImport.do(other, batch_id=done.batch_id, reason="不要了")
    assert Credential.objects.count() == 1


def test_nothing_is_valid_before_a_second_officer_confirms(world: Any) -> None:
    maker = world.officer(ISSUE, DECIDE, name="一人")
    given = {"credential_type": "food-business-licence", "unit_id": world.bureau.pk, "name": "存量.xlsx"}
    done = ImportCredentials.do(maker, {**given, "rows": [a_row(world)]})
    assert not Credential.objects.exists()
    assert held(Party("legal", world.firm.pk, world.firm.name, ""), ["food-business-licence"]) == {}
    with pytest.raises(OwnImport):
        ConfirmImport.do(maker, batch_id=done.batch_id)
    assert confirm(world, done).registered == 1
    with pytest.raises(ImportNotWaiting):
        confirm(world, done, "再一人")
    assert CredentialBatch.objects.get().rows == ""


def test_a_returned_table_is_gone_and_may_be_entered_again(world: Any) -> None:
    done = enter(world, a_row(world))
    batch = ReturnImport.do(world.officer(DECIDE, name="刘建国"), batch_id=done.batch_id, reason="与档案不符")
    assert (batch.state, batch.rows, batch.undo_reason) == ("returned", "", "与档案不符")
    with pytest.raises(ImportNotWaiting):
        confirm(world, done, "再一人")
    assert not LedgerEntry.objects.filter(kind__startswith="credential.batch").exists()
    assert enter(world, a_row(world)).waiting == 1


def test_a_row_that_is_bad_by_the_time_it_is_confirmed_keeps_all_out(world: Any) -> None:
    first = enter(world, a_row(world), a_row(world, 证照编号="A2"))
    take_over(world, a_row(world, 证照编号="A2", 有效期至="长期"))
    with pytest.raises(ImportHasBadRows, match="1 行现在不能登记"):
        confirm(world, first, "再一人")
    assert Credential.objects.count() == 1


def test_nobody_takes_over_or_confirms_their_own_or_whom_they_act_for(world: Any) -> None:
    insider = world.officer(ISSUE, name="内部人")
    given = {
        "credential_type": "food-business-licence",
        "unit_id": world.bureau.pk,
        "name": "x",
        "rows": [a_row(world)],
    }
    firm = LegalPerson.objects.filter(pk=world.firm.pk)
    firm.update(representative_id=insider.person_id)
    (problem,) = ImportCredentials.do(insider, given).problems
    assert "不能登记经办人自己的" in problem.what
    firm.update(representative_id=world.owner.pk)
    a_mandate(world.firm, Person.objects.get(pk=insider.person_id), items=["*"])
    (problem,) = ImportCredentials.do(insider, given).problems
    assert "不能登记经办人自己的" in problem.what
    done, checker = enter(world, a_row(world)), world.officer(DECIDE, name="复核人")
    firm.update(representative_id=checker.person_id)
    with pytest.raises(ImportHasBadRows):
        ConfirmImport.do(checker, batch_id=done.batch_id)
    assert not Credential.objects.exists()


def test_a_rehearsal_leaves_on_record_whom_it_asked_after(world: Any) -> None:
    enter(world, a_row(world), a_row(world, 持证主体证件号码="91360702MA35ABCD1X", 证照编号="A2"), dry_run=True)
    read = AuditRecord.objects.get(kind="read", name="documents.import_credentials")
    assert read.subject_id == str(world.firm.pk)


def test_the_ledger_tells_no_guesser_what_a_table_held(world: Any) -> None:
    batch = take_over(world, a_row(world))
    plain = provider().sm3(canonical_json([a_row(world)])).hex()
    entry = LedgerEntry.objects.get(kind="credential.batch_imported")
    assert plain not in (batch.digest, entry.content["digest"])
    salted = provider().sm3(batch.salt.encode() + canonical_json([a_row(world)])).hex()
    assert entry.content["digest"] == salted


def test_the_second_officer_sees_rows_part_by_part_masked_and_on_record(world: Any) -> None:
    rows = [a_row(world, 证照编号=f"A{n}") for n in range(SIZE + 1)]
    done, checker = enter(world, *rows), world.officer(DECIDE, name="刘建国")
    assert done.batch_id is not None
    first = sheet(checker, done.batch_id)
    assert (len(first.lines), first.following, first.own) == (SIZE, SIZE, False)
    last = sheet(checker, done.batch_id, SIZE)
    assert ([line.number for line in last.lines], last.following) == ([f"A{SIZE}"], None)
    assert AuditRecord.objects.filter(kind="read", name="documents.review_import").count() == 2


def test_the_number_of_statements_does_not_grow_with_the_rows(world: Any) -> None:
    firms = [a_firm(f"赣州第{n}家店", representative=world.owner) for n in range(12)]
    rows = [a_row(world, 持证主体证件号码=firm.uscc, 证照编号=f"B{n}") for n, firm in enumerate(firms)]
    take_over(world, *rows[:1])
    with CaptureQueriesContext(
        connection,
    ) as few:
        take_over(world, *rows[1:3])
    with CaptureQueriesContext(connection) as many:
        take_over(world, *rows[3:])
    assert len(many) <= len(few)


def a_csv(rows: list[list[str]], encoding: str) -> bytes:
    """Return rows as a file."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_tables_of_every_usual_encoding_are_read(encoding: str) -> None:
    rows = [["证照编号", "有效期自"], ["甲1", " 2024-05-06 "], ["", ""]]
    assert read_table(a_csv(rows, encoding)) == [["证照编号", "有效期自"], ["甲1", "2024-05-06"]]
    assert rows_of(read_table(a_csv(rows, encoding))) == [{"证照编号": "甲1", "有效期自": "2024-05-06"}]


def test_a_workbook_is_read_with_its_dates_and_numbers() -> None:
    book, stream = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["证照编号", "有效期自", "面积"])
    book.active.append([18, date(2024, 5, 6), 86.5])
    book.save(stream)
    assert read_table(stream.getvalue())[1] == ["18", "2024-05-06", "86.5"]


def a_bomb() -> bytes:
    """Return an XLSX that unpacks to more than a table ever needs."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(51 * 1024 * 1024))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "没有数据行"),
        ("只有表头\n".encode(), "没有数据行"),
        (b"\x00\x01\x02\xff", "不是文字表格"),
        (b'a,b\n"x', "引号"),
        (b"PK\x03\x04rubbish", "不是完整的 XLSX"),
        (bytes(tables.MOST_BYTES + 1), "8 MB"),
        (b"a\n" * 10_003, "10000 行"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(TableUnreadable, match=why):
        read_table(data)


class Unread(io.BytesIO):
    """A file that must not be read."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Fail."""
        raise AssertionError("read before its size was looked at")


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(TableUnreadable, match="8 MB"):
        read_file(Unread(), tables.MOST_BYTES + 1)


def test_a_workbook_that_unpacks_too_far_is_refused() -> None:
    with pytest.raises(TableUnreadable, match="解开后太大"):
        read_table(a_bomb())


def test_the_columns_are_what_no_register_knows(world: Any) -> None:
    titles = [column.title for column in columns_of(get("credential_type", "food-business-licence").body)]
    assert titles[:2] == ["持证主体证件号码", "证照编号"]
    assert "经营场所" in titles
    assert "统一社会信用代码" not in titles
