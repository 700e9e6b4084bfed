"""The story in the pictures of the documentation: a daughter applies for her mother, twelve shops for their licences.

It is told through the real actions at fixed moments. Imported by ``pictures.py`` once the site is set up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from picture_shops import SHOPS, licence, moment

from shuzheng.engines.casework.actions.intake import AcceptCase, AskSupplement, Supply
from shuzheng.engines.casework.models import Case, ServiceItem
from shuzheng.engines.documents.credentials.actions import IssueCredential
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.identity.models import Officer, OrgUnit, Person
from shuzheng.engines.insight.actions.refresh import RefreshIndicators
from shuzheng.engines.messaging.actions import MarkRead
from shuzheng.engines.messaging.queries import inbox
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.kernel.actions import LoadPacks
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import ZONE
from shuzheng.testing import identity, simulated
from shuzheng.testing.casework import file_case
from shuzheng.testing.credentials import TYPE, grant
from shuzheng.testing.examples import Upload
from shuzheng.testing.identity import actor_of_officer, actor_of_person
from shuzheng.testing.seals import a_seal

PACKS = Path(__file__).resolve().parent.parent / "packs"
COUNTY = "360702000000"
BUREAUS = {"civil-affairs": "民政局", "market-supervision": "市场监督管理局", "government-service": "政务服务中心"}
#: When the pictures are taken.
PRESENT = "2026-05-14 10:00"
#: What residents apply for most; twelve shops do not make a year.
POPULAR = (
    "medical-insurance social-security-card marriage-appointment elderly-allowance school-enrolment id-card-renewal"
)


@dataclass
class Story:
    """Who and what is in the pictures."""

    daughter: Person
    mother: Person
    handler: Officer
    approver: Officer
    allowance: Case
    licence: Case
    #: An e-licence, and whose firm holds it.
    issued: Credential
    owner: Person
    #: Of every account.
    password: str = identity.PASSWORD


def tell() -> Story:
    """Play the story and leave the site at the present."""
    LoadPacks.do(Actor.system("pictures"), paths=[PACKS])
    civil, market, _hall = (identity.a_unit(kind, COUNTY, name=f"章贡区{name}") for kind, name in BUREAUS.items())
    with moment("2026-04-01 09:00"):
        mother = identity.a_resident("王桂英", born="1941-03-02", address="健康路 18 号 2 单元 301 室")
        daughter = identity.a_resident("李梅", born="1975-05-20")
        identity.a_mandate(mother, daughter, items=["elderly-allowance"])
        clerk = identity.an_officer("周晓燕", unit=civil, posts=["acceptor", "handler"])
        handler = identity.an_officer("张敏", unit=market, posts=["acceptor", "handler", "inspector"])
        approver = identity.an_officer("刘建国", unit=market, posts=["approver"])
    allowance = _allowance(daughter, mother, clerk)
    licences = [licence(number, handler) for number in range(len(SHOPS))]
    _street_lamp(daughter)
    issued, owner = _e_licence(market)
    with moment(PRESENT):
        for person in (mother, daughter):
            MarkRead.do(actor_of_person(person), message_ids=[m.pk for m in inbox(person.pk).items[1:]])
        RefreshIndicators.do(Actor.system("pictures"))
        ledger.sequence()
    for place, code in enumerate(reversed(POPULAR.split()), 1):
        ServiceItem.objects.filter(code=code).update(popularity=1000 * place)
    simulated.it_is(datetime.fromisoformat(PRESENT).replace(tzinfo=ZONE))
    return Story(daughter, mother, handler, approver, allowance, licences[0], issued, owner)


def _allowance(daughter: Person, mother: Person, clerk: Officer) -> Case:
    """File for the mother; a photo is asked for and supplied; accepted."""
    answers = {"bank_name": "中国农业银行赣州章贡支行", "bank_card": "6228480402564890018", "truth_commitment": True}
    with moment("2026-05-07 20:15"):
        case = file_case(actor_of_person(daughter, mother), "elderly-allowance", answers=answers)
    with moment("2026-05-08 09:20"):
        wanted = [{"code": "photo", "title": "老人近期照片", "problem": "请交一张一个月内的正面照片。"}]
        AskSupplement.do(actor_of_officer(clerk), case_id=case.pk, wanted=wanted)
    with moment("2026-05-08 19:40"):
        actor = actor_of_person(daughter, mother)
        photo = {"code": "photo", "files": [receive(actor, Upload("近照.pdf")).pk]}
        Supply.do(actor, case_id=case.pk, materials=[photo])
    with moment("2026-05-09 10:00"):
        seen = ["name", "resident-id", "mobile"]
        record_read(actor_of_officer(clerk), "核对申请人和材料", PERSON, mother.pk, seen, case.pk)
        AcceptCase.do(actor_of_officer(clerk), case_id=case.pk)
    return case


def _e_licence(bureau: OrgUnit) -> tuple[Credential, Person]:
    """Issue the licence of a teahouse that has existed for a while."""
    with moment("2026-04-02 10:00"):
        grant(a_seal(bureau, name="赣州市章贡区市场监督管理局（演示）"), TYPE)
        owner = identity.a_resident("罗文英", female=True)
        firm = identity.a_firm("章贡区慈云茶社", representative=owner, kind="individual", address="赣江源大道 6 号一层")
    with moment("2026-04-03 15:20"):
        given = {
            "credential_type": TYPE,
            "applicant_kind": "legal",
            "applicant_id": firm.pk,
            "applicant_name": firm.name,
            "division_code": COUNTY,
            "handling_unit_id": bureau.pk,
            "item_code": TYPE,
            "answers": {
                "business_address": "江西省赣州市章贡区赣江源大道 6 号一层",
                "business_form": "catering",
                "projects": ["hot-food", "drinks"],
                "safety_officer": owner.name,
            },
        }
        return IssueCredential.do(Actor.system("刘建国"), given), owner


def _street_lamp(daughter: Person) -> None:
    """Report a lamp in the daughter's own name; the officer wants to know where it stands."""
    hall = identity.a_unit("government-service", COUNTY)
    with moment("2026-05-12 21:05"):
        case = file_case(actor_of_person(daughter))
    with moment("2026-05-13 09:30"):
        clerk = identity.an_officer("黄志刚", unit=hall, posts=["acceptor"])
        wanted = [{"code": "other", "title": "能说明情况的材料", "problem": "请拍一张能看清灯杆编号的照片。"}]
        AskSupplement.do(actor_of_officer(clerk), case_id=case.pk, wanted=wanted)
