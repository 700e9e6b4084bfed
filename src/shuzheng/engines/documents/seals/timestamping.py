"""A time-stamping authority asked over HTTP (RFC 3161): the digest of a signature goes there, a token comes back.

What comes back is believed as little as anything from a network: it must be about this digest, carry the number that was
sent with it (an old answer does not), and be signed by an authority that this installation trusts.
"""

from __future__ import annotations

import logging
import secrets
import time
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException

from asn1crypto import cms, core, tsp
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.seals import algorithms, timestamp_proof, timestamps
from shuzheng.engines.documents.seals.algorithms import SHA256
from shuzheng.engines.documents.seals.ses import SM3
from shuzheng.engines.documents.seals.timestamps import LARGEST, TimeStampUnreadable
from shuzheng.engines.documents.seals.trust_store import TrustStore
from shuzheng.kernel import calling
from shuzheng.kernel.caching import memory
from shuzheng.kernel.error import Unavailable
from shuzheng.kernel.moment import now

#: Seconds that the authority may take in all; a stamp's transaction waits for it.
PATIENCE = 5
#: Seconds for which nobody waits for it again after it failed, where stamping goes on without it.
PAUSE = 30
#: By how much its clock may differ from ours.
CLOCKS_DIFFER = timedelta(minutes=10)
#: Until when this process does not wait for an authority that failed, by its address (monotonic seconds).
_away: dict[str, float] = memory()
logger = logging.getLogger(__name__)


class TimeStampDeclined(Unavailable):
    """No token that can be believed was to be had; ``reason`` says why, for the log."""

    code = "seal-time-stamp"
    message = _("时间戳机构没有给出可信的时间，没有盖章，申请和审批已保留。请稍后重试；仍不行时请联系运维人员。")


class _Answer(core.Sequence):
    """TimeStampResp, whose token is missing where the answer is no."""

    _fields = [("status", tsp.PKIStatusInfo), ("token", cms.ContentInfo, {"optional": True})]


@dataclass
class Clock:
    """The authority as one stamp asks it."""

    trust: TrustStore | None
    #: ``granted`` or ``missing``, once asked.
    state: str = ""

    def ask(self, algorithm: str, digest: bytes) -> bytes | None:
        """Return a token, or nothing where stamping goes on without. Raises TimeStampDeclined where it must not."""
        self.state = "missing"
        place, required = str(settings.SHUZHENG_TSA_URL), bool(settings.SHUZHENG_TSA_REQUIRED)
        if not required and _away.get(place, 0) > time.monotonic():
            return None
        try:
            token = request(algorithm, digest, self.trust)
        except TimeStampDeclined as problem:
            logger.warning("No time stamp: %s", problem.params["reason"])
            if required:
                raise
            _away[place] = time.monotonic() + PAUSE
            return None
        self.state = "granted"
        return token

    def ask_about(self, signature: bytes) -> bytes | None:
        """Return a token about a stamp's signature, as ``ask`` does."""
        algorithm = SM3 if settings.SHUZHENG_TSA_SM3 else SHA256
        return self.ask(algorithm, algorithms.digest(algorithm, signature))


def request(algorithm: str, digest: bytes, trust: TrustStore | None) -> bytes:
    """Return the authority's token for a digest, verified. Raises TimeStampDeclined."""
    nonce = secrets.randbits(64)
    asked = {
        "version": "v1",
        "message_imprint": {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest},
        "nonce": nonce,
        "cert_req": True,
        **({"req_policy": settings.SHUZHENG_TSA_POLICY} if settings.SHUZHENG_TSA_POLICY else {}),
    }
    token = _token(_send(tsp.TimeStampReq(asked).dump()))
    try:
        told = timestamps.read(token)
    except TimeStampUnreadable as problem:
        raise TimeStampDeclined(reason=str(problem)) from problem
    if (told.digested, told.imprint, told.nonce) != (algorithm, digest, nonce):
        raise TimeStampDeclined(reason="another digest or another number than was sent")
    if settings.SHUZHENG_TSA_POLICY and told.policy != settings.SHUZHENG_TSA_POLICY:
        raise TimeStampDeclined(reason=f"another policy: {told.policy}")
    if abs(told.at - now()) > CLOCKS_DIFFER:
        raise TimeStampDeclined(reason=f"its clock says {told.at}")
    judged = timestamp_proof.judge_read(told, trust)
    if judged.proved is None:
        raise TimeStampDeclined(reason=judged.code)
    return token


def _send(asked: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    if settings.SHUZHENG_TSA_CREDENTIALS:
        headers["Authorization"] = "Basic " + b64encode(settings.SHUZHENG_TSA_CREDENTIALS.encode()).decode()
    try:
        answer = calling.post(settings.SHUZHENG_TSA_URL, asked, headers, timeout=PATIENCE, largest=LARGEST + 1)
    except (OSError, HTTPException) as failure:
        raise TimeStampDeclined(reason=f"{type(failure).__name__} {failure}") from failure
    if answer.status != 200 or len(answer.body) > LARGEST:
        raise TimeStampDeclined(reason=f"HTTP {answer.status}, {len(answer.body)} bytes")
    return answer.body


def _token(answer: bytes) -> bytes:
    try:
        told = _Answer.load(answer, strict=True)
        status = told["status"]["status"].native
        token = told["token"]
    except (ValueError, TypeError, KeyError) as failure:
        raise TimeStampDeclined(reason=str(failure)) from failure
    if status not in ("granted", "granted_with_mods") or isinstance(token, core.Void):
        raise TimeStampDeclined(reason=f"status {status}")
    return token.dump()
