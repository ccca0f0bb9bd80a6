"""The catalogue's pages in Django's admin: they open, they change nothing, they cost the same for many rows."""

import pytest
from django.contrib.admin import site
from django.contrib.auth import get_user_model
from django.urls import reverse

from apps.content import models
from apps.content.tests.factories import (
    CreditFactory,
    OfferFactory,
    OfferSnapshotFactory,
    SeriesFactory,
    TitleAliasFactory,
    TitleGenreFactory,
    TitleNameFactory,
)

pytestmark = pytest.mark.django_db

MODELS = [model for model in site._registry if model._meta.app_label == "content"]


def fill(rows):
    series = SeriesFactory.create()
    for number in range(rows):
        OfferFactory.create(title=series, region=f"{chr(65 + number % 26)}{chr(65 + number // 26)}")
        CreditFactory.create(title=series)
        TitleNameFactory.create(title=series)
        TitleAliasFactory.create()
        OfferSnapshotFactory.create(region=f"{chr(65 + number % 26)}{chr(65 + number // 26)}")
    TitleGenreFactory.create(title=series)
    return series


@pytest.fixture
def keeper(client):
    """A client that may use the admin."""
    client.force_login(get_user_model().objects.create_superuser("keeper@example.com", "pass phrase"))
    return client


@pytest.mark.parametrize("model", MODELS)
def test_lists_open_and_search(keeper, model):
    """With and without something to search for."""
    fill(2)
    url = reverse(f"admin:content_{model._meta.model_name}_changelist")

    assert keeper.get(url).status_code == 200
    if site._registry[model].search_fields:
        assert keeper.get(url, {"q": "netflix"}).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_added_changed_or_deleted(keeper, model):
    """A row opens to be read; every form is refused."""
    fill(2)
    row = model.objects.first()
    name = f"admin:content_{model._meta.model_name}"

    assert keeper.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    assert keeper.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403
    assert keeper.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert keeper.get(reverse(f"{name}_add")).status_code == 403


def test_a_title_costs_the_same_with_many_rows(keeper, django_assert_max_num_queries):
    """Inlines read what they show of other tables at once."""
    url = reverse("admin:content_title_change", args=[fill(30).pk])

    with django_assert_max_num_queries(20):
        assert keeper.get(url).status_code == 200


def test_a_title_is_found_by_its_id_elsewhere(keeper):
    """Keepers come with an IMDb id more often than with ours."""
    title = SeriesFactory.create(title="Dark")
    models.ExternalId.objects.create(title=title, scheme="imdb", value="tt5753856")

    assert b"Dark" in keeper.get(reverse("admin:content_title_changelist"), {"q": "tt5753856"}).content
