"""Service of documents on the desk: of one's own unit."""

from __future__ import annotations

from collections.abc import Callable

from shuzheng.engines.messaging.models import LegalService
from shuzheng.engines.messaging.policies import SERVE
from shuzheng.testing.identity import a_resident, a_unit
from tests.portals.office.conftest import Desk


def test_another_units_service_can_not_be_recorded_from_its_address(desk_of: Callable[..., Desk]) -> None:
    clerk, everywhere = desk_of("送达人", permissions=[SERVE], scope="36"), desk_of("巡查", permissions=[SERVE])
    other = a_unit("education")
    service = LegalService.objects.create(person=a_resident("李梅"), title="处罚决定书", digest="0" * 64, unit=other)
    url = f"/office/services/{service.pk}/"
    for desk in (clerk, everywhere):
        desk.post(url, way="mail", outcome="served", note="本人签收")
        service.refresh_from_db()
        assert (service.status, service.served_on) == (LegalService.Status.OPEN, None)
    assert clerk.get(url).status_code == 404
    assert "登记一步" not in everywhere.get(url).content.decode()
