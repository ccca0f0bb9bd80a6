"""The admin shows how logs stand and changes nothing."""

from uuid import UUID

import pytest
from django.contrib.auth import get_user_model

from apps.sync.models import Device, Head

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["head", "device"])
def test_pages_show_and_change_nothing(client, account, page):
    admin = get_user_model().objects.create_superuser("admin@example.org", "correct horse battery")
    client.force_login(admin)
    profile = account.profiles.get()
    Head.objects.create(profile=profile)
    shown_title = UUID(int=0xBEEF)
    Device.objects.create(profile=profile, kind="tv", platform="tizen", content_id=shown_title)
    key = profile.pk if page == "head" else Device.objects.get().pk

    listed = client.get(f"/admin/sync/{page}/")
    shown = client.get(f"/admin/sync/{page}/{key}/change/")

    assert (listed.status_code, shown.status_code) == (200, 200)
    assert str(shown_title).encode() not in listed.content + shown.content
    assert client.get(f"/admin/sync/{page}/add/").status_code == 403
    assert client.post(f"/admin/sync/{page}/{key}/delete/").status_code == 403
