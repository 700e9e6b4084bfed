"""Electronic seals: where their keys lie and who certifies them."""

from __future__ import annotations

from shuzheng.settings.environment import declare

SHUZHENG_SEAL_KEYS = declare(
    "SHUZHENG_SEAL_KEYS",
    str,
    "shuzheng.engines.documents.seals.keys.SoftwareKeys",
    "Class that keeps the keys of seals; shuzheng.engines.documents.seals.sdf.SdfKeys for a cipher machine (GM/T 0018).",
)
SHUZHENG_SEAL_AUTHORITY = declare(
    "SHUZHENG_SEAL_AUTHORITY",
    str,
    "shuzheng.engines.documents.seals.authority.BuiltInAuthority",
    "Class that certifies the keys of seals; the built-in authority is for tests and demonstrations.",
)
SHUZHENG_SDF_LIBRARY = declare(
    "SHUZHENG_SDF_LIBRARY", str, "libsdf.so", "Library of the cipher machine (GM/T 0018), with SdfKeys."
)
SHUZHENG_SDF_SLOTS = declare(
    "SHUZHENG_SDF_SLOTS",
    str,
    "1-64",
    "Indexes of signature keys in the cipher machine that seals may take, first-last.",
)
SHUZHENG_SDF_PASSWORD = declare(
    "SHUZHENG_SDF_PASSWORD", str, "", "Password of the private keys in the cipher machine.", secret=True
)
SHUZHENG_EST_URL = declare(
    "SHUZHENG_EST_URL",
    str,
    "",
    "Enrolment service of a real authority (RFC 7030), https://ca.example/.well-known/est, with EstAuthority.",
)
SHUZHENG_EST_CREDENTIALS = declare(
    "SHUZHENG_EST_CREDENTIALS", str, "", "user:password at the authority's enrolment service.", secret=True
)
SHUZHENG_EST_TRUST = declare(
    "SHUZHENG_EST_TRUST", str, "", "File with the authority's TLS certificates in PEM; empty for the system's."
)
