"""Channels to the outside: a real mail server, real HTTP servers, and addresses that must not be called."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Receiver

from shuzheng.engines.identity.applications import trials
from shuzheng.engines.identity.applications.authentication import actor_of
from shuzheng.engines.identity.models import Application
from shuzheng.engines.messaging import jobs, webhooks
from shuzheng.engines.messaging.actions import (
    PauseWebhook,
    QueueWebhooks,
    RegisterWebhook,
    RetireWebhook,
    RotateWebhookSecret,
    TryWebhook,
)
from shuzheng.engines.messaging.errors import ChannelDown, NotSafe
from shuzheng.engines.messaging.gateways import Notice, gateway
from shuzheng.engines.messaging.gateways.outgoing import check_target, post
from shuzheng.engines.messaging.gateways.webhook import signature
from shuzheng.engines.messaging.models import Delivery, WebhookTarget
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.kernel.error import InvalidInput, NotFound
from shuzheng.kernel.event import Announcement
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import at, now
from shuzheng.testing.applications import a_connected_application
from tests.engines.messaging.conftest import SYSTEM


class Mailbox(Receiver):
    """Keeps mail; knows no ``gone@``, and is full for ``full@``."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("gone@"):
            return "550 no such mailbox"
        if address.startswith("full@"):
            return "452 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A real mail server in this process."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=0, ready_timeout=10)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        controller.port = free.getsockname()[1]
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", controller.port, False
    yield box
    controller.stop()


