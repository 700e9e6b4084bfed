"""电子印章: from the filing with public security to a stamp that anyone can check, and a seal's end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.seals.actions import (
    ApproveSealUse,
    FileSeal,
    FreezeSeal,
    MakeSeal,
    RenewSeal,
    RequestSealUse,
    RevokeSeal,
    StampRequest,
    UnfreezeSeal,
)
from shuzheng.engines.documents.seals.errors import CertificateExpired, OwnRequest, RequestDecided, SealUnusable
from shuzheng.engines.documents.seals.keys import seal_keys
from shuzheng.engines.documents.seals.models import Seal, SealEvent, SealUse
from shuzheng.engines.documents.seals.places import OnPage
from shuzheng.engines.documents.seals.results import content_of
from shuzheng.engines.documents.seals.stamping import Signer, stamp_ofd
from shuzheng.engines.documents.seals.trusting import our_trust
from shuzheng.engines.documents.seals.verify import verify_ofd
from shuzheng.engines.trust import ledger
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import at, now
from shuzheng.testing.identity import a_browser, a_role, a_unit, actor_of_officer, an_officer
from shuzheng.testing.seals import Incoming, a_document, a_file, a_grant

pytestmark = [pytest.mark.django_db, pytest.mark.system("e-seal", page="/verify/")]
RIDING = {"edge": "right", "along": 100}


@pytest.fixture(autouse=True)
def home(db: None, tmp_path: Path, settings: Any) -> None:
    """A storage of this test's own, and nobody counted."""
    settings.HOME = tmp_path
    settings.ANTIVIRUS = "none"
    cache.clear()


class Bureau:
    """A bureau with a manager of seals, an applicant and two approvers."""

    def __init__(self) -> None:
        self.unit = a_unit("administrative-approval", name="赣州市章贡区行政审批局")
        scope = str(self.unit.division_path)
        manage = a_role("seal-manager", ["documents.manage_seals"])
        approve = a_role("seal-approver", ["documents.approve_seal_use"])
        self.manager = actor_of_officer(an_officer("钱管", unit=self.unit, roles=[manage], scope=scope))
        self.applicant = an_officer("李国华", unit=self.unit)
        self.clerk = actor_of_officer(self.applicant)
        self.first = actor_of_officer(an_officer("刘建国", unit=self.unit, roles=[approve], scope=scope))
        self.second = actor_of_officer(an_officer("杨立", unit=self.unit, roles=[approve], scope=scope))

    def file(self, **fields: Any) -> Seal:
        """File the bureau's seal."""
        told = {"code": "3607020000001", "police_record": "GA-360702-0001", "name": self.unit.name, "kind": "official"}
        return FileSeal.do(self.manager, {**told, "unit_id": self.unit.pk, **fields})

    def approved(self, seal: Seal, files: int = 1) -> Any:
        """Ask for the seal on some decisions of three pages, and have it approved twice."""
        handed_in = [a_file(self.clerk, f"决定书{n}.ofd", a_document(f"决定书{n}", pages=3)).pk for n in range(files)]
        told = {"title": "准予许可决定书", "reason": "送达申请人", "document_kind": "decision", "place": RIDING}
        request = RequestSealUse.do(self.clerk, {**told, "seal_id": seal.pk, "files": handed_in})
        for approver in (self.first, self.second):
            ApproveSealUse.do(approver, request_id=request.pk)
        return request


def test_a_seal_lives_from_filing_to_revocation_and_every_stamp_is_public(client: Client) -> None:
    bureau = Bureau()
    with pytest.raises(NotPermitted):
        FileSeal.do(
            bureau.clerk, code="3607020000001", police_record="GA", name="某章", kind="official", unit_id=bureau.unit.pk
        )
    seal = MakeSeal.do(bureau.manager, seal_id=bureau.file(key_seal=True).pk)
    a_grant(seal, bureau.applicant)

    # Three documents at once, with a riding seal; two approvers, neither of them the applicant.
    request = bureau.approved(seal, files=3)
    StampRequest.do(bureau.clerk, request_id=request.pk)
    uses = list(SealUse.objects.filter(request=request))
    assert len(uses) == 3
    results = [content_of(row.result) for row in request.files.select_related("result")]
    for data in results:
        (check,) = verify_ofd(data, trust=our_trust())
        assert check.valid
        assert check.seal_code == seal.code

    # Each is in the public ledger, with a proof that anyone can verify offline.
    ledger.sequence()
    assert all(ledger.evidence(use.ledger_entry) is not None for use in uses)

    # A resident checks it without signing in.
    page = client.post("/verify/", {"document": Incoming("决定书.ofd", results[0])}).content.decode()
    assert "有效：印章真实，盖章后没有改动" in page

    # Frozen, it stamps nothing; unfrozen, the approval still holds; revoked, never again.
    waiting = bureau.approved(seal)
    FreezeSeal.do(bureau.manager, seal_id=seal.pk, reason="保管人离岗")
    with pytest.raises(SealUnusable):
        StampRequest.do(bureau.clerk, request_id=waiting.pk)
    UnfreezeSeal.do(bureau.manager, seal_id=seal.pk, reason="已交接")
    StampRequest.do(bureau.clerk, request_id=waiting.pk)
    last = bureau.approved(seal)
    RevokeSeal.do(bureau.manager, seal_id=seal.pk, reason="机构改革")
    with pytest.raises(SealUnusable):
        StampRequest.do(bureau.clerk, request_id=last.pk)
    verbs = list(SealEvent.objects.filter(seal=seal).order_by("at", "id").values_list("verb", flat=True))
    assert verbs == ["filed", "made", "frozen", "unfrozen", "revoked"]


