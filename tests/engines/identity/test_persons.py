"""Persons: encrypted where it matters, found all the same."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from shuzheng.engines.identity.models import Person
from shuzheng.testing.identity import a_resident, an_id_number

pytestmark = pytest.mark.django_db


def test_an_id_number_is_unreadable_in_the_database_and_found_by_its_index(mother: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, mobile FROM identity_person WHERE id = %s", [mother.pk])
        stored = cursor.fetchone()
    assert mother.id_number not in stored
    assert mother.mobile not in stored
    assert Person.objects.by_id_number(mother.id_number.lower()) == mother
    assert Person.objects.get(pk=mother.pk).id_number == mother.id_number


def test_two_persons_cannot_have_one_id_number(mother: Person) -> None:
    with pytest.raises(IntegrityError):
        a_resident("冒名者", id_number=mother.id_number, account=False)


def test_bulk_created_persons_are_found_by_their_index(db: None) -> None:
    numbers = [an_id_number() for _ in range(3)]
    Person.objects.bulk_create([Person(name="批量", id_number=number) for number in numbers])
    assert all(Person.objects.by_id_number(number) for number in numbers)


def test_saving_a_person_whose_number_nobody_read_keeps_the_index(mother: Person) -> None:
    again = Person.objects.get(pk=mother.pk)
    again.address = "新地址"
    again.save()
    assert Person.objects.by_id_number(mother.id_number) == mother


def test_persons_without_an_id_number_do_not_collide(db: None) -> None:
    Person.objects.create(name="甲", id_number="")
    Person.objects.create(name="乙", id_number="")
    assert Person.objects.filter(id_index=None).count() == 2
