"""Encrypted fields: unreadable in the database, ordinary in Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps
from procrastinate.contrib.django.models import ProcrastinateJob

from shuzheng.engines.trust import fields, rotation
from shuzheng.engines.trust.actions import RotateKeys, rotate_keys
from shuzheng.engines.trust.actions.rotate_keys import KeysRotated
from shuzheng.engines.trust.crypto import DecryptionFailed, KeyRing
from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.engines.trust.jobs import reencrypt
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.id import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(own_ring: KeyRing, db: None) -> Iterator[Any]:
    """A model with encrypted fields and its table."""
    with isolate_apps("shuzheng.engines.trust"):

        class Holder(models.Model):
            mobile = EncryptedTextField(null=True)
            note = EncryptedTextField(blank=True, default="")

            class Meta:
                app_label = "trust"

            def __str__(self) -> str:
                return str(self.pk)

        with connection.schema_editor() as editor:
            editor.create_model(Holder)
        yield Holder


def stored(column: str = "mobile") -> list[str]:
    """Return what the table really holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM trust_holder ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_the_database_holds_only_ciphertext(holder: Any) -> None:
    holder.objects.create(mobile="13812341234", note="赣州")
    assert stored()[0].startswith("k1.")
    assert "13812341234" not in stored()[0]
    row = holder.objects.get()
    assert (row.mobile, row.note) == ("13812341234", "赣州")


def test_nothing_and_empty_text_stay_what_they_are(holder: Any) -> None:
    holder.objects.create(mobile=None, note="")
    assert (stored()[0], stored("note")[0]) == (None, "")
    row = holder.objects.get(mobile__isnull=True)
    assert (row.mobile, row.note) == (None, "")


def test_lists_decrypt_only_what_they_show(holder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    holder.objects.bulk_create([holder(mobile=f"1381234{n:04}", note="x") for n in range(20)])
    opened: list[str] = []
    real = fields.open_sealed
    monkeypatch.setattr(fields, "open_sealed", lambda sealed, context: opened.append(context) or real(sealed, context))
    rows = list(holder.objects.order_by("id"))
    assert opened == []
    assert rows[7].mobile == rows[7].mobile == "13812340007"
    assert opened == ["trust.holder.mobile"]


def test_saving_a_row_that_nobody_read_does_not_open_it(holder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    holder.objects.create(mobile="13812341234")
    before = stored()
    row = holder.objects.get()
    monkeypatch.setattr(fields, "open_sealed", lambda *_: pytest.fail("opened"))
    row.save()
    assert stored() == before


def test_values_and_prints_do_not_show_the_plain_text(holder: Any) -> None:
    holder.objects.create(mobile="13812341234")
    value = holder.objects.values_list("mobile", flat=True).get()
    assert f"{value}" == "****"
    assert repr(value) == "<sealed>"


def test_every_way_of_writing_encrypts(holder: Any) -> None:
    row = holder.objects.create(mobile="1")
    row.mobile = "2"
    row.save(update_fields=["mobile"])
    holder.objects.filter(pk=row.pk).update(note="3")
    row.refresh_from_db()
    assert (row.mobile, row.note) == ("2", "3")
    row.mobile = "4"
    holder.objects.bulk_update([row], ["mobile"])
    assert holder.objects.get().mobile == "4"
    assert all(value.startswith("k1.") for value in stored() + stored("note"))


def test_searching_it_is_refused_with_the_remedy(holder: Any) -> None:
    with pytest.raises(FieldError, match="blind index"):
        holder.objects.filter(mobile="13812341234").exists()


def test_an_index_on_it_is_refused() -> None:
    with pytest.raises(FieldError, match="blind index"):
        EncryptedTextField(unique=True)


def test_a_value_moved_to_another_column_does_not_open(holder: Any) -> None:
    holder.objects.create(mobile="13812341234", note="x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trust_holder SET note = mobile")
    with pytest.raises(DecryptionFailed):
        _ = holder.objects.get().note


def test_a_pinned_context_outlives_a_renamed_field() -> None:
    field = EncryptedTextField(context="identity.person.mobile")
    assert field.context == "identity.person.mobile"
    assert field.deconstruct()[3] == {"context": "identity.person.mobile"}
    assert field.clone().context == "identity.person.mobile"


def test_reencryption_moves_every_row_to_the_new_key_and_stops_there(
    holder: Any, own_ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)
    holder.objects.bulk_create(
        [holder(mobile=f"{n}", note="n" if n % 2 else "") for n in range(7)] + [holder(mobile=None)]
    )
    own_ring.rotate()
    assert rotation.reencrypt(holder) == 7
    assert {value and value[:3] for value in stored()} == {"k2.", None}
    assert [row.mobile for row in holder.objects.order_by("id")] == ["0", "1", "2", "3", "4", "5", "6", None]
    assert rotation.reencrypt(holder) == 0


def test_rotating_is_an_action_that_queues_one_job_per_model(
    holder: Any, own_ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotate_keys, "encrypted_models", lambda: [holder])
    assert RotateKeys.do(Actor.system("test")) == KeysRotated(key_id="k2", models=["trust.holder"])
    assert own_ring.current() == "k2"
    queued = ProcrastinateJob.objects.filter(task_name=reencrypt.name)
    assert [job.args for job in queued] == [{"model": "trust.holder"}]
    with pytest.raises(NotPermitted):
        RotateKeys.do(Actor(name="x", account_id=new_id()))


def test_the_job_names_its_model(holder: Any, own_ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    holder.objects.create(mobile="1")
    own_ring.rotate()
    monkeypatch.setattr(apps, "get_model", {"trust.holder": holder}.__getitem__)
    reencrypt("trust.holder")
    assert stored()[0].startswith("k2.")


def test_models_with_encrypted_fields_are_found_by_their_fields(holder: Any) -> None:
    assert [field.name for field in rotation.fields_of(holder)] == ["mobile", "note"]
    assert all(rotation.fields_of(model) for model in rotation.encrypted_models())
