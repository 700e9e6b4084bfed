"""Speaking to an S3 endpoint: who we are there, how long we wait, and what its refusals mean to a person."""

from __future__ import annotations

import os
from collections.abc import Iterator
from configparser import ConfigParser
from configparser import Error as ConfigError
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from shuzheng.engines.documents.errors import StorageDown, StorageFull

log = structlog.get_logger()
ABSENT = ("NoSuchKey", "404", "NotFound")
FULL = ("507", "InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded")


@dataclass(frozen=True)
class S3Place:
    """A place in a bucket, and how to get there."""

    bucket: str
    #: Begins every key, without slashes at its ends.
    prefix: str = ""
    #: ``https://host:port``; empty is AWS.
    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    #: INI file with ``aws_access_key_id`` and ``aws_secret_access_key`` under ``[default]``, used when no key is given.
    credentials: str = ""
    #: ``host/bucket/key`` instead of ``bucket.host/key``.
    path_style: bool = True
    #: File with the certificates of the authorities that are trusted; empty trusts the system's.
    authorities: str = ""
    #: Seconds.
    connect_timeout: float = 5.0
    read_timeout: float = 20.0
    #: Times a request is made before it counts as failed.
    attempts: int = 4
    #: Bytes; longer files are sent in parts of this size.
    part_size: int = 16 * 1024 * 1024


def client(place: S3Place) -> Any:
    """Return the client for a place; it keeps its connections and may be shared by threads. Raises StorageDown."""
    return _client(place, os.getpid())


@lru_cache(maxsize=8)
def _client(place: S3Place, _process: int) -> Any:
    """Return a client of this process: connections do not survive a fork."""
    access_key, secret_key = _keys(place)
    return Session().client(
        "s3",
        endpoint_url=place.endpoint or None,
        region_name=place.region,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        verify=place.authorities or True,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if place.path_style else "virtual", "payload_signing_enabled": True},
            connect_timeout=place.connect_timeout,
            read_timeout=place.read_timeout,
            retries={"total_max_attempts": place.attempts, "mode": "standard"},
            # Trailing checksums are AWS's own; every S3 server checks the signed SHA-256 of the body instead.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def _keys(place: S3Place) -> tuple[str, str]:
    """Return the keys from the environment or the file. Raises StorageDown when there are none."""
    if place.access_key:
        return place.access_key, place.secret_key
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(Path(place.credentials).read_text())
        return parser["default"]["aws_access_key_id"], parser["default"]["aws_secret_access_key"]
    except (OSError, ConfigError, KeyError) as problem:
        raise StorageDown(reason="no credentials: set SHUZHENG_S3_ACCESS_KEY or SHUZHENG_S3_CREDENTIALS") from problem


def code_of(refusal: ClientError) -> str:
    """Return the code of an answer, or its status where it has none."""
    status = str(refusal.response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
    return "507" if status == "507" else str(refusal.response.get("Error", {}).get("Code", "")) or status


@contextmanager
def speaking(place: S3Place) -> Iterator[None]:
    """Translate what the endpoint says. Raises FileNotFoundError, StorageFull, StorageDown."""
    try:
        yield
    except ClientError as refusal:
        code = code_of(refusal)
        if code in ABSENT:
            raise FileNotFoundError(code) from refusal
        log.error("storage_refused", endpoint=place.endpoint, bucket=place.bucket, code=code)
        if code in FULL:
            raise StorageFull from refusal
        raise StorageDown(reason=f"{place.endpoint or 'AWS'} {place.bucket}: {code}") from refusal
    except (BotoCoreError, HTTPError, ConnectionError) as failure:
        log.error("storage_unreachable", endpoint=place.endpoint, problem=type(failure).__name__)
        raise StorageDown(reason=f"{place.endpoint or 'AWS'}: {type(failure).__name__}") from failure
