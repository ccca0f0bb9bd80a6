"""Whom a token speaks for, as other apps see it."""

from datetime import UTC, datetime

import pytest

from apps.content.tests.factories import TitleFactory
from apps.user import api as door
from apps.user.errors import AccountClosedError
from apps.user.models import Consent, Rating
from apps.user.tests.factories import make_account, principal_for
from mediagateway.models import OutboxEvent
from mediagateway.ownership import owned

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_a_viewer_is_the_person_of_the_token(account, child, django_assert_num_queries):
    owner = door.get_viewer(principal_for(account))
    door.get_viewer(principal_for(account, child))

    with django_assert_num_queries(1):
        viewer = door.get_viewer(principal_for(account, child), region="DE")

    assert (viewer.account_id, viewer.profile_id, viewer.is_child) == (account.id, child.id, True)
    assert viewer.policy.max_age is not None
    assert (owner.profile_id, owner.is_child) == (account.profiles.get(is_owner=True).id, False)


def test_a_closed_household_has_no_viewer(account):
    account.is_active = False
    account.save()

    with pytest.raises(AccountClosedError):
        door.get_viewer(principal_for(account))


def test_rows_are_found_for_their_holder_alone(account, child):
    title = TitleFactory.create()
    viewer, other = door.get_viewer(principal_for(account)), door.get_viewer(principal_for(make_account()))

    door.rate(viewer, title.id, 8, policy=viewer.policy, now=NOW)

    assert [rating.score for rating in door.list_scores(viewer)] == [8]
    assert door.list_scores(other) == ()
    assert door.list_scores(door.get_viewer(principal_for(account, child))) == ()
    assert owned(Rating, viewer).count() == 1


def test_ratings_are_published(account):
    title = TitleFactory.create()
    viewer = door.get_viewer(principal_for(account))

    door.rate(viewer, title.id, 8, policy=viewer.policy, now=NOW)
    door.delete_rating(viewer, title.id, now=NOW)

    events = OutboxEvent.objects.filter(topic="user.title_rated").values_list("payload", flat=True)
    assert [event["score"] for event in events] == [8, None]
    assert {(event["profile_id"], event["content_id"]) for event in events} == {(str(viewer.profile_id), str(title.id))}


def test_a_consent_is_unanswered_until_the_newest_answer(account):
    viewer = door.get_viewer(principal_for(account))

    assert door.find_consent(viewer, "watch_history") is None
    for granted in (True, False):
        Consent.objects.create(
            account=account, purpose="watch_history", is_granted=granted, text_version="2026-11", recorded_at=NOW
        )

    assert door.find_consent(viewer, "watch_history") is False
