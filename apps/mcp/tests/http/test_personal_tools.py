"""What agents do for a person, through the whole middleware."""

import pytest

from apps.content.tests.factories import CertificateFactory, OfferFactory, TitleFactory
from apps.mcp.tests.agents import call, send
from apps.sona.tests.factories import make_titles
from apps.sync import api as sync
from apps.user import api as user
from apps.user.tests.factories import EVERY_SCOPE, bearer, make_account, principal_for

pytestmark = pytest.mark.django_db

ALL = EVERY_SCOPE | {"write:devices", "playback:control", "write:recommendations"}


@pytest.fixture(autouse=True)
def _verifier(settings):
    settings.TOKEN_VERIFIER = "apps.user.tests.factories.verify_bearer"


@pytest.fixture
def me(account):
    """The owner's token, with every scope."""
    return bearer(account, scopes=ALL)


def listed(account):
    """Give the owner's watchlist."""
    return [item.content_id for item in sync.list_watchlist(user.get_viewer(principal_for(account)))]


def undo(client, answer, headers):
    """Take a call back."""
    result = call(client, "undo", {"undo_token": answer["structuredContent"]["undo_token"]}, headers)
    assert result["isError"] is False, result
    return result


def test_the_watchlist_is_the_one_that_devices_share(client, account, me):
    title = TitleFactory.create(title="Star One")

    added = call(client, "manage_watchlist", {"action": "add", "title_id": str(title.id)}, me)
    again = call(client, "manage_watchlist", {"action": "add", "title_id": str(title.id)}, me)
    seen = call(client, "get_watchlist", {}, me)["structuredContent"]

    assert listed(account) == [title.id]
    assert [line["title"]["title"] for line in seen["items"]] == ["Star One"]
    undo(client, again, me)
    assert listed(account) == [title.id]
    undo(client, added, me)
    undo(client, added, me)
    assert listed(account) == []


def test_a_removal_can_be_undone(client, account, me):
    title = TitleFactory.create()
    call(client, "manage_watchlist", {"action": "add", "title_id": str(title.id)}, me)

    removed = call(client, "manage_watchlist", {"action": "remove", "title_id": str(title.id)}, me)

    assert listed(account) == []
    undo(client, removed, me)
    assert listed(account) == [title.id]


def test_a_child_cannot_list_what_it_cannot_see(client, account, child):
    title = TitleFactory.create(min_ages={"US": 18})

    result = call(
        client,
        "manage_watchlist",
        {"action": "add", "title_id": str(title.id)},
        bearer(account, child, scopes=ALL),
    )

    assert result["structuredContent"]["code"] == "title_not_found"


def test_nobody_reads_anothers_watchlist(client, account, me):
    title = TitleFactory.create()
    call(client, "manage_watchlist", {"action": "add", "title_id": str(title.id)}, me)

    stranger = call(client, "get_watchlist", {}, bearer(make_account(), scopes=ALL))

    assert stranger["structuredContent"] == {"items": [], "total": 0}


def test_availability_is_the_regions_with_links_for_the_device(client):
    title = TitleFactory.create(title="Star One")
    OfferFactory.create(title=title, platform_id="netflix", region="US")

    here = call(client, "check_availability", {"title_id": str(title.id), "device": "ios"})["structuredContent"]
    there = call(client, "check_availability", {"title_id": str(title.id), "region": "DE"})["structuredContent"]

    assert [offer["platform"] for offer in here["offers"]] == ["netflix"]
    assert here["offers"][0]["web_fallback"].startswith("https://www.netflix.com/")
    assert (there["region"], there["offers"]) == ("DE", [])


def test_playback_without_a_device_gives_links_and_changes_nothing(client, me):
    title = TitleFactory.create()
    OfferFactory.create(title=title, platform_id="netflix", region="US")

    answer = call(client, "initiate_playback", {"title_id": str(title.id), "device": "roku"}, me)["structuredContent"]

    assert answer["link"]["best"]["platform"] == "netflix"
    assert (answer["command"], answer["undo_token"]) == (None, None)


def test_a_device_of_nobody_is_not_found(client, me):
    arguments = {"device_id": "1" * 32, "action": "pause"}

    assert call(client, "control_playback", arguments, me)["structuredContent"]["code"] == "device_not_found"
    assert call(client, "list_devices", {}, me)["structuredContent"] == {"items": []}


@pytest.mark.parametrize(("action", "position_s"), [("seek", None), ("pause", 10)])
def test_a_position_belongs_to_seeking(client, me, action, position_s):
    arguments = {"device_id": "1" * 32, "action": action, "position_s": position_s}

    result = call(client, "control_playback", arguments, me)["structuredContent"]

    assert [error["pointer"] for error in result["errors"]] == ["/position_s"]


def test_preferences_are_changed_and_put_back(client, me):
    before = call(client, "get_preferences", {}, me)["structuredContent"]["values"]

    changed = call(client, "update_preferences", {"values": {"subtitles_enabled": True}}, me)

    assert changed["structuredContent"]["values"] == {**before, "subtitles_enabled": True}
    undo(client, changed, me)
    assert call(client, "get_preferences", {}, me)["structuredContent"]["values"] == before


@pytest.mark.parametrize("values", [{"none_such": True}, {"video_quality": "8k"}, {}], ids=["key", "value", "nothing"])
def test_wrong_preferences_are_refused(client, me, values):
    result = call(client, "update_preferences", {"values": values}, me)

    assert result["structuredContent"]["code"] == "validation_error"


def test_the_watchlist_is_a_resource_for_whoever_may_read_it(client, me):
    uri = {"uri": "mediagateway://watchlist"}

    assert "contents" in send(client, "resources/read", uri, me).json()["result"]
    assert send(client, "resources/read", uri).json()["error"]["data"]["code"] == "unauthenticated"


def test_tonight_is_playable_and_fits(client, me):
    short = TitleFactory.create(title="Star One", runtime_minutes=90, min_ages={"US": 0})
    long = TitleFactory.create(title="Star Two", runtime_minutes=190, min_ages={"US": 0})
    for title in (short, long):
        CertificateFactory.create(title=title, rating="G", min_age=0)
        OfferFactory.create(title=title, platform_id="netflix", region="US")

    signed_in = call(client, "tonight", {"minutes": 120}, me)["structuredContent"]
    anonymous = call(client, "tonight", {"minutes": 120, "ages": [6]})["structuredContent"]

    assert signed_in["answer"]["title"]["id"] == anonymous["answer"]["title"]["id"] == str(short.id)
    assert signed_in["answer"]["offer"]["platform"] == "netflix"
    assert call(client, "tonight", {"minutes": 120, "mood": "purple"}, me)["isError"] is True


def recommended(client, headers):
    """Give the ids that are recommended."""
    answer = call(client, "get_recommendations", {}, headers)["structuredContent"]
    return [item["title"]["id"] for item in answer["items"]]


def test_a_dismissal_counts_at_once_and_can_be_undone(client, me):
    title = str(make_titles(("drama",))[0].id)

    dismissed = call(client, "dismiss_title", {"title_id": title}, me)

    assert title not in recommended(client, me)
    undo(client, dismissed, me)
    assert title in recommended(client, me)


def test_nothing_is_begun_at_first(client, me):
    assert call(client, "get_continue_watching", {}, me)["structuredContent"] == {"items": []}
