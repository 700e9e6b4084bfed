"""The demo's story: played once, in simulated time, from the same seed the same, and never twice."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from rich.progress import Progress
from stdnum.cn import uscc

from shuzheng.demo import cast, story
from shuzheng.demo.names import Names
from shuzheng.demo.plan import Plan
from shuzheng.demo.settling import Settle
from shuzheng.engines.casework.models import Case, CaseStatus, Clock, Letter, Task
from shuzheng.engines.documents.archive.models import ArchivePackage
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.seals.certificates import Certificate
from shuzheng.engines.documents.seals.ses import read_stamp
from shuzheng.engines.documents.seals.signatures import signatures_of
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.identity.models import Account, Application, Person
from shuzheng.engines.messaging.models import Message
from shuzheng.engines.payment import gateways
from shuzheng.engines.payment.models import Order
from shuzheng.engines.trust.crypto.encoding import public_key_to_pem
from shuzheng.engines.vocabulary.validators.identity import resident_id
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import now
from tools.verify_evidence import main as verify_offline


@pytest.fixture
def waiting(packs: None) -> set[int]:
    """Jobs that were there before the story."""
    return set(ProcrastinateJob.objects.values_list("id", flat=True))


@pytest.fixture
def told(packs: None, tmp_path: Any, settings: Any) -> Plan:
    settings.HOME = tmp_path
    plan = Plan(end=now(), length=25, cases=20, residents=120, firms=30, processes=1)
    story.tell(Progress(disable=True), plan)
    return plan


def test_a_small_story_leaves_a_living_office(waiting: set[int], told: Plan) -> None:
    assert story.told()
    _something_happened(told)
    _nothing_happens_after_the_present(told)
    _the_cast_has_something_to_do()
    _one_system_works_and_one_waits_for_its_second_review()
    assert list(ProcrastinateJob.objects.exclude(id__in=waiting).values_list("task_name", flat=True)) == []
    assert Account.objects.filter(person__synthetic=False).count() == 0


def _something_happened(plan: Plan) -> None:
    assert Case.objects.count() >= plan.cases * 0.9
    assert not Case.objects.filter(synthetic=False).exclude(item_code="rating-follow-up").exists()
    assert Case.objects.filter(state="closed").exists()
    assert Task.objects.filter(state="open").exists()
    assert Clock.objects.filter(state="running").exists()


def _nothing_happens_after_the_present(plan: Plan) -> None:
    assert not CaseStatus.objects.filter(at__gt=now()).exists()
    assert not Case.objects.filter(filed_at__lt=plan.end - timedelta(days=plan.length + 1)).exists()


def _one_system_works_and_one_waits_for_its_second_review() -> None:
    states = dict(Application.objects.values_list("code", "state"))
    assert states == {"market-business": "online", "site-inspection": "applied"}
    assert Application.objects.get(code="site-inspection").approvals_left == 1


def _the_cast_has_something_to_do() -> None:
    states = {(case.operator_name, case.item_code): case.state for case in Case.objects.all()}
    assert states["李梅", "generic-matter"] == "supplement"
    assert states["黄丽", "food-business-licence"] == "suspended"
    daughter = Person.objects.get(account__username=cast.DAUGHTER.username)
    assert Message.objects.filter(recipient_person_id=daughter.pk, template="supplement-asked").exists()
    assert Draft.objects.count() == 2
    for username, password, _who in story.ACCOUNTS:
        assert Account.objects.get(username=username).check_password(password)


def test_the_story_ends_with_a_fee_paid_in_the_sandbox_and_a_licence_that_anyone_verifies(
    packs: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take_sandbox_money(tmp_path, settings, monkeypatch)
    plan = Plan(end=now(), length=25, cases=0, residents=120, firms=30, processes=1)
    story.tell(Progress(disable=True), plan)

    order = Order.objects.get(channel="sandbox")
    assert (order.state, order.bill.state) == ("received", "paid")
    licence = Credential.objects.get(case_id=order.bill.case_id)
    package = ArchivePackage.objects.get()
    assert package.sound, package.findings
    (page,) = story.pages()
    told = Client().get(page).content.decode()
    assert "有效" in told, re.sub(r"<[^>]+>|\s+", " ", told)[-1500:]
    assert licence.number in told

    file, evidence = tmp_path / "licence.ofd", tmp_path / "evidence.json"
    assert licence.original is not None
    with storage().open(licence.original.storage_key) as original:
        file.write_bytes(original.read())
    evidence.write_bytes(Client().get(f"{page}/evidence.json").content)
    assert verify_offline([str(evidence), "--file", str(file)]) == 0
    _openssl_accepts_its_signature(file.read_bytes(), tmp_path)


def _take_sandbox_money(home: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    given = {"ACQUIRER": address, "SECRET": "between-the-two"}
    for name, value in given.items():
        setattr(settings, f"SANDBOX_{name}", value)
        monkeypatch.setenv(f"SHUZHENG_SANDBOX_{name}", value)
    settings.HOME, settings.PAYMENT_CHANNELS = home, ["sandbox"]
    monkeypatch.setenv("SHUZHENG_HOME", str(home))
    gateways._load.cache_clear()


def _openssl_accepts_its_signature(document: bytes, folder: Path) -> None:
    if shutil.which("openssl") is None:
        return
    package = Package.open(document)
    (signed,) = signatures_of(package)
    stamp = read_stamp(package.read(signed.value))
    (folder / "key.pem").write_text(public_key_to_pem(Certificate(stamp.certificate).public_key))
    (folder / "data").write_bytes(stamp.signed)
    (folder / "signature").write_bytes(stamp.signature)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -digest sm3 -pkeyopt distid:1234567812345678"
    said = subprocess.run(
        [*command.split(), "-in", "data", "-sigfile", "signature"], cwd=folder, capture_output=True, check=True
    )
    assert b"Verified Successfully" in said.stdout


@pytest.mark.django_db
def test_only_the_platform_settles_people() -> None:
    with pytest.raises(NotPermitted):
        Settle.do(Actor(name="居民"), residents=1, firms=0)


def test_names_and_numbers_are_valid_and_the_same_from_the_same_seed() -> None:
    def draw() -> list[str]:
        names = Names(Random(3))
        numbers = [names.id_number("360702000000", date(1980, 1, 1), female=bool(n % 2)) for n in range(200)]
        codes = [names.credit_code("360702000000", company=bool(n % 2)) for n in range(50)]
        return [*numbers, *codes, names.person(female=True), names.mobile(), names.address("章贡区")]

    drawn = draw()
    assert drawn == draw()
    assert len(set(drawn[:200])) == 200
    assert [resident_id(number) for number in drawn[:200]] == drawn[:200]
    assert all(uscc.is_valid(code) for code in drawn[200:250])


def test_the_casts_cases_have_their_letters_sealed_and_served(told: Plan) -> None:
    applied = Case.objects.filter(item_code="road-occupation", state="closed").latest("filed_at")
    letters = {letter.occasion: letter for letter in Letter.objects.filter(case=applied)}
    assert {"acceptance", "approval", "payment", "receipt"} <= set(letters)
    assert {letter.state for letter in letters.values()} == {"issued"}
    assert letters["approval"].served_on is not None
    assert letters["approval"].served_way == "electronic"
    assert Letter.objects.filter(occasion="supplement", case__operator_name="李梅", state="issued").exists()
