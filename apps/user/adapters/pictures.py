"""Making a picture of ours out of whatever was sent as one."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from apps.user.errors import InvalidPictureError

#: What is read. The bytes decide, not what the sender calls them.
_FORMATS: Final = ("PNG", "JPEG", "WEBP")
#: Decoding takes four bytes a pixel; a camera's picture has some 12 million.
MAX_PIXELS: Final = 25_000_000
#: Width and height of an avatar.
SIDE_PX: Final = 512
_QUALITY: Final = 85


def draw_avatar(raw: bytes) -> bytes:
    """
    Draw a picture again as a square WebP, upright, without metadata: nothing of the sent bytes is kept.

    Raises:
        InvalidPictureError: No PNG, JPEG or WebP, too many pixels, or damaged.
    """
    try:
        with Image.open(BytesIO(raw), formats=_FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise InvalidPictureError(f"The picture has more than {MAX_PIXELS:,} pixels.")
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as err:
        raise InvalidPictureError("This is no PNG, JPEG or WebP picture, or it is damaged.") from err
    square, written = ImageOps.fit(upright, (SIDE_PX, SIDE_PX)), BytesIO()
    square.save(written, "WEBP", quality=_QUALITY)
    return written.getvalue()
