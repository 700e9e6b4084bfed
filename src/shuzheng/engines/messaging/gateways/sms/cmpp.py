"""An operator's SMS gateway over CMPP 3.0: a binary session on TCP, opened for a batch and closed after it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import count

from django.conf import settings

from shuzheng.engines.messaging.gateways.base import Notice, Outcome, Receipt
from shuzheng.engines.messaging.gateways.sms import cmpp_wire as wire
from shuzheng.engines.messaging.gateways.sms.cmpp_wire import ANSWER, Command, Packet
from shuzheng.engines.messaging.gateways.sms.provider import Recorder, SmsProvider
from shuzheng.kernel.moment import ZONE, local, now

#: Packets under way without an answer (16 is what gateways grant).
WINDOW = 16
#: Results of a submit that trying again does not change: 1 structure, 5 fee, 6 length, 7 service, 13 number.
FINAL = frozenset({1, 5, 6, 7, 13})
#: Seconds of silence after which no more receipts are waiting.
LULL = 0.3


class Refused(Exception):
    """The gateway does not let the account in."""


class CmppSession:
    """One session: packets out, answers in, everything before a deadline."""

    def __init__(self, line: socket.socket, deadline: float) -> None:
        """Take a connected line and the moment (monotonic seconds) after which it is given up."""
        self.line, self.deadline = line, deadline
        self.sequence = count(1)

    def send(self, command: Command, body: bytes = b"") -> int:
        """Send a packet and return its number. Raises OSError."""
        number = next(self.sequence)
        self.line.sendall(Packet(command, number, body).encode())
        return number

    def answer(self, packet: Packet, body: bytes = b"") -> None:
        """Answer a packet of the gateway's. Raises OSError."""
        self.line.sendall(Packet(packet.command | ANSWER, packet.sequence, body).encode())

    def read(self, within: float | None = None) -> Packet:
        """Return the next packet. Raises OSError (TimeoutError after the deadline) and Malformed."""
        size, command, sequence = wire.HEADER.unpack(self._bytes(wire.HEADER.size, within))
        if not wire.HEADER.size <= size <= wire.LONGEST:
            raise wire.Malformed
        return Packet(command, sequence, self._bytes(size - wire.HEADER.size, None))

    def expect(self, command: Command) -> Packet:
        """Return the next answer to a command, dealing with what the gateway sends meanwhile. Raises OSError, Malformed."""
        while True:
            packet = self.read()
            if packet.command == command | ANSWER:
                return packet
            self.attend(packet)

    def attend(self, packet: Packet) -> None:
        """Deal with a packet that nobody asked for. Raises OSError.

        A report that comes in while answers are awaited is left without an answer; the gateway sends it again.
        """
        if packet.command == Command.ACTIVE_TEST:
            self.answer(packet, b"\0")
        elif packet.command == Command.TERMINATE:
            raise ConnectionResetError

    def _bytes(self, size: int, within: float | None) -> bytes:
        data = b""
        while len(data) < size:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.line.settimeout(min(left, within) if within else left)
            piece = self.line.recv(size - len(data))
            if not piece:
                raise ConnectionResetError
            data += piece
        return data


class CmppProvider(SmsProvider):
    """An account at an operator's gateway."""

    def __init__(
        self, name: str, host: str, port: int, account: str, secret: str, source: str = "", sign_name: str = "数政"
    ) -> None:
        """Take the gateway's address and the account; ``source`` is the number that phones show."""
        self.name, self.host, self.port = name, host, port
        self.account, self.secret, self.source, self.sign_name = account, secret, source, sign_name

    def submit(self, notices: Sequence[Notice]) -> list[Outcome]:
        """Submit notices through one session, a window at a time; after a silence the rest is not tried."""
        outcomes: list[Outcome] = []
        try:
            with self._session() as session:
                for start in range(0, len(notices), WINDOW):
                    session.deadline = time.monotonic() + settings.SMS_TIMEOUT
                    outcomes += self._window(session, notices[start : start + WINDOW])
        except (OSError, wire.Malformed, Refused) as failure:
            again = Outcome("retry", self.name, reason=type(failure).__name__)
            outcomes += [again] * (len(notices) - len(outcomes))
        return outcomes

    def collect(self, record: Recorder) -> int:
        """Fetch the reports that wait, and acknowledge those that were recorded; the gateway repeats the others."""
        try:
            with self._session() as session:
                waiting = list(self._waiting(session))
                known = record([_receipt(report) for _packet, report in waiting]) if waiting else []
                for (packet, report), taken in zip(waiting, known, strict=True):
                    if taken:
                        session.answer(packet, wire.deliver_answer(report.packet_id))
                return sum(known)
        except (OSError, wire.Malformed, Refused):
            return 0

    def _waiting(self, session: CmppSession) -> Iterator[tuple[Packet, wire.Report]]:
        while True:
            try:
                packet = session.read(within=LULL)
            except TimeoutError:
                return
            report = wire.report_of(packet.body) if packet.command == Command.DELIVER else None
            if report is not None:
                yield packet, report
            else:
                session.attend(packet)

    def _window(self, session: CmppSession, notices: Sequence[Notice]) -> list[Outcome]:
        """Send a window of messages and read an answer for every part; a message is known by its first part's id."""
        numbers: dict[int, tuple[int, int]] = {}
        for place, notice in enumerate(notices):
            contents = wire.split(f"【{self.sign_name}】{notice.text}", notice.id.int)
            for part, content in enumerate(contents, 1):
                body = wire.submit_body(self.account, self.source, notice.address, content, part, len(contents))
                numbers[session.send(Command.SUBMIT, body)] = (place, part)
        found: dict[int, Outcome] = {}
        while numbers:
            answer = session.expect(Command.SUBMIT)
            place, part = numbers.pop(answer.sequence, (-1, 0))
            message_id, result = wire.submit_answer(answer.body)
            if result or part == 1:
                found[place] = _outcome(self.name, message_id, result)
        return [found[place] for place in range(len(notices))]

    @contextmanager
    def _session(self) -> Iterator[CmppSession]:
        """Open a session and sign in. Raises OSError, Malformed, Refused."""
        with closing(socket.create_connection((self.host, self.port), settings.SMS_TIMEOUT)) as line:
            session = CmppSession(line, time.monotonic() + settings.SMS_TIMEOUT)
            timestamp = int(f"{local(now()):%m%d%H%M%S}")
            session.send(Command.CONNECT, wire.connect_body(self.account, self.secret, timestamp))
            if wire.connect_answer(session.expect(Command.CONNECT).body):
                raise Refused
            yield session
            session.send(Command.TERMINATE)


def _outcome(provider: str, message_id: int, result: int) -> Outcome:
    if result == 0:
        return Outcome("sent", provider, f"{message_id:016x}")
    return Outcome("refused" if result in FINAL else "retry", provider, reason=f"cmpp {result}")


def _receipt(report: wire.Report) -> Receipt:
    try:
        at = datetime.strptime(report.done_at, "%y%m%d%H%M").replace(tzinfo=ZONE)
    except ValueError:
        at = now()
    return Receipt(f"{report.message_id:016x}", report.state == "DELIVRD", at, report.state)
