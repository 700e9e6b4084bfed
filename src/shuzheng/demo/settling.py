"""Settling the invented people, firms and officers (演示人口), in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import NamedTemporaryFile

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.demo import cast
from shuzheng.demo.names import Names
from shuzheng.demo.paper import sheet
from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.documents.models import ScanStatus, StoredFile
from shuzheng.engines.identity.models import (
    Account,
    Appointment,
    Kinship,
    LegalPerson,
    Mandate,
    Officer,
    Person,
    Post,
    Role,
    RoleAssignment,
)
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.engines.vocabulary.models import Division
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now, today
from shuzheng.kernel.policies import USE_ADMIN

#: Counties with officers and residents, and how many of a hundred live there; the city's own bureaus come with them.
PLACES = {"360702000000": 55, "360703000000": 20, "360781000000": 15, "360402000000": 10}
CITIES = ("360700000000", "360400000000")
#: Each bureau has four officers, with these posts.
TEAMS = (("acceptor", "handler"), ("handler", "inspector"), ("approver",), ("leader", "supervisor"))
FAMILIES = 60
#: A document that everybody hands in wherever one is wanted.
PAPER = "材料（演示）.pdf"
SERVING_SINCE = timedelta(days=3650)


class SettleInput(Input):
    """How many."""

    residents: int = 800
    firms: int = 200
    seed: int = 1


class Settled(BaseModel):
    """How many there are now."""

    residents: int
    firms: int
    officers: int


@dataclass
class _Rows:
    """What is written in the end, one statement a table."""

    people: list[Person] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    firms: list[LegalPerson] = field(default_factory=list)
    kinships: list[Kinship] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)
    officers: list[Officer] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    roles: list[RoleAssignment] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)

    def write(self) -> None:
        """Write everything, parents first."""
        for rows in vars(self).values():
            if rows:
                type(rows[0])._default_manager.bulk_create(rows, batch_size=1000)


class Settle(Action[SettleInput, Settled]):
    """Settle invented residents, firms and officers for a demonstration (演示人口), all marked synthetic.

    Only the cast can sign in; nobody else has a password.
    """

    name = "demo.settle"
    permission = EVERYTHING
    title = _("生成演示人口")

    def perform(self, actor: Actor, given: SettleInput) -> Settled:
        """Invent everybody and write them in bulk."""
        self.rows, self.names = _Rows(), Names(Random(given.seed))
        self.since = today() - SERVING_SINCE
        self.places = {d.code: d.name for d in Division.objects.filter(code__in=[*PLACES, *CITIES])}
        self._residents(given.residents)
        self._families()
        self._firms(given.firms)
        self._cast()
        self._officers()
        self._papers()
        self.rows.write()
        settled = Settled(
            residents=len(self.rows.people) - len(self.rows.officers),
            firms=len(self.rows.firms),
            officers=len(self.rows.officers),
        )
        self.about(None, **settled.model_dump())
        self.emit("demo.settled", "demo", **settled.model_dump())
        return settled

    # -- residents -----------------------------------------------------------------------------------------

    def _place(self) -> str:
        return self.names.chance.choices(list(PLACES), weights=list(PLACES.values()))[0]

    def _person(self, born: date, *, female: bool, name: str = "", place: str = "") -> Person:
        names, where = self.names, place or self._place()
        person = Person(
            name=name or names.person(female=female),
            id_number=names.id_number(where, born, female=female),
            sex="2" if female else "1",
            birth_date=born,
            mobile=names.mobile(),
            division_code=where,
            address=names.address(self.places.get(where, "")),
            synthetic=True,
        )
        self.rows.people.append(person)
        return person

    def _account(self, person: Person, username: str, *, password: str | None = None, **facts: object) -> Account:
        account = Account(
            username=username,
            person=person,
            password=password or make_password(None),
            password_changed_at=now() if password else None,
            **{"assurance": Assurance.FACE_TO_FACE, **facts},
        )
        self.rows.accounts.append(account)
        return account

    def _residents(self, count: int) -> None:
        for number in range(1, count + 1):
            female = self.names.chance.random() < 0.5
            person = self._person(self.names.birthday(19, 79, today()), female=female)
            self._account(person, f"resident-{number:04}")

    def _families(self) -> None:
        """Give some residents a parent of eighty and more for whom they may act."""
        grown = [p for p in self.rows.people if p.birth_date and p.birth_date.year < today().year - 40]
        for number, child in enumerate(grown[:FAMILIES], 1):
            parent = self._person(self.names.birthday(81, 97, today()), female=True, place=child.division_code)
            self._account(parent, f"elder-{number:03}")
            self._entrust(parent, child)

    def _entrust(self, parent: Person, child: Person) -> None:
        relation = Kinship.Relation.CHILD
        self.rows.kinships.append(Kinship(person=parent, relative=child, relation=relation, source="演示数据"))
        self._mandate(child, kind=Mandate.Kind.RELATIVE, grantor_person=parent, relation=relation)

    def _mandate(self, operator: Person, **facts: object) -> None:
        self.rows.mandates.append(
            Mandate(
                operator=operator,
                items=["*"],
                valid_from=today() - timedelta(days=120),
                valid_to=today() + timedelta(days=500),
                status=Mandate.Status.ACTIVE,
                evidence="演示数据",
                confirmed_at=now(),
                **facts,
            )
        )

    def _firms(self, count: int) -> None:
        grown = [p for p in self.rows.people if p.birth_date and p.birth_date.year > today().year - 65]
        for person in grown[:count]:
            name, industry = self.names.firm(self.places.get(person.division_code, ""))
            self._firm(name, person, industry)

    def _firm(self, name: str, representative: Person, industry: str) -> LegalPerson:
        company = name.endswith("公司")
        firm = LegalPerson(
            name=name,
            uscc=self.names.credit_code(representative.division_code, company=company),
            kind=LegalPerson.Kind.COMPANY if company else LegalPerson.Kind.INDIVIDUAL_BUSINESS,
            representative=representative,
            division_code=representative.division_code,
            address=self.names.address(self.places.get(representative.division_code, "")),
            industry_code=industry,
            established=today() - timedelta(days=self.names.chance.randint(200, 4000)),
            synthetic=True,
        )
        self.rows.firms.append(firm)
        return firm

    def _papers(self) -> None:
        """Give everybody a small document; its bytes are stored once."""
        content = sheet("Synthetic document for the demonstration")
        key, digest = _stored(content)
        for account in self.rows.accounts:
            self.rows.files.append(
                StoredFile(
                    name=PAPER,
                    content_type="application/pdf",
                    size=len(content),
                    sm3=digest,
                    storage_key=key,
                    owner_account_id=account.pk,
                    scan_status=ScanStatus.NOT_SCANNED,
                )
            )

    # -- the cast and the officers -------------------------------------------------------------------------

    def _cast(self) -> None:
        password, people = make_password(cast.PASSWORD), dict[cast.Resident, Person]()
        for who in cast.RESIDENTS:
            people[who] = self._person(who.born, female=who.female, name=who.name, place=cast.HOME)
            self._account(people[who], who.username, password=password, elder_mode=who.elder_mode)
        self._entrust(people[cast.MOTHER], people[cast.DAUGHTER])
        firm = self._firm(cast.FIRM, people[cast.FOUNDER], "6210")
        self._mandate(people[cast.OPERATOR], kind=Mandate.Kind.OPERATOR, grantor_legal=firm)
        posts = _posts([cast.HOME])
        for who in cast.OFFICIALS:
            own = [post for post in posts if post.code in who.posts and post.unit.kind in who.units]
            officer = self._officer(own, who.username, name=who.name, password=password)
            if who.role:
                self._role(officer, Role.objects.get(code=who.role))

    def _role(self, officer: Officer, role: Role) -> None:
        """Give a role before anything is stored, and what it opens."""
        officer.account.is_staff = USE_ADMIN in role.permissions
        self.rows.roles.append(
            RoleAssignment(officer=officer, role=role, administrator=role.administrator, valid_from=self.since)
        )

    def _officers(self) -> None:
        """Staff every bureau of the places with a team."""
        bureaus: dict[object, list[Post]] = {}
        for post in _posts([*PLACES, *CITIES]):
            bureaus.setdefault(post.unit_id, []).append(post)
        number = 0
        for posts in bureaus.values():
            for team in TEAMS:
                own = [post for post in posts if post.code in team]
                if own:
                    number += 1
                    self._officer(own, f"officer-{number:04}")

    def _officer(self, posts: Sequence[Post], username: str, *, name: str = "", password: str | None = None) -> Officer:
        place = posts[0].unit.division_code if posts else cast.HOME
        female = self.names.chance.random() < 0.45
        person = self._person(self.names.birthday(24, 58, today()), female=female, name=name, place=place)
        account = self._account(person, username, password=password)
        officer = Officer(person=person, account=account, number=f"Y{len(self.rows.officers) + 1:06}")
        self.rows.officers.append(officer)
        for post in posts:
            self.rows.appointments.append(Appointment(officer=officer, post=post, valid_from=self.since))
        return officer


def _posts(divisions: Iterable[str]) -> list[Post]:
    found = Post.objects.filter(unit__division_code__in=list(divisions), unit__closed_on=None)
    return list(found.select_related("unit").order_by("unit__code", "code"))


def _stored(content: bytes) -> tuple[str, str]:
    """Store a document and return its key and its SM3."""
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return storage().keep(Path(file.name))
