"""Checks of an installation's public boundary: nothing here needs an account, and nothing is changed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from secrets import token_hex
from typing import Any

from shuzheng.cli.conformance.kit import Answer, Check, Failed, Fetch, LeftOut, need
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.ledger import tiles, tree
from shuzheng.engines.trust.ledger.note import Checkpoint, Key, Note

JSON = {"Accept": "application/json", "Content-Type": "application/json"}
PROBLEM = "application/problem+json"
#: Leaves beyond which a ledger is left to an auditor.
LARGEST = 16_384
#: Seconds by which clocks may differ: signatures are accepted within 300.
SKEW = 30
#: Requests within which a rate limit must answer.
OFTEN = 60


def _problem(answer: Answer, status: int) -> dict[str, Any]:
    kind = answer.headers.get("content-type", "")
    need(answer.status == status, f"status {answer.status} instead of {status}")
    need(kind.startswith(PROBLEM), f"Content-Type is {kind or 'missing'}")
    found = answer.json()
    missing = {"type", "title", "status", "instance"} - set(found)
    need(not missing, f"members missing: {', '.join(sorted(missing))}")
    need(found["status"] == answer.status, "the member status is not the status of the answer")
    return found


def _alive(site: Fetch) -> str:
    answer = site("GET", "/readyz")
    need(answer.status == 200, f"status {answer.status}: {answer.body[:200].decode('utf-8', 'replace')}")
    return str(answer.json()["status"])


def _problems(site: Fetch) -> str:
    _problem(site("GET", f"/api/{token_hex(8)}", JSON), 404)
    return "type, title, status, instance"


def _refusals(site: Fetch) -> str:
    _problem(site("POST", "/api/actions/casework.file_case", JSON, b"{}"), 401)
    return "401 without a sign-in, no redirect"


def _description(site: Fetch) -> str:
    answer = site("GET", "/api/openapi.json", JSON)
    if answer.status in (401, 403):
        _problem(answer, answer.status)
        raise LeftOut("shown to signed-in developers only")
    found = answer.json()
    need(str(found["openapi"]).startswith("3.1"), f"version {found['openapi']}")
    operations = [one for path in found["paths"].values() for one in path.values()]
    ids = [one["operationId"] for one in operations]
    need(len(ids) == len(set(ids)), "an operationId stands for two operations")
    keyless = [
        path
        for path, methods in found["paths"].items()
        if path.startswith("/api/actions/")
        and "Idempotency-Key" not in {p["name"] for p in methods["post"].get("parameters", [])}
    ]
    need(not keyless, f"no Idempotency-Key: {', '.join(keyless[:3])}")
    return f"{len(operations)} operations"


def _correlation(site: Fetch) -> str:
    own = token_hex(16)
    need(site("GET", "/healthz", {"X-Correlation-ID": own}).headers.get("x-correlation-id") == own, "not kept")
    strange = site("GET", "/healthz", {"X-Correlation-ID": "<script>"}).headers.get("x-correlation-id", "")
    need(strange and strange != "<script>", "an implausible one is not replaced")
    return "kept, and replaced where implausible"


def _headers(site: Fetch) -> str:
    answer = site("GET", "/accounts/login/", {"Accept": "text/html"})
    policy = answer.headers.get("content-security-policy", "")
    need("default-src 'none'" in policy or "default-src 'self'" in policy, "Content-Security-Policy has no default")
    scripts = next((part for part in policy.split(";") if part.strip().startswith("script-src ")), "")
    need("unsafe" not in scripts, "scripts may be unsafe")
    need("frame-ancestors 'none'" in policy, "the page may be framed")
    need(answer.headers.get("x-content-type-options") == "nosniff", "X-Content-Type-Options is not nosniff")
    need(answer.headers.get("referrer-policy"), "no Referrer-Policy")
    return "CSP, nosniff, frames, referrer"


def _numbers(site: Fetch) -> str:
    answer = site("GET", "/metrics", {"X-Forwarded-For": "203.0.113.1"})
    need(answer.status in (401, 403, 404), f"/metrics answers strangers with {answer.status}")
    return "closed to strangers"


def _clock(site: Fetch) -> str:
    told = site("GET", "/healthz").headers.get("date")
    if not told:
        raise Failed("no Date header")
    apart = abs((datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds())
    need(apart <= SKEW, f"{apart:.0f} s apart")
    return f"{apart:.0f} s apart"


def _checkpoint(site: Fetch) -> Checkpoint:
    answer = site("GET", "/ledger/checkpoint")
    if answer.status == 404:
        raise LeftOut("the ledger is still empty")
    need(answer.status == 200, f"status {answer.status}")
    note = Note.parse(answer.body.decode())
    keys = [Key.parse(text) for text in site("GET", "/api/trust/ledger/head", JSON).json()["keys"]]
    need(any(note.signed_by(key, provider().sm2_verify) for key in keys), "no published key has signed the checkpoint")
    return Checkpoint.parse(note.text)


def _ledger_head(site: Fetch) -> str:
    head = _checkpoint(site)
    return f"{head.size} leaves, signed"


def _ledger_tiles(site: Fetch) -> str:
    head = _checkpoint(site)
    if head.size > LARGEST:
        raise LeftOut(f"{head.size} leaves: let an auditor recompute them")
    leaves: list[bytes] = []
    for index in range(-(-head.size // tiles.WIDTH)):
        tile = tiles.Tile(0, index, min(tiles.WIDTH, head.size - index * tiles.WIDTH))
        answer = site("GET", f"/ledger/{tile.path}")
        need(answer.status == 200, f"{tile.path}: status {answer.status}")
        leaves += [answer.body[at : at + 32] for at in range(0, len(answer.body), 32)]
    hasher = tree.Hasher(lambda data: hashlib.new("sm3", data).digest())
    need(tree.root(hasher, leaves) == head.root, "the root over the tiles is not that of the checkpoint")
    return f"root of {head.size} leaves recomputed"


def _verification(site: Fetch) -> str:
    answer = site("GET", f"/verify/{token_hex(8)}", {"Accept": "text/html"})
    need(answer.status < 500, f"an unknown licence number is answered with {answer.status}")
    need(answer.status not in (301, 302, 401, 403), "verifying asks for a sign-in")
    return "open to everybody; an unknown number is no error of the site"


def _check_seal(site: Fetch) -> Answer:
    boundary = token_hex(8)
    body = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="x.ofd"\r\n\r\nno document\r\n--{boundary}--\r\n'
    headers = {"Accept": "application/json", "Content-Type": f"multipart/form-data; boundary={boundary}"}
    return site("POST", "/api/documents/seals/verify", headers, body.encode())


def _seals(site: Fetch) -> str:
    answer = _check_seal(site)
    if answer.status >= 400:
        _problem(answer, answer.status)
        need(answer.status < 500, f"what is no document is answered with {answer.status}")
    return "what is no document is said to be none"


def _limits(site: Fetch) -> str:
    for times in range(1, OFTEN + 1):
        answer = _check_seal(site)
        if answer.status == 429:
            _problem(answer, 429)
            need(answer.headers.get("retry-after", "").isdigit(), "429 without Retry-After")
            return f"429 after {times} requests, Retry-After {answer.headers['retry-after']} s"
    raise Failed(f"{OFTEN} requests in a row and no 429")


INSTALLATION: tuple[Check[Fetch], ...] = (
    Check("ready to serve", "installation", _alive),
    Check("API description", "OpenAPI 3.1.0; draft-ietf-httpapi-idempotency-key-header", _description),
    Check("problem answers", "RFC 9457 §3", _problems),
    Check("refusals are problems", "RFC 9110 §15.5.2; RFC 9457", _refusals),
    Check("correlation id", "GB/T 22239 8.1.4.3", _correlation),
    Check("security headers", "OWASP ASVS 4.0 §14.4; CSP 3", _headers),
    Check("numbers are not public", "OWASP ASVS 4.0 §14.3", _numbers),
    Check("clock", "RFC 9110 §6.6.1", _clock),
    Check("ledger head", "C2SP tlog-checkpoint; GB/T 32918.2", _ledger_head),
    Check("ledger tiles", "C2SP tlog-tiles; RFC 9162 §2.1", _ledger_tiles),
    Check("licence verification", "GB/T 36901", _verification),
    Check("seal verification", "GB/T 38540", _seals),
)
PROVOKING: tuple[Check[Fetch], ...] = (Check("rate limit", "RFC 6585 §4; RFC 9110 §10.2.3", _limits),)
