"""The evidence ledger (存证账本): public entries, the tree's leaves, its signed heads."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerEntry(models.Model):
    """A piece of public evidence: a stamp, a licence's status, a document's digest; appended in the act's own transaction.

    Kept by SQL of our own (``migrations/sql``): it can be added and never changed.
    """

    id = models.UUIDField(primary_key=True)
    #: Counts together with the audit's records.
    number = models.BigIntegerField()
    at = models.DateTimeField(_("时间"))
    #: ``engine.what``, e.g. ``documents.seal_applied``.
    kind = models.CharField(_("类别"))
    #: What it is about: the public number or key of a thing, never of a person.
    subject = models.CharField(_("对象"))
    #: Public facts.
    content = models.JSONField(_("内容"))
    #: ``content["digest"]``, by which anyone can look it up; empty without one.
    digest = models.CharField(_("摘要"))
    #: ``PersonKey`` under which the personal part is sealed.
    key_id = models.UUIDField(null=True)
    #: Nonce ‖ SM4-GCM of the personal part.
    sealed = models.BinaryField(null=True)
    leaf_hash = models.BinaryField()
    #: Transaction that wrote it.
    xid = models.BigIntegerField()

    class Meta:
        """Listed newest first."""

        managed = False
        db_table = "trust_ledgerentry"
        verbose_name = _("存证")
        verbose_name_plural = _("存证")

    def __str__(self) -> str:
        """Return kind and subject."""
        return f"{self.kind} {self.subject}"


class Leaf(models.Model):
    """A leaf of the tree: its place, its hash, and the number of the audit record or entry that it stands for."""

    index = models.BigIntegerField(primary_key=True)
    record = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        """Kept by SQL of our own."""

        managed = False
        db_table = "trust_leaf"

    def __str__(self) -> str:
        """Return the place."""
        return f"#{self.index}"


class Node(models.Model):
    """The root of a complete subtree of ``256 ** level`` leaves, from which proofs are put together."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        """Kept by SQL of our own."""

        managed = False
        db_table = "trust_node"

    def __str__(self) -> str:
        """Return level and place."""
        return f"{self.level}/{self.index}"


class TreeHead(models.Model):
    """A signed head of the tree (树头): whatever is later taken away or changed below it contradicts the signature."""

    #: Leaves so far.
    size = models.BigIntegerField(_("叶数"), primary_key=True)
    at = models.DateTimeField(_("时间"))
    root = models.BinaryField()
    #: Roots of the complete subtrees that make up the tree, from left to right: what growing on needs.
    frontier = models.BinaryField()
    #: The checkpoint as a signed note (C2SP tlog-checkpoint).
    note = models.TextField()

    class Meta:
        """Kept by SQL of our own."""

        managed = False
        db_table = "trust_treehead"
        verbose_name = _("账本树头")
        verbose_name_plural = _("账本树头")

    def __str__(self) -> str:
        """Return the size."""
        return f"#{self.size}"
