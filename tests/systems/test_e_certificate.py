"""电子证照: a decision becomes a sealed licence that its holder shows, others use, anyone verifies, and a person may revoke."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shuzheng.engines.casework.actions.deciding import ApproveCase
from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.actions.working import ForwardStep
from shuzheng.engines.casework.models import Case
from shuzheng.engines.documents.credentials import showing
from shuzheng.engines.documents.credentials.actions import RevokeCredential, ShowCredential, UseCredential
from shuzheng.engines.documents.credentials.errors import NotAuthorised
from shuzheng.engines.documents.credentials.models import Credential, UseAuthorisation
from shuzheng.engines.documents.credentials.queries import reconsidered
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.documents.seals.reading import check_document
from shuzheng.engines.identity.models import Account
from shuzheng.engines.identity.queries import parties_for
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.models import LedgerEntry
from shuzheng.kernel.actor import ANYBODY
from shuzheng.kernel.moment import at, now
from shuzheng.testing.casework import file_case
from shuzheng.testing.credentials import World, a_world
from shuzheng.testing.examples import Upload
from shuzheng.testing.identity import a_resident, a_role, a_unit, actor_of_officer, an_officer
from tools.verify_evidence import main as verify_offline

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.system("e-certificate", page="/licences/", pack="public-service/food-business-licence"),
]
ANSWERS = {
    "location": "114.93503,25.83109",
    "premises_area": "86.5",
    "premises_right": "owned",
    "business_form": "catering",
    "projects": ["hot-food", "drinks"],
    "safety_officer": "陈志强",
    "employee_count": "4",
    "staff_healthy": True,
    "truth_commitment": True,
}


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    """A bureau with its seal, a restaurant and its owner."""
    settings.HOME, settings.ANTIVIRUS = tmp_path / "home", "none"
    return a_world()


def licensed(world: World) -> Credential:
    """Apply for the licence of a restaurant and bring it to the approval, everybody doing their own part."""
    posts = ("acceptor", "handler", "inspector", "approver")
    desk = {post: actor_of_officer(an_officer(f"{post}", unit=world.bureau, posts=[post])) for post in posts}
    materials = [{"code": code, "way": "commitment"} for code in ("systems",)]
    layout = upload(world)
    case = file_case(
        world.holder,
        "food-business-licence",
        answers=ANSWERS,
        materials=[{"code": "layout", "files": [layout]}, *materials],
    )
    AcceptCase.do(desk["acceptor"], case_id=case.pk)
    ForwardStep.do(desk["handler"], case_id=case.pk, opinion="材料齐全，请现场核查")
    ForwardStep.do(desk["inspector"], case_id=case.pk, opinion="符合要求")
    ApproveCase.do(desk["approver"], case_id=case.pk, reasons="符合规定的条件")
    assert Case.objects.get(pk=case.pk).state == "closed"
    return Credential.objects.get(case_id=case.pk)


def upload(world: World) -> str:
    """Return a file of the holder's."""
    return str(receive(world.holder, Upload("布局图.pdf")).pk)


def browser(world: World) -> Client:
    """Return the owner's browser, acting for the firm."""
    client = Client()
    account = Account.objects.get(person=world.owner)
    client.force_login(account)
    key = next(choice.key for choice in parties_for(account) if choice.party and choice.party.id == world.firm.pk)
    client.post(reverse("identity:acting"), {"choice": key})
    return client


