"""Where an item is filed: where its owner serves (属地办理), or anywhere, for the owner to handle (通办)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.errors import ServedElsewhere
from shuzheng.engines.casework.models import ServiceItem
from shuzheng.engines.casework.units import place_of
from shuzheng.engines.vocabulary.divisions import lineage, pad, path
from shuzheng.engines.vocabulary.models import Division
from shuzheng.kernel.error import FieldProblem
from shuzheng.kernel.fields import within


def is_local(item: ServiceItemDefinition, division: str) -> bool:
    """Say whether a division, by its code, lies where the item's owner serves."""
    return not item.owner.division or within(path(division), path(item.owner.division))


def is_served(item: ServiceItemDefinition, division: str) -> bool:
    """Say whether an application made in a division, by its code, may be filed for the item."""
    return item.owner.anywhere or is_local(item, division)


def place_served(item: ServiceItemDefinition, division: str) -> Division:
    """Return the division whose case an application made in a division becomes.

    That is where it is made, if the owner serves there; an item handled anywhere belongs to its owner's division.
    Raises ServedElsewhere, which names the item of the right office, and UnknownDivision.
    """
    if is_local(item, division):
        return place_of(division)
    if item.owner.anywhere:
        return place_of(item.owner.division)
    raise _elsewhere(item, place_of(division))


def local_item(item: ServiceItemDefinition, division: str) -> ServiceItem | None:
    """Return the item of the same name of the office that serves a division, the nearest first; ``None`` if none does."""
    codes = ["", *map(pad, lineage(division))]
    found = ServiceItem.objects.filter(title=item.title, division_code__in=codes).exclude(code=item.code)
    return found.defer("words", "phrase").order_by("-division_code", "code").first()


def _elsewhere(item: ServiceItemDefinition, place: Division) -> ServedElsewhere:
    instead = local_item(item, place.code)
    served, here = place_of(item.owner.division), place.full_name or place.name
    message = _("这个事项只受理{served}的申请，您选的是{place}，没有提交。").format(
        served=served.full_name or served.name, place=here
    )
    if instead:
        message += _("请改办当地的“{title}”（事项编码 {code}）。").format(title=instead.title, code=instead.code)
    else:
        message += _("请改选办理地，或拨打 12345 询问当地由谁办理。")
    return ServedElsewhere(FieldProblem("division_code", message), instead=instead.code if instead else "")
