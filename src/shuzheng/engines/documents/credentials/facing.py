"""The face of a licence (照面), from its type and what it says: the original and the print copy."""

from __future__ import annotations

from django.conf import settings

from shuzheng.engines.documents.credentials import photos
from shuzheng.engines.documents.credentials.content import chinese_date, missing
from shuzheng.engines.documents.credentials.errors import ElementsMissing
from shuzheng.engines.documents.credentials.identifier import Identifier, written_code
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.layout import KIND as TEMPLATE
from shuzheng.engines.documents.layout import SealPlace, compose_template, render_template
from shuzheng.engines.documents.layout.ofd_output import Attachment, to_ofd
from shuzheng.engines.documents.layout.template import DocumentTemplate, Watermark
from shuzheng.engines.documents.ofd.errors import OfdUnwritable
from shuzheng.engines.documents.pdf.images import PictureUnusable
from shuzheng.kernel import definition
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.input import canonical_json
from shuzheng.kernel.moment import local, today

#: Where the platform is met when the operator names no address.
LOCAL = "http://localhost:8000"
LONG_TERM = "长期"
#: What a holder's code is, where it is a unified social credit code.
USCC_KIND = "统一社会信用代码"


def verify_url(code: str) -> str:
    """Return the public address at which a licence is verified: the first of SHUZHENG_ORIGINS."""
    origin = next(iter(settings.CSRF_TRUSTED_ORIGINS), LOCAL)
    return f"{origin.rstrip('/')}/verify/{code}"


def values_of(credential: Credential) -> dict[str, str | bytes]:
    """Return what fills the gaps of a face. Raises ElementsMissing naming everything that is not there."""
    lacking = missing(credential.type, credential.values)
    if lacking:
        raise ElementsMissing(names="、".join(lacking))
    until = credential.valid_until
    return {
        "title": credential.title,
        "identifier": credential.identifier,
        "number": credential.number,
        "issuer": credential.unit.name,
        "issued_on": chinese_date(today()),
        "valid_from": chinese_date(credential.valid_from),
        "valid_until": chinese_date(until) if until else LONG_TERM,
        "verify_code": written_code(credential.code),
        "verify_url": verify_url(credential.code),
        **{name: said["text"] for name, said in credential.values.items()},
        **_photos_of(credential),
    }


def _photos_of(credential: Credential) -> dict[str, str | bytes]:
    """Return the photographs that stand on the face."""
    values = credential.values
    wanted = [one.name for one in credential.type.elements if one.photo is not None and one.name in values]
    return {name: photos.content(values[name]["value"]) for name in wanted}


def original(credential: Credential) -> tuple[bytes, SealPlace | None]:
    """Return the face as OFD, not yet sealed, with its metadata inside (GB/T 36905), and where the seal goes.

    Raises ElementsMissing, NoDefinition, ValuesDisagree, DoesNotFit, InvalidInput, Unavailable.
    """
    face: DocumentTemplate = definition.get(TEMPLATE, credential.type.face).body
    composition = compose_template(face, _fitting(face, values_of(credential)))
    custom = named(credential)
    metadata = Attachment("metadata", canonical_json(metadata_of(credential)), "json", visible=False)
    try:
        data = to_ofd(composition, created=today(), author=credential.unit.name, custom=custom, attachments=[metadata])
    except (OfdUnwritable, PictureUnusable) as problem:
        raise InvalidInput(message=problem.reason) from problem
    return data, next((one for one in composition.seals if one.name == credential.type.seal.place), None)


def named(credential: Credential) -> dict[str, str]:
    """Return the metadata of a licence under the names that platforms of government exchange them by (GB/T 36903).

    A firm's credit code stands there; a person's number never does, for the file is passed on.
    """
    said = credential.values
    uscc = next(
        (said[e.name]["text"] for e in credential.type.elements if e.source == "holder.uscc" and e.name in said), ""
    )
    until = credential.valid_until
    found = {
        "ZZBS": credential.identifier,
        "ZZMC": credential.title,
        "ZZLXDM": credential.type.type_code,
        "ZZBH": credential.number,
        "ZZBFJG": credential.unit.name,
        "ZZBFJGDM": Identifier.parse(credential.identifier).issuer,
        "ZZBFRQ": today().isoformat(),
        "ZZYXQQSRQ": credential.valid_from.isoformat(),
        "ZZYXQJZRQ": until.isoformat() if until else "",
        "CZZT": credential.holder_name,
        "CZZTDM": uscc,
        "CZZTDMLX": USCC_KIND if uscc else "",
    }
    return {name: text for name, text in found.items() if text}


def metadata_of(credential: Credential) -> dict[str, object]:
    """Return the metadata of a licence (GB/T 36903) as they travel inside the original."""
    pictures = {one.name for one in credential.type.elements if one.photo is not None}
    return {
        "identifier": credential.identifier,
        "type": credential.type.type_code,
        "title": credential.title,
        "number": credential.number,
        "issuer": credential.unit.name,
        "validFrom": credential.valid_from.isoformat(),
        "validUntil": credential.valid_until.isoformat() if credential.valid_until else None,
        "holder": credential.holder_name,
        "elements": {name: said["value"] for name, said in credential.values.items() if name not in pictures},
    }


def print_copy(credential: Credential, note: str) -> bytes:
    """Return a copy as PDF: the face with a watermark that says it is one, for whom and for what; it carries no seal."""
    face: DocumentTemplate = definition.get(TEMPLATE, credential.type.copy_face or credential.type.face).body
    marked = face.model_copy(update={"watermark": Watermark(text=note, size=11, opacity=0.22, gap=16, angle=28)})
    day = credential.issued_at or credential.created_at
    values = {**values_of(credential), "issued_on": chinese_date(local(day).date())}
    return render_template(marked, _fitting(face, values), format="pdf", created=today())


def _fitting(face: DocumentTemplate, values: dict[str, str | bytes]) -> dict[str, str | bytes]:
    """Return of the values those that the face has gaps for."""
    return {name: value for name, value in values.items() if name in face.placeholders}
