"""The JSON Schema (2020-12) of a form's answers, for programs."""

from __future__ import annotations

import ast
from typing import Any

from shuzheng.engines.forms.compiled import Block, CompiledForm, Question

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DECIMAL: dict[str, Any] = {"type": ["number", "string"], "pattern": r"^[+-]?\d+(\.\d+)?$"}
_TYPES: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "decimal": _DECIMAL,
    "money": _DECIMAL,
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "email": {"type": "string", "format": "email"},
    "file": {"type": "string", "format": "uuid"},
    "division": {"type": "string", "pattern": r"^\d{12}$"},
    "geo_point": {
        "type": "object",
        "properties": {
            "longitude": {"type": "number", "minimum": -180, "maximum": 180},
            "latitude": {"type": "number", "minimum": -90, "maximum": 90},
        },
        "required": ["longitude", "latitude"],
        "additionalProperties": False,
    },
}
#: Longest code list that is written out in a schema.
_LISTED = 200


def json_schema(form: CompiledForm) -> dict[str, Any]:
    """Return the schema that every accepted set of answers satisfies.

    A field is required here only if it is asked and required without condition; a condition that compares one field
    with fixed values is written as ``if``/``then``, any other is left to the server and named in ``x-when``.
    """
    properties: dict[str, Any] = {}
    required: list[str] = []
    conditions: list[dict[str, Any]] = []
    for block in form.blocks:
        if block.repeated:
            properties[block.code] = _rows(block)
            if block.declared.repeat and block.declared.repeat.min and _always(block.when):
                required.append(block.code)
            continue
        for question in block.questions:
            properties[question.code] = _question(question)
            if _always(block.when):
                _require(question, required, conditions)
    schema = {
        "$schema": DIALECT,
        "$id": f"urn:shuzheng:form:{form.key}:{form.version or 'draft'}",
        "title": form.title,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    return {**schema, "allOf": conditions} if conditions else schema


def _rows(block: Block) -> dict[str, Any]:
    repeat = block.declared.repeat
    assert repeat is not None
    required: list[str] = []
    conditions: list[dict[str, Any]] = []
    for question in block.questions:
        _require(question, required, conditions)
    item = {
        "title": repeat.item_title,
        "type": "object",
        "properties": {question.code: _question(question) for question in block.questions},
        "required": required,
        "additionalProperties": False,
        **({"allOf": conditions} if conditions else {}),
    }
    return {
        "title": block.declared.title,
        "type": "array",
        "items": item,
        "minItems": repeat.min,
        "maxItems": repeat.max,
    }


def _question(question: Question) -> dict[str, Any]:
    one = _choice(question) or _scalar(question)
    schema = {"type": "array", "items": one, "uniqueItems": True} if question.multiple else one
    notes = {
        "title": question.label,
        "description": question.declared.help or getattr(question.element, "definition", ""),
        "readOnly": question.computed is not None,
        "x-element": question.element.code,
        "x-when": "" if _always(question.when) else question.when.source,
    }
    return {**schema, **{key: value for key, value in notes.items() if value}}


def _choice(question: Question) -> dict[str, Any] | None:
    if question.options is None:
        return None
    if len(question.options) > _LISTED:
        return {"type": "string", "x-code-list": question.element.code_list}
    return {"type": "string", "oneOf": [{"const": option.code, "title": option.name} for option in question.options]}


def _scalar(question: Question) -> dict[str, Any]:
    element = question.element
    schema = dict(_TYPES.get(element.datatype, {"type": "string"}))
    if question.declared.widget == "confirm":
        schema["const"] = True
    if element.datatype in ("integer", "decimal", "money"):
        for key, bound in (("minimum", element.minimum), ("maximum", element.maximum)):
            if bound is not None:
                schema[key] = int(bound) if bound == bound.to_integral_value() else float(bound)
    if element.datatype == "text":
        schema["minLength"], schema["maxLength"] = max(element.min_length, 1), element.length or 10_000
    return schema


def _always(condition: Any) -> bool:
    return condition.source == "True"


def _require(question: Question, required: list[str], conditions: list[dict[str, Any]]) -> None:
    """Add a question to the required ones, always or under the condition that can be written down."""
    if question.computed is not None:
        return
    if _always(question.when) and _always(question.required):
        required.append(question.code)
        return
    asked, demanded = _simple(question.when.source), _simple(question.required.source)
    if asked is not None and demanded is not None:
        test = {"allOf": [part for part in (asked, demanded) if part]}
        conditions.append({"if": test, "then": {"required": [question.code]}})


def _simple(source: str) -> dict[str, Any] | None:
    """Return the schema of ``True``, ``field == literal`` or ``field in [literals]``; ``None`` for anything else."""
    if source == "True":
        return {}
    node = ast.parse(source, mode="eval").body
    if not (isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.left, ast.Name)):
        return None
    name, operation, right = node.left.id, node.ops[0], node.comparators[0]
    if isinstance(operation, ast.Eq) and isinstance(right, ast.Constant) and isinstance(right.value, str | bool):
        test: dict[str, Any] = {"const": right.value}
    elif isinstance(operation, ast.In) and isinstance(right, ast.List):
        test = {"enum": [item.value for item in right.elts if isinstance(item, ast.Constant)]}
    else:
        return None
    return {"properties": {name: test}, "required": [name]}
