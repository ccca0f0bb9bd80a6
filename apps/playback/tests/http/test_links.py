"""Deep links as a client asks for them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.content.tests.factories import EpisodeFactory, OfferFactory, SeasonFactory, SeriesFactory, TitleFactory
from apps.playback.tests.households import close_window


def link(api, title, **body):
    return api.post("playback/deep-link", {"content_id": str(title.id), **body})


def offered(*platforms, **fields):
    title = TitleFactory.create(title="Alien", **fields)
    for platform in platforms:
        slug, _, type_ = platform.partition(":")
        price = {"price_minor": 399, "currency": "USD"} if type_ in ("rent", "buy") else {}
        OfferFactory.create(title=title, platform_id=slug, type=type_ or "subscription", native_id="80057281", **price)
    return title


def test_the_households_own_service_comes_first(api):
    title = offered("hulu", "netflix", "tubi:ads", "prime_video:rent", "kanopy:free", "youtube:buy")
    api.put("user/subscriptions", {"platforms": ["netflix"]})

    body = link(api, title).json()

    found = [(offer["platform"], offer["type"]) for offer in (body["best"], *body["alternatives"])]
    assert found == [
        ("netflix", "subscription"),
        ("kanopy", "free"),
        ("tubi", "ads"),
        ("prime_video", "rent"),
        ("youtube", "buy"),
    ]
    assert body["best"]["is_subscribed"] is True


@pytest.mark.parametrize(
    ("device", "app_link", "universal_link", "launch_path"),
    [
        ("ios", "nflx://www.netflix.com/title/80057281", "https://www.netflix.com/title/80057281", None),
        ("tizen", None, None, None),
        ("web", None, None, None),
        ("roku", None, None, "/launch/12?contentId=80057281&mediaType=movie"),
    ],
)
def test_a_link_is_written_for_the_device(api, device, app_link, universal_link, launch_path):
    best = link(api, offered("netflix"), device=device).json()["best"]

    assert (best["app_link"], best["universal_link"], best["launch_path"]) == (app_link, universal_link, launch_path)
    assert best["web_fallback"] == "https://www.netflix.com/title/80057281"


def test_a_platform_can_be_chosen(api):
    title = offered("netflix", "tubi:ads")

    assert link(api, title, platform="tubi").json()["best"]["platform"] == "tubi"
    assert link(api, title, platform="hulu").json()["code"] == "offer_not_found"


def test_without_an_id_the_link_leads_to_the_search(api):
    title = TitleFactory.create(title="Café & Co")
    OfferFactory.create(title=title)

    best = link(api, title).json()["best"]

    assert (best["link_kind"], best["web_fallback"]) == (
        "search",
        "https://www.netflix.com/search?q=Caf%C3%A9%20%26%20Co",
    )


def test_an_episode_is_found_with_its_series(api):
    series = SeriesFactory.create()
    episode = EpisodeFactory.create(parent=SeasonFactory.create(parent=series))
    OfferFactory.create(title=series, native_id="70264888")

    body = link(api, episode).json()

    assert body["content_id"] == str(episode.id)
    assert body["best"]["web_fallback"] == "https://www.netflix.com/title/70264888"


def test_an_answer_says_where_the_viewer_stopped(api):
    title = offered("netflix")
    session = api.post("playback/sessions", {"content_id": str(title.id), "duration_s": 6000}).json()["session"]["id"]
    api.patch(f"playback/sessions/{session}/position", {"position_s": 2400})

    assert link(api, title).json()["resume_position_s"] == 2400


def test_only_offers_that_stand_now_in_the_region_count(api):
    title = TitleFactory.create()
    now = timezone.now()
    OfferFactory.create(title=title, region="DE")
    OfferFactory.create(title=title, platform_id="hulu", window_end=now - timedelta(days=1))
    OfferFactory.create(title=title, platform_id="mubi", window_start=now + timedelta(days=1))
    OfferFactory.create(title=title, platform_id="max", superseded_at=now)

    assert link(api, title).json()["code"] == "offer_not_found"
    assert link(api, title, region="DE").json()["best"]["platform"] == "netflix"


def test_a_blocked_title_is_not_there_and_a_closed_window_is_said(api, child_api):
    adult, family = offered("netflix", min_ages={"US": 18}), offered("netflix", min_ages={"US": 0})

    assert link(child_api, adult).json()["code"] == "title_not_found"
    assert link(child_api, family).status_code == 200
    close_window(api)
    refused = link(child_api, family)
    assert (refused.status_code, refused.json()["code"]) == (403, "viewing_window_closed")
    assert link(api, family).status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"content_id": "x"}, {"content_id": str(uuid4()), "device": "toaster"}, {"content_id": None}]
)
def test_a_wrong_question_is_refused(api, body):
    assert api.post("playback/deep-link", body).status_code == 400


@pytest.mark.parametrize("rows", [3, 30])
def test_cost_does_not_grow_with_offers(api, django_assert_num_queries, rows):
    title = TitleFactory.create()
    for number in range(rows):
        OfferFactory.create(title=title, window_start=timezone.now() - timedelta(days=number + 1))
    api.get("user/ratings")

    with django_assert_num_queries(11):
        assert link(api, title).status_code == 200
