"""Pictures that strangers send: read with suspicion, and never stored as they came."""

import io
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")  # no SVG: it may hold scripts
ACCEPT = "image/png,image/jpeg,image/webp,image/gif"
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 25_000_000  # more than most cameras; a bomb has more
SIDE = 512  # pixels


def picture(upload: File) -> ContentFile:
    """The upload as a new square WebP: first frame only, upright, no EXIF, no place, no name.

    Raises:
        ValidationError: too large, or not truly a PNG, JPEG, WebP or GIF.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(_("The picture is over 5 MB."), code="too_large")
    try:
        image = _opened(upload)
        drawn = ImageOps.fit(ImageOps.exif_transpose(image).convert("RGBA"), (SIDE, SIDE))
    except ValidationError:
        raise
    except Exception as error:  # a decoder may raise anything on a hostile file
        raise ValidationError(
            _("This is not a PNG, JPEG, WebP or GIF picture."), code="invalid_image"
        ) from error
    out = io.BytesIO()
    drawn.save(out, "WEBP", quality=85)
    return ContentFile(out.getvalue(), name="avatar.webp")


def _opened(upload: File) -> Image.Image:
    upload.seek(0)
    Image.open(upload, formats=FORMATS).verify()
    upload.seek(0)  # verify() leaves the image unusable
    image = Image.open(upload, formats=FORMATS)
    if image.width * image.height > MAX_PIXELS:  # known from the header, before decoding
        raise ValidationError(_("The picture has too many pixels."), code="too_many_pixels")
    return image


class AvatarField(forms.ImageField):
    """A form's field that gives the safe picture instead of the upload."""

    widget = forms.ClearableFileInput(attrs={"accept": ACCEPT})

    def to_python(self, data: Any) -> Any:
        # Not the parent's: it would open any format that Pillow knows.
        file = forms.FileField.to_python(self, data)
        return picture(file) if file else file
