"""Writing the audit, and that nobody can take anything back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.module_loading import import_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzheng.engines.trust.audit import PERSON, insertion, record_read, write
from shuzheng.engines.trust.content import COLUMNS, canonical, leaf_hash, of_entry, of_row, record_leaf
from shuzheng.engines.trust.errors import PurposeMissing
from shuzheng.engines.trust.jobs import add_audit_months
from shuzheng.engines.trust.models import AuditRecord, Leaf, LedgerEntry, Node, SigningKey, TreeHead
from shuzheng.kernel import moment
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.audit import Entry
from shuzheng.kernel.id import new_id

pytestmark = pytest.mark.django_db
Act = Callable[..., Entry]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.decimals() | st.uuids(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def latest() -> AuditRecord:
    """Return the record written last."""
    return AuditRecord.objects.order_by("-id")[0]


def test_a_record_says_who_as_whom_why_when_from_where_and_with_which_result(act: Act) -> None:
    account, person, mandate, party, case = (new_id() for _ in range(5))
    actor = Actor(
        name="王小丽", account_id=account, person_id=person, mandate_id=mandate, assurance=3, channel="app", address="10.1.2.3",
        party=Party("person", party, "王奶奶", "360702000000"), purpose="代办高龄津贴", correlation_id="c-1",
    )  # fmt: skip
    at = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=moment.ZONE)
    write(
        [
            act(
                actor=actor,
                case_id=case,
                subject_type="casework.case",
                subject_id=str(case),
                division="36.3607.360702",
                detail={"n": 1},
                at=at,
            )
        ]
    )
    row = latest()
    assert (row.account_id, row.person_id, row.mandate_id, row.party_id, row.case_id) == (
        account,
        person,
        mandate,
        party,
        case,
    )
    assert (row.actor_name, row.party_name, row.party_kind, row.purpose) == (
        "王小丽",
        "王奶奶",
        "person",
        "代办高龄津贴",
    )
    assert (row.channel, row.address, row.assurance, row.correlation_id) == ("app", "10.1.2.3", 3, "c-1")
    assert (row.at, row.result, row.division, row.detail) == (at, "done", "36.3607.360702", {"n": 1})


def test_many_entries_are_one_statement(act: Act, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        write(act() for _ in range(50))
    assert AuditRecord.objects.filter(xid__gt=0).count() >= 50


def test_nothing_to_write_is_no_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        write([])


def test_what_is_rolled_back_leaves_no_record(act: Act) -> None:
    class Failure(Exception):
        pass

    def fail() -> None:
        with transaction.atomic():
            write([act(correlation_id_marker := "x")])
            assert AuditRecord.objects.filter(name=correlation_id_marker).exists()
            raise Failure

    with pytest.raises(Failure):
        fail()
    assert not AuditRecord.objects.filter(name="x").exists()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(detail=st.dictionaries(st.text(max_size=8), JSON, max_size=4), text=st.text(max_size=30))
def test_the_hash_is_the_same_after_a_round_trip_whatever_was_recorded(
    act: Act, detail: dict[str, Any], text: str
) -> None:
    write([act(detail=detail, purpose=text, subject_id=text)])
    row = AuditRecord.objects.order_by("-id").values("leaf_hash", "salt", *COLUMNS)[0]
    assert leaf_hash(record_leaf(of_row(row), bytes(row["salt"]))) == bytes(row["leaf_hash"])


def test_moments_of_every_zone_hash_alike(act: Act) -> None:
    at = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
    elsewhere = at.astimezone(timezone(timedelta(hours=8)))
    one, other = (of_entry(act("x", at=when, actor=Actor(name="a", correlation_id="c"))) for when in (at, elsewhere))
    assert canonical(one) == canonical(other)


def test_facts_that_json_does_not_know_are_kept_as_text(act: Act) -> None:
    write([act(detail={"d": date(2026, 1, 2), "m": Decimal("1.50"), "u": UUID(int=1), "s": {"b", "a"}, 3: (1, 2)})])
    assert latest().detail == {"d": "2026-01-02", "m": "1.50", "u": str(UUID(int=1)), "s": ["a", "b"], "3": [1, 2]}


def test_the_model_and_the_table_have_the_same_columns() -> None:
    for model in (AuditRecord, SigningKey, LedgerEntry, Leaf, Node, TreeHead):
        with connection.cursor() as cursor:
            columns = {
                column.name for column in connection.introspection.get_table_description(cursor, model._meta.db_table)
            }
        assert columns == {field.column for field in model._meta.concrete_fields}
    assert set(COLUMNS) < {field.column for field in AuditRecord._meta.concrete_fields}


# -- reads -------------------------------------------------------------------------------------------------


def test_a_read_names_purpose_case_and_elements(officer: Actor) -> None:
    person, case = new_id(), new_id()
    record_read(officer, "核对申请人", PERSON, person, ["mobile", "name", "mobile"], case)
    row = latest()
    assert (row.kind, row.subject_type, row.subject_id, row.case_id) == ("read", PERSON, str(person), case)
    assert (row.purpose, row.detail) == ("核对申请人", {"elements": ["mobile", "name"]})


def test_a_list_of_people_is_one_statement(officer: Actor, django_assert_num_queries: Any) -> None:
    people = [new_id() for _ in range(20)]
    with django_assert_num_queries(1):
        record_read(officer, "办理", PERSON, people, ["name"], name="casework.work_list")
    assert AuditRecord.objects.filter(subject_id__in=map(str, people), name="casework.work_list").count() == 20


def test_a_read_without_purpose_is_refused_and_the_actors_purpose_will_do(officer: Actor) -> None:
    with pytest.raises(PurposeMissing):
        record_read(officer, " ", PERSON, new_id(), ["name"])
    record_read(Actor(name="x", purpose="督办"), "", PERSON, new_id(), ["name"])
    assert latest().purpose == "督办"


# -- append-only -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trust_auditrecord SET actor_name = 'x'",
        "UPDATE trust_auditrecord SET leaf_hash = salt",
        "UPDATE trust_auditrecord SET at = at - interval '1 year'",
        "UPDATE trust_auditrecord SET xid = 0",
        "DELETE FROM trust_auditrecord",
        "TRUNCATE trust_auditrecord",
        "TRUNCATE trust_auditrecord_other",
        "TRUNCATE {partition}",
        "DELETE FROM {partition}",
        "UPDATE trust_signingkey SET purpose = 'x'",
        "DELETE FROM trust_signingkey",
        "UPDATE trust_ledgerentry SET content = 'null'",
        "DELETE FROM trust_leaf",
        "TRUNCATE trust_node",
        "TRUNCATE trust_treehead",
        "DELETE FROM trust_treehead",
    ],
)  # fmt: skip
def test_the_database_refuses_to_take_anything_back(act: Act, statement: str) -> None:
    write([act(at=datetime.now(UTC))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM trust_auditrecord ORDER BY id DESC LIMIT 1")
        partition = cursor.fetchone()[0]
    assert partition != "trust_auditrecord_other"
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(partition=partition))


# -- partitions --------------------------------------------------------------------------------------------


def partitions() -> set[str]:
    """Return the names of the audit's partitions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'trust_auditrecord'::regclass"
        )
        return {row[0] for row in cursor.fetchall()}


