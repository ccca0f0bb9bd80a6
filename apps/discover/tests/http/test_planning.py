"""Tonight and the plan as clients ask for them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.content.tests.factories import CertificateFactory, OfferFactory, TitleFactory
from apps.playback.tests.households import close_window
from apps.sona import api as sona
from apps.sona.contracts import Scope
from apps.sync import api as sync
from apps.user.api import get_viewer
from apps.user.tests.factories import principal_for


def rated(age, **fields):
    """Make a film with a certificate that can be watched free."""
    offer = {"type": "free", "platform_id": "kanopy", **fields.pop("offer", {})}
    title = TitleFactory.create(**{"runtime_minutes": 90, "min_ages": {"US": age}} | fields)
    CertificateFactory.create(title=title, rating="R" if age > 12 else "G", min_age=age)
    OfferFactory.create(title=title, **offer)
    return title


def tonight(api, **body):
    return api.post("discover/tonight", {"minutes": 120, **body})


def test_the_youngest_in_the_room_decides(api, child):
    adult, teen, family = rated(18, popularity=0.9), rated(13, popularity=0.8), rated(0, popularity=0.1)

    def answer(*people):
        return tonight(api, people=list(people)).json()["answer"]["title"]["id"]

    assert answer() == str(adult.id)
    assert answer({"age": 40}) == str(adult.id)
    assert answer({"age": 15}) == str(teen.id)
    assert answer({"age": 15}, {"age": 6}) == str(family.id)
    assert answer({"profile_id": str(child.id)}) == str(family.id)


def test_a_child_who_asks_is_in_the_room(child_api):
    rated(18, popularity=0.9)
    family = rated(0)

    body = tonight(child_api, people=[{"age": 40}]).json()

    assert (body["answer"]["title"]["id"], body["backups"]) == (str(family.id), [])


def test_an_answer_has_true_reasons_a_link_and_backups(api):
    funny = rated(0, genres=["comedy"], offer={"type": "subscription", "platform_id": "netflix", "native_id": "7"})
    rated(0, popularity=0.9, genres=["drama"])
    rated(0, popularity=0.8, genres=["drama"])
    api.put("user/subscriptions", {"platforms": ["netflix"]})

    body = tonight(api, mood="funny", device="ios").json()

    answer = body["answer"]
    assert (answer["title"]["id"], body["mood_matched"], len(body["backups"])) == (str(funny.id), True, 2)
    assert {reason["code"] for reason in answer["reasons"]} == {
        *("fits_time", "included", "suits_everybody", "matches_mood", "not_seen")
    }
    assert answer["offer"]["app_link"] == "nflx://www.netflix.com/title/7"
    assert answer["offer"]["is_subscribed"] is True


def test_a_mood_gives_way_and_time_and_services_do_not(api):
    only = rated(0, genres=["drama"], offer={"type": "subscription", "platform_id": "netflix"})

    scary = tonight(api, mood="scary").json()

    assert (scary["answer"]["title"]["id"], scary["mood_matched"]) == (str(only.id), False)
    assert tonight(api, minutes=89).json()["answer"] is None
    assert tonight(api, services=["hulu"]).json()["answer"] is None
    assert tonight(api, services=[]).json()["answer"] is None
    assert tonight(api, services=["netflix"]).json()["answer"]["title"]["id"] == str(only.id)
    assert tonight(api, kinds=["series"]).json()["answer"] is None


def test_what_was_watched_to_the_end_comes_last(api):
    seen, fresh = rated(0, popularity=0.9), rated(0, popularity=0.1)
    api.post("playback/progress", {"content_id": str(seen.id), "position_s": 5400, "duration_s": 5400})

    body = tonight(api).json()

    assert body["answer"]["title"]["id"] == str(fresh.id)
    assert "not_seen" not in {reason["code"] for reason in body["backups"][0]["reasons"]}


def test_what_was_dismissed_is_not_suggested(api, account):
    disliked, horror, fine = rated(0, popularity=0.9), rated(0, popularity=0.8, genres=["horror"]), rated(0)
    viewer, now = get_viewer(principal_for(account)), timezone.now()
    sona.record_dismissal(viewer, Scope.TITLE, str(disliked.id), days=None, now=now)
    sona.record_dismissal(viewer, Scope.GENRE, "horror", days=None, now=now)

    body = tonight(api).json()

    assert (body["answer"]["title"]["id"], body["backups"]) == (str(fine.id), [])
    sona.withdraw(viewer, Scope.GENRE, "horror")
    assert tonight(api).json()["answer"]["title"]["id"] == str(horror.id)


def test_outside_the_viewing_window_no_child_is_answered(api, child_api, child):
    rated(0)
    close_window(api)

    for response in (
        tonight(child_api),
        tonight(api, people=[{"age": 8}]),
        tonight(api, people=[{"profile_id": str(child.id)}]),
    ):
        assert (response.status_code, response.json()["code"]) == (403, "viewing_window_closed")
    assert tonight(api).status_code == 200


@pytest.mark.django_db
def test_nobody_may_ask_by_ages(client):
    rated(18, popularity=0.9)
    family = rated(0)

    def ask(**body):
        return client.post("/api/v1/discover/tonight", {"minutes": 120, **body}, content_type="application/json")

    assert ask(people=[{"age": 7}]).json()["answer"]["title"]["id"] == str(family.id)
    assert ask(people=[{"profile_id": str(uuid4())}]).status_code == 404


def test_only_ones_own_people_are_named(stranger_api, child):
    rated(0)

    assert tonight(stranger_api, people=[{"profile_id": str(child.id)}]).json()["code"] == "profile_not_found"


@pytest.mark.parametrize(
    "body",
    [
        {"minutes": 0},
        {"minutes": None},
        {"people": [{}]},
        {"people": [{"age": 7, "profile_id": str(uuid4())}]},
        {"people": [{"age": -1}]},
        {"mood": "grumpy"},
        {"kinds": ["episode"]},
        {"services": ["Net Flix"]},
    ],
)
def test_a_wrong_question_is_refused(api, body):
    assert tonight(api, **body).status_code == 400


@pytest.fixture
def watchlist(api, account):
    """Put titles on the owner's watchlist."""
    viewer = get_viewer(principal_for(account))

    def add(*titles):
        for title in titles:
            sync.add_to_watchlist(viewer, title.id, timezone.now())

    return add


