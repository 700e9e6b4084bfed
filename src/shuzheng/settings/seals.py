"""Electronic seals: where their keys lie and who certifies them."""

from __future__ import annotations

from shuzheng.settings.environment import boolean, declare

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
SHUZHENG_TSA_URL = declare(
    "SHUZHENG_TSA_URL",
    str,
    "",
    "Time-stamping authority (RFC 3161) that is asked for every stamp; empty: the public ledger alone dates stamps.",
)
SHUZHENG_TSA_CREDENTIALS = declare(
    "SHUZHENG_TSA_CREDENTIALS", str, "", "user:password at the time-stamping authority.", secret=True
)
SHUZHENG_TSA_POLICY = declare(
    "SHUZHENG_TSA_POLICY", str, "", "Policy (OID) under which time stamps must be given; empty for any."
)
SHUZHENG_TSA_SM3 = declare(
    "SHUZHENG_TSA_SM3",
    boolean,
    "true",
    "Ask about stamps on OFD with SM3; false for authorities that know SHA-256 only.",
)
SHUZHENG_TSA_REQUIRED = declare(
    "SHUZHENG_TSA_REQUIRED", boolean, "false", "Do not stamp when no time stamp is to be had, instead of noting it."
)
SHUZHENG_PKCS11_MODULE = declare(
    "SHUZHENG_PKCS11_MODULE", str, "/usr/lib/softhsm/libsofthsm2.so", "Module of the token (PKCS #11), with Pkcs11Keys."
)
SHUZHENG_PKCS11_TOKEN = declare(
    "SHUZHENG_PKCS11_TOKEN", str, "seals", "Label of the token that keeps the keys of seals."
)
SHUZHENG_PKCS11_PIN_FILE = declare(
    "SHUZHENG_PKCS11_PIN_FILE", str, "", "File that holds the token's PIN, readable for the platform alone."
)
SHUZHENG_PKCS11_PIN = declare(
    "SHUZHENG_PKCS11_PIN", str, "", "The token's PIN, where there is no file for it.", secret=True
)
SHUZHENG_PKCS11_SM2 = declare(
    "SHUZHENG_PKCS11_SM2",
    str,
    "",
    "Number of the vendor's mechanism that signs a digest with SM2 (0x…); or 'software': SM2 keys stay in the database.",
)
