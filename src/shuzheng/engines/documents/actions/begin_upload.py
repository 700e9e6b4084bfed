"""Begin to send a file (开始上传)."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.errors import EmptyFile, FileTooLarge, TooManyUploads
from shuzheng.engines.documents.inspection import clean_name
from shuzheng.engines.documents.models import Upload
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN

#: Unfinished uploads an account may have at once.
MOST_UPLOADS = 50
MEGABYTE = 1024 * 1024


class BeginUploadInput(Input):
    """What is announced of a file."""

    name: str = Field(min_length=1, max_length=1000)
    #: Bytes.
    length: int = Field(ge=0)


class BeginUpload(Action[BeginUploadInput, Upload]):
    """Open an upload whose bytes then arrive in pieces.

    Raises EmptyFile, FileTooLarge or TooManyUploads.
    """

    name = "documents.begin_upload"
    permission = SIGNED_IN
    title = _("开始上传")

    def check(self, actor: Actor, given: BeginUploadInput) -> None:
        """Keep what one account may occupy bounded."""
        if given.length == 0:
            raise EmptyFile
        if given.length > settings.FILE_LIMIT:
            raise FileTooLarge(limit=settings.FILE_LIMIT // MEGABYTE)
        unfinished = Upload.objects.filter(account_id=actor.account_id, file=None, expires_at__gt=now())
        if unfinished[:MOST_UPLOADS].count() == MOST_UPLOADS:
            raise TooManyUploads

    def perform(self, actor: Actor, given: BeginUploadInput) -> Upload:
        """Create the upload."""
        upload = Upload.objects.create(account_id=actor.account_id, name=clean_name(given.name), length=given.length)
        self.about(upload, length=given.length)
        return upload
