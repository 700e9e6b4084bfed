"""Keys of persons, which can be destroyed."""

from __future__ import annotations

from django.db import models

from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class PersonKey(models.Model):
    """The SM4 key of what the ledger holds about one person, wrapped by the key ring.

    Destroying it makes the personal parts of entries unreadable for good, while their leaves and all proofs stay valid.
    """

    id = IdField(primary_key=True)
    person_id = models.UUIDField()
    #: 32 hexadecimal digits; empty once destroyed.
    key = EncryptedTextField()
    created_at = models.DateTimeField(default=now)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        """A person has one key in use."""

        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=models.Q(destroyed_at=None), name="trust_one_key_in_use"
            )
        ]

    def __str__(self) -> str:
        """Return the id, which says nothing about the person."""
        return str(self.id)
