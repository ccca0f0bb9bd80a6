"""Reference rows follow the lists in `domain/`."""

import pytest
from django.core.management import call_command

from apps.content.domain.platforms import PLATFORMS
from apps.content.domain.sources import SOURCES
from apps.content.domain.vocabulary import GENRES
from apps.content.models import Genre, Platform, Source
from apps.content.services.reference import load_reference_rows


@pytest.mark.django_db
def test_the_tables_hold_what_the_lists_say():
    """`migrate` has loaded every genre, platform and source."""
    assert dict(Genre.objects.values_list("slug", "name")) == GENRES
    assert set(Platform.objects.values_list("slug", "homepage")) == {(p.slug, p.homepage) for p in PLATFORMS}
    assert list(Source.objects.values_list("slug", flat=True)) == [
        s.slug for s in sorted(SOURCES, key=lambda s: s.rank)
    ]


@pytest.mark.django_db
def test_a_changed_fact_is_brought_up_to_date_and_old_rows_stay():
    """Loading again corrects what is listed and leaves what offers may still point at."""
    Platform.objects.filter(slug="netflix").update(name="Qwikster")
    Platform.objects.create(slug="quibi", name="Quibi", homepage="https://quibi.example/")

    load_reference_rows(using="default")

    assert Platform.objects.get(slug="netflix").name == "Netflix"
    assert Platform.objects.filter(slug="quibi").exists()


@pytest.mark.django_db(transaction=True)
def test_a_flushed_database_has_its_reference_rows_back():
    """A test that flushes leaves the next one able to refer to them."""
    call_command("flush", interactive=False, verbosity=0)

    assert Genre.objects.count() == len(GENRES)