def on(*platforms, until_days=None, from_days=-1, offer_type="subscription"):
    title, now = TitleFactory.create(), timezone.now()
    for platform in platforms:
        OfferFactory.create(
            title=title,
            platform_id=platform,
            type=offer_type,
            window_start=now + timedelta(days=from_days),
            window_end=None if until_days is None else now + timedelta(days=until_days),
        )
    return title


def test_the_cheapest_services_cover_the_watchlist_before_titles_leave(api, watchlist):
    leaves, stays, comes = on("netflix", until_days=10), on("netflix", "hulu"), on("hulu", from_days=40)
    watchlist(leaves, stays, comes)

    body = api.get("discover/plan?months=3&prices=netflix:1000,hulu:800").json()

    held = [[service["platform"] for service in month["services"]] for month in body["months"]]
    assert held in ([["netflix"], ["hulu"], []], [["netflix"], [], ["hulu"]])
    assert str(leaves.id) in body["months"][0]["content_ids"]
    assert (body["total"], body["baseline"]["amount"], body["saving"]["amount"]) == (
        {"amount": 1800, "currency": "USD"},
        5400,
        3600,
    )
    assert (body["is_exact"], body["gap_ratio"], body["not_covered"]) == (True, 0.0, [])


def test_without_prices_the_number_of_months_is_least_and_no_price_is_said(api, watchlist):
    watchlist(on("netflix"), on("netflix", "hulu"))

    body = api.get("discover/plan").json()

    assert (body["service_months"], body["total"], body["saving"]) == (1, None, None)
    assert sum(len(month["services"]) for month in body["months"]) == 1


def test_what_no_service_of_the_plan_brings_is_said(api, watchlist):
    free, rent, unpriced = on("tubi", offer_type="ads"), TitleFactory.create(), on("mubi")
    watchlist(free, rent, unpriced)

    body = api.get("discover/plan?prices=netflix:1000").json()

    assert body["free"] == [str(free.id)]
    assert {item["content_id"]: item["reason"] for item in body["not_covered"]} == {
        str(rent.id): "no_subscription_offer",
        str(unpriced.id): "price_unknown",
    }
    assert body["total"]["amount"] == 0


@pytest.mark.parametrize(
    "query", ["months=0", "months=13", "prices=netflix", "prices=netflix:0", "prices=a:1,a:2", "currency=usd"]
)
def test_a_wrong_plan_is_refused(api, query):
    assert api.get(f"discover/plan?{query}").status_code == 400


def test_a_plan_needs_somebody(client, api, child_api, watchlist):
    watchlist(on("netflix"))

    assert client.get("/api/v1/discover/plan").status_code == 401
    assert child_api.get("discover/plan").json()["service_months"] == 0


@pytest.mark.parametrize("rows", [3, 30])
def test_a_plan_costs_the_same_for_many(api, watchlist, django_assert_num_queries, rows):
    watchlist(*(on("netflix") for _ in range(rows)))
    api.get("user/ratings")

    with django_assert_num_queries(4):
        assert api.get("discover/plan").json()["service_months"] == 1
