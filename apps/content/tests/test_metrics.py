"""What the catalogue holds, as Prometheus is told it."""

import pytest
from django.utils import timezone

from apps.content.metrics import count_offers, count_titles
from apps.content.tests.factories import OfferFactory, TitleFactory

pytestmark = pytest.mark.django_db


def test_titles_are_counted_by_kind_and_offers_that_stand_by_type():
    title = TitleFactory.create(kind="movie")
    TitleFactory.create(kind="series")
    OfferFactory.create(title=title, type="subscription")
    OfferFactory.create(title=title, type="ads", superseded_at=timezone.now())

    assert count_titles() == {("movie",): 1, ("series",): 1}
    assert count_offers() == {("subscription",): 1}
