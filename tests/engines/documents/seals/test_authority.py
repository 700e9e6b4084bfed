"""Who certifies the keys of seals: the built-in authority, and a real one asked over EST."""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, csr, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shuzheng.engines.documents.seals import est
from shuzheng.engines.documents.seals.algorithms import sm2_verifies
from shuzheng.engines.documents.seals.authority import AuthorityDeclined, BuiltInAuthority
from shuzheng.engines.documents.seals.certificates import Certificate, RevocationList
from shuzheng.engines.documents.seals.est import EstAuthority
from shuzheng.engines.documents.seals.keys import seal_keys
from shuzheng.engines.documents.seals.models import CertificateRole
from shuzheng.engines.documents.seals.trusting import our_trust
from shuzheng.engines.documents.seals.x509 import Subject, Terms, write_certificate
from shuzheng.engines.trust.crypto.pem import to_pem
from shuzheng.kernel.caching import forget_remembered
from shuzheng.kernel.moment import now
from tests.engines.documents.seals.makers import authority

ROOT = authority("真实的认证机构")


class Enrolment(BaseHTTPRequestHandler):
    """An authority's enrolment service: it checks the request's signature and issues for a year."""

    def do_POST(self) -> None:
        """Answer a request."""
        body = base64.b64decode(self.rfile.read(int(self.headers["Content-Length"])))
        asked = csr.CertificationRequest.load(body, strict=True)
        told = asked["certification_request_info"]
        point = told["subject_pk_info"]["public_key"].contents[1:]
        known = self.headers["Authorization"] == "Basic " + base64.b64encode(b"office:secret").decode()
        if not known or not sm2_verifies(point, told.dump(), asked["signature"].contents[1:]):
            self.send_error(400)
            return
        subject = Subject(told["subject"].native["common_name"])
        terms = Terms(77, now() - timedelta(minutes=1), now() + timedelta(days=365))
        issued = write_certificate(
            subject, point, terms, issuer=ROOT.subject, issuer_key=ROOT.pair.public, sign=ROOT.sign
        )
        self.send_response(200)
        self.end_headers()
        self.wfile.write(base64.b64encode(certificates_only(issued, ROOT.certificate)))

    def log_message(self, *_arguments: Any) -> None:
        """Stay silent."""


def certificates_only(*certificates: bytes) -> bytes:
    """Return a PKCS #7 without signers."""
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [],
            "encap_content_info": {"content_type": "data"},
            "certificates": [x509.Certificate.load(one) for one in certificates],
            "signer_infos": [],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()


