"""Cryptography: what computes it, and where its keys come from."""

from __future__ import annotations

from shuzheng.settings.environment import declare

SHUZHENG_CRYPTO_PROVIDER = declare(
    "SHUZHENG_CRYPTO_PROVIDER",
    str,
    "shuzheng.engines.trust.crypto.software.SoftwareProvider",
    "Class that computes SM2, SM3 and SM4; name another to use a hardware module.",
)
SHUZHENG_KEY_RING = declare(
    "SHUZHENG_KEY_RING",
    str,
    "shuzheng.engines.trust.crypto.keys.MasterKeyRing",
    "Class that keeps the master keys; name another to keep them in hardware.",
)
SHUZHENG_MASTER_KEY = declare(
    "SHUZHENG_MASTER_KEY",
    str,
    "",
    "Master keys, `k1 <64 hex digits>` separated by commas; made under SHUZHENG_HOME/keys when empty.",
    secret=True,
)
#: Of every installation that has not chosen a name; `shuzheng doctor` asks for one in production.
DEFAULT_ORIGIN = "shuzheng.localhost/ledger"
SHUZHENG_LEDGER_ORIGIN = declare(
    "SHUZHENG_LEDGER_ORIGIN",
    str,
    DEFAULT_ORIGIN,
    "Name of this installation's evidence ledger, an address without scheme; chosen once, signed in every head.",
)
SHUZHENG_LEDGER_STORE = declare(
    "SHUZHENG_LEDGER_STORE",
    str,
    "shuzheng.engines.trust.gateways.tiles.FolderStore",
    "Class that keeps the ledger's public files.",
)
SHUZHENG_LEDGER_FOLDER = declare(
    "SHUZHENG_LEDGER_FOLDER",
    str,
    "",
    "Folder of the ledger's public files, which any web server may hand out; SHUZHENG_HOME/ledger when empty.",
)
SHUZHENG_WITNESS_GATEWAY = declare(
    "SHUZHENG_WITNESS_GATEWAY",
    str,
    "shuzheng.engines.trust.gateways.witness.HttpWitness",
    "Class that submits the ledger's heads to other installations' witnesses.",
)
#: Seconds for which one run of the ledger's writer goes on, until the next one begins.
SHUZHENG_LEDGER_RUN = 9.5
