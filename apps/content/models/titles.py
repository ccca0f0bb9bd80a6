"""Titles, and what names, orders and describes them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Upper
from django.db.models.lookups import Exact

from apps.content.domain.vocabulary import Kind, Role

_PARTS = (Kind.SEASON, Kind.EPISODE)
#: `region` is ISO 3166-1 alpha-2 in upper case, as far as SQL can tell.
REGION_SHAPED = Exact(Length("region"), 2) & Exact(F("region"), Upper("region"))


def _known_or(column: str, last: float) -> models.Func:
    """Put what is not known at an end of an order; literal, because an index is used where the texts are equal."""
    return models.Func(F(column), template=f"COALESCE(%(expressions)s, {last})", output_field=models.FloatField())


#: Order of a list of titles -> what it sorts by; each has an index. A title without a year or rating comes last.
LIST_KEYS: dict[str, models.OrderBy] = {
    "popular": models.OrderBy(F("popularity"), descending=True),
    "newest": models.OrderBy(_known_or("release_year", 0), descending=True),
    "oldest": models.OrderBy(_known_or("release_year", 9999)),
    "rating": models.OrderBy(_known_or("rating", -1), descending=True),
    "title": models.OrderBy(F("title_key")),
    "created": models.OrderBy(F("created_at"), descending=True),
}


class Genre(models.Model):
    """A genre of the closed list in `domain.vocabulary`."""

    slug = models.CharField(primary_key=True, max_length=32)
    name = models.CharField(max_length=64)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug


class Platform(models.Model):
    """A streaming service."""

    slug = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)
    homepage = models.URLField(max_length=200)
    # Regions where the service runs, alpha-2; empty means "not stated", never "nowhere".
    regions = models.JSONField(default=list)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug


class Source(models.Model):
    """Who said something: a feed, an upstream API or our own editors."""

    slug = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)
    licence = models.CharField(max_length=80, blank=True)
    attribution = models.CharField(max_length=200, blank=True)
    # Lower wins when two sources disagree on a field.
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("rank", "slug")

    def __str__(self) -> str:
        return self.slug


class Title(models.Model):
    """One work of the catalogue, or one season or episode of a series."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    # Null only for a season or an episode that is known by number alone.
    title = models.CharField(max_length=500, null=True, blank=True)
    original_title = models.CharField(max_length=500, blank=True)
    # `domain.keys.title_key(title)`: what two spellings of one name share.
    title_key = models.CharField(max_length=500, blank=True)
    synopsis = models.TextField(blank=True)
    release_year = models.PositiveSmallIntegerField(null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(null=True, blank=True)
    release_date = models.DateField(null=True, blank=True)
    runtime_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    original_language = models.CharField(max_length=8, blank=True)
    languages = models.JSONField(default=list, blank=True)
    countries = models.JSONField(default=list, blank=True)
    moods = models.JSONField(default=list, blank=True)
    themes = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=10, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    season_count = models.PositiveSmallIntegerField(null=True, blank=True)
    episode_count = models.PositiveSmallIntegerField(null=True, blank=True)
    # 0..1, comparable over sources; `domain.popularity` says how it is made.
    popularity = models.FloatField(default=0.0)
    # 0..10, the mean of critics' and audience scores that sources allow us to show; null = no score.
    rating = models.FloatField(null=True, blank=True)
    # Region (alpha-2) -> minimum age of its certificate, for the policy; a region not named has no certificate.
    min_ages = models.JSONField(default=dict, blank=True)
    # Field -> {source, record, as_of, rule}: who said the value that stands here, and why it won.
    provenance = models.JSONField(default=dict, blank=True)
    # Grows with every change to the title or to anything shown with it: the ETag and the cache key.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(name="title_kind_known", condition=Q(kind__in=[kind.value for kind in Kind])),
            models.CheckConstraint(
                name="title_named_unless_part",
                condition=Q(kind__in=_PARTS) | (Q(title__isnull=False) & ~Q(title="")),
            ),
            models.CheckConstraint(
                name="title_part_has_parent_and_number",
                condition=Q(kind__in=_PARTS, parent__isnull=False, number__isnull=False)
                | (~Q(kind__in=_PARTS) & Q(parent__isnull=True, number__isnull=True)),
            ),
            models.CheckConstraint(
                name="title_year_sane",
                condition=Q(release_year__isnull=True) | Q(release_year__range=(1870, 2100)),
            ),
            models.CheckConstraint(
                name="title_runtime_positive",
                condition=Q(runtime_minutes__isnull=True) | Q(runtime_minutes__range=(1, 1440)),
            ),
            models.CheckConstraint(name="title_popularity_ratio", condition=Q(popularity__range=(0.0, 1.0))),
            models.CheckConstraint(
                name="title_rating_of_ten", condition=Q(rating__isnull=True) | Q(rating__range=(0.0, 10.0))
            ),
            models.UniqueConstraint(fields=("parent", "number"), name="title_part_number_unique"),
        ]
        indexes = [
            models.Index(fields=("title_key",), name="title_by_key"),
            # One for each order of a list of titles, without the parts of series: `number` is null for exactly these
            # (title_part_has_parent_and_number), and of conditions SQLite recognises those without a value.
            *(
                models.Index(key, "id", condition=Q(number__isnull=True), name=f"title_list_by_{name}")
                for name, key in LIST_KEYS.items()
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.kind} ({self.release_year or '—'})"


class TitleAlias(models.Model):
    """An id that was merged away and still answers for its survivor."""

    id = models.UUIDField(primary_key=True, editable=False)
    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="aliases")
    merged_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "title aliases"

    def __str__(self) -> str:
        return f"{self.id} -> {self.title_id}"