@contextlib.contextmanager
def _over_tls(folder: Path) -> Iterator[tuple[str, str]]:
    """Run the enrolment service over TLS; give its address and the file with its certificate."""
    pair = ec.generate_private_key(ec.SECP256R1())
    name = pyca.Name([pyca.NameAttribute(pyca.NameOID.COMMON_NAME, "127.0.0.1")])
    began, serial = now() - timedelta(days=1), pyca.random_serial_number()
    made = pyca.CertificateBuilder(name, name, pair.public_key(), serial, began, began + timedelta(days=9))
    places = pyca.SubjectAlternativeName([pyca.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    own = made.add_extension(places, critical=False).sign(pair, hashes.SHA256())
    pem = serialization.Encoding.PEM
    (folder / "tls.pem").write_bytes(own.public_bytes(pem))
    plain = serialization.NoEncryption()
    (folder / "tls.key").write_bytes(pair.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    server = HTTPServer(("127.0.0.1", 0), Enrolment)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.pem", folder / "tls.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}", str(folder / "tls.pem")
    server.shutdown()
    server.server_close()


@pytest.fixture
def enrolment(settings: Any) -> Iterator[None]:
    """A real authority on this machine."""
    server = HTTPServer(("127.0.0.1", 0), Enrolment)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SHUZHENG_EST_URL = f"http://127.0.0.1:{server.server_port}/.well-known/est"
    settings.SHUZHENG_EST_CREDENTIALS = "office:secret"
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_a_real_authority_certifies_a_key_over_est(enrolment: None, home: Path) -> None:
    key = seal_keys().generate("sm2")
    issued = EstAuthority().certify(Subject("行政审批局"), key, CertificateRole.SEAL, now() + timedelta(days=9))
    assert issued.serial == "4d"
    certificate = Certificate(bytes(issued.der))
    assert certificate.issuer == "真实的认证机构"
    assert our_trust().chain(certificate) is None
    (home / "seal-authorities").mkdir()
    (home / "seal-authorities" / "ca.pem").write_text(to_pem("CERTIFICATE", ROOT.certificate))
    (home / "seal-authorities" / "broken.pem").write_text("nothing")
    forget_remembered()
    assert our_trust().chain(certificate) is not None


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"SHUZHENG_EST_CREDENTIALS": ""}, {"SHUZHENG_EST_URL": "http://127.0.0.1:9"}])
def test_an_authority_that_refuses_or_is_away_certifies_nothing(
    enrolment: None, settings: Any, wrong: dict[str, str]
) -> None:
    for name, value in wrong.items():
        setattr(settings, name, value)
    with pytest.raises(AuthorityDeclined):
        EstAuthority().certify(Subject("行政审批局"), seal_keys().generate("sm2"), CertificateRole.SEAL, now())


@pytest.mark.django_db
def test_an_authority_that_drips_holds_nobody_longer_than_patience(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(est, "PATIENCE", 0.5)
    done = threading.Event()

    def drip(server: socket.socket) -> None:
        line, _address = server.accept()
        with line, contextlib.suppress(OSError):
            line.recv(65536)
            line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not done.wait(0.05):
                line.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.SHUZHENG_EST_URL = f"http://127.0.0.1:{server.getsockname()[1]}"
        threading.Thread(target=drip, args=(server,), daemon=True).start()
        threading.Timer(8, done.set).start()
        began = time.monotonic()
        with pytest.raises(AuthorityDeclined):
            EstAuthority().certify(Subject("行政审批局"), seal_keys().generate("sm2"), CertificateRole.SEAL, now())
        waited = time.monotonic() - began
        done.set()
    assert 0.4 < waited < 4


@pytest.mark.django_db
def test_an_authority_is_believed_only_with_the_certificates_that_the_operator_named(
    settings: Any, tmp_path: Path
) -> None:
    with _over_tls(tmp_path) as (url, trusted):
        settings.SHUZHENG_EST_URL, settings.SHUZHENG_EST_CREDENTIALS = url, "office:secret"
        key = seal_keys().generate("sm2")
        for trust in ("", str(tmp_path / "missing.pem")):
            settings.SHUZHENG_EST_TRUST = trust
            with pytest.raises(AuthorityDeclined):
                EstAuthority().certify(Subject("行政审批局"), key, CertificateRole.SEAL, now())
        settings.SHUZHENG_EST_TRUST = trusted
        assert EstAuthority().certify(Subject("行政审批局"), key, CertificateRole.SEAL, now()).serial == "4d"


@pytest.mark.django_db
def test_the_built_in_authority_makes_one_root_and_lists_what_it_revoked() -> None:
    built_in = BuiltInAuthority()
    assert built_in.anchors() == []
    assert built_in.revocations() == []
    key = seal_keys().generate("sm2")
    issued = built_in.certify(Subject("行政审批局"), key, CertificateRole.SEAL, now() + timedelta(days=9))
    (root,) = built_in.anchors()
    built_in.maker()
    assert built_in.anchors() == [root]
    assert Certificate(root).issued(Certificate(bytes(issued.der)))
    built_in.revoke(issued, now())
    (told,) = built_in.revocations()
    assert list(RevocationList(told).revoked) == [int(issued.serial, 16)]
    assert Certificate(root).issued(RevocationList(told))