def test_a_decision_becomes_a_licence_that_is_shown_used_verified_and_revoked(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    licence = licensed(world)
    owner, anybody = browser(world), Client()
    page = f"/licences/{licence.pk}/"

    # It is there the moment the case is approved: a card, a face with its seal, an original to take away.
    assert licence.number in owner.get("/licences/").content.decode()
    html = owner.get(page).content.decode()
    assert "有效" in html
    assert "<svg" in html
    assert "热食类食品制售；自制饮品制售" in html
    original = b"".join(owner.get(f"{page}original.ofd").streaming_content)
    (check,) = check_document(original)
    assert check.valid
    assert check.seal_name == world.bureau.name

    # Anyone verifies it: by the printed code, by the file, offline by the evidence.
    told = anybody.get(f"/verify/{licence.code}").content.decode()
    assert "有效" in told
    assert "赣南人家餐饮店" in told
    file = SimpleUploadedFile("licence.ofd", original)
    assert "有效：印章真实" in anybody.post("/verify/", {"document": file}).content.decode()
    ledger.sequence()
    (tmp_path / "evidence.json").write_bytes(anybody.get(f"/verify/{licence.code}/evidence.json").content)
    (tmp_path / "licence.ofd").write_bytes(original)
    assert verify_offline([str(tmp_path / "evidence.json"), "--file", str(tmp_path / "licence.ofd")]) == 0
    capsys.readouterr()

    # The holder shows it at a counter, and lets a bank look at it once.
    assert "每 60 秒" in owner.get(f"{page}show/").content.decode()
    assert "本次核验已记录" in anybody.get(f"/verify/show/{showing.token(licence.pk)}").content.decode()
    owner.post(f"{page}authorise/", {"recipient": "某某银行", "purpose": "开立账户", "hours": "24", "most_uses": "1"})
    leave = UseAuthorisation.objects.get()
    clerk = actor_of_officer(an_officer("柜员", unit=a_unit("civil-affairs"), posts=["handler"]))
    seen = UseCredential.do(clerk, authorisation=leave.code, purpose="开立账户")
    assert seen.state == "valid"
    with pytest.raises(NotAuthorised):
        UseCredential.do(clerk, authorisation=leave.code, purpose="再看一次")
    assert "开立账户" in owner.get(page).content.decode()

    # A person revokes it, backwards: every later look says so, and past uses can be looked at again.
    role = a_role("licence-judge", ["documents.decide_credentials"])
    scope = str(world.bureau.division_path)
    judge = actor_of_officer(an_officer("刘局", unit=world.bureau, posts=["leader"], roles=[role], scope=scope))
    given = {"reason": "以欺骗手段取得许可", "basis": "《行政许可法》第六十九条第二款"}
    RevokeCredential.do(judge, {"credential_id": licence.pk, **given})
    for text in (
        owner.get(page),
        anybody.get(f"/verify/{licence.code}"),
        anybody.get(f"/verify/show/{showing.token(licence.pk)}"),
    ):
        assert "已吊销或撤销" in text.content.decode()
    assert all(one.use.state == "valid" for one in reconsidered(licence)[1:])
    ledger.sequence()
    kinds = set(LedgerEntry.objects.filter(subject=licence.identifier).values_list("kind", flat=True))
    assert kinds == {"credential.issued", "credential.revoked"}


def test_nobody_learns_of_licences_by_trying_codes(world: World) -> None:
    licence = world.issue()
    anybody = Client()
    wrong = licence.code[:-1] + ("A" if licence.code[-1] != "A" else "B")
    assert anybody.get(f"/verify/{wrong}").status_code == 404
    answers = [anybody.get("/verify/222222222222").status_code for _try in range(12)]
    assert answers[-1] == 429


def test_an_identifier_alone_tells_only_how_the_licence_stands(world: World) -> None:
    licence = world.issue()
    told = Client().get(f"/verify/{licence.identifier}").content.decode()
    assert "有效" in told
    assert "赣南人家" not in told
    assert licence.number not in told


def test_a_stranger_finds_no_licence_of_others(world: World) -> None:
    licence = world.issue()
    stranger = Client()
    stranger.force_login(Account.objects.get(person=a_resident("李梅")))
    for path in ("", "show/", "original.ofd", "copy/", "authorise/", "loss/", "evidence.json"):
        assert stranger.get(f"/licences/{licence.pk}/{path}").status_code == 404


def test_a_copy_says_that_it_is_one_and_what_for(world: World) -> None:
    licence = world.issue()
    answer = browser(world).post(f"/licences/{licence.pk}/copy/", {"purpose": "办理外卖平台入驻"})
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(str(page.get_text()) for page in pymupdf.open(stream=answer.content, filetype="pdf"))
    assert "仅用于办理外卖平台入驻" in text.replace("\n", "")


def test_a_code_shown_in_person_is_of_no_use_to_whoever_photographs_it(world: World) -> None:
    licence = world.issue()
    token = showing.token(licence.pk)
    assert ShowCredential.do(ANYBODY, token=token).state == "valid"
    with at(now() + timedelta(seconds=showing.LIFE + 1)), pytest.raises(NotAuthorised):
        ShowCredential.do(ANYBODY, token=token)
    with pytest.raises(NotAuthorised):
        ShowCredential.do(ANYBODY, token=token[:-1] + "_")
