"""Who acts in the story, as actors of the kernel; read once and kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random
from uuid import UUID

from shuzheng.demo import cast
from shuzheng.demo.settling import PAPER, PLACES
from shuzheng.engines.casework.models import Task
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.identity.actors import actor_for_account
from shuzheng.engines.identity.models import Account, Appointment, LegalPerson, Mandate, Person
from shuzheng.engines.identity.parties import legal_party, person_party
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id


class People:
    """The residents, firms and officers of the demo."""

    def __init__(self) -> None:
        """Read who there is, in a fixed number of statements."""
        accounts = Account.objects.filter(person__synthetic=True).select_related("person")
        self.accounts = {account.username: account for account in accounts.order_by("username")}
        self._by_person = {account.person_id: account for account in self.accounts.values()}
        self.residents = [a for name, a in self.accounts.items() if name.startswith("resident-")]
        # The cast's own mother and firm have lives of their own.
        firms = LegalPerson.objects.filter(synthetic=True, representative__account__isnull=False).exclude(
            name=cast.FIRM
        )
        self.firms = list(firms.select_related("representative").order_by("uscc"))
        self.elders = list(
            Mandate.objects.filter(grantor_person__account__username__startswith="elder-")
            .select_related("grantor_person", "operator")
            .order_by("grantor_person__account__username")
        )
        self._accounts_of_officers: dict[UUID, Account] = {}
        self._teams = self._read_teams()
        self._officers: dict[UUID, Actor] = {}
        self._papers = dict(StoredFile.objects.filter(name=PAPER).values_list("owner_account_id", "id"))

    def _read_teams(self) -> dict[tuple[UUID, str], list[Account]]:
        teams: dict[tuple[UUID, str], list[Account]] = defaultdict(list)
        held = Appointment.objects.filter(officer__person__synthetic=True).select_related("post", "officer")
        for appointment in held.order_by("officer__number"):
            account = self._by_person[appointment.officer.person_id]
            self._accounts_of_officers[appointment.officer_id] = account
            teams[appointment.post.unit_id, appointment.post.code].append(account)
        return dict(teams)

    # -- actors --------------------------------------------------------------------------------------------

    def _acting(self, account: Account, party: Person | LegalPerson, mandate: Mandate | None = None) -> Actor:
        """Return somebody acting for a party, as signing in would make them; every act has its own correlation."""
        assert account.person is not None
        return Actor(
            name=account.person.name,
            account_id=account.pk,
            person_id=account.person.pk,
            party=person_party(party) if isinstance(party, Person) else legal_party(party),
            mandate_id=mandate.pk if mandate else None,
            assurance=account.assurance,
            channel="web",
        )

    def on_duty(self, account: Account) -> Actor:
        """Return an officer on duty, with what the posts bring."""
        if account.pk not in self._officers:
            self._officers[account.pk] = actor_for_account(account)
        return replace(self._officers[account.pk], correlation_id=str(new_id()))

    def resident(self, chance: Random) -> Actor:
        """Return some resident."""
        return self._oneself(chance.choice(self.residents))

    def _oneself(self, account: Account) -> Actor:
        assert account.person is not None
        return self._acting(account, account.person)

    def firm(self, chance: Random) -> Actor:
        """Return the representative of some firm, acting for it."""
        firm = chance.choice(self.firms)
        assert firm.representative is not None
        return self._acting(self._by_person[firm.representative.pk], firm)

    def child(self, chance: Random) -> Actor:
        """Return some child acting for a parent."""
        return self._for_parent(chance.choice(self.elders))

    def _for_parent(self, mandate: Mandate) -> Actor:
        assert mandate.grantor_person is not None
        return self._acting(self._by_person[mandate.operator.pk], mandate.grantor_person, mandate)

    def of_cast(self, who: cast.Resident) -> Actor:
        """Return one of the cast, acting for themselves."""
        return self._oneself(self.accounts[who.username])

    def daughter_for_mother(self) -> Actor:
        """Return the daughter of the cast, acting for her mother."""
        mother = self.accounts[cast.MOTHER.username].person
        return self._for_parent(Mandate.objects.select_related("grantor_person", "operator").get(grantor_person=mother))

    def operator_for_firm(self) -> Actor:
        """Return the operator of the cast's firm, acting for it."""
        mandate = Mandate.objects.select_related("grantor_legal").get(grantor_legal__name=cast.FIRM)
        assert mandate.grantor_legal is not None
        return self._acting(self.accounts[cast.OPERATOR.username], mandate.grantor_legal, mandate)

    def officer(self, task: Task, chance: Random) -> Actor | None:
        """Return who does a task: whoever took it, or somebody on its post."""
        team = self._teams.get((task.unit_id, task.post), [])
        taken = self._accounts_of_officers.get(task.assignee_id) if task.assignee_id else None
        return self.on_duty(taken or chance.choice(team)) if taken or team else None

    def on(self, unit_id: UUID | None, post: str, chance: Random) -> Actor | None:
        """Return an officer on a post of a unit."""
        team = self._teams.get((unit_id, post), []) if unit_id else []
        return self.on_duty(chance.choice(team)) if team else None

    # -- what they bring -----------------------------------------------------------------------------------

    def division(self, actor: Actor) -> str:
        """Return where a party lives, as far as it has bureaus."""
        lives = actor.party.division if actor.party else ""
        return lives if lives in PLACES else cast.HOME

    def paper(self, actor: Actor) -> str:
        """Return the id of the file that the actor hands in wherever one is wanted."""
        assert actor.account_id is not None
        return str(self._papers[actor.account_id])
