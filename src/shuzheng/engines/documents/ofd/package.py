"""The container of an OFD file (GB/T 33190-2016 §5): a ZIP archive, opened within bounds, written the same way every time.

A file that a stranger sends may be built to exhaust or to deceive: small archives that unpack to gigabytes, thousands of
entries, names that climb out of the archive, two entries of one name (one for the verifier, one for the reader), XML that
expands itself. All of these are refused before anything is unpacked.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from shuzheng.engines.documents.ofd.errors import OfdUnreadable

MOST_ENTRIES = 10_000
MOST_BYTES = 200 * 2**20
#: Unpacked over packed bytes; text of a page packs to a twentieth, a bomb to a thousandth.
HIGHEST_RATIO = 200
#: Below this size a high ratio does no harm (a page of blanks).
HARMLESS = 2**20
MOST_MARKUP = 1_000_000
LARGEST_XML = 32 * 2**20
DEEPEST = 64
ROOT = "OFD.xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TOO_DEEP = "/".join("*" * DEEPEST)


class Package:
    """The entries of an OFD file by name, without a leading slash."""

    def __init__(self) -> None:
        self._archive: zipfile.ZipFile | None = None
        self._stored: dict[str, zipfile.ZipInfo] = {}
        self._changed: dict[str, bytes] = {}
        self._folded: dict[str, str] = {}

    @classmethod
    def open(cls, data: bytes) -> Package:
        """Open the bytes of an OFD file. Raises OfdUnreadable if they are none, or exceed a bound."""
        package = cls()
        try:
            package._archive = zipfile.ZipFile(io.BytesIO(data))
            entries = [entry for entry in package._archive.infolist() if not entry.is_dir()]
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, OSError) as problem:
            raise OfdUnreadable("这不是 OFD 文件：不是完整的 ZIP 容器。") from problem
        _weigh(entries, len(data))
        for entry in entries:
            name = _clean(_name_of(entry))
            if name in package._stored:
                raise OfdUnreadable(f"容器中有两个同名文件：{name}。")
            package._stored[name] = entry
            package._folded.setdefault(name.casefold(), name)
        if ROOT not in package:
            raise OfdUnreadable("这不是 OFD 文件：容器中没有 OFD.xml。")
        return package

    def names(self) -> list[str]:
        """Return the names of all entries: those that were opened in their order, then those that were put."""
        return [*self._stored, *(name for name in self._changed if name not in self._stored)]

    def __contains__(self, name: str) -> bool:
        """Say whether there is an entry of this name, as ``read`` finds it."""
        return self._find(name) is not None

    def read(self, name: str) -> bytes:
        """Return the bytes of an entry; a name that differs in case only is found. Raises OfdUnreadable."""
        found = self._find(name)
        if found is None:
            raise OfdUnreadable(f"容器中缺少文件：{name}。")
        if found in self._changed or self._archive is None:
            return self._changed[found]
        try:
            return self._archive.read(self._stored[found])
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as problem:
            raise OfdUnreadable(f"容器中的文件已损坏：{found}。") from problem

    def put(self, name: str, data: bytes) -> None:
        """Add an entry or replace one. Raises OfdUnreadable for a name that leaves the container."""
        name = _clean(name)
        self._changed[name] = data
        self._folded.setdefault(name.casefold(), name)

    def xml(self, name: str) -> etree._Element:
        """Return the root element of an entry. Raises OfdUnreadable for broken, oversized, deep or self-expanding XML."""
        return parse(self.read(name), name)

    def to_bytes(self) -> bytes:
        """Return the archive: the same entries give the same bytes, whenever and wherever it is written."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in self.names():
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, self.read(name))
        return out.getvalue()

    def _find(self, name: str) -> str | None:
        name = name.replace("\\", "/").lstrip("/")
        if name in self._stored or name in self._changed:
            return name
        return self._folded.get(name.casefold())


def parse(data: bytes, name: str) -> etree._Element:
    """Return the root element of XML that may be hostile; ``name`` is for the message. Raises OfdUnreadable."""
    if len(data) > LARGEST_XML or data.count(b"<") > MOST_MARKUP:
        raise OfdUnreadable(f"{name} 中的元素过多或内容过大。")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise OfdUnreadable(f"{name} 不是正确的 XML：{problem}") from problem
    if root.getroottree().docinfo.doctype:
        raise OfdUnreadable(f"{name} 含有 DTD 声明，已拒绝。")
    if root.find(_TOO_DEEP) is not None:
        raise OfdUnreadable(f"{name} 嵌套过深。")
    return root


def resolve(folder: str, reference: str) -> str:
    """Return the name of the entry that a ``ST_Loc`` means (§7.2): ``/`` begins at the root, else in the folder.

    Raises OfdUnreadable for a reference that leaves the container.
    """
    reference = reference.strip().replace("\\", "/")
    return _clean(reference if reference.startswith("/") else f"{folder}/{reference}")


def _clean(name: str) -> str:
    """Return a name without leading slash, ``.`` and ``..``; refuse one that climbs out."""
    parts: list[str] = []
    for part in name.replace("\\", "/").split("/"):
        if part == ".." and not parts:
            raise OfdUnreadable(f"文件名指向容器之外：{name[:100]}。")
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    if not parts or "\0" in name:
        raise OfdUnreadable(f"文件名无效：{name[:100]!r}。")
    return "/".join(parts)


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Return the name of an entry; many writers put UTF-8 or GB 18030 without saying so, which zipfile reads as CP437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _weigh(entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse an archive that is too large once unpacked; zipfile never unpacks more than an entry declares."""
    if len(entries) > MOST_ENTRIES:
        raise OfdUnreadable(f"容器中的文件超过 {MOST_ENTRIES} 个。")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_BYTES:
        raise OfdUnreadable(f"解压后超过 {MOST_BYTES // 2**20} MB。")
    heavy = [e for e in entries if e.file_size > HARMLESS and e.file_size > HIGHEST_RATIO * e.compress_size]
    if heavy or (unpacked > HARMLESS and unpacked > HIGHEST_RATIO * packed):
        raise OfdUnreadable("压缩比异常，疑似压缩炸弹。")
    if any(entry.flag_bits & 1 for entry in entries):
        raise OfdUnreadable("容器中的文件已加密。")
