"""How long single files are kept (留存期), what stops their end (停止销毁), and the end itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, Field

from shuzheng.engines.documents import keeping, writing
from shuzheng.engines.documents.archive.rule import PERMANENT
from shuzheng.engines.documents.errors import FollowsArchive, HeldByOther, NoSuchFile
from shuzheng.engines.documents.models import Disposal, FileRetention, StoredFile
from shuzheng.engines.documents.policies import RETAIN, is_holder
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import local, now, today
from shuzheng.kernel.policy import SIGNED_IN

#: A file that may not go yet although its own time is over is looked at again after this.
AGAIN = timedelta(days=30)


class SetRetentionInput(Input):
    """Of which file, how long, from when, and what then."""

    file_id: UUID
    period: Annotated[str, AfterValidator(keeping.period)] = Field(max_length=10)
    starts_on: date | None = None
    disposal: Disposal = Disposal.DESTROY
    basis: str = Field(default="", max_length=300)


class SetRetention(Action[SetRetentionInput, FileRetention]):
    """Say how long a file is kept (设定留存期): its holder for one's own, officials for others'. It counts from today unless said.

    Officials only keep; what is to be destroyed at an office's wish takes the three persons of the archive.
    Raises NoSuchFile, FollowsArchive for a file of a matter, InvalidInput.
    """

    name = "documents.set_retention"
    permission = SIGNED_IN
    title = _("设定文件留存期")

    def perform(self, actor: Actor, given: SetRetentionInput) -> FileRetention:
        """Compute the end by the same rule as the archive does."""
        file = writing.head(given.file_id)
        own = is_holder(actor, file)
        if own:
            _require_ones_own(given, file)
        else:
            _require_harmless(actor, given, file)
        if any(keeping.matters(version) for version in writing.versions(file)):
            raise FollowsArchive
        if given.period == PERMANENT and given.disposal == Disposal.DESTROY:
            raise InvalidInput(FieldProblem("disposal", str(_("永久保存的文件不能到期销毁。"))))
        starts_on = given.starts_on or today()
        due_on = keeping.due(given.period, starts_on)
        told = {
            "period": given.period,
            "starts_on": starts_on,
            "due_on": due_on,
            "disposal": given.disposal,
            "set_by": actor.name,
            "by_office": not own,
            "basis": given.basis,
            "look_on": due_on if given.disposal == Disposal.DESTROY else None,
        }
        found, _made = FileRetention.objects.update_or_create(file=file, defaults=told)
        self.about(file, period=given.period, due_on=str(due_on or ""), disposal=given.disposal)
        return found


def _require_ones_own(given: SetRetentionInput, file: StoredFile) -> None:
    """Let holders decide on what no office has decided on, and count no time before there was a file. Raises InvalidInput."""
    if FileRetention.objects.filter(file=file, by_office=True).exists():
        raise InvalidInput(FieldProblem("period", str(_("这个文件的留存期由行政机关设定，不能自行更改。"))))
    if given.starts_on is not None and given.starts_on < local(file.created_at).date():
        raise InvalidInput(FieldProblem("starts_on", str(_("起算日不能早于文件存入的日期。"))))


def _require_harmless(actor: Actor, given: SetRetentionInput, file: StoredFile) -> None:
    """Let officials keep others' files, and never bring their end about. Raises NoSuchFile, InvalidInput."""
    if not writing.official(actor, RETAIN, file):
        raise NoSuchFile
    if given.disposal == Disposal.DESTROY:
        raise InvalidInput(FieldProblem("disposal", str(_("别人的文件只能设为继续保存，不能设为到期销毁。"))))
    if given.starts_on is not None and given.starts_on < today():
        raise InvalidInput(FieldProblem("starts_on", str(_("起算日不能早于今天。"))))


class HoldFileInput(Input):
    """Which file, and why."""

    file_id: UUID
    reason: str = Field(min_length=2, max_length=300)


class HoldFile(Action[HoldFileInput, FileRetention]):
    """Stop whatever would end a file, e.g. while a lawsuit goes on (停止销毁). Raises NoSuchFile, NotPermitted, HeldByOther."""

    name = "documents.hold_file"
    permission = RETAIN
    title = _("停止销毁文件")

    def perform(self, actor: Actor, given: HoldFileInput) -> FileRetention:
        """Write the hold; a file without retention gets one that has no period."""
        file = writing.head_for(actor, RETAIN, given.file_id)
        _require_own_hold(actor, FileRetention.objects.filter(file=file).first())
        told = {"held_at": now(), "held_by": actor.name, "hold_reason": given.reason}
        told["held_unit_ids"] = sorted(actor.unit_ids)
        found, _made = FileRetention.objects.update_or_create(file=file, defaults=told)
        self.about(file, purpose=given.reason)
        return found


class ReleaseFile(Action[HoldFileInput, FileRetention]):
    """End a hold (解除停止销毁), by the office that holds; what was due meanwhile is looked at the next night.

    Raises NoSuchFile, NotPermitted, HeldByOther.
    """

    name = "documents.release_file"
    permission = RETAIN
    title = _("解除停止销毁")

    def perform(self, actor: Actor, given: HoldFileInput) -> FileRetention:
        """Forget the hold; the audit remembers it."""
        file = writing.head_for(actor, RETAIN, given.file_id)
        found = FileRetention.objects.filter(file=file).first()
        if found is None:
            raise NoSuchFile
        _require_own_hold(actor, found)
        found.held_at, found.held_by, found.hold_reason, found.held_unit_ids = None, "", "", []
        found.look_on = found.due_on if found.disposal == Disposal.DESTROY else None
        found.save()
        self.about(file, purpose=given.reason)
        return found


def _require_own_hold(actor: Actor, found: FileRetention | None) -> None:
    """Leave a hold to the office that set it. Raises HeldByOther."""
    if found is None or not found.held or actor.channel == "system" or not found.held_unit_ids:
        return
    if not set(found.held_unit_ids) & set(actor.unit_ids):
        raise HeldByOther(holder=found.held_by)


class DisposeFileInput(Input):
    """Which file, by any of its versions."""

    file_id: UUID


class Disposed(BaseModel):
    """How many versions lost their bytes by this run."""

    versions: int


class DisposeFile(Action[DisposeFileInput, Disposed]):
    """End a file whose time is over (到期销毁): its bytes go, its record and SM3 stay. Only for the job.

    A version that belongs to matters goes when the archive has destroyed all of them and not before; others when the
    file's own retention is over. Again, it does what is left. Raises NoSuchFile.
    """

    name = "documents.dispose_file"
    permission = RETAIN
    title = _("到期销毁文件")

    def perform(self, actor: Actor, given: DisposeFileInput) -> Disposed:
        """Decide here; the bytes are removed after the commit."""
        if actor.channel != "system":
            raise NotPermitted
        file = writing.head(given.file_id)
        retention = FileRetention.objects.filter(file=file).first()
        held = list(writing.versions(file).filter(bytes_gone_at=None).select_for_update())
        going = [] if retention and retention.held else [one for one in held if keeping.over(one, retention)]
        StoredFile.objects.filter(pk__in=[one.pk for one in going]).update(bytes_gone_at=now())
        if retention is not None and retention.look_on is not None:
            retention.look_on = today() + AGAIN if len(going) < len(held) else None
            retention.save(update_fields=["look_on"])
        self.about(file, versions=[one.version for one in going], sm3=[one.sm3 for one in going])
        if going:
            self.emit("documents.file_disposed", file.pk, owner_account=str(file.owner_account_id or ""))
        return Disposed(versions=len(going))
