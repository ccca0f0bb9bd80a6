"""What people are told, over HTTP and at the door."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.content.tests.factories import TitleFactory
from apps.user.api import delete_old_notifications, export_account, notify
from apps.user.models import Notification

pytestmark = pytest.mark.django_db


def tell(profile, key="k", **fields):
    """Tell a profile something."""
    return notify([profile.id], **{"kind": "saved_search_matched", "key": key, "text": "New matches", **fields})


@pytest.fixture
def owner(account):
    return account.profiles.get(is_owner=True)


def test_what_is_told_is_listed_read_and_deleted(api, owner):
    for number in range(3):
        tell(owner, f"k{number}", link="/api/v1/search/saved")

    first = api.get("user/notifications?limit=2")
    rest = api.get(f"user/notifications?limit=2&cursor={first.json()['next_cursor']}").json()
    items = [*first.json()["items"], *rest["items"]]
    assert first["Cache-Control"] == "private, no-store"
    assert (len(items), rest["has_more"]) == (3, False)
    assert items[0].keys() == {"id", "kind", "text", "content_ids", "link", "created_at", "read_at"}
    assert {item["read_at"] for item in items} == {None}

    assert api.post("user/notifications/read", {"ids": [items[0]["id"], str(uuid4())]}).status_code == 204
    assert [item["id"] for item in api.get("user/notifications?unread=true").json()["items"]] == [
        item["id"] for item in items[1:]
    ]
    assert api.post("user/notifications/read", {}).status_code == 204
    assert api.get("user/notifications?unread=true").json()["items"] == []

    one = f"user/notifications/{items[0]['id']}"
    assert api.get(one).json()["read_at"]
    assert [api.delete(one).status_code for _ in range(2)] == [204, 404]
    assert api.get(one).json()["code"] == "notification_not_found"
    assert api.delete("user/notifications").status_code == 204
    assert api.get("user/notifications").json()["items"] == []


def test_people_of_one_household_are_told_different_things(api, child_api, owner, child):
    tell(owner)

    notification = api.get("user/notifications").json()["items"][0]
    child_api.post("user/notifications/read", {"ids": [notification["id"]]})
    child_api.delete("user/notifications")

    assert child_api.get("user/notifications").json()["items"] == []
    assert api.get("user/notifications").json()["items"] == [notification]


def test_the_same_is_told_once_and_to_nobody_who_is_gone(owner, child, account):
    assert notify([owner.id, child.id, uuid4()], kind="k", key="same", text="T") == 2
    assert notify([owner.id, child.id], kind="k", key="same", text="T") == 0
    account.is_active = False
    account.save()
    assert notify([owner.id], kind="k", key="other", text="T") == 0


def test_who_wants_not_to_be_told_is_not(api, owner):
    api.patch("user/preferences", {"notify_new_releases": False})

    assert tell(owner, preference="notify_new_releases") == 0
    assert tell(owner, preference="notify_new_episodes") == 1
    assert tell(owner, "other", preference="notify_recommendations") == 0


def test_hidden_titles_do_not_show(child_api, child):
    """Nor does a notification that is about nothing else."""
    seen, hidden = TitleFactory.create(min_ages={"US": 0}), TitleFactory.create(min_ages={"US": 18})
    tell(child, "both", content_ids=[seen.id, hidden.id])
    tell(child, "hidden", content_ids=[hidden.id])
    alone = Notification.objects.get(key="hidden")

    items = child_api.get("user/notifications").json()["items"]

    assert [item["content_ids"] for item in items] == [[str(seen.id)]]
    assert child_api.get(f"user/notifications/{alone.id}").status_code == 404


@pytest.mark.parametrize("rows", [3, 30])
def test_a_list_costs_the_same_for_any_length(api, owner, rows, django_assert_max_num_queries):
    for number in range(rows):
        tell(owner, f"k{number}", content_ids=[TitleFactory.create(min_ages={"US": 0}).id])
    api.get("user/notifications?limit=100")

    with django_assert_max_num_queries(10):
        assert len(api.get("user/notifications?limit=100").json()["items"]) == rows


def test_notifications_are_exported_and_go_after_90_days(account, owner):
    tell(owner)
    assert export_account(account.id)["notification"][0]["text"] == "New matches"

    assert delete_old_notifications(now=timezone.now() + timedelta(days=89)) == 0
    assert delete_old_notifications(now=timezone.now() + timedelta(days=91)) == 1
