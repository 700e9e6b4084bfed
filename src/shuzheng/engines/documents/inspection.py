"""What a file really is: decided by its bytes, against a short list of types; its name must agree."""

from __future__ import annotations

import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import filetype

from shuzheng.engines.documents.errors import EmptyFile, NameDisagrees, WrongType

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK\x03\x04"
#: Names of streams in old Office files, as they stand in the directory.
OLE_STREAMS = {"doc": "WordDocument".encode("utf-16-le"), "xls": "Workbook".encode("utf-16-le")}
#: Entries that tell what a ZIP container is.
ZIP_MARKS = {"ofd": "OFD.xml", "docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
MACRO = "vbaproject.bin"
MOST_ENTRIES = 20_000
NAME_LENGTH = 120


@dataclass(frozen=True)
class FileType:
    """A type of file that people may hand in."""

    code: str
    content_type: str
    extensions: tuple[str, ...]
    #: Browsers show it without running anything.
    preview: bool = False


OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    kind.code: kind
    for kind in (
        FileType("pdf", "application/pdf", ("pdf",), preview=True),
        FileType("ofd", "application/ofd", ("ofd",)),
        FileType("jpg", "image/jpeg", ("jpg", "jpeg"), preview=True),
        FileType("png", "image/png", ("png",), preview=True),
        FileType("heic", "image/heic", ("heic", "heif")),
        FileType("doc", "application/msword", ("doc",)),
        FileType("xls", "application/vnd.ms-excel", ("xls",)),
        FileType("docx", f"{OFFICE}.wordprocessingml.document", ("docx",)),
        FileType("xlsx", f"{OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    )
}
#: For ``<input accept>``.
ACCEPT = ",".join(f".{extension}" for kind in TYPES.values() for extension in kind.extensions)
_BY_CONTENT_TYPE = {kind.content_type: kind for kind in TYPES.values()}


def type_of(content_type: str) -> FileType:
    """Return the type with a content type. Raises KeyError."""
    return _BY_CONTENT_TYPE[content_type]


def clean_name(name: str) -> str:
    """Return a name that is safe to show and to store: no folders, no control characters, not too long."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, extension = shown.rpartition(".")
    if dot and len(extension) <= 8:
        return f"{stem[: NAME_LENGTH - len(extension) - 1]}.{extension}"
    return shown[:NAME_LENGTH] or "file"


def inspect(path: Path, name: str) -> FileType:
    """Return what a file is. Raises EmptyFile, WrongType or NameDisagrees."""
    if path.stat().st_size == 0:
        raise EmptyFile
    kind = _identify(path)
    if kind is None:
        raise WrongType
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in kind.extensions:
        raise NameDisagrees
    return kind


def _identify(path: Path) -> FileType | None:
    with path.open("rb") as stream:
        head = stream.read(16)
    if head.startswith(ZIP):
        return _zip_container(path)
    if head.startswith(OLE):
        return _ole_container(path)
    guess = filetype.guess(str(path))
    return _BY_CONTENT_TYPE.get(guess.mime) if guess else None


def _zip_container(path: Path) -> FileType | None:
    """Tell OFD (GB/T 33190) and Office files from other archives, which are refused; so are macros."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    if len(names) > MOST_ENTRIES or any(name.lower().endswith(MACRO) for name in names):
        return None
    return next((TYPES[code] for code, mark in ZIP_MARKS.items() if mark in names), None)


def _ole_container(path: Path) -> FileType | None:
    """Tell Word from Excel by the name of the stream that holds the text; anything else is refused."""
    content = path.read_bytes()
    return next((TYPES[code] for code, stream in OLE_STREAMS.items() if stream in content), None)
