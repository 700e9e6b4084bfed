"""JSON Schema (draft 2020-12) of a data element, for API documents and clients."""

from __future__ import annotations

from typing import Any

from shuzheng.engines.vocabulary.element import Element
from shuzheng.engines.vocabulary.queries import code_list
from shuzheng.kernel.moment import today

#: Lists up to this length are written into the schema; longer ones are named for look-up through the API.
INLINE = 120
_SHAPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    "money": {"type": "string", "pattern": r"^-?\d+(\.\d{1,2})?$"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "boolean": {"type": "boolean"},
    "code": {"type": "string"},
    "division": {"type": "string", "pattern": r"^\d{12}$"},
    "geo_point": {
        "type": "array",
        "prefixItems": [
            {"type": "number", "minimum": -180, "maximum": 180, "title": "经度"},
            {"type": "number", "minimum": -90, "maximum": 90, "title": "纬度"},
        ],
        "minItems": 2,
        "maxItems": 2,
    },
    "file": {"type": "string"},
    "id_number": {"type": "string", "pattern": r"^\d{17}[\dX]$"},
    "uscc": {"type": "string", "pattern": r"^[0-9A-HJ-NPQRTUWXY]{18}$"},
    "mobile": {"type": "string", "pattern": r"^1[3-9]\d{9}$"},
    "landline": {"type": "string", "pattern": r"^0\d{2,3}-\d{7,8}(-\d{1,6})?$"},
    "phone": {"type": "string", "pattern": r"^[\d-]{3,20}$"},
    "email": {"type": "string", "format": "email", "maxLength": 254},
    "plate": {"type": "string", "minLength": 7, "maxLength": 8},
    "postcode": {"type": "string", "pattern": r"^\d{6}$"},
    "bank_card": {"type": "string", "pattern": r"^\d{13,19}$"},
}


def json_schema(element: Element) -> dict[str, Any]:
    """Return the JSON Schema of an element's values in the form that ``validators.normalise`` writes them."""
    schema: dict[str, Any] = {"title": element.title, "description": element.definition, **_SHAPES[element.datatype]}
    if element.datatype == "text":
        schema |= _text(element)
    if element.datatype == "integer":
        bounds = {"minimum": element.minimum, "maximum": element.maximum}
        schema |= {key: int(bound) for key, bound in bounds.items() if bound is not None}
    if element.datatype == "code":
        schema |= _codes(element)
    schema |= {"x-element": element.code, "x-level": element.level}
    return schema | ({"x-unit": element.unit} if element.unit else {})


def _text(element: Element) -> dict[str, Any]:
    bounds: dict[str, Any] = {"minLength": max(element.min_length, 1)}
    if element.length:
        bounds["maxLength"] = element.length
    if element.pattern:
        bounds["pattern"] = f"^(?:{element.pattern})$"
    return bounds


def _codes(element: Element) -> dict[str, Any]:
    current = code_list(element.code_list).current(today())
    named = {"x-code-list": element.code_list}
    if len(current) > INLINE:
        return named
    return {**named, "oneOf": [{"const": entry.code, "title": entry.name} for entry in current]}