class Target(ThreadingHTTPServer):
    """A system that is told of events and answers as it is told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.status, self.calls = 200, list[tuple[dict[str, str], bytes]]()
        self.drip = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        target: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if target.drip:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            for _byte in range(100):
                time.sleep(0.05)
                try:
                    self.wfile.write(b"x")
                except OSError:
                    return
        target.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(target.status)
        self.send_header("Content-Length", "0")
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def target(settings: Any) -> Iterator[Target]:
    """A system inside, which the setting allows."""
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    settings.WEBHOOK_TIMEOUT = 0.5
    server = Target()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


Register = Callable[..., tuple[str, str]]


@pytest.fixture
def register(target: Target, db: None) -> Register:
    """Register the system for an event."""

    def act(*events: str) -> tuple[str, str]:
        told = list(events) or ["messaging.served"]
        owner = a_connected_application("inspection", events={"things": told}).application
        done = RegisterWebhook.do(SYSTEM, application_id=owner.pk, title="督查系统", url=target.url, events=told)
        return str(done.id), done.secret

    return act


def event(type: str = "messaging.served") -> dict[str, Any]:
    return Announcement(type=type, subject=str(new_id()), data={"date": "2026-11-22"}).envelope()


def test_mail_goes_out_by_smtp_and_says_which_delivery_it_is(mailbox: Mailbox) -> None:
    notices = [
        Notice(new_id(), f"{name}@example.org", "补正通知", "请登录补充材料。") for name in ("li", "gone", "full")
    ]
    outcomes = gateway("email").send(notices)
    assert [outcome.state for outcome in outcomes] == ["sent", "refused", "retry"]
    (mail,) = mailbox.mails
    assert mail["Message-ID"] == f"<{notices[0].id}@shuzheng>"
    assert "请登录补充材料" in mail.get_payload(decode=True).decode()


def test_a_mail_server_that_is_away_means_later(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    (outcome,) = gateway("email").send([Notice(new_id(), "li@example.org", "t", "t")])
    assert outcome.state == "retry"


def test_an_event_reaches_a_system_once_as_a_signed_cloudevent(target: Target, register: Register) -> None:
    _id, secret = register()
    told = event()
    jobs.tell_systems(told)
    jobs.tell_systems(told)
    ((headers, body),) = target.calls
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert json.loads(body) == told
    expected = signature(secret, headers["webhook-id"], headers["webhook-timestamp"], body)
    assert headers["webhook-signature"] == expected
    assert Delivery.objects.get().status == DeliveryStatus.SENT


def test_a_system_that_fails_is_told_again_and_one_that_refuses_is_not(target: Target, register: Register) -> None:
    register()
    target.status = 503
    jobs.tell_systems(event())
    assert Delivery.objects.get().status == DeliveryStatus.PENDING
    target.status = 410
    with at(now() + timedelta(minutes=2)):
        jobs.drain()
    assert Delivery.objects.get().status == DeliveryStatus.FAILED
    assert len(target.calls) == 2


def test_a_redirect_is_not_followed(target: Target, register: Register) -> None:
    register()
    target.status = 302
    jobs.tell_systems(event())
    assert Delivery.objects.get().reason == "http 302"


def test_an_answer_that_drips_does_not_hold_us(target: Target) -> None:
    target.drip = True
    started = time.monotonic()
    with pytest.raises(ChannelDown):
        post(target.url, b"{}", {}, timeout=0.3)
    assert time.monotonic() - started < 2


def test_a_retired_target_is_told_nothing_more(target: Target, register: Register) -> None:
    id, _secret = register()
    told = event()
    assert QueueWebhooks.do(SYSTEM, event=told).count == 1
    RetireWebhook.do(SYSTEM, target_id=id)
    jobs.drain()
    assert not target.calls
    assert QueueWebhooks.do(SYSTEM, event=event()).count == 0
    with pytest.raises(NotFound):
        RetireWebhook.do(SYSTEM, target_id=new_id())


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.216.34/hook",
        "https://127.0.0.1/hook",
        "https://10.0.0.8/hook",
        "https://192.168.1.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/hook",
        "https://[::ffff:10.0.0.1]/hook",
        "https://user:pw@example.org/hook",
        "https://2130706433/hook",
        "ftp://example.org/hook",
        "https:///hook",
    ],
)
def test_addresses_inside_and_odd_ones_are_refused(url: str, db: None) -> None:
    with pytest.raises(NotSafe):
        RegisterWebhook.do(SYSTEM, application_id=new_id(), title="督查", url=url, events=["messaging.served"])
    assert not WebhookTarget.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "64:ff9b::a00:8",
        "64:ff9b:1::a00:8",
        "2002:a00:8::1",
        "2001:0:a00:8::1",
        "::ffff:93.184.216.34",
        "::10.0.0.8",
        "ff0e::1",
        "fe80::1%eth0",
    ],
)
def test_an_address_that_carries_an_inner_one_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 443, 0, 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    with pytest.raises(NotSafe):
        check_target("https://gateway.example.org/hook")
    found[0] = (*found[0][:4], ("2606:4700::1111", 443, 0, 0))
    check_target("https://gateway.example.org/hook")


def test_a_name_that_later_leads_inside_is_refused_when_it_is_called(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.8", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: public)
    check_target("https://rebind.example.org/hook")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [*public, *inside])
    with pytest.raises(NotSafe):
        post("https://rebind.example.org/hook", b"", {}, timeout=1)


def test_only_events_without_personal_data_can_be_asked_for(db: None) -> None:
    assert "messaging.served" in webhooks.EVENTS
    given = {"application_id": new_id(), "title": "督查", "url": "https://93.184.216.34/"}
    with pytest.raises(InvalidInput):
        RegisterWebhook.do(SYSTEM, given, events=["casework.case_filed"])


def test_a_todo_is_pushed_to_the_office_system(target: Target, settings: Any) -> None:
    settings.OFFICE_TODO = f"{target.url}#office-secret"
    (outcome,) = gateway("todo").send([Notice(new_id(), "G000123", "督办", "请办理。")])
    assert outcome.state == "sent"
    ((headers, body),) = target.calls
    assert json.loads(body)["subject"] == "G000123"
    signed = signature("office-secret", headers["webhook-id"], headers["webhook-timestamp"], body)
    assert headers["webhook-signature"] == signed
    settings.OFFICE_TODO = ""
    assert gateway("todo").send([Notice(new_id(), "G000123", "督办", "请办理。")])[0].provider == "desk"


def test_a_receiver_is_tried_with_a_signed_sample(target: Target, register: Register) -> None:
    id, secret = register()
    TryWebhook.do(SYSTEM, target_id=id)
    jobs.drain()
    ((headers, body),) = target.calls
    assert json.loads(body)["type"] == "messaging.sample"
    expected = signature(secret, headers["webhook-id"], headers["webhook-timestamp"], body)
    assert headers["webhook-signature"] == expected
    (delivery,) = webhooks.recent(WebhookTarget.objects.get())
    assert delivery.status == DeliveryStatus.SENT


def test_while_a_secret_is_rotated_both_sign(target: Target, register: Register) -> None:
    id, old = register()
    new = RotateWebhookSecret.do(SYSTEM, target_id=id, hours=2).secret
    assert new != old

    def signed() -> list[str]:
        headers, body = target.calls[-1]
        told = headers["webhook-id"], headers["webhook-timestamp"], body
        return [
            name
            for name, key in (("old", old), ("new", new))
            if signature(key, *told) in headers["webhook-signature"].split()
        ]

    jobs.tell_systems(event())
    assert signed() == ["old", "new"]
    with at(now() + timedelta(hours=3)):
        jobs.tell_systems(event())
    assert signed() == ["new"]


def test_a_paused_receiver_and_one_of_a_paused_application_are_told_nothing(target: Target, register: Register) -> None:
    id, _secret = register()
    PauseWebhook.do(SYSTEM, target_id=id)
    assert QueueWebhooks.do(SYSTEM, event=event()).count == 0
    PauseWebhook.do(SYSTEM, target_id=id, paused=False)
    assert QueueWebhooks.do(SYSTEM, event=event()).count == 1
    Application.objects.update(state="paused")
    assert QueueWebhooks.do(SYSTEM, event=event()).count == 0


def test_the_trial_of_events_posts_to_every_receiver(target: Target, register: Register) -> None:
    register()
    actor = actor_of(Application.objects.get())
    assert trials.attempt(actor, trials.held(actor, "events"))[0]
    target.status = 503
    passed, finding = trials.attempt(actor, trials.held(actor, "events"))
    assert not passed
    assert "http 503" in finding
