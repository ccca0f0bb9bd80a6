"""Genres, platforms and sources: closed lists of `domain/`, kept in tables so that SQL can refer to them."""

from django.apps.registry import Apps
from django.apps.registry import apps as installed_apps

from apps.content.domain.platforms import PLATFORMS
from apps.content.domain.sources import SOURCES
from apps.content.domain.vocabulary import GENRES
from apps.content.models import Genre, Platform, Source


def load_reference_rows(*, using: str, apps: Apps = installed_apps, **_signal: object) -> None:
    """
    Bring the reference tables to what `domain/` says; idempotent, three SQL statements.

    Runs after every `migrate`, and after the flush of a transactional test: a new platform is one line in
    `domain.platforms` and no migration. Rows that left the lists stay, because offers may point at them.

    Args:
        using: Alias of the database.
        apps: Models as they are after the migration; without ours (`migrate content zero`) nothing is done.
    """
    if "source" not in apps.all_models["content"]:
        return
    Genre.objects.using(using).bulk_create(
        [Genre(slug=slug, name=name) for slug, name in GENRES.items()],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name"],
    )
    Platform.objects.using(using).bulk_create(
        [Platform(slug=p.slug, name=p.name, homepage=p.homepage, regions=list(p.regions)) for p in PLATFORMS],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "homepage", "regions"],
    )
    Source.objects.using(using).bulk_create(
        [Source(slug=s.slug, name=s.name, licence=s.licence, attribution=s.attribution, rank=s.rank) for s in SOURCES],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "licence", "attribution", "rank"],
    )
