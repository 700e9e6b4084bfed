"""Storage in a bucket of anything that speaks S3: Ceph, MinIO, OSS, OBS, COS, SeaweedFS, Garage, AWS."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from botocore.exceptions import BotoCoreError, ClientError

from shuzheng.engines.documents.gateways.s3_client import S3Place, client, code_of, speaking
from shuzheng.engines.documents.gateways.s3_reader import S3Reader
from shuzheng.engines.documents.gateways.storage import PIECE, Storage

#: Somebody else stored the same content a moment ago.
THERE_ALREADY = ("PreconditionFailed", "ConditionalRequestConflict", "412")
#: The server knows no conditional writes; the key names the content, so writing it twice does no harm.
UNCONDITIONAL = ("NotImplemented", "501")
NO_RULES = "NoSuchLifecycleConfiguration"


class S3Storage(Storage):
    """Objects ``<prefix>/sm3/ab/cd/abcd…``; large ones are sent in parts and appear only when all of them have arrived."""

    def __init__(self, place: S3Place, parts: Path) -> None:
        """Use a place in a bucket, and a local folder for uploads on their way."""
        super().__init__(parts)
        self.place = place

    @property
    def where(self) -> str:
        """Return endpoint, bucket and prefix, whatever the key."""
        return f"{self.place.endpoint}/{self.place.bucket}/{self.place.prefix}"

    def size(self, key: str) -> int | None:
        """Ask for the object's head."""
        try:
            with speaking(self.place):
                return self._client().head_object(**self._object(key))["ContentLength"]
        except FileNotFoundError:
            return None

    def remove(self, key: str) -> None:
        """Delete the object; S3 takes the deletion of an absent one for done."""
        with speaking(self.place), suppress(FileNotFoundError):
            self._client().delete_object(**self._object(key))

    def listing(self) -> Iterator[tuple[str, float]]:
        """List page by page, in the order of the keys."""
        with speaking(self.place):
            pages = self._client().get_paginator("list_objects_v2").paginate(**self._within())
            for page in pages:
                for found in page.get("Contents", []):
                    yield found["Key"].removeprefix(self._prefix()), found["LastModified"].timestamp()

    def tidy(self, before: datetime) -> int:
        """Abort uploads in parts whose sender died; nobody sees them, but they are paid for."""
        with speaking(self.place):
            pages = self._client().get_paginator("list_multipart_uploads").paginate(**self._within())
            stale = [found for page in pages for found in page.get("Uploads", []) if found["Initiated"] < before]
            for found in stale:
                self._client().abort_multipart_upload(
                    Bucket=self.place.bucket, Key=found["Key"], UploadId=found["UploadId"]
                )
        return len(stale)

    def keeps_deleted(self) -> bool | None:
        """Ask for versioning, which turns deletion into a marker, and for a rule that ends the versions behind it."""
        bucket = {"Bucket": self.place.bucket}
        with speaking(self.place):
            try:
                if not self._client().get_bucket_versioning(**bucket).get("Status"):
                    return False
                rules = self._client().get_bucket_lifecycle_configuration(**bucket).get("Rules", [])
            except ClientError as refusal:
                return True if code_of(refusal) == NO_RULES else None
        return not any(rule["Status"] == "Enabled" and "NoncurrentVersionExpiration" in rule for rule in rules)

    def _put(self, source: Path, key: str) -> None:
        """Send the file if the key is free; the signature covers its SHA-256, so that nothing is changed on the way."""
        whole = source.stat().st_size <= self.place.part_size
        send = self._send_whole if whole else self._send_parts
        with speaking(self.place):
            try:
                send(source, key, {"IfNoneMatch": "*"})
            except ClientError as refusal:
                if code_of(refusal) in UNCONDITIONAL:
                    send(source, key, {})
                elif code_of(refusal) not in THERE_ALREADY:
                    raise

    def _send_whole(self, source: Path, key: str, condition: dict[str, str]) -> None:
        with source.open("rb") as stream:
            self._client().put_object(**self._object(key), Body=stream, **condition)

    def _send_parts(self, source: Path, key: str, condition: dict[str, str]) -> None:
        """Send part after part, one at a time in memory, and put them together; or take all of them back."""
        begun = self._client().create_multipart_upload(**self._object(key))
        upload = {**self._object(key), "UploadId": begun["UploadId"]}
        try:
            parts = list(self._sent(source, upload))
            self._client().complete_multipart_upload(**upload, MultipartUpload={"Parts": parts}, **condition)
        except BaseException:
            with suppress(ClientError, BotoCoreError):
                self._client().abort_multipart_upload(**upload)
            raise

    def _sent(self, source: Path, upload: dict[str, Any]) -> Iterator[dict[str, Any]]:
        with source.open("rb") as stream:
            number = 0
            while piece := stream.read(self.place.part_size):
                number += 1
                sent = self._client().upload_part(**upload, PartNumber=number, Body=piece)
                yield {"PartNumber": number, "ETag": sent["ETag"]}

    def _read(self, key: str) -> tuple[BinaryIO, int]:
        """Ask for the object once; a reader that moves or loses the line asks for the rest."""
        with speaking(self.place):
            answer = self._client().get_object(**self._object(key))

        def again(position: int) -> Any:
            asked = self._client().get_object(**self._object(key), Range=f"bytes={position}-")
            return asked["Body"]

        size = answer["ContentLength"]
        reader = S3Reader(self.place, answer["Body"], size, again)
        return cast(BinaryIO, io.BufferedReader(reader, PIECE)), size

    def _client(self) -> Any:
        return client(self.place)

    def _prefix(self) -> str:
        return f"{self.place.prefix}/" if self.place.prefix else ""

    def _within(self) -> dict[str, str]:
        return {"Bucket": self.place.bucket, "Prefix": f"{self._prefix()}sm3/"}

    def _object(self, key: str) -> dict[str, str]:
        return {"Bucket": self.place.bucket, "Key": f"{self._prefix()}{key}"}
