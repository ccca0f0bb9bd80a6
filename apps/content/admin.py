"""
A window on the catalogue for its keepers.

Nothing is changed here: titles and offers are folded from what sources say, so an edit would be undone by the next feed
and would tell neither the search index nor the caches. Corrections are records of the source `editorial`.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from apps.content import models


class ReadOnly:
    """Permissions of a window: look, touch nothing."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is added."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted."""
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # generic in the stubs only
    """A list and its rows."""

    # Counting a whole table for "7 of 94,600" takes longer than the page.
    show_full_result_count = False
    list_per_page = 50


class ReadOnlyInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg] # generic in the stubs only
    """Rows that hang on another."""

    extra = 0
    show_change_link = False


class NameInline(ReadOnlyInline):
    """Further names of a title."""

    model = models.TitleName


class GenreInline(ReadOnlyInline):
    """Genres of a title, the main one first."""

    model = models.TitleGenre


class CertificateInline(ReadOnlyInline):
    """Certificates of a title."""

    model = models.Certificate


class CreditInline(ReadOnlyInline):
    """Who made a title."""

    model = models.Credit

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Read people with their credits."""
        return super().get_queryset(request).select_related("person")


class FilmographyInline(ReadOnlyInline):
    """Credits of a person."""

    model = models.Credit

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Read titles with their credits."""
        return super().get_queryset(request).select_related("title")


class ExternalIdInline(ReadOnlyInline):
    """Names of a title in other systems."""

    model = models.ExternalId


class ScoreInline(ReadOnlyInline):
    """Scores of a title."""

    model = models.Score


class ImageInline(ReadOnlyInline):
    """Pictures of a title."""

    model = models.Image


class OfferInline(ReadOnlyInline):
    """Offers of a title, past ones too."""

    model = models.Offer
    fields = ("platform", "region", "type", "quality", "window_end", "source", "known_from", "superseded_at")
    ordering = ("platform", "region", "known_from")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Read platforms and sources with the offers."""
        return super().get_queryset(request).select_related("platform", "source")


@admin.register(models.Title)
class TitleAdmin(ReadOnlyAdmin):
    """Titles, and with each all that is known of it and who said so."""

    list_display = ("title", "kind", "release_year", "season_count", "popularity", "rating", "version", "updated_at")
    list_filter = ("kind", "status", "title_genres__genre")
    search_fields = ("title", "original_title", "=id", "=external_ids__value")
    search_help_text = "A title, or the exact id of one here or elsewhere (tt0133093)."
    ordering = ("-popularity", "id")
    inlines: ClassVar = [
        NameInline,
        GenreInline,
        CertificateInline,
        CreditInline,
        ExternalIdInline,
        ScoreInline,
        ImageInline,
        OfferInline,
    ]


@admin.register(models.Offer)
class OfferAdmin(ReadOnlyAdmin):
    """Offers, current and past."""

    list_display = (
        *("title", "platform", "region", "type", "quality", "price_minor", "currency"),
        *("window_end", "source", "confidence", "known_from", "superseded_at"),
    )
    list_filter = ("platform", "region", "type", "source", ("superseded_at", admin.EmptyFieldListFilter))
    list_select_related = ("title", "platform", "source")
    search_fields = ("title__title", "=title__id", "=native_id")
    ordering = ("-known_from", "id")


@admin.register(models.Person)
class PersonAdmin(ReadOnlyAdmin):
    """People and what they did."""

    list_display = ("name", "id")
    search_fields = ("name", "=id")
    ordering = ("name_key",)
    inlines: ClassVar = [FilmographyInline]


@admin.register(models.Platform)
class PlatformAdmin(ReadOnlyAdmin):
    """Platforms; `domain.platforms` is where they are kept."""

    list_display = ("name", "slug", "homepage", "regions")
    search_fields = ("name", "slug")


@admin.register(models.Source)
class SourceAdmin(ReadOnlyAdmin):
    """Sources in the order in which they win; `domain.sources` is where they are kept."""

    list_display = ("name", "slug", "rank", "licence", "attribution")


@admin.register(models.OfferSnapshot)
class OfferSnapshotAdmin(ReadOnlyAdmin):
    """Listings that were applied."""

    list_display = ("source", "platform", "region", "as_of", "applied_at", "content_sha256")
    list_filter = ("source", "platform", "region")
    list_select_related = ("source", "platform")
    ordering = ("-applied_at",)


@admin.register(models.TitleAlias)
class TitleAliasAdmin(ReadOnlyAdmin):
    """Ids that were merged away."""

    list_display = ("id", "title", "merged_at")
    list_select_related = ("title",)
    search_fields = ("=id", "=title__id")
