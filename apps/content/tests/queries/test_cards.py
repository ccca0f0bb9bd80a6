"""Summaries from what a process has read before say what `get_summaries` says."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from apps.content.api import get_cards, get_summaries
from apps.content.models import Title
from apps.content.tests.factories import CertificateFactory, OfferFactory, TitleFactory
from mediagateway.policy import Policy

pytestmark = pytest.mark.django_db

NOW = timezone.now()
POLICIES = [
    Policy(region="US"),
    Policy(region="DE"),
    Policy(region="US", services=frozenset({"hulu"})),
    Policy(region="US", max_age=12),
    Policy(region="US", blocked_genres=frozenset({"war"})),
]


def film(**fields):
    """A film with a certificate and offers of two regions, one of which has ended."""
    title = TitleFactory.create(genres=["war", "drama"], min_ages={"US": 7, "DE": 16}, **fields)
    CertificateFactory.create(title=title, region="US", rating="PG", min_age=7)
    CertificateFactory.create(title=title, region="DE", rating="16", min_age=16)
    OfferFactory.create(title=title, platform_id="netflix", region="US", type="subscription")
    OfferFactory.create(title=title, platform_id="hulu", region="US", type="subscription")
    OfferFactory.create(title=title, platform_id="max", region="DE", window_end=NOW - timedelta(days=1))
    return title


@pytest.mark.parametrize("policy", POLICIES, ids=range(5))
def test_a_card_is_the_summary_under_every_policy(policy):
    """Fresh, and kept."""
    ids = [film().id, TitleFactory.create(genres=["comedy"]).id]
    expected = get_summaries(ids, policy=policy, now=NOW)

    assert get_cards(ids, policy=policy, now=NOW) == expected
    assert get_cards(ids, policy=policy, now=NOW) == expected


def test_a_new_version_is_read_and_an_old_one_is_not_read_again(django_assert_num_queries):
    """What changed shows at once; what did not costs one statement."""
    title = film()
    open_ = POLICIES[0]
    get_cards([title.id], policy=open_, now=NOW)
    with django_assert_num_queries(1):
        get_cards([title.id], policy=open_, now=NOW)

    Title.objects.filter(pk=title.id).update(title="Renamed", version=F("version") + 1)

    assert get_cards([title.id], policy=open_, now=NOW)[title.id].title == "Renamed"


@pytest.mark.parametrize("count", [3, 30])
def test_cards_that_were_never_read_are_five_statements(count, django_assert_num_queries):
    """However many there are; none is written for what is gone."""
    ids = [film().id for _ in range(count)]

    with django_assert_num_queries(5):
        assert len(get_cards(ids, policy=POLICIES[0], now=NOW)) == count
    Title.objects.filter(pk=ids[0]).delete()
    assert ids[0] not in get_cards(ids, policy=POLICIES[0], now=NOW)
