"""Natural persons (自然人) and how they are related."""

from __future__ import annotations

from typing import cast

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.fields import BlindIndexField
from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Sex(models.TextChoices):
    """Sex as GB/T 2261.1 codes it."""

    UNKNOWN = "0", _("未知的性别")
    MALE = "1", _("男性")
    FEMALE = "2", _("女性")
    UNSTATED = "9", _("未说明的性别")


class PersonManager(models.Manager["Person"]):
    """Finds persons by what is stored encrypted."""

    def by_id_number(self, id_number: str) -> Person | None:
        """Return the person with a citizen id number, or ``None``."""
        return self.filter(id_index=digest("id_index", id_number)).first() if id_number else None

    def by_mobile(self, mobile: str) -> models.QuerySet[Person]:
        """Return the persons who gave a mobile number; families share one."""
        return self.filter(mobile_index=digest("mobile_index", mobile)) if mobile else self.none()


class Person(models.Model):
    """A natural person (自然人). The id number and the mobile number are stored encrypted and found by blind index."""

    id = IdField()
    name = models.CharField(_("姓名"), max_length=100)
    #: 公民身份号码, GB 11643; eighteen characters, the last one a check character.
    id_number = EncryptedTextField(verbose_name=_("公民身份号码"))
    id_index = BlindIndexField(of="id_number", unique=True)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex, default=Sex.UNKNOWN)
    birth_date = models.DateField(_("出生日期"), null=True)
    mobile = EncryptedTextField(verbose_name=_("手机号码"), blank=True)
    mobile_index = BlindIndexField(of="mobile", db_index=True)
    #: Code of the division where the person lives.
    division_code = models.CharField(_("所在区划"), max_length=12, blank=True)
    address = models.CharField(_("住址"), max_length=300, blank=True)
    #: Invented for a demonstration or a test.
    synthetic = models.BooleanField(_("演示数据"), default=False)
    created_at = models.DateTimeField(_("登记时间"), default=now)

    objects = PersonManager()

    class Meta:
        """Residents are listed by key; they are found by their indexes."""

        verbose_name = _("自然人")
        verbose_name_plural = _("自然人")

    def __str__(self) -> str:
        """Return the name."""
        return self.name


def digest(index: str, value: str) -> str | None:
    """Return a person's blind index (field ``id_index`` or ``mobile_index``) of a value."""
    return cast(BlindIndexField, Person._meta.get_field(index)).digest(value)


class Kinship(models.Model):
    """A recorded relation between two persons (亲属关系), as a household or marriage register knows it.

    ``relative`` is to ``person`` what ``relation`` says: a daughter is the ``child`` of her mother.
    """

    class Relation(models.TextChoices):
        """What the relative is to the person."""

        SPOUSE = "spouse", _("配偶")
        PARENT = "parent", _("父母")
        CHILD = "child", _("子女")
        SIBLING = "sibling", _("兄弟姐妹")
        GRANDPARENT = "grandparent", _("祖父母或外祖父母")
        GRANDCHILD = "grandchild", _("孙子女或外孙子女")
        GUARDIAN = "guardian", _("监护人")

    id = IdField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="relatives")
    relative = models.ForeignKey(Person, models.CASCADE, related_name="relations")
    relation = models.CharField(_("关系"), max_length=20, choices=Relation)
    #: Register and document it was taken from.
    source = models.CharField(_("来源"), max_length=200)
    created_at = models.DateTimeField(_("登记时间"), default=now)

    class Meta:
        """One row per pair and relation; nobody is their own relative."""

        verbose_name = _("亲属关系")
        verbose_name_plural = _("亲属关系")
        constraints = [
            models.UniqueConstraint(fields=["person", "relative", "relation"], name="identity_kinship_once"),
            models.CheckConstraint(condition=~Q(person=F("relative")), name="identity_kinship_two_persons"),
        ]

    def __str__(self) -> str:
        """Return the relation."""
        return self.relation