def test_months_are_made_ahead_and_making_them_again_changes_nothing() -> None:
    with moment.at(datetime(2031, 11, 15, tzinfo=UTC)):
        add_audit_months()
        made = partitions()
        add_audit_months()
    assert {f"trust_auditrecord_{month}" for month in (203111, 203112, 203201, 203202)} <= made == partitions()


def test_a_month_begins_at_midnight_in_china(act: Act) -> None:
    with moment.at(datetime(2031, 11, 15, tzinfo=UTC)):
        add_audit_months()
    write([act("midnight", at=datetime(2031, 12, 1, tzinfo=moment.ZONE))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM trust_auditrecord WHERE name = 'midnight'")
        assert cursor.fetchone()[0] == "trust_auditrecord_203112"


def test_a_month_whose_records_lie_in_the_default_partition_stays_there(act: Act) -> None:
    write([act("early", at=datetime(2041, 5, 2, tzinfo=UTC))])
    with moment.at(datetime(2041, 5, 1, tzinfo=UTC)):
        add_audit_months()
    assert "trust_auditrecord_204105" not in partitions()
    assert "trust_auditrecord_204106" in partitions()
    assert AuditRecord.objects.filter(name="early").exists()


def test_the_kernels_entries_come_here(officer: Actor, settings: Any) -> None:
    assert import_string(settings.SHUZHENG_AUDIT_SINK) is insertion
