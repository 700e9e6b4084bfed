"""Handing archives over: a batch goes, every package is verified by itself, a receipt comes back."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.documents.actions import BeginUpload
from shuzheng.engines.documents.archive import exporting, jobs, keeping
from shuzheng.engines.documents.archive.actions import BeginTransfer, ConfirmTransfer, ReceiveTransfer, SweepVault
from shuzheng.engines.documents.archive.actions.receiving import receipt_of
from shuzheng.engines.documents.archive.batch import list_of
from shuzheng.engines.documents.archive.errors import BatchUnreadable, NothingToTransfer, ReceiptDisagrees
from shuzheng.engines.documents.archive.models import ArchivePackage, ArchiveTransfer, PackageState
from shuzheng.engines.documents.archive.policies import MANAGE
from shuzheng.engines.documents.receiving import append
from shuzheng.kernel.actor import Actor
from tests.engines.documents.archive.conftest import PNG, SYSTEM

pytestmark = pytest.mark.django_db


def uploaded(actor: Actor, data: bytes) -> Any:
    """Upload a batch as the page does."""
    upload = BeginUpload.do(actor, name="batch.zip", length=len(data))
    append(upload, 0, BytesIO(data).read)
    return upload


def batch_file(actor: Actor, transfer: ArchiveTransfer) -> bytes:
    with exporting.batch_of(actor, transfer) as stream:
        return stream.read()


def elsewhere(settings: Any, tmp_path: Path) -> None:
    """Become the other installation: nothing of ours is known there."""
    ArchivePackage.objects.all().delete()
    settings.HOME = tmp_path / "other"


def test_a_batch_arrives_whole_and_the_receipt_closes_it(
    pack: Any, officer: Any, settings: Any, tmp_path: Path
) -> None:
    sender = officer("张敏", MANAGE)
    packages = [pack(), pack()]
    transfer = BeginTransfer.do(
        sender, packages=[p.pk for p in packages], receiver="赣州市档案馆", sender="章贡区档案馆"
    )
    data = batch_file(sender, transfer)
    other = officer("外馆", MANAGE)
    receiver = other
    # A package that is there already is not taken twice.
    refused = ReceiveTransfer.do(receiver, upload_id=uploaded(receiver, data).pk, receiver="赣州市档案馆")
    assert {line["problem"] for line in refused.lines} == {"known"}
    refused.delete()

    ours, home = list(ArchivePackage.objects.values()), settings.HOME
    elsewhere(settings, tmp_path)
    received = ReceiveTransfer.do(receiver, upload_id=uploaded(receiver, data).pk, receiver="赣州市档案馆")
    assert received.accepted == 2
    again = ReceiveTransfer.do(receiver, upload_id=uploaded(receiver, data).pk, receiver="赣州市档案馆")
    assert again.pk == received.pk
    taken = ArchivePackage.objects.get(code=packages[0].code)
    assert (taken.received_from, taken.manifest_sm3) == ("章贡区档案馆", packages[0].manifest_sm3)
    receipt = receipt_of(received).model_dump_json()

    ArchivePackage.objects.all().delete()
    ArchivePackage.objects.bulk_create(ArchivePackage(**row) for row in ours)
    settings.HOME = home
    for wrong in (receipt.replace(transfer.number, "YJ-0"), json.dumps({"format": "x"}), "not json"):
        with pytest.raises(ReceiptDisagrees):
            ConfirmTransfer.do(sender, transfer_id=transfer.pk, receipt=wrong)
    ConfirmTransfer.do(sender, transfer_id=transfer.pk, receipt=receipt)
    packages[0].refresh_from_db()
    assert packages[0].state == PackageState.TRANSFERRED
    assert packages[0].held
    with pytest.raises(NothingToTransfer):
        BeginTransfer.do(sender, packages=[packages[0].pk], receiver="赣州市档案馆", sender="章贡区档案馆")


def test_what_was_changed_on_the_way_is_refused_line_by_line(
    pack: Any, officer: Any, settings: Any, tmp_path: Path
) -> None:
    sender = officer("张敏", MANAGE)
    packages = [pack(), pack(), pack()]
    transfer = BeginTransfer.do(sender, packages=[p.pk for p in packages], receiver="市档案馆", sender="区档案馆")
    data = batch_file(sender, transfer)
    damaged = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as whole, zipfile.ZipFile(damaged, "w") as out:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "packages/0001.zip":
                place = content.index(PNG) + 40
                content = content[:place] + b"?" + content[place + 1 :]
            if name != "packages/0002.zip":
                out.writestr(name, content)
    elsewhere(settings, tmp_path)
    received = ReceiveTransfer.do(sender, upload_id=uploaded(sender, damaged.getvalue()).pk, receiver="市档案馆")
    assert [line["problem"] for line in received.lines] == ["changed", "missing", ""]
    assert ArchivePackage.objects.count() == 1


def test_a_record_that_is_not_that_of_its_package_is_refused(
    pack: Any, officer: Any, settings: Any, tmp_path: Path
) -> None:
    sender = officer("张敏", MANAGE)
    packages = [pack(), pack(), pack()]
    transfer = BeginTransfer.do(sender, packages=[p.pk for p in packages], receiver="市档案馆", sender="区档案馆")
    for line, (name, value) in zip(
        transfer.batch,
        [("retention", "1年" * 20), ("manifest_sm3", "0" * 64), ("code", "GZ0702-ZWFW·1999-Y-1")],
        strict=True,
    ):
        line["record"][name] = value
    forged = BytesIO()
    with zipfile.ZipFile(forged, "w") as out:
        for line, package in zip(transfer.batch, packages, strict=True):
            with keeping.content_of(package) as stream:
                out.writestr(line["path"], stream.read())
        out.writestr("batch.json", list_of(transfer.number, "区档案馆", transfer.batch))
    elsewhere(settings, tmp_path)
    received = ReceiveTransfer.do(sender, upload_id=uploaded(sender, forged.getvalue()).pk, receiver="市档案馆")
    assert [line["problem"] for line in received.lines] == ["record"] * 3
    assert not ArchivePackage.objects.exists()


def test_what_is_no_batch_is_refused_whole(officer: Any) -> None:
    keeper = officer("张敏", MANAGE)
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("batch.json", "{}")
    for data in (b"no zip at all", other.getvalue()):
        with pytest.raises(BatchUnreadable):
            ReceiveTransfer.do(keeper, upload_id=uploaded(keeper, data).pk, receiver="市档案馆")


def test_the_nightly_sweep_spares_everything_recorded(pack: Any) -> None:
    package = pack()
    jobs.sweep_archive()
    assert SweepVault.do(SYSTEM).count == 0
    assert package.held
