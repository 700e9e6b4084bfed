"""A real S3 server in a process of its own, which checks signatures, and a line to it that can be made to fail."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
from botocore.config import Config

BUCKET = "files"
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
#: Calls that set the server up before it begins to ask for valid signatures.
SET_UP_CALLS = 4
Fault = Callable[[BaseHTTPRequestHandler], bool]


@dataclass
class S3Server:
    """A running server: where it listens and with which keys."""

    port: int
    process: subprocess.Popen[bytes]
    access_key: str = ""
    secret_key: str = ""

    @property
    def endpoint(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> Any:
        """Return another client than ours, to look at what is stored."""
        return self._boto("s3", self.access_key, self.secret_key)

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def prepare(self) -> None:
        """Make a user with keys, and the bucket."""
        iam = self._boto("iam", "setup", "setup")
        iam.create_user(UserName="shuzheng")
        made = iam.create_access_key(UserName="shuzheng")["AccessKey"]
        iam.put_user_policy(UserName="shuzheng", PolicyName="all", PolicyDocument=POLICY)
        self._boto("s3", "setup", "setup").create_bucket(Bucket=BUCKET)
        self.access_key, self.secret_key = made["AccessKeyId"], made["SecretAccessKey"]

    def _boto(self, service: str, access_key: str, secret_key: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def s3_server(port: int = 0) -> Iterator[S3Server]:
    """Run a server until the block ends."""
    port = port or free_port()
    environment = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(SET_UP_CALLS)}
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        server = S3Server(port, process)
        try:
            _wait(port)
            server.prepare()
            yield server
        finally:
            server.kill()


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            threading.Event().wait(0.05)
    raise TimeoutError("the S3 server did not start")


@dataclass
class Line:
    """A proxy on the way to a server; ``fault`` sees each request first and says whether it dealt with it."""

    server: S3Server
    port: int
    fault: Fault | None = None
    seen: list[str] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    """Passes a request on unless the line's fault deals with it."""

    protocol_version = "HTTP/1.1"
    line: Line

    def handle_one_request(self) -> None:
        """Take the client's going away for the end."""
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def __getattr__(self, name: str) -> Any:
        """Treat every method alike."""
        if name.startswith("do_"):
            return self._pass
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _pass(self) -> None:
        self.line.seen.append(f"{self.command} {self.path}")
        if self.line.fault is not None and self.line.fault(self):
            return
        try:
            status, headers, content = self._asked()
        except (OSError, http.client.HTTPException):
            self.close_connection = True
            return
        self.send_response(status)
        length = str(len(content))
        for name, value in headers:
            if name.lower() == "content-length" and self.command == "HEAD":
                length = value
            elif name.lower() not in ("transfer-encoding", "connection", "server", "date", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(content)

    def _asked(self) -> tuple[int, list[tuple[str, str]], bytes]:
        """Ask the server the same, headers and all, for they are signed."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        onward = http.client.HTTPConnection("127.0.0.1", self.line.server.port, timeout=30)
        try:
            onward.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() != "expect":
                    onward.putheader(name, value)
            onward.endheaders(body or None)
            answer = onward.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            onward.close()


@contextmanager
def line_to(server: S3Server) -> Iterator[Line]:
    """Run a proxy to a server until the block ends."""
    handler = type("Handler", (_Handler,), {})
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    proxy.daemon_threads = True
    line = handler.line = Line(server, proxy.server_address[1])
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield line
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()


def refuse(request: BaseHTTPRequestHandler, status: int, code: str) -> bool:
    """Answer a request with an error as S3 writes it."""
    request.rfile.read(int(request.headers.get("Content-Length") or 0))
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
    request.send_response(status)
    request.send_header("Content-Type", "application/xml")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
    return True
