"""Run the sandbox time-stamping authority: ``python -m shuzheng.sandbox.tsa``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def main() -> None:
    """Make keys, write what is to be trusted into a folder, and stamp until interrupted; prints the address once open."""
    parser = argparse.ArgumentParser(description="沙箱时间戳机构：演示用，每次启动使用新的密钥。")
    parser.add_argument("--port", type=int, default=9318)
    parser.add_argument(
        "--rsa", action="store_true", help="Sign with RSA instead of ECDSA what is digested by SHA-256."
    )
    parser.add_argument(
        "--trust", default="", help="Folder that the roots are written into, e.g. var/time-authorities."
    )
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuzheng.settings.dev")
    from shuzheng.engines.documents.seals.algorithms import SHA256
    from shuzheng.engines.documents.seals.ses import SM3
    from shuzheng.sandbox.tsa.keys import certified
    from shuzheng.sandbox.tsa.server import Server

    server = Server(given.port, {SM3: certified("sm2"), SHA256: certified("rsa" if given.rsa else "p256")})
    if given.trust:
        folder = Path(given.trust)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "sandbox-tsa.pem").write_text(server.roots())
    sys.stdout.write(f"{server.address}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
