"""Key pairs with which the platform itself signs."""

from __future__ import annotations

from django.db import models


class SigningKey(models.Model):
    """An SM2 key pair of one purpose; the private key is sealed under the master key, the public key for anyone to use."""

    id = models.UUIDField(primary_key=True)
    #: e.g. ``audit-chain``.
    purpose = models.CharField()
    #: ``04 ‖ x ‖ y``.
    public_key = models.BinaryField()
    #: ``crypto.seal`` of the private key in hexadecimal, bound to purpose and public key.
    sealed_private_key = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        """Kept by SQL of our own: keys are never changed, and outlive what they signed."""

        managed = False
        db_table = "trust_signingkey"

    def __str__(self) -> str:
        """Return purpose and id."""
        return f"{self.purpose} {self.id}"
