"""A process as a pack declares it: a BPMN file whose process id and name are its code and title."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

from shuzheng.kernel.declaration import Declaration
from shuzheng.kernel.source import Lines, Located, Unreadable

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
#: No entities, no network, no huge trees: a pack may come from elsewhere.
PARSER_OPTIONS: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False}


class ProcessDefinition(Declaration):
    """A BPMN process (流程)."""

    #: The BPMN 2.0 XML as an editor saved it.
    xml: str


def parse_xml(xml: bytes) -> Any:
    """Parse XML without entities or network. Raises lxml's XMLSyntaxError."""
    return etree.fromstring(xml, etree.XMLParser(**PARSER_OPTIONS))


def read_bpmn(file: Path) -> list[tuple[tuple[str | int, ...], Located]]:
    """Read a BPMN file; ids of elements lead to their lines. Raises Unreadable."""
    content = file.read_bytes()
    try:
        root = parse_xml(content)
    except etree.XMLSyntaxError as error:
        raise Unreadable(error.lineno or 1, f"不是有效的 XML：{error.msg}") from error
    process = root.find(f"{{{BPMN}}}process")
    if process is None:
        raise Unreadable(1, "文件里没有 BPMN 流程（process）")
    lines: Lines = {(element.get("id"),): element.sourceline for element in root.iter() if element.get("id")}
    line = process.sourceline or 1
    lines |= {(): 1, ("code",): line, ("title",): line, ("xml",): line}
    body = {"code": process.get("id", ""), "title": process.get("name", ""), "xml": content.decode("utf-8")}
    return [((), Located(body, lines))]
