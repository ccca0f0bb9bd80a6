"""Counting what is watched."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from apps.discover.domain.trends import HOUSEHOLD_VOTES_A_DAY, VOTES_A_DAY, score_at
from apps.discover.models import Trend, Vote
from apps.discover.services.trends import Viewing, count_viewing, erase_account, export_account, forget_faded

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)


def watch(content_id, *, account=ONE, profile=None, ratio=1.0, at=NOW, region="US"):
    count_viewing(Viewing(account, profile or account, content_id, region, ratio, at))


def score(content_id, region="US"):
    row = Trend.objects.filter(content_id=content_id, region=region).first()
    return round(score_at(row.log_score, NOW), 6) if row else 0


def test_people_add_up_and_regions_do_not():
    title = uuid4()
    watch(title, account=ONE)
    watch(title, account=OTHER, ratio=0.5)
    watch(title, account=UUID(int=3), region="DE")

    assert (score(title), score(title, "DE")) == (1.5, 1.0)


def test_one_person_counts_once_a_day_for_a_title_with_the_best_of_it():
    title = uuid4()
    for ratio in (0.3, 0.3, 1.0, 0.8):
        watch(title, ratio=ratio)

    assert score(title) == 1.0
    watch(title, at=NOW - timedelta(days=2))
    assert score(title) == 1.5


def test_one_person_counts_for_so_many_titles_a_day():
    titles = [uuid4() for _ in range(VOTES_A_DAY + 5)]
    for title in titles:
        watch(title)

    assert Vote.objects.count() == VOTES_A_DAY
    assert score(titles[-1]) == 0
    watch(titles[-1], at=NOW + timedelta(days=1))
    assert score(titles[-1]) > 0


def test_many_profiles_of_one_household_do_not_count_more():
    title_of = {number: uuid4() for number in range(HOUSEHOLD_VOTES_A_DAY + 5)}
    for number, title in title_of.items():
        watch(title, profile=UUID(int=100 + number))

    assert Vote.objects.count() == Trend.objects.count() == HOUSEHOLD_VOTES_A_DAY


def test_what_has_faded_is_forgotten():
    watch(uuid4(), at=NOW - timedelta(days=40))
    watch(uuid4())

    forget_faded(now=NOW)

    assert (Trend.objects.count(), Vote.objects.count()) == (1, 1)


def test_a_household_is_given_its_votes_and_can_take_them_along():
    title = uuid4()
    watch(title)
    watch(title, account=OTHER)

    votes = export_account(ONE)["votes"]
    erase_account(ONE)

    assert [vote["content_id"] for vote in votes] == [str(title)]
    assert list(Vote.objects.values_list("account_id", flat=True)) == [OTHER]
    assert score(title) == 2.0
