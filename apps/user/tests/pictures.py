"""Pictures to send."""

from io import BytesIO

from PIL import Image


def drawn(kind, size=(640, 480), **options):
    """Draw a red picture."""
    written = BytesIO()
    Image.new("RGB", size, "red").save(written, kind, **options)
    return written.getvalue()
