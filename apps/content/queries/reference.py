"""The vocabulary of the catalogue, and how the catalogue itself is doing."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Max, OuterRef, Subquery

from apps.content.contracts import CatalogueStatus, GenreFacts, SourceStatus
from apps.content.domain.platforms import PlatformFacts
from apps.content.errors import PlatformNotFoundError
from apps.content.models import Genre, Offer, OfferSnapshot, Person, Platform, Source, Title


def get_genres() -> tuple[GenreFacts, ...]:
    """List the genres by slug; one SQL statement."""
    return tuple(GenreFacts(slug=genre.slug, name=genre.name) for genre in Genre.objects.order_by("slug"))


def get_platforms() -> tuple[PlatformFacts, ...]:
    """List the platforms by slug; one SQL statement."""
    return tuple(_platform(platform) for platform in Platform.objects.order_by("slug"))


def get_platform(slug: str) -> PlatformFacts:
    """
    Read one platform; one SQL statement.

    Raises:
        PlatformNotFoundError: No such slug.
    """
    platform = Platform.objects.filter(slug=slug).first()
    if platform is None:
        raise PlatformNotFoundError(f"There is no platform {slug!r}.")
    return _platform(platform)


def get_source_ranks() -> dict[str, int]:
    """Rank every source, lower wins when two disagree; one SQL statement."""
    return dict(Source.objects.order_by().values_list("slug", "rank"))


def catalogue_status() -> CatalogueStatus:
    """Count the catalogue and say how fresh each source's listings are; four SQL statements."""
    kinds = Title.objects.order_by().values_list("kind").annotate(count=Count("pk"), latest=Max("updated_at"))
    rows: Mapping[str, tuple[int, datetime]] = {kind: (count, latest) for kind, count, latest in kinds}
    newest = OfferSnapshot.objects.filter(source_id=OuterRef("pk")).order_by("-as_of").values("as_of")[:1]
    sources = Source.objects.annotate(newest_as_of=Subquery(newest)).order_by("slug")
    return CatalogueStatus(
        titles={kind: count for kind, (count, _) in sorted(rows.items())},
        people=Person.objects.count(),
        current_offers=Offer.objects.filter(superseded_at__isnull=True).count(),
        updated_at=max((latest for _, latest in rows.values()), default=None),
        sources=tuple(
            SourceStatus(
                slug=source.slug,
                name=source.name,
                licence=source.licence,
                attribution=source.attribution,
                newest_as_of=source.newest_as_of,
            )
            for source in sources
        ),
    )


def _platform(platform: Platform) -> PlatformFacts:
    return PlatformFacts(
        slug=platform.slug, name=platform.name, homepage=platform.homepage, regions=tuple(platform.regions)
    )
