"""Calls of connected applications: signed as RFC 9421 says, once, in time, within what was granted."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from threading import Barrier, Thread
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection, transaction
from django.test import Client
from http_message_signatures import algorithms
from http_message_signatures.resolvers import HTTPSignatureKeyResolver
from http_message_signatures.signatures import HTTPMessageSigner
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.api import site_api
from shuzheng.engines.identity import jobs
from shuzheng.engines.identity.applications import desk, signing
from shuzheng.engines.identity.applications.actions import (
    IssueCredential,
    PauseApplication,
    RetireApplication,
    RevokeCredential,
    SetLimits,
)
from shuzheng.engines.identity.models import (
    Application,
    ApplicationCall,
    ApplicationCapability,
    ApplicationCredential,
    ApplicationTrial,
)
from shuzheng.engines.messaging.actions import SubmitNotice
from shuzheng.engines.messaging.actions.notices import SubmitNoticeInput
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.crypto.encoding import public_key_to_pem
from shuzheng.engines.trust.models import LedgerEntry
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import at, now
from shuzheng.kernel.unit import UnitOfWork
from shuzheng.testing.applications import Connected, a_connected_application, the_capability

SYSTEM = Actor.system("test")
SELF, EVIDENCE = "/api/identity/applications/self", "/api/trust/evidence"
DEPOSIT = {"digest": "ab" * 32, "label": "2026-1"}
HOWTO = Path(__file__).parents[3] / "docs" / "howto" / "onboard-a-system.md"


@pytest.fixture
def flood(db: None) -> Connected:
    """A system that may deposit evidence."""
    return a_connected_application("flood", evidence={"per_second": 100})


def code_of(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json", answer.content
    return answer.status_code, answer.json()["code"]


def test_a_signed_call_acts_in_the_applications_name(flood: Connected) -> None:
    told = flood.call("GET", SELF).json()
    assert told["application"] == "flood"
    assert told["permissions"] == {"identity.try_connection": [], "trust.record_evidence": []}
    made = flood.call("POST", EVIDENCE, DEPOSIT)
    assert made.status_code == 200, made.content
    entry = LedgerEntry.objects.get(pk=made.json()["entry_id"])
    assert entry.content["application"] == "flood"
    ledger.sequence()
    proof = Client().get(f"/api/trust/ledger/entries/{entry.pk}/evidence")
    assert proof.status_code == 200
    again = flood.call("POST", "/api/actions/trust.record_evidence", {**DEPOSIT, "label": "2026-2"})
    assert again.status_code == 200
    assert flood.call("GET", f"/api/trust/audit?name=x&after={token_hex(2)}").status_code == 403
    call = ApplicationCall.objects.filter(path=EVIDENCE).get()
    assert (call.status, call.problem, call.method) == (200, "", "POST")
    assert ApplicationCredential.objects.get().used_at


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"sent": b'{"digest": "00"}'}, (401, "bad-signature")),
        ({"headers": {"Signature": "sig1=:AAAA:"}}, (401, "bad-signature")),
        ({"headers": {"Signature": ""}}, (401, "malformed-signature")),
        ({"headers": {"Signature": "sig2=:AAAA:"}}, (401, "malformed-signature")),
        ({"headers": {"Signature-Input": "sig1=()"}}, (401, "malformed-signature")),
        ({"headers": {"Signature-Input": "x" * 5000}}, (401, "malformed-signature")),
        ({"headers": {"Content-Digest": "sha-256=:AAAA:"}}, (401, "bad-signature")),
        ({"headers": {"Content-Digest": "sha-256=:A:"}}, (401, "malformed-signature")),
        ({"at": 1700000000}, (401, "clock-skew")),
        ({"nonce": "short"}, (401, "malformed-signature")),
    ],
)
def test_what_is_not_signed_as_agreed_changes_nothing(
    flood: Connected, changed: dict[str, Any], refusal: tuple[int, str]
) -> None:
    assert code_of(flood.call("POST", EVIDENCE, DEPOSIT, **changed)) == refusal
    assert not LedgerEntry.objects.filter(content__application="flood").exists()
    assert not ApplicationCall.objects.exclude(nonce="").exists()


def test_the_body_must_be_covered_and_so_must_the_query(flood: Connected) -> None:
    bare = flood.headers("POST", EVIDENCE)
    answer = Client().post(EVIDENCE, DEPOSIT, content_type="application/json", headers=bare)
    assert code_of(answer) == (401, "malformed-signature")
    moved = Client().get(f"{SELF}?as=other", headers=flood.headers("GET", SELF))
    assert code_of(moved) == (401, "malformed-signature")
    assert flood.call("GET", f"{SELF}?page=2&q=%E8%B5%A3").status_code == 200


def test_how_far_the_clocks_are_apart_is_said(flood: Connected) -> None:
    refused = flood.call("GET", SELF, at=int(now().timestamp()) - 400)
    assert re.search(r"相差 (399|40\d) 秒", refused.json()["title"])
    assert flood.call("GET", SELF, at=int(now().timestamp()) + 200).status_code == 200


def test_a_replayed_call_is_refused_and_does_nothing_twice(flood: Connected) -> None:
    nonce = token_hex(16)
    assert flood.call("POST", EVIDENCE, DEPOSIT, nonce=nonce).status_code == 200
    assert code_of(flood.call("POST", EVIDENCE, DEPOSIT, nonce=nonce)) == (401, "replayed")
    assert LedgerEntry.objects.filter(content__application="flood").count() == 1
    key = {"Idempotency-Key": "deposit-1"}
    one, two = (flood.call("POST", EVIDENCE, {**DEPOSIT, "label": "2"}, headers=key).json() for _ in range(2))
    assert one == two


@pytest.mark.django_db(transaction=True)
def test_of_the_same_call_arriving_twice_at_once_one_passes() -> None:
    flood = a_connected_application("flood", evidence={"per_second": 100})
    headers, answers, start = flood.headers("GET", SELF), list[int](), Barrier(2)

    def send() -> None:
        start.wait()
        try:
            answers.append(Client().get(SELF, headers=headers).status_code)
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(answers) == [200, 401]


@pytest.mark.django_db(transaction=True)
def test_calls_go_on_while_the_application_is_held_by_a_long_notice_or_a_reviewer() -> None:
    flood = a_connected_application("flood", notices={"things": ["verification-code"], "per_second": 100})
    given = {"reference": "1", "template": "verification-code", "recipients": [{"mobile": "13812345678"}]}
    submitting = SubmitNotice(flood.actor, UnitOfWork(""))
    answers = list[int]()

    def send() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            answers.append(
                Client(raise_request_exception=False).get(SELF, headers=flood.headers("GET", SELF)).status_code
            )
        finally:
            connection.close()

    for held in (
        lambda: submitting.check(flood.actor, SubmitNoticeInput.read(given)),
        lambda: desk.hold(flood.application.pk),
    ):
        with transaction.atomic():
            held()
            thread = Thread(target=send)
            thread.start()
            thread.join(timeout=30)
    assert answers == [200, 200]


def test_an_ended_key_a_stopped_application_and_a_strange_network_are_named(flood: Connected) -> None:
    Application.objects.update(networks=["10.36.7.0/24"])
    assert code_of(flood.call("GET", SELF)) == (403, "address-not-allowed")
    Application.objects.update(networks=["127.0.0.0/8"])
    assert flood.call("GET", SELF).status_code == 200
    PauseApplication.do(SYSTEM, application_id=flood.application.pk, reason="核查")
    assert code_of(flood.call("GET", SELF)) == (403, "application-stopped")
    assert code_of(flood.call("GET", SELF, headers={"Signature": "sig1=:AAAA:"})) == (401, "bad-signature")
    Application.objects.update(state="online")
    with at(now() + timedelta(days=366)):
        assert code_of(flood.call("GET", SELF)) == (401, "credential-ended")
    RevokeCredential.do(SYSTEM, credential_id=ApplicationCredential.objects.get().pk)
    assert code_of(flood.call("GET", SELF)) == (401, "credential-ended")
    RetireApplication.do(SYSTEM, application_id=flood.application.pk, reason="停用")
    assert code_of(flood.call("GET", SELF)) == (401, "credential-ended")


def test_a_rotated_secret_holds_while_calls_run(flood: Connected) -> None:
    new = IssueCredential.do(SYSTEM, application_id=flood.application.pk, others_end_in=1)
    fresh = Connected(flood.application, new.key_id, new.secret)
    assert [flood.call("GET", SELF).status_code, fresh.call("GET", SELF).status_code] == [200, 200]
    with at(now() + timedelta(hours=2)):
        assert code_of(flood.call("GET", SELF)) == (401, "credential-ended")
        assert fresh.call("GET", SELF).status_code == 200


def test_what_was_not_granted_is_refused_and_recorded(flood: Connected) -> None:
    refused = flood.call("POST", "/api/messaging/notices", {"key": "1", "template": "x", "recipients": []})
    assert code_of(refused) == (403, "not-permitted")
    assert flood.call("POST", "/api/actions/messaging.mark_read", {}).status_code == 403
    ApplicationCapability.objects.update(withdrawn_at=now())
    assert code_of(flood.call("POST", EVIDENCE, DEPOSIT)) == (403, "not-permitted")
    assert set(ApplicationCall.objects.values_list("problem", flat=True)) == {"not-permitted"}


def test_a_second_and_a_day_have_their_limits(flood: Connected) -> None:
    held = the_capability(flood.application, "evidence")
    SetLimits.do(SYSTEM, capability_id=held.pk, per_second=2, per_day=3, valid_to=held.valid_to)
    start = now()
    with at(start):
        for number in range(2):
            assert flood.call("POST", EVIDENCE, {**DEPOSIT, "label": f"a{number}"}).status_code == 200
        refused = flood.call("POST", EVIDENCE, {**DEPOSIT, "label": "a9"})
        assert code_of(refused) == (429, "rate-exceeded")
        assert refused["Retry-After"] == "1"
    with at(start + timedelta(seconds=1)):
        assert flood.call("POST", EVIDENCE, {**DEPOSIT, "label": "b"}).status_code == 200
    with at(start + timedelta(seconds=5)):
        spent = flood.call("POST", EVIDENCE, {**DEPOSIT, "label": "c"})
        assert code_of(spent) == (429, "limit-exceeded")
        assert 0 < int(spent["Retry-After"]) <= 86400


def test_an_application_in_trial_can_try_everything_and_do_nothing(flood: Connected) -> None:
    Application.objects.update(state="testing")
    assert flood.call("GET", SELF).json()["permissions"] == {"identity.try_connection": []}
    tried = flood.call("POST", "/api/identity/applications/trials/evidence").json()
    assert tried["capability"] == "evidence"
    assert flood.call("POST", EVIDENCE, DEPOSIT).status_code == 403
    assert flood.call("POST", "/api/identity/applications/trials/stamp").status_code == 404
    recorded = dict(ApplicationTrial.objects.values_list("capability", "passed"))
    assert recorded["signature"] is True
    assert recorded["evidence"] is tried["passed"]


def test_every_capability_can_be_tried(db: None) -> None:
    things = {"notices": {"things": ["verification-code"]}, "events": {"things": ["messaging.served"]}}
    every = {"texts": {}, "stamp": {}, "licences": {}, "evidence": {}, **things}
    system = a_connected_application("all", **every)
    told = {code: system.call("POST", f"/api/identity/applications/trials/{code}").json() for code in every}
    assert told["notices"]["passed"] is told["licences"]["passed"] is True
    assert told["stamp"]["passed"] is told["events"]["passed"] is False
    assert "推送目标" in told["events"]["finding"]


def test_a_capability_is_tried_once_a_minute_and_the_signature_not_without_end(flood: Connected) -> None:
    trial = "/api/identity/applications/trials/evidence"
    start = (now() + timedelta(minutes=1)).replace(second=5)
    with at(start):
        assert flood.call("POST", trial).status_code == 200
        assert code_of(flood.call("POST", trial)) == (429, "tried-too-often")
        answers = [flood.call("GET", SELF).status_code for _ in range(31)]
        assert answers == [200] * 30 + [429]
    with at(start + timedelta(minutes=1)):
        assert flood.call("POST", trial).status_code == 200
        assert flood.call("GET", SELF).status_code == 200


def test_pairs_of_keys_sign_as_well_as_shared_secrets(flood: Connected) -> None:
    edwards, national = Ed25519PrivateKey.generate(), provider().sm2_generate()
    pem = edwards.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    for kind, public, signer in (
        ("ed25519", pem, edwards.sign),
        ("sm2-sm3", public_key_to_pem(national.public), lambda told: provider().sm2_sign(national.private, told)),
    ):
        made = IssueCredential.do(SYSTEM, application_id=flood.application.pk, kind=kind, public_key=public)
        assert made.secret == ""
        message = signing.Message("GET", SELF, "", {}, b"")
        moment = int(now().timestamp())
        headers = signing.sign(message, made.key_id, moment, token_hex(16), signer)
        assert Client().get(SELF, headers=headers).status_code == 200, kind
        forged = signing.sign(message, made.key_id, moment, token_hex(16), lambda _told: bytes(64))
        assert Client().get(SELF, headers=forged).status_code == 401, kind


def test_a_foreign_library_signs_as_we_ask(db: None) -> None:
    flood = a_connected_application("flood", evidence={})
    made = IssueCredential.do(SYSTEM, application_id=flood.application.pk, kind="hmac-sha256")

    class Keys(HTTPSignatureKeyResolver):
        def resolve_private_key(self, key_id: str) -> bytes:
            return made.secret.encode()

    request = requests.Request("GET", f"http://testserver{SELF}?q=1").prepare()
    signer = HTTPMessageSigner(signature_algorithm=vars(algorithms)["HMAC_SHA256"], key_resolver=Keys())
    signer.sign(request, key_id=made.key_id, covered_component_ids=("@method", "@path", "@query"), nonce=token_hex(16))
    assert Client().get(f"{SELF}?q=1", headers={k: str(v) for k, v in request.headers.items()}).status_code == 200


@given(st.binary(max_size=200), st.text(max_size=80), st.text(max_size=80))
def test_no_header_whatever_brings_the_reader_down(body: bytes, given: str, value: str) -> None:
    headers = {"signature-input": given, "signature": value, "content-digest": value}
    with pytest.raises(signing.Malformed):
        signing.read(signing.Message("POST", "/", "", headers, body))


def test_calls_are_forgotten_after_a_week(flood: Connected) -> None:
    flood.call("GET", SELF)
    jobs.sweep(0)
    assert ApplicationCall.objects.count() == 1
    with at(now() + timedelta(days=8)):
        jobs.sweep(0)
    assert not ApplicationCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_client_in_the_how_to_works_against_a_live_server(live_server: Any, tmp_path: Path) -> None:
    flood = a_connected_application("flood", evidence={})
    (client,) = re.findall(r"```python\n(.*?)```", HOWTO.read_text("utf-8"), re.DOTALL)
    assert len(client.strip().splitlines()) <= 26
    script = tmp_path / "client.py"
    script.write_text(client, "utf-8")
    given = {**os.environ, "SITE": live_server.url, "KEY_ID": flood.key_id, "SECRET": flood.secret, "NO_PROXY": "*"}
    done = subprocess.run([sys.executable, str(script)], env=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "'application': 'flood'" in done.stdout
    assert "'capability': 'evidence'" in done.stdout


def test_the_description_of_the_api_says_how_calls_are_signed(db: None) -> None:
    described = json.loads(json.dumps(site_api().get_openapi_schema(), default=str))
    assert "RFC 9421" in described["components"]["securitySchemes"]["signature"]["description"]
    assert described["paths"]["/api/trust/evidence"]["post"]["security"] == [{"signature": []}, {"session": []}]
    assert "security" not in described["paths"]["/api/trust/ledger/head"]["get"]
