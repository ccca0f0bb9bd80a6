"""Preferences, subscriptions, ratings, consents, exports and erasure as a client sees them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.content.tests.factories import TitleAliasFactory, TitleFactory
from apps.user import api as user
from apps.user.contracts import PreferenceWrite
from apps.user.domain.preferences import is_value_of
from apps.user.errors import AccountNotFoundError
from apps.user.models import Account, Consent, Export, Preference, Profile, Rating, Subscription
from apps.user.tests.factories import principal_for
from mediagateway.events import deliver_pending

CONSENT = {"text_version": "2026-11", "answers": {"analytics": True}}


def test_preferences_have_defaults(api):
    body = api.get("user/preferences").json()

    assert body["autoplay_next_episode"] is True
    assert body["favorite_genres"] == []
    assert Preference.objects.count() == 0


def test_writes_stamped_elsewhere_take_effect_by_their_stamps(account):
    viewer = user.get_viewer(principal_for(account))
    writes = [
        PreferenceWrite("video_quality", "sd", "0000000000002-0000-a"),
        PreferenceWrite("video_quality", "uhd", "0000000000001-0000-b"),
        PreferenceWrite("video_quality", "great", "0000000000003-0000-a"),
        PreferenceWrite("unheard_of", True, "0000000000003-0001-a"),
        PreferenceWrite("favorite_genres", ["drama"], "0000000000003-0002-a"),
        PreferenceWrite("excluded_genres", ["drama"], "0000000000003-0003-a"),
    ]

    refusals = user.apply_preferences(viewer, writes)

    assert refusals == ("", "", "invalid_value", "invalid_value", "", "contradiction")
    assert user.list_preference_writes(viewer) == (writes[4], writes[0])


@pytest.mark.parametrize(
    ("key", "value", "is_one"),
    [
        ("audio_language", None, True),
        ("audio_language", "de-CH", True),
        ("audio_language", "de_CH", False),
        ("audio_language", "de\n", False),
        ("preferred_languages", ["de", "en"], True),
        ("preferred_languages", ["de", 5], False),
        ("preferred_languages", ["de"] * 31, False),
        ("preferred_languages", "de", False),
        ("favorite_genres", ["drama"], True),
        ("favorite_genres", ["dramatic"], False),
        ("favorite_genres", [["drama"]], False),
        ("subtitles_enabled", True, True),
        ("subtitles_enabled", 1, False),
        ("video_quality", "uhd", True),
        ("video_quality", ["uhd"], False),
    ],
)
def test_a_preference_holds_values_of_its_kind(key, value, is_one):
    assert is_value_of(key, value) is is_one


def test_patch_changes_what_is_named_and_put_brings_back_the_rest(api):
    api.patch("user/preferences", {"video_quality": "uhd", "favorite_genres": ["drama"]})
    patched = api.patch("user/preferences", {"audio_language": "de-CH"}).json()
    replaced = api.put("user/preferences", {"video_quality": "sd"}).json()

    assert (patched["video_quality"], patched["audio_language"]) == ("uhd", "de-CH")
    assert (replaced["video_quality"], replaced["audio_language"], replaced["favorite_genres"]) == ("sd", None, [])


def test_each_write_of_a_key_has_a_later_stamp(api):
    for quality in ("uhd", "sd", "uhd", "hd"):
        before = Preference.objects.values_list("stamp", flat=True).first() or ""
        api.patch("user/preferences", {"video_quality": quality})
        assert Preference.objects.get().stamp > before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"volume": 11}, "/volume"),
        ({"video_quality": "8k"}, "/video_quality"),
        ({"favorite_genres": ["gore"]}, "/favorite_genres/0"),
        ({"audio_language": "deutsch!"}, "/audio_language"),
        ({"autoplay_next_episode": None}, "/autoplay_next_episode"),
        ({"favorite_genres": ["drama"], "excluded_genres": ["drama"]}, "/excluded_genres"),
    ],
)
def test_a_wrong_preference_is_named(api, body, pointer):
    response = api.patch("user/preferences", body)

    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_preferences_belong_to_the_profile(api, child_api):
    api.patch("user/preferences", {"video_quality": "uhd"})
    child_api.patch("user/preferences", {"video_quality": "sd"})

    assert api.get("user/preferences").json()["video_quality"] == "uhd"


def test_a_lost_update_of_preferences_is_412(api):
    etag = api.get("user/preferences")["ETag"]
    api.patch("user/preferences", {"video_quality": "uhd"})

    assert api.patch("user/preferences", {"video_quality": "sd"}, {"If-Match": etag}).status_code == 412


def test_subscriptions_keep_their_history(api):
    api.put("user/subscriptions", {"platforms": ["netflix", "mubi", "mubi"]})
    body = api.put("user/subscriptions", {"platforms": ["mubi", "hulu"]}).json()

    assert [item["platform"] for item in body["items"]] == ["hulu", "mubi"]
    assert Subscription.objects.get(platform="netflix").until is not None
    assert Subscription.objects.count() == 3


def test_an_unknown_platform_is_named(api):
    response = api.put("user/subscriptions", {"platforms": ["netflix", "blockbuster"]})

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/platforms/1"
    assert api.get("user/subscriptions").json()["items"] == []


def test_a_title_is_rated_and_unrated(api):
    title = TitleFactory.create()
    path = f"user/ratings/{title.id}"

    assert api.put(path, {"score": 7}).status_code == 200
    assert api.put(path, {"score": 9}).json()["score"] == 9
    assert api.get(path).json()["score"] == 9
    assert [item["content_id"] for item in api.get("user/ratings").json()["items"]] == [str(title.id)]
    assert api.delete(path).status_code == 204
    assert (api.get(path).status_code, api.delete(path).status_code) == (404, 404)


@pytest.mark.parametrize("score", [0, 11, 7.5, None, "good"])
def test_a_score_is_a_whole_number_of_one_to_ten(api, score):
    assert api.put(f"user/ratings/{TitleFactory.create().id}", {"score": score}).status_code == 400


def test_only_titles_are_rated(api):
    alias = TitleAliasFactory.create()

    assert api.put(f"user/ratings/{uuid4()}", {"score": 5}).json()["code"] == "title_not_found"
    assert api.put(f"user/ratings/{alias.id}", {"score": 5}).json()["content_id"] == str(alias.title_id)


def test_ratings_are_paged_and_belong_to_the_profile(api, child_api, stranger_api):
    titles = [TitleFactory.create() for _ in range(5)]
    for title in titles:
        api.put(f"user/ratings/{title.id}", {"score": 5})

    first = api.get("user/ratings?limit=3").json()
    second = api.get(f"user/ratings?limit=3&cursor={first['next_cursor']}").json()

    found = [item["content_id"] for item in first["items"] + second["items"]]
    assert found == [str(title.id) for title in reversed(titles)]
    assert second["has_more"] is False
    for other in (child_api, stranger_api):
        assert other.get("user/ratings").json()["items"] == []
        assert other.get(f"user/ratings/{titles[0].id}").status_code == 404
        assert other.delete(f"user/ratings/{titles[0].id}").status_code == 404
        assert other.get(f"user/ratings?cursor={first['next_cursor']}").status_code == 400
    assert Rating.objects.count() == 5


def test_nothing_is_agreed_to_until_it_is(api):
    assert not any(item["is_granted"] for item in api.get("user/consents").json()["items"])


def test_consents_are_added_and_never_overwritten(api):
    api.put("user/consents", CONSENT)
    body = api.put("user/consents", {**CONSENT, "answers": {"analytics": False}}).json()

    (answer,) = [item for item in body["items"] if item["purpose"] == "analytics"]
    assert answer["is_granted"] is False
    assert list(Consent.objects.values_list("is_granted", flat=True)) == [True, False]


@pytest.mark.parametrize(
    "body", [{**CONSENT, "text_version": "1999-01"}, {**CONSENT, "answers": {"mind_reading": True}}, {}]
)
def test_a_wrong_consent_is_refused(api, body):
    assert api.put("user/consents", body).status_code == 400
    assert Consent.objects.count() == 0


def test_an_export_holds_everything_but_secrets(api, account, child):
    title = TitleFactory.create()
    api.put(f"user/ratings/{title.id}", {"score": 8})
    api.put("user/parental-controls", {"pin": "0042"})
    accepted = api.post("user/export")
    path = f"user/export/{accepted.json()['id']}"

    assert (accepted.status_code, accepted["Location"]) == (202, f"/api/v1/{path}")
    assert api.get(path).json()["status"] == "pending"
    deliver_pending()

    body = api.get(path).json()
    assert body["status"] == "ready"
    section = body["document"]["user"]
    assert section["account"]["email"] == account.email
    assert [rating["score"] for rating in section["rating"]] == [8]
    assert {profile["id"] for profile in section["profile"]} >= {str(child.id)}
    assert "argon2" not in str(body)


def test_an_export_is_its_households(api, stranger_api, child_api):
    path = f"user/export/{api.post('user/export').json()['id']}"

    assert stranger_api.get(path).status_code == 404
    assert child_api.get(path).status_code == 403


def test_an_erased_account_is_closed_at_once_and_can_be_restored(api, account):
    assert api.delete("user/profile").status_code == 204
    assert api.get("user/profile").status_code == 401
    assert api.get("content").status_code == 401

    user.restore_account(account.id, principal=None, now=timezone.now() + timedelta(days=29))

    assert api.get("user/profile").status_code == 200


def test_an_erased_account_is_purged_after_30_days(api, account, child, stranger_api):
    api.put(f"user/ratings/{TitleFactory.create().id}", {"score": 8})
    api.delete("user/profile")
    now = timezone.now()

    assert user.purge_accounts(now=now + timedelta(days=29)) == 0
    with pytest.raises(AccountNotFoundError):
        user.restore_account(account.id, principal=None, now=now + timedelta(days=31))
    assert user.purge_accounts(now=now + timedelta(days=31)) == 1

    assert not Account.objects.filter(pk=account.pk).exists()
    assert (Profile.objects.count(), Rating.objects.count()) == (1, 0)
    assert stranger_api.get("user/profile").status_code == 200


def test_old_exports_go(account, capsys):
    now = timezone.now()
    Export.objects.create(account=account, requested_at=now - timedelta(days=8))
    kept = Export.objects.create(account=account, requested_at=now)

    call_command("purge_accounts")

    assert list(Export.objects.all()) == [kept]
    assert "0 accounts and 1 exports" in capsys.readouterr().out
