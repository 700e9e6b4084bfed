"""To-dos about letters: whoever holds the seal, or handles the case, is told once a day, or once a letter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from shuzheng.engines.casework.letters.rules import LetterRule, next_way
from shuzheng.engines.casework.models import Letter, ServiceAddress
from shuzheng.engines.documents.seals.granting import in_force
from shuzheng.engines.documents.seals.models import SealGrant
from shuzheng.engines.identity.models import Officer
from shuzheng.engines.identity.queries import officers_on
from shuzheng.engines.messaging.actions import SendMessage
from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.models import LegalService, ServiceStep
from shuzheng.engines.messaging.models.service import Way
from shuzheng.engines.messaging.queries import consent_of
from shuzheng.engines.messaging.templates import build_in
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today

PLATFORM = Actor.system("casework.letters")
_PLACEHOLDERS = {"title": {"title": "文书", "personal": False}, "number": {"title": "文号", "personal": False}}


def _built_in(code: str, title: str, body: str, **more: Any) -> None:
    fields = {"code": code, "title": title, "subject": title, "body": body, "category": "todo", "asks": True, **more}
    build_in(MessageTemplate.model_validate(fields))


_built_in("letters-unsealed", "有文书等待用印", "有文书已经生成，等待用印。请到“文书”中查看并用印。")
_built_in(
    "letter-failed",
    "文书未能生成",
    "“{title}”（{number}）没有生成，办件不受影响。请到“文书”中查看原因，处理后重新生成。",
    placeholders=_PLACEHOLDERS,
)
_built_in(
    "service-next",
    "文书需要送达",
    "“{title}”（{number}）还没有送达，下一步：{way}。送达后请登记结果。",
    placeholders={**_PLACEHOLDERS, "way": {"title": "送达方式", "personal": False}},
)


def tell_of_unsealed(event: dict[str, Any]) -> None:
    """Tell the holders of an office's seal that letters wait for it, once a day; without holders, the office's leaders."""
    unit_id = UUID(event["data"]["unit_id"])
    topic = f"letters-unsealed:{unit_id}:{today()}"
    for person in seal_holders(unit_id):
        SendMessage.do(
            PLATFORM, template="letters-unsealed", recipient_person=person, link="/office/letters/", topic=topic
        )


def seal_holders(unit_id: UUID) -> set[UUID]:
    """Return the persons who may put an office's seal on letters today, else those on its leader's post."""
    grants = SealGrant.objects.filter(in_force(), seal__unit_id=unit_id).exclude(process=True)
    found = set(Officer.objects.filter(pk__in=grants.values("officer_id")).values_list("person_id", flat=True))
    for grant in grants.exclude(unit=None):
        assert grant.unit_id is not None
        found |= _persons(officers_on(grant.unit_id, grant.post_code))
    return found or _persons(officers_on(unit_id, "leader"))


def _persons(officers: Iterable[Officer]) -> set[UUID]:
    return {officer.person_id for officer in officers}


def tell_of_failed(event: dict[str, Any]) -> None:
    """Tell an office's handlers that a letter could not be generated, or that there is nobody to serve it on."""
    letter = Letter.objects.filter(pk=event["subject"]).first()
    if letter is not None:
        _tell_handlers(letter, "letter-failed", f"letter-failed:{event['id']}", "/office/letters/")


def tell_next_way(service_id: UUID, topic: str) -> str:
    """Tell an office's handlers by which way a letter is to be served next; return the way, empty when none is left."""
    letter = Letter.objects.filter(service_id=service_id).first()
    service = LegalService.objects.filter(pk=service_id).first()
    if letter is None or service is None or service.served_on is not None:
        return ""
    way = next_way_of(letter, service)
    if way:
        title = str(Way(way).label)
        _tell_handlers(letter, "service-next", topic, f"/office/services/{service_id}/", way=title)
    return way


def next_way_of(letter: Letter, service: LegalService) -> str:
    """Return the way by which an open service goes on: by the item's ladder, the applicant's choice first."""
    ladder = list(LetterRule.model_validate(letter.rule).serve)
    failed = set(ServiceStep.objects.filter(service=service, outcome="failed").values_list("way", flat=True))
    chosen = ServiceAddress.objects.filter(case_id=letter.case_id).values_list("way", flat=True).first()
    preferred = {"pickup": "direct", "mail": "mail"}.get(chosen or "")
    if preferred in ladder:
        ladder = [preferred, *(way for way in ladder if way != preferred)]
    agreed = chosen in (None, ServiceAddress.Way.ELECTRONIC) and consent_of(service.person_id) is not None
    return next_way(ladder, failed, electronic=agreed)


def _tell_handlers(letter: Letter, template: str, topic: str, link: str, **more: str) -> None:
    for person in _persons(officers_on(letter.unit_id, "handler")):
        SendMessage.do(
            PLATFORM,
            template=template,
            recipient_person=person,
            values={"title": letter.title, "number": letter.number, **more},
            link=link,
            case_id=letter.case_id,
            topic=topic,
        )
