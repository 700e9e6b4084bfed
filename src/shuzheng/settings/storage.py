"""Where files and archive packages lie: a folder of this machine, or a bucket of anything that speaks S3."""

from __future__ import annotations

from shuzheng.settings.environment import boolean, declare
from shuzheng.settings.services import megabytes

STORAGE = declare(
    "SHUZHENG_STORAGE", str, "filesystem", "Where files lie: filesystem (SHUZHENG_HOME) or s3 (the variables below)."
)
S3_ENDPOINT = declare(
    "SHUZHENG_S3_ENDPOINT", str, "", "S3 endpoint, e.g. https://s3.example.gov.cn; http:// is not encrypted."
)
S3_BUCKET = declare("SHUZHENG_S3_BUCKET", str, "", "Bucket for files and archive packages; it must exist.")
S3_PREFIX = declare("SHUZHENG_S3_PREFIX", str, "", "Begins every key, for a bucket that is shared.")
S3_REGION = declare("SHUZHENG_S3_REGION", str, "us-east-1", "Region that requests are signed for.")
S3_ACCESS_KEY = declare("SHUZHENG_S3_ACCESS_KEY", str, "", "Access key id of the bucket.", secret=True)
S3_SECRET_KEY = declare("SHUZHENG_S3_SECRET_KEY", str, "", "Secret access key of the bucket.", secret=True)
S3_CREDENTIALS = declare(
    "SHUZHENG_S3_CREDENTIALS", str, "", "File with the two keys instead, as AWS tools write it ([default] …)."
)
S3_PATH_STYLE = declare(
    "SHUZHENG_S3_PATH_STYLE", boolean, "1", "host/bucket/key; off for bucket.host/key as AWS, OSS and OBS want it."
)
S3_AUTHORITIES = declare(
    "SHUZHENG_S3_AUTHORITIES", str, "", "PEM file of the authorities that vouch for the endpoint; empty: the system's."
)
S3_CONNECT_TIMEOUT = declare("SHUZHENG_S3_CONNECT_TIMEOUT", float, "5", "Seconds to wait for a connection.")
S3_READ_TIMEOUT = declare(
    "SHUZHENG_S3_READ_TIMEOUT", float, "20", "Seconds of silence until the endpoint counts as down."
)
S3_ATTEMPTS = declare("SHUZHENG_S3_ATTEMPTS", int, "4", "Times a request is made before it counts as failed.")
S3_PART_SIZE = declare("SHUZHENG_S3_PART", megabytes, "16", "MB of one part of a large file; S3 wants at least 5.")
