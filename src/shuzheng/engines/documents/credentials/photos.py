"""Photographs of holders (证件照): checked, cropped, and stripped of everything but the picture before they are kept."""

from __future__ import annotations

import io
import warnings
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from shuzheng.engines.documents.credentials.types import LicenceElement, PhotoRule
from shuzheng.engines.documents.models.stored_file import StoredFile
from shuzheng.engines.documents.queries import owned
from shuzheng.engines.documents.seals import results
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound

#: Dots per inch at which a photograph is printed, and the fewest at which a face can be recognised.
PRINTED, FEWEST = 300, 150
#: Pixels and bytes of what is handed in.
MOST_PIXELS, MOST_BYTES = 40_000_000, 10 * 1024 * 1024
JPEG = "image/jpeg"
_INCH = 25.4


class PhotoUnusable(InvalidInput):
    """A photograph cannot stand on a licence."""

    code = "photo-unusable"
    message = _("照片不能用：{why}。请换一张 JPG 或 PNG 格式的近期正面免冠照片。")

    def __init__(self, why: object) -> None:
        said = str(self.message).format(why=why)
        super().__init__(FieldProblem("photo", said), message=said)


def prepared(data: bytes, rule: PhotoRule) -> bytes:
    """Return a JPEG of the rule's proportions, upright and without metadata (EXIF, place of taking, thumbnails).

    The middle is kept, a little towards the top, where faces are. Raises PhotoUnusable.
    """
    if len(data) > MOST_BYTES:
        raise PhotoUnusable(_("超过 10 MB"))
    picture = _opened(data)
    width, height = (round(side / _INCH * PRINTED) for side in (rule.width, rule.height))
    if picture.width < width * FEWEST / PRINTED or picture.height < height * FEWEST / PRINTED:
        raise PhotoUnusable(_("太小，看不清"))
    fitted = ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    stream = io.BytesIO()
    fitted.save(stream, "JPEG", quality=88, dpi=(PRINTED, PRINTED))
    return stream.getvalue()


def _opened(data: bytes) -> Image.Image:
    """Return the picture upright in RGB; its size is looked at before a pixel is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if picture.width * picture.height > MOST_PIXELS:
            raise PhotoUnusable(_("像素太多"))
        return ImageOps.exif_transpose(picture).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PhotoUnusable(_("像素太多")) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise PhotoUnusable(_("不是完整的图片")) from None


def keep(actor: Actor, element: LicenceElement, file_id: object) -> str:
    """Keep a photograph that the actor handed in, ready for the face, and return its id. Raises PhotoUnusable, NotFound."""
    assert element.photo is not None
    handed_in = _handed_in(actor, file_id)
    data = prepared(results.content_of(handed_in), element.photo)
    return str(results.keep(Actor.system(actor.name), data, f"{element.name}.jpg", JPEG).pk)


def _handed_in(actor: Actor, file_id: object) -> StoredFile:
    try:
        wanted = UUID(str(file_id))
    except ValueError:
        raise NotFound from None
    # A process acts on what the applicant handed in with the case; the form saw to whose file it is.
    system = actor.channel == "system"
    found = StoredFile.objects.filter(pk=wanted).first() if system else owned([wanted], actor).get(wanted)
    if found is None:
        raise NotFound
    return found


def content(file_id: str) -> bytes:
    """Return a kept photograph. Raises NotFound, InQuarantine."""
    found = StoredFile.objects.filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return results.content_of(found)
