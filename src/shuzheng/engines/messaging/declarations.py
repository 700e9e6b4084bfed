"""What messaging offers to connected applications (接入能力)."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.applications.capabilities import Capability, declare
from shuzheng.engines.messaging import connection_news, connection_reminders, templates, webhooks
from shuzheng.engines.messaging.errors import ChannelDown
from shuzheng.engines.messaging.gateways import Notice, gateway
from shuzheng.engines.messaging.gateways.sms import providers
from shuzheng.engines.messaging.models import WebhookTarget
from shuzheng.engines.messaging.policies import SUBMIT, TEXT
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.event import subscribe


def _try_notices(actor: Actor, things: list[str]) -> str:
    """Word each template with its examples; nothing is sent."""
    worded = []
    for code in things:
        template = templates.find(code).template
        worded.append(templates.word(template, templates.examples(template)).subject)
    return gettext("可以提交：{subjects}").format(subjects="；".join(worded))


def _try_texts(actor: Actor, things: list[str]) -> str:
    """Say by which providers texts would go; nothing is sent."""
    return gettext("可经 {providers} 发送。").format(providers="、".join(one.name for one in providers()))


def _try_events(actor: Actor, things: list[str]) -> str:
    """Post a signed sample event to each receiver of the application; all must take it."""
    targets = list(WebhookTarget.objects.filter(application_id=actor.application_id, active=True))
    if not targets:
        raise NotFound(gettext("还没有登记推送目标。"))
    samples = [(target, *webhooks.sample(target)) for target in targets]
    notices = [Notice(id, str(target.pk), webhooks.SAMPLE, text) for target, id, text in samples]
    outcomes = gateway("webhook").send(notices)
    refused = [outcome.reason for outcome in outcomes if outcome.state != "sent"]
    if refused:
        raise ChannelDown(gettext("推送目标没有接收示例事件：{reason}").format(reason=refused[0]))
    return gettext("示例事件已送达 {count} 个推送目标。").format(count=len(targets))


subscribe("identity.credential_expiring", connection_reminders.remind_of_key)
for _type in connection_news.TEMPLATES:
    subscribe(_type, connection_news.tell_contact)
declare(
    Capability(
        code="notices",
        title=_("提交通知"),
        permission=SUBMIT,
        trial=_try_notices,
        things=_("消息模板"),
        named=True,
        unit=_("人次"),
        choices=lambda: [(one.template.code, one.template.title) for one in templates.listing()],
    )
)
declare(Capability(code="texts", title=_("直接向手机号码发短信"), permission=TEXT, trial=_try_texts, unit=_("条")))
declare(
    Capability(
        code=webhooks.CAPABILITY,
        title=_("接收事件推送"),
        permission="",
        trial=_try_events,
        things=_("事件"),
        named=True,
        choices=lambda: [(name, name) for name in webhooks.EVENTS],
    )
)