class TitleName(models.Model):
    """A localised or alternative name of a title, by BCP 47 language; "und" when nobody said."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, db_index=False, related_name="names")
    language = models.CharField(max_length=16)
    name = models.CharField(max_length=500)
    name_key = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("title", "language", "name"), name="title_name_unique"),
        ]
        indexes = [models.Index(fields=("name_key",), name="title_name_by_key")]

    def __str__(self) -> str:
        return f"{self.name} [{self.language}]"


class TitleGenre(models.Model):
    """A genre of a title; position 0 is the main one."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, db_index=False, related_name="title_genres")
    genre = models.ForeignKey(Genre, on_delete=models.PROTECT, db_index=False, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=("title", "genre"), name="title_genre_unique")]
        indexes = [models.Index(fields=("genre", "title"), name="title_by_genre")]

    def __str__(self) -> str:
        return self.genre_id


class ExternalId(models.Model):
    """The name of a title in another naming system."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="external_ids")
    scheme = models.CharField(max_length=16)
    value = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("scheme", "value"), name="external_id_unique")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class Person(models.Model):
    """Somebody who worked on titles; the folded name is the identity, as no source gives ids of people (ADR 0005)."""

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, unique=True)

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name


class Credit(models.Model):
    """What a person did on a title; position is the billing order within the role."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, db_index=False, related_name="credits")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="credits")
    role = models.CharField(max_length=10)
    character = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=("title", "person", "role"), name="credit_unique"),
            models.CheckConstraint(name="credit_role_known", condition=Q(role__in=[role.value for role in Role])),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class Certificate(models.Model):
    """The age certificate of a title in one region; a null age is a certificate we cannot place: adult by default."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, db_index=False, related_name="certificates")
    region = models.CharField(max_length=2)
    system = models.CharField(max_length=16)
    rating = models.CharField(max_length=16)
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("title", "region"), name="certificate_unique"),
            models.CheckConstraint(name="certificate_region_shaped", condition=REGION_SHAPED),
            models.CheckConstraint(
                name="certificate_age_sane", condition=Q(min_age__isnull=True) | Q(min_age__range=(0, 21))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.rating}"


class Score(models.Model):
    """A score that a source allows us to show, on the source's own scale."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, db_index=False, related_name="scores")
    source = models.CharField(max_length=40)
    score = models.FloatField()
    out_of = models.FloatField()
    count = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("title", "source"), name="score_unique"),
            models.CheckConstraint(
                name="score_within_scale", condition=Q(out_of__gt=0, score__gte=0, score__lte=F("out_of"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.score:g}/{self.out_of:g}"


class Image(models.Model):
    """A picture of a title, at its source's address; nothing is copied or proxied."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, db_index=False, related_name="images")
    kind = models.CharField(max_length=10)
    url = models.URLField(max_length=500)
    width_px = models.PositiveIntegerField(null=True, blank=True)
    height_px = models.PositiveIntegerField(null=True, blank=True)
    language = models.CharField(max_length=16, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("title", "url"), name="image_unique")]

    def __str__(self) -> str:
        return self.url
