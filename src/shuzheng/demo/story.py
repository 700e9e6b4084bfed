"""The demo story, as the command line plays it: settle people, live ninety days, tell and count once at the end."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from queue import Empty
from uuid import UUID

from django.db import connections
from procrastinate.contrib.django import app
from rich.progress import Progress

from shuzheng.demo import cast, process
from shuzheng.demo.connecting import connect
from shuzheng.demo.people import People
from shuzheng.demo.plan import Plan
from shuzheng.demo.playing import play
from shuzheng.demo.proof import ITEM, prove
from shuzheng.demo.reaching import LATELY, prove_numbers
from shuzheng.demo.sealing import make_seals
from shuzheng.demo.settling import Settle
from shuzheng.engines.casework import telling
from shuzheng.engines.casework.letters.giving import catch_up
from shuzheng.engines.casework.models import Case
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.forms.actions import SaveDraft
from shuzheng.engines.identity.actions.organisations import GenerateOrganisations
from shuzheng.engines.identity.models import LegalPerson, OrgUnit, Person
from shuzheng.engines.messaging.actions import GiveConsent
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import get
from shuzheng.kernel.event import unfollowed
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now

#: What a visitor may sign in as: user name, password, who it is.
ACCOUNTS = cast.ACCOUNTS
STORYTELLER = Actor.system("demo")
#: Words to which whoever is served electronically agrees.
CONSENT = "本人同意行政机关以电子方式向本人送达行政决定书等文书，文书到达站内消息之日为送达日期。"
#: Jobs run once when the story has been told, so that pages show numbers at once.
CLOSING = ("casework.renew_popularity", "insight.refresh_each_day")
SETTLED = "demo.settled"


class StoryFailed(Exception):
    """A process of the story came to grief; what had happened until then stays."""


def pages() -> dict[str, str]:
    """Return what else there is to look at, by path: the licence that the story ends with."""
    licence = Credential.objects.filter(holder_name=cast.FIRM, type_code=ITEM).order_by("-pk").first()
    return {f"/verify/{licence.code}": "证照核验 the story's licence"} if licence else {}


def told() -> bool:
    """Say whether this database holds the story, or the beginning of one that was cut short."""
    return EventRecord.objects.filter(type=SETTLED).exists()


def tell(progress: Progress, plan: Plan | None = None) -> None:
    """Play the story, showing how far it is. Raises StoryFailed."""
    plan = plan or Plan(end=now(), processes=max(1, min(4, os.cpu_count() or 1)))
    _settle(progress, plan)
    bar = progress.add_task("办件 cases over ninety days", total=plan.cases)
    for begun in _play(plan):
        progress.advance(bar, begun)
    bar = progress.add_task("缴费与发证 a fee paid, a licence sealed", total=1)
    prove(plan)
    progress.advance(bar)
    _close(progress)


def _settle(progress: Progress, plan: Plan) -> None:
    bar = progress.add_task("机构与人 bureaus and people", total=2)
    if not OrgUnit.objects.exists():
        GenerateOrganisations.do(STORYTELLER)
    progress.advance(bar)
    with at(plan.first_moment(plan.start_day)):
        Settle.do(STORYTELLER, residents=plan.residents, firms=plan.firms, seed=plan.seed)
        with unfollowed():
            make_seals()
            connect()
            _agree_to_electronic_service()
    progress.advance(bar)


def _agree_to_electronic_service() -> None:
    """Let two of the cast agree to be served electronically, so that their decisions reach them at once."""
    people = People()
    for who in (cast.DAUGHTER, cast.FOUNDER):
        GiveConsent.do(people.of_cast(who), text=CONSENT)


def _play(plan: Plan) -> Iterator[int]:
    """Yield how many cases began, again and again, until the present is reached."""
    if plan.processes == 1:
        begun: list[int] = []
        play(plan, 0, begun.append)
        yield from begun
        return
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    barrier, queue = context.Barrier(plan.processes), context.Queue()
    workers = [
        context.Process(target=process.run, args=(plan, shard, barrier, queue), daemon=True)
        for shard in range(plan.processes)
    ]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers) or not queue.empty():
        try:
            news = queue.get(timeout=1)
        except Empty:
            continue
        if isinstance(news, str):
            raise StoryFailed(news)
        yield news
    if any(worker.exitcode for worker in workers):
        raise StoryFailed("A process of the story ended early.")


# -- the end ---------------------------------------------------------------------------------------------------


def _close(progress: Progress) -> None:
    """Tell the cast what has happened to their cases, and count what pages show."""
    events, cases = list(_events_of_the_cast()), list(_cases_of_the_cast())
    bar = progress.add_task(
        "消息、文书与统计 messages, letters, numbers", total=len(events) + len(cases) + len(CLOSING)
    )
    texts_from, proved = now() - LATELY, False
    for event in events:
        if not proved and event.time > texts_from:
            proved = _prove_numbers(event)
        envelope = {"id": str(event.id), "type": event.type, "subject": event.subject, "data": event.data}
        with at(event.time), unfollowed():
            tellers = telling.tell_applicant if event.type in telling.TEMPLATES else telling.tell_officers
            tellers(envelope)
        progress.advance(bar)
    for case_id in cases:
        with unfollowed():
            catch_up(case_id)
        progress.advance(bar)
    _leave_drafts()
    for name in CLOSING:
        app.tasks[name].func()
        progress.advance(bar)


def _prove_numbers(event: EventRecord) -> bool:
    """Let some of the cast be told by text message from now on; what is queued goes out once the demo is served."""
    with at(event.time), unfollowed():
        prove_numbers()
    return True


def _leave_drafts() -> None:
    """Leave an application half filled in on the daughter's and the operator's desks."""
    people = People()
    for actor, code in (
        (people.of_cast(cast.DAUGHTER), "passport"),
        (people.operator_for_firm(), "outdoor-advertising"),
    ):
        form = get("form", get("service_item", code).body.form)
        SaveDraft.do(actor, subject=code, form_id=form.id, answers={"application_content": "还没写完，"})


def _events_of_the_cast() -> Iterator[EventRecord]:
    """Yield what happened to the cases of the cast, in the order of time; nobody else can read a message."""
    told_of = [*telling.TEMPLATES, "casework.card_turned"]
    cases = [str(pk) for pk in _cases_of_the_cast()]
    yield from EventRecord.objects.filter(subject__in=cases, type__in=told_of).order_by("time", "id")


def _cases_of_the_cast() -> Iterator[UUID]:
    """Yield the cases that somebody of the cast finds when signing in, the earliest first."""
    people = Person.objects.filter(account__username__in=[who.username for who in cast.RESIDENTS])
    firms = LegalPerson.objects.filter(name=cast.FIRM, synthetic=True)
    parties = [*people.values_list("pk", flat=True), *firms.values_list("pk", flat=True)]
    yield from Case.objects.filter(applicant_id__in=parties).order_by("filed_at", "pk").values_list("pk", flat=True)
