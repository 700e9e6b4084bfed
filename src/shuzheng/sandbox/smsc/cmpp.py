"""The door for the operators' protocol, CMPP 3.0, read anew from its text."""

from __future__ import annotations

import hashlib
import select
import socketserver
import struct
import time
from typing import Any, cast

from shuzheng.sandbox.smsc.store import UNKNOWN, Store

CONNECT, TERMINATE, SUBMIT, DELIVER, ACTIVE_TEST = 1, 2, 4, 5, 8
RESPONSE = 0x80000000
HANG = 60.0
#: 3.0, section 8.3: offsets in the body of a submit up to the number of receivers.
PART_AT, UDHI_AT, FORMAT_AT, RECEIVERS_AT = 8, 57, 58, 128
SUBMITTED_OK, BAD_NUMBER, BUSY = 0, 13, 8


class CmppDoor(socketserver.ThreadingTCPServer):
    """Listens for one account, on this machine only."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, store: Store, account: str, secret: str) -> None:
        """Bind the port."""
        super().__init__(("127.0.0.1", port), _Session)
        self.store, self.account, self.secret = store, account, secret


class _Session(socketserver.BaseRequestHandler):
    @property
    def door(self) -> CmppDoor:
        """Return the server by its own type."""
        return cast(CmppDoor, self.server)

    def handle(self) -> None:
        """Answer packets and push reports until the other side goes."""
        self.admitted, self.sequence = False, 0x10000000
        self.under_way: dict[int, int] = {}
        try:
            while True:
                readable, _w, _x = select.select([self.request], [], [], 0.05)
                if readable and not self._packet():
                    return
                if self.admitted and self.door.store.fault("cmpp").mode != "hang":
                    self._push()
        except (OSError, EOFError, struct.error):
            return

    def _packet(self) -> bool:
        size, command, sequence = struct.unpack(">III", self._exactly(12))
        body = self._exactly(size - 12)
        if self.door.store.fault("cmpp").mode == "hang":
            time.sleep(HANG)
            return False
        if command == CONNECT:
            self._connect(sequence, body)
        elif command == SUBMIT and self.admitted:
            return self._submit(sequence, body)
        elif command == ACTIVE_TEST:
            self._send(ACTIVE_TEST | RESPONSE, sequence, b"\0")
        elif command == DELIVER | RESPONSE:
            id = self.under_way.pop(sequence, None)
            if id is not None:
                self.door.store.reported(id, acknowledged=True)
        elif command == TERMINATE:
            self._send(TERMINATE | RESPONSE, sequence, b"")
            return False
        return True

    def _connect(self, sequence: int, body: bytes) -> None:
        account, proof = body[:6].rstrip(b"\0"), body[6:22]
        (timestamp,) = struct.unpack(">I", body[23:27])
        text = account + b"\0" * 9 + self.door.secret.encode() + f"{timestamp:010d}".encode()
        right = account.decode() == self.door.account and hashlib.md5(text, usedforsecurity=False).digest() == proof
        self.admitted = right
        status = struct.pack(">I", 0 if right else 3)
        answer = hashlib.md5(status + proof + self.door.secret.encode(), usedforsecurity=False).digest()
        self._send(CONNECT | RESPONSE, sequence, status + answer + b"\x30")

    def _submit(self, sequence: int, body: bytes) -> bool:
        """Take a message and answer; return ``False`` where the line is to be dropped."""
        parts, part = body[PART_AT], body[PART_AT + 1]
        count = body[RECEIVERS_AT]
        mobile = body[RECEIVERS_AT + 1 : RECEIVERS_AT + 33].rstrip(b"\0").decode()
        length_at = RECEIVERS_AT + 1 + 32 * count + 1
        content = body[length_at + 1 : length_at + 1 + body[length_at]]
        if body[UDHI_AT]:
            content = content[content[0] + 1 :]
        text = content.decode("utf-16-be" if body[FORMAT_AT] == 8 else "ascii")
        mode, id = self.door.store.fault("cmpp").mode, 0
        result = BAD_NUMBER if mobile.endswith(UNKNOWN) else BUSY if mode == "refuse" else SUBMITTED_OK
        if result == SUBMITTED_OK:
            id = self.door.store.take("cmpp", mobile, text, part=part, parts=parts)
        if mode == "drop":
            return False
        self._send(SUBMIT | RESPONSE, sequence, struct.pack(">QI", id, result))
        return True

    def _push(self) -> None:
        """Send the reports that are due, each once per session until it is answered."""
        waiting = set(self.under_way.values())
        for row in self.door.store.due_reports("cmpp"):
            if row["id"] not in waiting:
                self.sequence += 1
                self.under_way[self.sequence] = row["id"]
                self._send(DELIVER, self.sequence, _report(row))

    def _send(self, command: int, sequence: int, body: bytes) -> None:
        self.request.sendall(struct.pack(">III", 12 + len(body), command, sequence) + body)

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.request.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data


def _report(row: dict[str, Any]) -> bytes:
    """Return the body of a DELIVER that carries a status report (8.5)."""
    state = b"DELIVRD" if row["report"] == "delivered" else b"UNDELIV"
    moment = time.strftime("%y%m%d%H%M", time.gmtime(time.time() + 8 * 3600)).encode()
    mobile = str(row["mobile"]).encode().ljust(32, b"\0")
    report = struct.pack(">Q", row["id"]) + state + moment + moment + mobile + struct.pack(">I", row["id"] & 0xFFFFFFFF)
    fixed = struct.pack(">Q", row["id"]) + b"106900000000".ljust(21, b"\0") + b"SANDBOX".ljust(10, b"\0")
    return fixed + b"\0\0\0" + mobile + b"\0\1" + bytes([len(report)]) + report + bytes(20)
