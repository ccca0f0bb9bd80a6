"""Sessions as a player sees them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.content.tests.factories import EpisodeFactory, SeasonFactory, SeriesFactory, TitleAliasFactory, TitleFactory
from apps.playback.models import Session
from apps.playback.tests.households import close_window
from apps.user.tests.factories import bearer, make_account, verify_bearer
from apps.user.tests.households import Api
from mediagateway.models import OutboxEvent
from mediagateway.principal import Tier


@pytest.fixture
def film(db):
    return TitleFactory.create(runtime_minutes=100)


def start(api, title, **body):
    return api.post("playback/sessions", {"content_id": str(title.id), **body})


def started(api, title, **body):
    return start(api, title, **body).json()["session"]["id"]


def at(minutes=0.0):
    return (timezone.now() + timedelta(minutes=minutes)).isoformat()


def test_a_session_starts_at_the_beginning_with_the_runtime_of_the_catalogue(api, film):
    response = start(api, film, platform="netflix")

    body = response.json()
    assert response.status_code == 201
    assert response["Location"] == f"/api/v1/playback/sessions/{body['session']['id']}"
    assert (body["resume_position_s"], body["session"]["duration_s"]) == (0, 6000)
    assert (body["session"]["state"], body["session"]["is_live"]) == ("playing", True)
    assert api.get(f"playback/sessions/{body['session']['id']}").json() == body["session"]


@pytest.mark.parametrize(
    ("left_at_s", "resumes_at_s"),
    [(29, 0), (30, 30), (2400, 2400), (5699, 5699), (5700, 0), (6000, 0)],
    ids=["before 30 s", "at 30 s", "at 40 %", "just before 95 %", "at 95 %", "at the end"],
)
def test_one_rule_says_where_a_title_goes_on(api, film, left_at_s, resumes_at_s):
    session = started(api, film)
    api.patch(f"playback/sessions/{session}/position", {"position_s": left_at_s})
    api.delete(f"playback/sessions/{session}")

    assert start(api, film).json()["resume_position_s"] == resumes_at_s


def test_a_merged_id_starts_the_title_that_answers_for_it(api, film):
    alias = TitleAliasFactory.create(title=film)

    assert start(api, alias).json()["session"]["content_id"] == str(film.id)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"content_id": 5},
        {"content_id": str(uuid4()), "duration_s": 0},
        {"content_id": str(uuid4()), "user_id": str(uuid4())},
        {"content_id": str(uuid4()), "platform": "Net Flix"},
    ],
)
def test_a_wrong_start_is_refused(api, body):
    assert api.post("playback/sessions", body).status_code == 400


def test_a_title_that_is_not_there_or_not_for_this_viewer_is_404(api, child_api):
    adult = TitleFactory.create(min_ages={"US": 18})

    assert api.post("playback/sessions", {"content_id": str(uuid4())}).json()["code"] == "title_not_found"
    assert start(child_api, adult).json()["code"] == "title_not_found"


def test_a_start_that_is_sent_again_is_one_start(api, film):
    headers = {"Idempotency-Key": "first-try"}
    first = api.post("playback/sessions", {"content_id": str(film.id)}, headers)
    again = api.post("playback/sessions", {"content_id": str(film.id)}, headers)

    assert first.json() == again.json()
    assert Session.objects.count() == 1


def test_time_stamps_settle_which_position_holds(api, film):
    path = f"playback/sessions/{started(api, film)}/position"
    api.patch(path, {"position_s": 1200, "observed_at": at(2)})

    late = api.patch(path, {"position_s": 600, "observed_at": at(-1)}).json()
    back = api.patch(path, {"position_s": 300}).json()

    assert (late["outcome"], late["session"]["position_s"]) == ("stale", 1200)
    assert (back["outcome"], back["session"]["position_s"]) == ("rewound", 300)


def test_a_clock_that_runs_ahead_silences_nobody(api, film):
    path = f"playback/sessions/{started(api, film)}/position"
    api.patch(path, {"position_s": 600, "observed_at": at(24 * 60)})

    assert api.patch(path, {"position_s": 610}).json()["outcome"] == "applied"


def test_a_position_beyond_the_end_is_refused_and_an_overshoot_is_the_end(api, film):
    path = f"playback/sessions/{started(api, film)}/position"

    refused = api.patch(path, {"position_s": 6006})
    ended = api.patch(path, {"position_s": 6005}).json()["session"]

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "beyond_the_end")
    assert (ended["position_s"], ended["state"], ended["completion_ratio"]) == (6000, "ended", 1.0)


@pytest.mark.parametrize("state", ["stopped", "ended"])
def test_a_session_that_is_over_takes_no_more_reports(api, film, state):
    session = started(api, film)
    api.patch(f"playback/sessions/{session}/position", {"position_s": 60, "state": state})

    assert api.patch(f"playback/sessions/{session}/position", {"position_s": 70}).json()["code"] == "session_closed"
    assert api.post(f"playback/sessions/{session}/heartbeat").status_code == 409
    assert api.get(f"playback/sessions/{session}").json()["is_live"] is False
    assert api.delete(f"playback/sessions/{session}").status_code == 204
    assert api.get(f"playback/sessions/{session}").status_code == 404


def test_a_tier_bounds_the_streams_of_a_household(api, child_api, film):
    first, _ = started(api, film), started(child_api, TitleFactory.create(min_ages={"US": 0}))

    refused = start(api, film)
    api.delete(f"playback/sessions/{first}")

    assert (refused.status_code, refused.json()["code"]) == (409, "stream_limit_reached")
    assert start(api, film).status_code == 201


def test_what_is_silent_is_no_stream_and_asks_again_for_its_place(api, film):
    silent, _ = started(api, film), started(api, film)
    Session.objects.filter(pk=silent).update(heard_at=timezone.now() - timedelta(seconds=91))
    third = start(api, film)

    refused = api.post(f"playback/sessions/{silent}/heartbeat")
    api.delete(f"playback/sessions/{third.json()['session']['id']}")

    assert third.status_code == 201
    assert refused.json()["code"] == "stream_limit_reached"
    assert api.post(f"playback/sessions/{silent}/heartbeat").json()["is_live"] is True


def test_a_device_plays_one_title(api, film):
    device = str(uuid4())
    first = started(api, film, device_id=device)
    api.patch(f"playback/sessions/{first}/position", {"position_s": 600})
    other = started(api, TitleFactory.create(), device_id=device)

    assert [session["id"] for session in api.get("playback/sessions").json()["items"]] == [other]
    assert OutboxEvent.objects.filter(topic="playback.watched").count() == 1


def test_another_households_device_id_ends_nothing(api, stranger_api, film):
    device = str(uuid4())
    mine = started(api, film, device_id=device)
    start(stranger_api, film, device_id=device)

    assert api.get(f"playback/sessions/{mine}").status_code == 200


def test_outside_the_viewing_window_a_child_starts_and_continues_nothing(api, child_api):
    title = TitleFactory.create(min_ages={"US": 0})
    session = started(child_api, title)
    close_window(api)

    assert start(child_api, title).json()["code"] == "viewing_window_closed"
    assert child_api.post(f"playback/sessions/{session}/heartbeat").json()["code"] == "viewing_window_closed"
    assert child_api.patch(f"playback/sessions/{session}/position", {"position_s": 60}).status_code == 200
    assert start(api, title).status_code == 201


def test_sessions_belong_to_the_profile(api, child_api, stranger_api, film):
    session = started(api, film)

    for other in (child_api, stranger_api):
        assert other.get("playback/sessions").json()["items"] == []
        assert other.get(f"playback/sessions/{session}").status_code == 404
        assert other.patch(f"playback/sessions/{session}/position", {"position_s": 1}).status_code == 404
        assert other.post(f"playback/sessions/{session}/heartbeat").status_code == 404
        assert other.delete(f"playback/sessions/{session}").status_code == 404


def test_sessions_are_paged_and_filtered(api, film):
    account_sessions = []
    for number in range(5):
        session = started(api, film, device_id=str(uuid4()))
        if number < 4:
            api.patch(f"playback/sessions/{session}/position", {"position_s": 0, "state": "stopped"})
        account_sessions.append(session)

    first = api.get("playback/sessions?limit=3").json()
    second = api.get(f"playback/sessions?limit=3&cursor={first['next_cursor']}").json()
    live = api.get("playback/sessions?is_live=true").json()["items"]

    assert [item["id"] for item in first["items"] + second["items"]] == account_sessions[::-1]
    assert [item["id"] for item in live] == account_sessions[-1:]
    assert api.get(f"playback/sessions?is_live=true&cursor={first['next_cursor']}").status_code == 400


def test_starts_and_ends_are_published(api, account):
    series = SeriesFactory.create()
    episode = EpisodeFactory.create(parent=SeasonFactory.create(parent=series), runtime_minutes=50)
    session = started(api, episode)
    api.patch(f"playback/sessions/{session}/position", {"position_s": 1500})
    api.delete(f"playback/sessions/{session}")

    began = OutboxEvent.objects.get(topic="playback.session_started").payload
    watched = OutboxEvent.objects.get(topic="playback.watched").payload
    assert began["content_id"] == watched["content_id"] == str(episode.id)
    assert began["series_id"] == watched["series_id"] == str(series.id)
    assert (watched["completion_ratio"], watched["is_completed"], watched["watched_s"]) == (0.5, False, 1500)
    assert watched["account_id"] == str(account.id)


def test_what_was_hardly_begun_is_not_watched(api, film):
    session = started(api, film)
    api.patch(f"playback/sessions/{session}/position", {"position_s": 29})
    api.delete(f"playback/sessions/{session}")

    assert not OutboxEvent.objects.filter(topic="playback.watched").exists()
    assert api.get("user/history").json()["items"] == []


def test_scopes_are_needed(client, account, film, settings):
    settings.TOKEN_VERIFIER = "apps.user.tests.factories.verify_bearer"
    reader = Api(client, bearer(account, scopes=frozenset({"read:history"})))
    nobody = Api(client, {})

    assert reader.get("playback/sessions").status_code == 200
    assert start(reader, film).status_code == 403
    assert nobody.get("playback/sessions").status_code == 401
    assert start(nobody, film).status_code == 401


@pytest.mark.parametrize("rows", [3, 30])
def test_a_list_costs_the_same_for_many(api, account, film, django_assert_num_queries, rows):
    profile = account.profiles.get(is_owner=True)
    Session.objects.bulk_create(
        Session(
            profile=profile,
            content_id=TitleFactory.create().id,
            series_id=film.id,
            region="US",
            state="stopped",
            started_position_s=0,
            position_s=0,
            started_at=datetime(2026, 11, 25, tzinfo=UTC),
            observed_at=datetime(2026, 11, 25, tzinfo=UTC),
            heard_at=datetime(2026, 11, 25, tzinfo=UTC),
        )
        for _ in range(rows)
    )
    api.get("user/ratings")

    with django_assert_num_queries(6):
        assert len(api.get("playback/sessions?limit=100").json()["items"]) == rows


def test_premium_households_have_more_streams(client, film, settings):
    settings.TOKEN_VERIFIER = "apps.playback.tests.http.test_sessions.premium"
    api = Api(client, bearer(make_account(tier="premium")))

    statuses = [start(api, film).status_code for _ in range(5)]

    assert statuses == [201, 201, 201, 201, 409]


def premium(token):
    """Vouch for a token of a household that pays."""
    return replace(verify_bearer(token), tier=Tier.PREMIUM)
