"""The story's last chapter: a permit is granted and served, its fee paid in the sandbox, and anyone can verify the licence."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from random import Random
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from shuzheng.demo import paying
from shuzheng.demo.lives import Story, Traits
from shuzheng.demo.matters import matter
from shuzheng.demo.people import People
from shuzheng.demo.plan import Plan
from shuzheng.engines.casework.actions.paying import RecordPayment
from shuzheng.engines.casework.archiving import archive
from shuzheng.engines.casework.letters.giving import catch_up
from shuzheng.engines.casework.models import Case
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.payment import paying as channels
from shuzheng.engines.payment.models import Bill
from shuzheng.engines.trust import ledger
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import get
from shuzheng.kernel.event import unfollowed
from shuzheng.kernel.moment import at, local

ITEM = "road-occupation"
#: Days before the present on which the permit is applied for.
AGO = 16
#: Days that the works take, from the present on.
DAYS = 30
#: Seconds that the sandbox acquirer may take to start.
PATIENCE = 20
STORYTELLER = Actor.system("demo")


def prove(plan: Plan) -> Credential | None:
    """Grant the cast's firm a permit, pay its fee in the sandbox and return the licence; again returns the same."""
    operator = People().operator_for_firm()
    case = _granted(plan, operator)
    if case.state != Case.State.CLOSED:
        with _acquirer() as answers, unfollowed():
            _pay(operator, case, answers)
    # The letters of its acts, sealed and served as jobs would have done; the archive takes them along.
    with unfollowed():
        catch_up(case.pk)
    archive(case.pk)
    ledger.sequence()
    return Credential.objects.filter(case_id=case.pk).first()


def _granted(plan: Plan, operator: Actor) -> Case:
    """Let the permit be applied for and granted, in the last days of the story."""
    people, chance = People(), Random(plan.seed)
    applied = matter(get("service_item", ITEM).body, operator, chance)
    begins = local(plan.end).date()
    works = {"start_date": begins.isoformat(), "end_date": (begins + timedelta(days=DAYS)).isoformat()}
    applied = replace(applied, answers={**applied.answers, **works})
    story = Story(applied, people, chance, Traits(pace=0.1, until="decided"))
    life, moment = story.live(plan.end.date() - timedelta(days=AGO)), plan.first_moment(plan.start_day)
    with unfollowed():
        while moment is not None and moment <= plan.end:
            with at(moment):
                moment = next(life, None)
    return Case.objects.get(pk=story.case.pk)


def _pay(payer: Actor, case: Case, sandbox: bool) -> None:
    """Pay the open bill on the sandbox's own page, or at the window where the sandbox cannot run."""
    bill = Bill.objects.get(case_id=case.pk, state=Bill.State.OPEN)
    if not sandbox:
        paying.pay(payer, case)
        return
    order = channels.start(payer, bill.pk, "sandbox")
    _ask_sandbox("POST", order.pay_url, urlencode({"do": "pay"}))
    channels.ask(order)
    RecordPayment.do(STORYTELLER, case_id=case.pk)


@contextmanager
def _acquirer() -> Iterator[bool]:
    """Run the sandbox acquirer as the process it is everywhere, and say whether it answers."""
    if "sandbox" not in settings.PAYMENT_CHANNELS:
        yield False
        return
    program = subprocess.Popen([sys.executable, "-m", "shuzheng.cli", "sandbox"], stdout=subprocess.DEVNULL)
    try:
        yield _answers(program)
    finally:
        program.terminate()
        program.wait(PATIENCE)


def _answers(program: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and program.poll() is None:
        try:
            _ask_sandbox("GET", settings.SANDBOX_ACQUIRER)
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _ask_sandbox(method: str, address: str, form: str = "") -> None:
    place = urlsplit(address)
    with closing(HTTPConnection(place.netloc, timeout=PATIENCE)) as connection:
        connection.request(method, place.path or "/", form)
        connection.getresponse().read()
