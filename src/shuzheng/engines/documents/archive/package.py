"""The package itself: a zip of documents, metadata, history and evidence, with a manifest of SM3 over everything.

The same content gives the same bytes. Unpacked, it is a folder that verifies itself with ``verify.py``.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO

from shuzheng.engines.documents.archive.verifier import verify
from shuzheng.engines.documents.gateways.storage import PIECE
from shuzheng.kernel.moment import local

FORMAT = "shuzheng-archive/1"
README, SCRIPT = "README.md", "verify.py"
_README = """# {title}

档号：{code}（版本 {version}）

这是一份能够自己证明自己的归档信息包，依据 DA/T 85-2019、GB/T 18894-2016、DA/T 48-2009 组织：

* `metadata.json`　元数据：全宗、门类、年度、保管期限、责任者、密级等
* `process.json`　办理过程：状态、决定、时限、环节
* `form.json`、`documents/`　申请表、材料、文书、证照原文
* `signatures.json`　归档时对每枚电子印章的验证结果
* `evidence/`　办理过程中每个动作在存证账本里的证明
* `manifest.json`　以上每个文件的大小和 SM3 摘要
* `evidence.json`　本包清单的存证证明（导出时附上）

核验：安装 Python 3.11 以上，在本文件夹执行 `python3 verify.py`，不需要联网。
存证证明可再用 `verify_evidence.py` 核对签名和见证。改动、缺失、多出任何一个文件都会被发现。
"""


@dataclass(frozen=True)
class Entry:
    """A file inside a package."""

    path: str
    title: str
    #: metadata, process, form, material, letter, licence, evidence or tool.
    role: str
    size: int
    sm3: str


@dataclass
class Writer:
    """A package being written to a local file."""

    target: Path
    #: Stamped on every entry, so that packing again gives the same bytes.
    at: datetime
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the zip."""
        self._zip = zipfile.ZipFile(self.target, "w", zipfile.ZIP_STORED, allowZip64=True)

    def add(self, path: str, title: str, role: str, stream: BinaryIO) -> Entry:
        """Copy a stream into the package, digesting it on the way."""
        digest, size = hashlib.new("sm3"), 0
        with self._zip.open(self._info(path), "w", force_zip64=True) as out:
            while piece := stream.read(PIECE):
                digest.update(piece)
                size += len(piece)
                out.write(piece)
        entry = Entry(path, title, role, size, digest.hexdigest())
        self.entries.append(entry)
        return entry

    def add_json(self, path: str, title: str, role: str, value: Any) -> Entry:
        """Add a value as readable JSON."""
        return self.add(path, title, role, BytesIO(_json(value)))

    def finish(self, *, code: str, title: str, version: int) -> bytes:
        """Add the script, the explanation and the manifest, close, and return the manifest's bytes."""
        self.add(SCRIPT, "核验程序", "tool", BytesIO(Path(verify.__file__).read_bytes()))
        text = _README.format(title=title, code=code, version=version)
        self.add(README, "说明", "tool", BytesIO(text.encode()))
        manifest = _json(
            {
                "format": FORMAT,
                "code": code,
                "title": title,
                "version": version,
                "algorithm": "SM3",
                "created": local(self.at).isoformat(timespec="seconds"),
                "files": [vars(entry) for entry in self.entries],
            }
        )
        self._zip.writestr(self._info(verify.MANIFEST), manifest)
        self._zip.close()
        return manifest

    def _info(self, path: str) -> zipfile.ZipInfo:
        moment = local(self.at)
        info = zipfile.ZipInfo(path, (max(moment.year, 1980), *moment.timetuple()[1:6]))
        info.external_attr = 0o644 << 16
        return info


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode() + b"\n"


@contextmanager
def unpacked(stream: BinaryIO) -> Iterator[Path]:
    """Unpack a package into a scratch folder, gone afterwards. Raises BadZipFile, and ValueError for paths that escape."""
    with tempfile.TemporaryDirectory(prefix="archive-") as scratch:
        unpack(stream, Path(scratch))
        yield Path(scratch)


def unpack(stream: IO[bytes], folder: Path) -> None:
    """Unpack a package into a folder. Raises BadZipFile, and ValueError for paths that escape.

    An entry whose own checksum fails is left as far as it came: the manifest then names it.
    """
    with zipfile.ZipFile(stream) as packed:
        for info in packed.infolist():
            place = (folder / info.filename).resolve()
            if not place.is_relative_to(folder.resolve()):
                raise ValueError(info.filename)
            if info.is_dir():
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            with suppress(zipfile.BadZipFile), packed.open(info) as incoming, place.open("wb") as outgoing:
                shutil.copyfileobj(incoming, outgoing, PIECE)


def problems_of(stream: BinaryIO) -> list[tuple[str, str]]:
    """Return what the package's own rules find wrong with a packed package; an unreadable one is one problem."""
    try:
        with unpacked(stream) as folder:
            return list(verify.problems(folder))
    except (zipfile.BadZipFile, ValueError, KeyError, OSError, TypeError, NotImplementedError):
        return [("", "unreadable")]


def digest_of(stream: BinaryIO) -> tuple[str, int]:
    """Return SM3 and size of a stream."""
    digest, size = hashlib.new("sm3"), 0
    while piece := stream.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size
