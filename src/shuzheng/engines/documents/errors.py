"""What can go wrong with files; every message says what was kept and what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Conflict, InvalidInput, NotFound, ShuzhengError, TooLarge, TooMany, Unavailable


class EmptyFile(InvalidInput):
    """The file holds nothing."""

    code = "empty-file"
    message = _("这个文件是空的。请确认文件能正常打开后重新上传。")


class WrongType(InvalidInput):
    """The bytes are of no accepted type."""

    code = "wrong-file-type"
    message = _("不能上传这种文件。请改用 PDF、OFD、JPG、PNG、HEIC 图片，或不带宏的 Word、Excel 文件。")


class NameDisagrees(InvalidInput):
    """The extension says something else than the bytes."""

    code = "file-name-disagrees"
    message = _("文件的后缀名与内容不符。请用原来的软件另存为正确的格式后重新上传，不要只改后缀名。")


class Infected(InvalidInput):
    """The scanner found a virus."""

    code = "infected-file"
    message = _("文件中发现病毒，没有保存。请用杀毒软件检查您的设备，再重新上传干净的文件。")


class FileTooLarge(TooLarge):
    """The file exceeds the bound."""

    code = "file-too-large"
    message = _("文件超过 {limit} MB。请压缩或降低清晰度后重新上传。")


class TooManyUploads(TooMany):
    """The account has too many unfinished uploads."""

    code = "too-many-uploads"
    message = _("同时上传的文件太多。请等前面的文件传完，或移除不需要的文件后再试。")


class NoSuchFile(NotFound):
    """There is no such file, or the actor may not read it."""

    code = "no-such-file"
    message = _("没有找到这个文件，或者您无权查看。")


class NoSuchUpload(NotFound):
    """There is no such upload for this account."""

    code = "no-such-upload"
    message = _("没有找到这次上传，可能已被移除。请重新选择文件上传。")


class UploadExpired(NotFound):
    """The upload was not finished in time."""

    status = 410
    code = "upload-expired"
    message = _("这次上传超过 24 小时没有完成，已经清除。请重新选择文件上传。")


class OffsetDisagrees(Conflict):
    """The piece does not begin where the part ends."""

    code = "upload-offset"
    message = _("续传位置不对，已收到的部分仍然保留。请点“继续上传”。")


class UploadBusy(Conflict):
    """Another request is writing this upload."""

    status = 423
    code = "upload-busy"
    message = _("这个文件正在另一个页面上传，请勿重复操作。")


class UploadIncomplete(Conflict):
    """Not everything announced has arrived."""

    code = "upload-incomplete"
    message = _("文件还没有传完，已收到的部分仍然保留。请点“继续上传”。")


class InQuarantine(Unavailable):
    """The file waits for the scanner."""

    code = "file-in-quarantine"
    message = _("文件已收到，正在等待安全检查，暂时不能打开。请稍后再试。")


class FileGone(NotFound):
    """The bytes were destroyed at the end of their retention; the record stays."""

    status = 410
    code = "file-gone"
    message = _("这个文件留存期满，内容已经销毁，只保留登记信息和摘要。")


class FileLocked(Conflict):
    """Somebody else holds the lock."""

    code = "file-locked"
    message = _("{holder}正在修改这个文件，锁定至 {until}。您的内容没有丢失，请到时再存，或联系对方解除锁定。")


class VersionMoved(Conflict):
    """A newer version was stored since the one that the change began from."""

    code = "file-version-moved"
    message = _("这个文件已经有了第 {version} 版，您改的是更早的一版。您的内容没有丢失，请先查看新版再存。")


class NotAVersion(Conflict):
    """What is to become a version has versions or a place of its own."""

    code = "file-not-a-version"
    message = _("请先上传新的内容，再存为这个文件的新版本。")


class FollowsArchive(Conflict):
    """The file belongs to a matter; how long it is kept, the archive says."""

    code = "file-follows-archive"
    message = _("这个文件属于办件材料，保管期限随办件档案，不能单独设定。")


class HeldByOther(Conflict):
    """Another office stopped the file's end; only that office says when it goes on."""

    code = "file-held-by-other"
    message = _("这个文件已由{holder}停止销毁，只有其所在单位可以变更或解除。请联系对方办理。")


class ProtocolViolation(ShuzhengError):
    """The client does not speak tus 1.0.0."""

    status = 400
    code = "upload-protocol"
    message = _("上传请求的格式不对，请刷新页面后重试。")


class UnsupportedVersion(ProtocolViolation):
    """The client speaks another version of tus."""

    status = 412
    code = "upload-version"


class UnsupportedContent(ProtocolViolation):
    """A piece came with another content type than tus prescribes."""

    status = 415
    code = "upload-content-type"


class ScannerDown(Unavailable):
    """The antivirus scanner does not answer."""

    code = "scanner-down"
    message = _("安全检查服务暂时不可用。")


class StorageDown(Unavailable):
    """The storage of files does not answer, or refuses us; ``params["reason"]`` tells the operator why, and no person."""

    code = "storage-down"
    message = _("文件存储暂时不可用，您填写的内容和已上传的部分都在。请过几分钟再试。")


class StorageFull(Unavailable):
    """There was no room for a file, a package or a copy."""

    code = "storage-full"
    message = _("存储空间不足，没有存入任何内容，原来的内容都在。请扩容后重试。")


class ContentDamaged(Unavailable):
    """What the storage holds is not what was stored: its SM3 differs."""

    code = "content-damaged"
    message = _("这个文件在存储中已损坏，没有发给您。请联系受理单位用备份修复。")
