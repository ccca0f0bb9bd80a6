"""The policy of whoever asks."""

from datetime import UTC, datetime, time

import pytest
from django.utils import timezone

from apps.user import api
from apps.user.errors import AccountClosedError, PinRequiredError, ProfileNotFoundError, WrongPinError
from apps.user.models import Account, Subscription
from apps.user.queries.ownership import get_owner
from apps.user.services.controls import set_controls
from apps.user.tests.factories import make_account, make_child, principal_for
from mediagateway.policy import Policy, ViewingWindow
from mediagateway.principal import Principal

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def accept(_version):
    """Expect nothing."""


def limit(account, **limits):
    """Set limits as the owner."""
    set_controls(get_owner(principal_for(account)), limits, pin=None, new_pin=None, expect=accept, now=NOW)


def test_nobody_has_the_servers_policy(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert api.resolve_policy(None, None) == Policy(region="US")
        assert api.resolve_policy(None, "DE") == Policy(region="DE")
        client = Principal(account_id=None, scopes=frozenset(), token_id="t")
        assert api.resolve_policy(client, "DE") == Policy(region="DE")


def test_an_adult_has_services_and_no_limits(account):
    account.profiles.update(region="DE")
    for slug, until in (("netflix", None), ("mubi", None), ("hulu", NOW)):
        Subscription.objects.create(account=account, platform=slug, since=NOW, until=until)
    limit(account, max_age=6, blocked_genres=["horror"])

    policy = api.resolve_policy(principal_for(account), None)

    assert policy == Policy(region="DE", services=frozenset({"netflix", "mubi"}))
    assert api.resolve_policy(principal_for(account), "FR").region == "FR"


def test_a_child_has_the_households_limits(account, child):
    limit(account, max_age=6, blocked_genres=["horror"], window_start=time(7), window_end=time(20), zone="Asia/Tokyo")

    policy = api.resolve_policy(principal_for(account, child), None)

    assert policy == Policy(
        region="US",
        max_age=6,
        blocked_genres=frozenset({"horror"}),
        window=ViewingWindow(time(7), time(20), "Asia/Tokyo"),
    )
    assert not policy.permits_watching_at(NOW)


def test_a_child_is_limited_before_anybody_has_set_limits(account, child):
    assert api.resolve_policy(principal_for(account, child), None).max_age == 12


def test_a_childs_own_age_holds(account):
    child = make_child(account, max_age=0, allow_unrated=True)

    policy = api.resolve_policy(principal_for(account, child), None)

    assert (policy.max_age, policy.allow_unrated) == (0, True)


def test_a_childs_region_is_the_profiles(account):
    """Another region may have a milder board."""
    child = make_child(account, region="DE")

    assert api.resolve_policy(principal_for(account, child), "FR").region == "DE"


def test_a_known_policy_costs_one_statement_and_follows_changes(account, child, django_assert_num_queries):
    principal = principal_for(account, child)
    before = api.resolve_policy(principal, None)

    with django_assert_num_queries(1):
        assert api.resolve_policy(principal, None) == before
    limit(account, max_age=3)

    assert api.resolve_policy(principal, None).max_age == 3


@pytest.mark.parametrize("change", [{"is_active": False}, {"deleted_at": NOW, "purge_at": timezone.now()}])
def test_a_closed_account_opens_nothing(account, change):
    Account.objects.filter(pk=account.pk).update(**change)

    with pytest.raises(AccountClosedError):
        api.resolve_policy(principal_for(account), None)


def test_switching_to_a_child_needs_no_pin_and_leaving_it_does(account, child):
    owner, sister = account.profiles.get(is_owner=True), make_child(account)
    grown, small = principal_for(account), principal_for(account, child)
    set_controls(get_owner(grown), {}, pin="0042", new_pin=None, expect=accept, now=NOW)

    assert api.check_profile_switch(grown, child.id, pin=None, now=NOW).id == child.id
    assert api.check_profile_switch(small, child.id, pin=None, now=NOW).id == child.id
    for target in (owner, sister):
        with pytest.raises(PinRequiredError):
            api.check_profile_switch(small, target.id, pin=None, now=NOW)
        with pytest.raises(WrongPinError):
            api.check_profile_switch(small, target.id, pin="0000", now=NOW)
        assert api.check_profile_switch(small, target.id, pin="0042", now=NOW).id == target.id


def test_nobody_switches_into_another_household(account, child):
    with pytest.raises(ProfileNotFoundError):
        api.check_profile_switch(principal_for(make_account()), child.id, pin=None, now=NOW)