def test_a_key_seal_is_not_used_on_one_approval() -> None:
    bureau = Bureau()
    seal = MakeSeal.do(bureau.manager, seal_id=bureau.file(key_seal=True).pk)
    a_grant(seal, bureau.applicant)
    told = {"title": "决定书", "reason": "送达", "document_kind": "decision", "place": RIDING, "seal_id": seal.pk}
    request = RequestSealUse.do(bureau.clerk, {**told, "files": [a_file(bureau.clerk).pk]})
    ApproveSealUse.do(bureau.first, request_id=request.pk)
    with pytest.raises(OwnRequest):
        ApproveSealUse.do(bureau.first, request_id=request.pk)
    with pytest.raises(RequestDecided):
        StampRequest.do(bureau.clerk, request_id=request.pk)


def test_a_certificate_that_runs_out_after_the_approval_stops_the_stamp_and_keeps_the_approval() -> None:
    bureau = Bureau()
    seal = MakeSeal.do(bureau.manager, seal_id=bureau.file(key_seal=True).pk, months=1)
    a_grant(seal, bureau.applicant)
    request = bureau.approved(seal)
    with at(now() + timedelta(days=40)):
        with pytest.raises(CertificateExpired):
            StampRequest.do(bureau.clerk, request_id=request.pk)
        RenewSeal.do(bureau.manager, seal_id=seal.pk)
        assert StampRequest.do(bureau.clerk, request_id=request.pk).state == "used"


def test_a_stamp_outside_the_log_is_void_even_with_the_right_key(client: Client) -> None:
    """Whoever got hold of the key still cannot write the public ledger."""
    bureau = Bureau()
    seal = MakeSeal.do(bureau.manager, seal_id=bureau.file().pk)
    certificate = seal.certificate
    assert certificate is not None
    assert seal.data is not None
    thief = Signer(bytes(certificate.der), lambda data: seal_keys().sign(certificate.key, data))
    stolen = stamp_ofd(a_document(), bytes(seal.data), thief, place=OnPage(1, 100, 200), at=now()).data
    (check,) = verify_ofd(stolen, trust=our_trust())
    assert check.intact
    assert not check.valid
    page = client.post("/verify/", {"document": Incoming("决定书.ofd", stolen)}).content.decode()
    assert "不是按规定流程盖的，无效" in page


def test_a_changed_document_is_rejected_on_the_public_page(client: Client) -> None:
    bureau = Bureau()
    seal = MakeSeal.do(bureau.manager, seal_id=bureau.file(key_seal=True).pk)
    a_grant(seal, bureau.applicant)
    request = bureau.approved(seal)
    StampRequest.do(bureau.clerk, request_id=request.pk)
    package = Package.open(content_of(StoredFile.objects.get(pk=request.files.get().result_id)))
    part = next(name for name in package.names() if name.endswith("Page_0/Content.xml"))
    package.put(part, package.read(part).replace(b"ID=", b"Id=", 1))
    page = client.post("/verify/", {"document": Incoming("决定书.ofd", package.to_bytes())}).content.decode()
    assert "无效：印章或内容被改动过" in page


def test_the_offices_page_shows_the_officer_what_they_may_use() -> None:
    bureau = Bureau()
    seal = MakeSeal.do(bureau.manager, seal_id=bureau.file().pk)
    a_grant(seal, bureau.applicant)
    page = a_browser(bureau.applicant.account).get("/office/seals/").content.decode()
    assert seal.name in page
    assert "申请用印" in page
