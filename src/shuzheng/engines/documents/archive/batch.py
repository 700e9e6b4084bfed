"""The file that travels between installations: a zip of packages with a list of them, and the receipt that comes back."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shuzheng.engines.documents.archive.errors import BatchUnreadable
from shuzheng.engines.documents.archive.models import ArchivePackage
from shuzheng.engines.documents.archive.retention import Dates
from shuzheng.engines.documents.archive.rule import ArchiveRule
from shuzheng.engines.documents.gateways.storage import PIECE, sm3_of

FORMAT, RECEIPT = "shuzheng-transfer/1", "shuzheng-receipt/1"
LIST = "batch.json"
Sm3 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Record(BaseModel):
    """The record of a package as it travels; nothing in it is personal."""

    model_config = ConfigDict(extra="forbid")
    subject: UUID
    revision: int
    version: int = Field(ge=1)
    code: str = Field(min_length=1, max_length=200)
    number: str = Field(max_length=60)
    title: str = Field(max_length=300)
    item_code: str = Field(max_length=120)
    fonds: str = Field(max_length=60)
    organ: str = Field(max_length=200)
    category: str = Field(max_length=8)
    classification: str = Field(max_length=30)
    year: int
    retention: str = Field(max_length=10)
    nomination: Literal["keep", "destroy"]
    secrecy: Literal["public", "internal", "sensitive"]
    rule: ArchiveRule
    dates: Dates
    starts_on: date | None
    due_on: date | None
    size: int = Field(ge=0)
    sm3: Sm3
    manifest_sm3: Sm3
    contents: list[dict[str, Any]]
    findings: list[dict[str, str]]
    sound: bool
    elements: list[str]
    closed_at: datetime
    division_path: str = Field(pattern=r"^[0-9.]{1,200}$")


FIELDS = tuple(Record.model_fields)


class Line(BaseModel):
    """One package of a batch."""

    model_config = ConfigDict(extra="forbid")
    path: str
    record: dict[str, Any]


class Batch(BaseModel):
    """The list of a batch."""

    model_config = ConfigDict(extra="forbid")
    format: str
    number: str = Field(max_length=80)
    sender: str = Field(max_length=200)
    packages: list[Line] = Field(max_length=500)


class ReceiptLine(BaseModel):
    """What the receiving side says of one package."""

    code: str
    accepted: bool
    problem: str = ""


class Receipt(BaseModel):
    """What the receiving side sends back."""

    format: str
    number: str
    #: SM3 of the list it received.
    batch_sm3: str
    receiver: str
    received_at: str
    lines: list[ReceiptLine]


def record_of(package: ArchivePackage) -> dict[str, Any]:
    """Return the record of a package as it travels."""
    values = {name: getattr(package, name) for name in FIELDS}
    return json.loads(json.dumps(values, default=str))


def lines_of(packages: list[ArchivePackage]) -> list[dict[str, Any]]:
    """Return the lines of a batch."""
    return [{"path": f"packages/{n:04d}.zip", "record": record_of(p)} for n, p in enumerate(packages, 1)]


def list_of(number: str, sender: str, lines: list[dict[str, Any]]) -> bytes:
    """Return the list of a batch; the same lines give the same bytes, wherever they were kept meanwhile."""
    listed = {"format": FORMAT, "number": number, "sender": sender, "packages": lines}
    return json.dumps(listed, ensure_ascii=False, indent=1, sort_keys=True).encode()


def read_list(packed: zipfile.ZipFile) -> tuple[Batch, str]:
    """Return the list of a batch and its SM3. Raises BatchUnreadable."""
    try:
        data = packed.read(LIST)
        batch = Batch.model_validate_json(data)
    except (KeyError, ValidationError, zipfile.BadZipFile, NotImplementedError) as problem:
        raise BatchUnreadable from problem
    if batch.format != FORMAT:
        raise BatchUnreadable
    return batch, hashlib.new("sm3", data).hexdigest()


def extract(packed: zipfile.ZipFile, line: Line, target: Path) -> str:
    """Copy a package of a batch to a local file and return what is wrong: missing or changed, or nothing."""
    expected = line.record.get("size")
    try:
        info = packed.getinfo(line.path)
        if info.file_size != expected:
            return "changed"
        with packed.open(info) as incoming, target.open("wb") as outgoing:
            shutil.copyfileobj(incoming, outgoing, PIECE)
    except KeyError:
        return "missing"
    except (zipfile.BadZipFile, NotImplementedError):
        return "changed"
    return "" if sm3_of(target) == line.record.get("sm3") else "changed"
