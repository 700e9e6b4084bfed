"""What a file is: by its bytes, and its name must agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.documents.errors import EmptyFile, NameDisagrees, WrongType
from shuzheng.engines.documents.inspection import NAME_LENGTH, OLE, clean_name, inspect
from tests.engines.documents.samples import JPG, PDF, PNG, archive

WORD = OLE + bytes(512) + "WordDocument".encode("utf-16-le")
EXCEL = OLE + bytes(512) + "Workbook".encode("utf-16-le")
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(32)

ACCEPTED = [
    ("a.pdf", PDF, "pdf"),
    ("a.PNG", PNG, "png"),
    ("a.jpg", JPG, "jpg"),
    ("a.jpeg", JPG, "jpg"),
    ("a.heic", HEIC, "heic"),
    ("a.doc", WORD, "doc"),
    ("a.xls", EXCEL, "xls"),
    ("a.ofd", archive("OFD.xml", "Doc_0/Document.xml"), "ofd"),
    ("a.docx", archive("[Content_Types].xml", "word/document.xml"), "docx"),
    ("a.xlsx", archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
]
REFUSED = [
    ("a.zip", archive("a.txt")),
    ("a.pdf", b"MZ" + bytes(200)),
    ("a.html", b"<html><script>alert(1)</script></html>"),
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("a.gif", b"GIF89a" + bytes(64)),
    ("a.docx", archive("word/document.xml", "word/vbaProject.bin")),
    ("a.ofd", b"PK\x03\x04" + bytes(30)),
    ("a.doc", OLE + bytes(512)),
]


@pytest.mark.parametrize(("name", "content", "code"), ACCEPTED)
def test_a_type_on_the_list_is_recognised_by_its_bytes(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / "part").write_bytes(content)
    assert inspect(tmp_path / "part", name).code == code


@pytest.mark.parametrize(("name", "content"), REFUSED)
def test_everything_else_is_refused_whatever_its_name(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "part").write_bytes(content)
    with pytest.raises(WrongType):
        inspect(tmp_path / "part", name)


@pytest.mark.parametrize("name", ["a.jpg", "a.exe", "pdf", "a"])
def test_a_forged_extension_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "part").write_bytes(PDF)
    with pytest.raises(NameDisagrees):
        inspect(tmp_path / "part", name)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "part").touch()
    with pytest.raises(EmptyFile):
        inspect(tmp_path / "part", "a.pdf")


@given(st.text(max_size=400))
def test_a_cleaned_name_has_no_folder_no_control_character_and_a_bounded_length(name: str) -> None:
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= NAME_LENGTH
    assert not set(cleaned) & set("/\\\r\n\0\u202e")
    assert cleaned not in (".", "..")


def test_a_long_name_keeps_its_extension() -> None:
    assert clean_name("../../etc/" + "长" * 300 + ".pdf").endswith("长.pdf")
