"""Avatars as a client sees them."""

from io import BytesIO

import pytest
from PIL import Image

from apps.user.tests.factories import bearer
from apps.user.tests.pictures import drawn

#: A PNG header that claims 60,000 × 60,000 pixels.
BOMB = bytes.fromhex("89504e470d0a1a0a0000000d494844520000ea600000ea6008020000000000000000")


@pytest.fixture
def put(client, api, account):
    """Send a body as the owner's avatar."""

    def send(raw, content_type="image/png"):
        return client.put("/api/v1/user/avatar", raw, content_type, headers=bearer(account))

    return send


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_again(put, api, kind):
    """Whatever it was called, it is a square WebP afterwards, without what else the file held."""
    exif = Image.Exif()
    exif[0x010E] = "taken at home"

    answer = put(drawn(kind, exif=exif))
    served = api.get(f"user/avatars/{answer.json()['avatar_id']}")

    assert (answer.status_code, served.status_code) == (200, 200)
    assert served["Content-Type"] == "image/webp"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Security-Policy"].startswith("default-src 'none'")
    assert b"taken at home" not in served.content
    with Image.open(BytesIO(served.content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (512, 512))
    assert api.get("user/profile").json()["avatar_id"] == answer.json()["avatar_id"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html>",
        drawn("GIF"),
        drawn("PNG")[:200],
        BOMB,
    ],
    ids=["empty", "svg", "html", "gif", "cut off", "bomb"],
)
def test_anything_else_is_refused(put, raw):
    response = put(raw)

    assert (response.status_code, response.json()["code"]) == (400, "invalid_picture")


def test_sizes_and_types_are_bounded(put):
    assert put(b"x" * (5 * 1024 * 1024 + 1)).status_code == 413
    assert put(drawn("PNG"), "application/json").status_code == 415
    assert put(drawn("BMP", (1200, 1000)), "image/bmp").status_code == 400


def test_a_new_picture_replaces_the_old_one(put, api):
    first, second = (put(drawn("PNG")).json()["avatar_id"] for _ in range(2))

    assert api.get(f"user/avatars/{first}").status_code == 404
    assert api.get(f"user/avatars/{second}").status_code == 200


def test_avatars_stay_in_the_household(put, child_api, stranger_api):
    avatar_id = put(drawn("PNG")).json()["avatar_id"]

    assert child_api.get(f"user/avatars/{avatar_id}").status_code == 200
    assert stranger_api.get(f"user/avatars/{avatar_id}").status_code == 404
