"""Examples of the user app's operations."""

from datetime import UTC, datetime

from django.utils import timezone

from apps.user.domain.consents import TEXT_VERSION
from apps.user.models import Avatar, Export, Notification, Rating
from apps.user.services.notifications import notify
from apps.user.services.pins import hash_pin
from apps.user.tests.pictures import drawn
from mediagateway.testing.matrix import Example

_PIN = "4321"


def _rated(home):
    Rating.objects.create(profile=home.owner, content_id=home.title, score=8, rated_at=timezone.now())
    return {"content_id": home.title}


def _rated_as_child(home, ids):
    for number, name in enumerate(("shown", "hidden", "series", "hidden_series")):
        rated_at = datetime(2026, 1, 1 + number, tzinfo=UTC)
        Rating.objects.create(profile=home.child, content_id=ids[name], score=8, rated_at=rated_at)


def _with_pin(home):
    home.account.controls.pin_hash = hash_pin(_PIN)
    home.account.controls.save()


def _exported(home):
    return {"export_id": Export.objects.create(account=home.account, requested_at=timezone.now()).id}


def _told(home, profile=None):
    notify([(profile or home.owner).id], kind="test", key="k", text="Something new", content_ids=[home.title])
    return {"notification_id": Notification.objects.get(profile=profile or home.owner).id}


def _told_as_child(home, ids):
    for name in ("shown", "hidden", "hidden_series"):
        notify([home.child.id], kind="test", key=name, text="Something new", content_ids=[ids[name], ids["series"]])
        notify([home.child.id], kind="test", key=f"{name} alone", text="Something new", content_ids=[ids[name]])


EXAMPLES = {
    "user_profile_get": Example(),
    "user_profile_update": Example(body={"name": "Ada"}, child=403),
    "user_account_erase": Example(child=403),
    "user_profile_list": Example(),
    "user_profile_create": Example(body={"name": "Grace"}, child=403),
    "user_household_profile_update": Example(lambda home: {"profile_id": home.child.id}, body={"name": "K"}, child=403),
    "user_household_profile_delete": Example(lambda home: {"profile_id": home.child.id}, child=403),
    "user_avatar_set": Example(raw=(drawn("PNG", size=(64, 64)), "image/png")),
    "user_avatar_get": Example(
        lambda home: {"avatar_id": Avatar.objects.create(profile=home.owner, picture=b"WEBP").id}
    ),
    "user_parental_controls_get": Example(),
    "user_parental_controls_set": Example(body={"max_age": 12}, child=403),
    "user_pin_verify": Example(body={"pin": _PIN}, given=_with_pin, others=409),
    "user_subscription_list": Example(),
    "user_subscription_set": Example(body={"platforms": ["netflix"]}, child=403),
    "user_consent_list": Example(),
    "user_consent_record": Example(body={"text_version": TEXT_VERSION, "answers": {"analytics": True}}, child=403),
    "user_export_request": Example(child=403),
    "user_export_get": Example(_exported, child=403),
    "user_notification_list": Example(
        given=_told,
        reads=("user/notifications", "user/notifications?unread=true&limit=3"),
        seed=_told_as_child,
    ),
    "user_notification_get": Example(_told, child=404),
    "user_notification_read": Example(body=lambda home: {"ids": [_told(home)["notification_id"]]}, is_shared=True),
    "user_notification_delete": Example(_told, child=404),
    "user_notification_clear": Example(given=_told),
    "user_preferences_get": Example(),
    "user_preferences_replace": Example(body={"autoplay_next_episode": False}),
    "user_preferences_update": Example(body={"autoplay_next_episode": False}),
    "user_rating_list": Example(given=_rated, reads=("user/ratings", "user/ratings?limit=1"), seed=_rated_as_child),
    "user_rating_get": Example(_rated, child=404, reads=("user/ratings/{hidden}", "user/ratings/{shown}")),
    "user_rating_set": Example(
        lambda home: {"content_id": home.title},
        body={"score": 5},
        is_shared=True,
        reads=(("PUT user/ratings/{hidden}", {"score": 5}),),
    ),
    "user_rating_delete": Example(_rated, child=404),
}
