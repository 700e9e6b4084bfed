"""Registering: residents for themselves, persons and firms by officers and importers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity import failures
from shuzheng.engines.identity.errors import AlreadyRegistered, IdentityNotConfirmed
from shuzheng.engines.identity.gateways.real_name import gateway
from shuzheng.engines.identity.inputs import CreditCode, IdNumber, Mobile, Name
from shuzheng.engines.identity.models import Account, LegalPerson, Person
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.engines.identity.policies import REGISTER_PERSONS
from shuzheng.engines.vocabulary.validators.identity import birth_date_of, sex_of
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.id import new_id
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import PUBLIC


def person_facts(id_number: str) -> dict[str, Any]:
    """Return what an id number itself says: birthday and sex (GB 11643)."""
    if not id_number:
        return {}
    return {"birth_date": birth_date_of(id_number), "sex": sex_of(id_number)}


class RegisterResidentInput(Input):
    """What a resident tells to register."""

    name: Name
    id_number: IdNumber = Field(min_length=18)
    mobile: Mobile = Field(min_length=11)
    password: str = Field(min_length=1, max_length=128, repr=False)


class RegisterResident(Action[RegisterResidentInput, Account]):
    """Open an account for oneself, verified by real name (实名注册).

    Raises IdentityNotConfirmed, AlreadyRegistered, SignInLocked after too many tries for one id number or from one
    address, Unavailable when the register cannot be asked, and InvalidInput for a poor password.
    """

    name = "identity.register_resident"
    permission = PUBLIC
    title = _("实名注册")

    def perform(self, actor: Actor, given: RegisterResidentInput) -> Account:
        """Verify, then create person (if not yet known) and account."""
        if not gateway().verify(given.name, given.id_number, given.mobile):
            raise IdentityNotConfirmed
        person = Person.objects.by_id_number(given.id_number) or Person(
            name=given.name, id_number=given.id_number, **person_facts(given.id_number)
        )
        person.mobile = given.mobile
        account = Account(username=f"r{new_id().hex[-12:]}", person=person, assurance=Assurance.REAL_NAME)
        set_password(account, given.password)
        person.save()
        try:
            account.save()
        except IntegrityError as taken:
            raise AlreadyRegistered from taken
        self.about(account, assurance=account.assurance)
        self.emit("identity.account_registered", account.pk, person=str(person.pk))
        return account


def guard_registration(id_number: str, address: str) -> None:
    """Count a try to register against the limits of signing in. Raises SignInLocked."""
    failures.reserve(failures.target_of(None, f"register:{id_number}"), address)


def set_password(account: Account, password: str) -> None:
    """Set a password that keeps the rules. Raises InvalidInput with what to mend."""
    try:
        validate_password(password, account)
    except ValidationError as poor:
        raise InvalidInput(*(FieldProblem("password", message) for message in poor.messages)) from poor
    account.set_password(password)


class RegisterPersonInput(Input):
    """A natural person as an officer or an importer knows them."""

    name: Name
    id_number: IdNumber = Field(min_length=18)
    mobile: Mobile = ""
    division_code: str = Field(default="", max_length=12)
    address: str = Field(default="", max_length=300)
    synthetic: bool = False


class RegisterPerson(Action[RegisterPersonInput, Person]):
    """Enter a natural person (登记自然人), or bring a known one up to date; found by id number."""

    name = "identity.register_person"
    permission = REGISTER_PERSONS
    title = _("登记自然人")

    def perform(self, actor: Actor, given: RegisterPersonInput) -> Person:
        """Create or update the person."""
        person = Person.objects.by_id_number(given.id_number) or Person(synthetic=given.synthetic)
        facts = {**given.model_dump(exclude={"synthetic"}), **person_facts(given.id_number)}
        for name, value in facts.items():
            setattr(person, name, value or getattr(person, name))
        person.save()
        self.about(person)
        return person


class RegisterLegalPersonInput(Input):
    """A legal person as the register of enterprises knows it."""

    title: str = Field(min_length=1, max_length=200)
    uscc: CreditCode
    kind: LegalPerson.Kind = LegalPerson.Kind.COMPANY
    representative_id_number: IdNumber = ""
    division_code: str = Field(default="", max_length=12)
    address: str = Field(default="", max_length=300)
    industry_code: str = Field(default="", max_length=5)
    established: date | None = None
    synthetic: bool = False


class RegisterLegalPerson(Action[RegisterLegalPersonInput, LegalPerson]):
    """Enter a legal person (登记法人), or bring a known one up to date; found by its credit code.

    Raises InvalidInput if the representative is not a known person.
    """

    name = "identity.register_legal_person"
    permission = REGISTER_PERSONS
    title = _("登记法人")

    def perform(self, actor: Actor, given: RegisterLegalPersonInput) -> LegalPerson:
        """Create or update the legal person."""
        representative = Person.objects.by_id_number(given.representative_id_number)
        if given.representative_id_number and representative is None:
            raise InvalidInput(
                FieldProblem("representative_id_number", gettext("没有登记过这位法定代表人，请先登记自然人。"))
            )
        facts = given.model_dump(exclude={"title", "uscc", "representative_id_number"})
        firm, _created = LegalPerson.objects.update_or_create(
            uscc=given.uscc, defaults={**facts, "name": given.title, "representative": representative}
        )
        self.about(firm)
        return firm
