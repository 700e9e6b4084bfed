"""Trying a template out on oneself (测试发送)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.messaging import templates
from shuzheng.engines.messaging.actions.send_message import SendMessage
from shuzheng.engines.messaging.models import Message
from shuzheng.engines.messaging.policies import BULK
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.kernel.input import Input


class SendTestInput(Input):
    """Which template; gaps that are not given are filled with examples."""

    template: str = Field(max_length=120)
    values: dict[str, str] = {}


class SendTest(Action[SendTestInput, Message]):
    """Send a message to oneself, by every way that one wants to be told (测试发送). Raises NoSuchTemplate, ValuesDisagree."""

    name = "messaging.send_test"
    permission = BULK
    title = _("测试发送")

    def perform(self, actor: Actor, given: SendTestInput) -> Message:
        """Send it under a topic of its own, so that it can be repeated."""
        if actor.person_id is None:
            raise NotPermitted
        template = templates.find(given.template).template
        self.about(template=given.template)
        return SendMessage.do(
            Actor.system("messaging"),
            template=given.template,
            recipient_person=actor.person_id,
            values={**templates.examples(template), **given.values},
            topic=f"test:{new_id()}",
        )
