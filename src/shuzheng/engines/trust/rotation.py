"""After a change of keys: encrypting stored fields anew."""

from __future__ import annotations

from django.apps import apps
from django.db import models, transaction

from shuzheng.engines.trust.crypto import key_id_of, ring
from shuzheng.engines.trust.fields import EncryptedTextField

BATCH = 500


def encrypted_models() -> list[type[models.Model]]:
    """Return the models with at least one encrypted field."""
    return [model for model in apps.get_models() if fields_of(model)]


def fields_of(model: type[models.Model]) -> list[EncryptedTextField]:
    """Return a model's encrypted fields."""
    return [field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]


def reencrypt(model: type[models.Model]) -> int:
    """Encrypt with the current key whatever lies under an older one, batch by batch; return the rows changed.

    Stopping and starting again is harmless: a row under the current key is left alone.
    """
    changed, after = 0, None
    while True:
        rows = model._base_manager.order_by("pk")
        ids = list((rows if after is None else rows.filter(pk__gt=after)).values_list("pk", flat=True)[:BATCH])
        if not ids:
            return changed
        changed += _reencrypt_batch(model, ids)
        after = ids[-1]


@transaction.atomic
def _reencrypt_batch(model: type[models.Model], ids: list[object]) -> int:
    """Encrypt a batch anew, holding its rows so that nobody's change is lost."""
    names = [field.attname for field in fields_of(model)]
    current = ring().current()
    stale = []
    for row in model._base_manager.select_for_update().filter(pk__in=ids).only(*names):
        if {key_id_of(row.__dict__[name]) for name in names if row.__dict__[name]} - {current}:
            for name in names:
                getattr(row, name)
            stale.append(row)
    if stale:
        model._base_manager.bulk_update(stale, names)
    return len(stale)
