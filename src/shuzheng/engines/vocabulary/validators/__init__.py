"""Is a value what its data element says it is? Returns the value in its one written form, or says how to mend it.

``normalise`` looks at the value alone; ``validate`` also asks whether a code or a division exists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.vocabulary import queries
from shuzheng.engines.vocabulary.element import Datatype, Element
from shuzheng.engines.vocabulary.errors import InvalidValue
from shuzheng.engines.vocabulary.validators.account import bank_card
from shuzheng.engines.vocabulary.validators.contact import email, landline, mobile, phone, plate, postcode
from shuzheng.engines.vocabulary.validators.dates import bounded_date, bounded_datetime
from shuzheng.engines.vocabulary.validators.identity import resident_id, uscc
from shuzheng.engines.vocabulary.validators.numbers import decimal, integer, money
from shuzheng.engines.vocabulary.validators.place import division_code, geo_point
from shuzheng.engines.vocabulary.validators.text import boolean, clean, code, file, text
from shuzheng.kernel.moment import today

__all__ = ["InvalidValue", "clean", "normalise", "validate"]

#: Validator of each datatype, given the element and the cleaned text.
_VALIDATORS: dict[Datatype, Callable[[Element, str], Any]] = {
    "text": text,
    "integer": integer,
    "decimal": decimal,
    "money": money,
    "date": bounded_date,
    "datetime": bounded_datetime,
    "boolean": lambda _element, value: boolean(value),
    "code": lambda _element, value: code(value),
    "division": lambda _element, value: division_code(value),
    "geo_point": lambda _element, value: geo_point(value),
    "file": lambda _element, value: file(value),
    "id_number": lambda _element, value: resident_id(value),
    "uscc": lambda _element, value: uscc(value),
    "mobile": lambda _element, value: mobile(value),
    "landline": lambda _element, value: landline(value),
    "phone": lambda _element, value: phone(value),
    "email": lambda _element, value: email(value),
    "plate": lambda _element, value: plate(value),
    "postcode": lambda _element, value: postcode(value),
    "bank_card": lambda _element, value: bank_card(value),
}


def normalise(element: Element, value: Any) -> Any:
    """Return a value in the one form in which it is stored. Raises InvalidValue.

    Full-width letters and digits become half-width, separators in numbers go. Forms by datatype: ``int``; ``Decimal``;
    ``date``; aware ``datetime``; ``bool``; ``(longitude, latitude)``; text for all others.
    """
    written = clean(value)
    if not written:
        raise InvalidValue(_("这一项没有填写，请填写“{title}”。"), title=element.title)
    return _VALIDATORS[element.datatype](element, written)


def validate(element: Element, value: Any) -> Any:
    """Return a value in its stored form, sure that its code or division exists today. Raises InvalidValue."""
    result = normalise(element, value)
    if element.datatype == "division" and not queries.is_division(result):
        raise InvalidValue(_("没有代码为“{value}”的行政区划，请从列表中选择。"), value=result)
    if element.datatype == "code":
        entry = queries.code_list(element.code_list).get(result)
        if entry is None:
            raise InvalidValue(_("“{value}”不是“{title}”的选项，请从列表中选择。"), value=result, title=element.title)
        if not entry.valid_on(today()):
            raise InvalidValue(_("“{name}”已停用，请从列表中另选一项。"), name=entry.name)
    return result
