"""The searchable documents, whose full-text index the database keeps in step (migration 0002), and what is asked."""

import uuid

from django.db import models
from django.db.models import Q

from apps.search.domain.query_log import MAX_TEXT, Surface
from mediagateway.ownership import PersonalModel


class SearchDocument(models.Model):
    """A listed title as search sees it: a projection that `services` can make again from the catalogue at any time."""

    number = models.BigAutoField(primary_key=True)
    # Not a foreign key: the row outlives its title as a tombstone, until every process has seen it go.
    title_id = models.UUIDField(unique=True)
    title_version = models.PositiveIntegerField()
    # The index revision that wrote the row last; followers read what is past theirs.
    revision = models.BigIntegerField(db_index=True)
    is_live = models.BooleanField(default=True)
    # Folded names, one on a line, for the search for near spellings.
    names = models.TextField(blank=True)
    # Terms from `domain.analysis`, separated by blanks, by decreasing weight.
    title_terms = models.TextField(blank=True)
    people_terms = models.TextField(blank=True)
    tag_terms = models.TextField(blank=True)
    synopsis_terms = models.TextField(blank=True)
    # What `adapters.store` loads into memory, as JSON text: a JSON column would be parsed by a far slower parser.
    payload = models.TextField(blank=True)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return str(self.title_id)


class IndexState(models.Model):
    """One row: how far the index has come, and by which analysis it was built."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    # Another database, or a restored one, has another epoch: revisions of two epochs cannot be compared.
    epoch = models.UUIDField(default=uuid.uuid4)
    revision = models.BigIntegerField(default=0)
    analysis_version = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="index_state_single", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"revision {self.revision}"


class VectorCollection(models.Model):
    """A collection of title vectors, and how far it has followed the documents."""

    name = models.CharField(max_length=160, unique=True)
    # Embedder, its version and the version of the text: vectors of two models cannot be compared.
    model = models.CharField(max_length=120)
    # Of the documents that it follows, see `IndexState`.
    epoch = models.UUIDField()
    build = models.PositiveIntegerField(unique=True)
    # Documents are taken in by (revision, number); all up to here are. Number 0: the revision is done to its end.
    revision = models.BigIntegerField(default=0)
    number = models.BigIntegerField(default=0)
    is_serving = models.BooleanField(default=False)

    class Meta:
        ordering = ("build",)
        constraints = [
            models.UniqueConstraint(
                name="vector_collection_serving", fields=("is_serving",), condition=Q(is_serving=True)
            )
        ]

    def __str__(self) -> str:
        return self.name


class LoggedQuery(models.Model):
    """A search that somebody asked; `services.query_log` says what of it is kept, and for how long."""

    # The `query_id` of the answer.
    id = models.UUIDField(primary_key=True)
    asked_at = models.DateTimeField()
    surface = models.CharField(max_length=8, choices=[(surface.value, surface.name) for surface in Surface])
    text = models.CharField(max_length=MAX_TEXT, blank=True)
    # A salted hash of the household, another one every day; empty unless the household has agreed.
    searcher = models.CharField(max_length=32, blank=True)
    # Names of the filters that were given, with commas between.
    filters = models.CharField(max_length=400, blank=True)
    region = models.CharField(max_length=2)
    # Results that were passed over: 0 is a search, more is its continuation.
    page_offset = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    is_relaxed = models.BooleanField()
    is_degraded = models.BooleanField()
    took_ms = models.FloatField()
    # What ordered the results; 0 and "" are the weights in code.
    ranking_version = models.PositiveIntegerField()
    variant = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("asked_at", "id")
        verbose_name_plural = "logged queries"
        indexes = [
            models.Index(fields=("asked_at",), name="logged_query_by_time"),
            models.Index(fields=("searcher",), condition=~Q(searcher=""), name="logged_query_by_searcher"),
        ]

    def __str__(self) -> str:
        return self.text


class LoggedClick(models.Model):
    """That a result of a search was opened."""

    # No foreign key: a click may come before its query, which is written a moment after its answer.
    query_id = models.UUIDField()
    content_id = models.UUIDField()
    # In the result set, from 1.
    position = models.PositiveIntegerField()
    clicked_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=("clicked_at",), name="logged_click_by_time")]
        constraints = [
            models.UniqueConstraint(fields=("query_id", "content_id"), name="logged_click_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="logged_click_position_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.content_id} at {self.position}"


class QueryTally(models.Model):
    """How much was searched on a day (UTC) by those of whom nothing else is kept."""

    day = models.DateField(unique=True)
    searches = models.PositiveIntegerField(default=0)
    zero_results = models.PositiveIntegerField(default=0)
    clicks = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("day",)
        verbose_name_plural = "query tallies"

    def __str__(self) -> str:
        return f"{self.searches} on {self.day}"


class RankingVersion(models.Model):
    """Weights that an admin has set; a version is never changed."""

    version = models.PositiveIntegerField(primary_key=True)
    # Weight -> value, all of them.
    weights = models.JSONField()
    description = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    # The admin's account; not a foreign key, because the version outlives it.
    created_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ("-version",)
        constraints = [models.CheckConstraint(condition=Q(version__gte=1), name="ranking_version_from_one")]

    def __str__(self) -> str:
        return f"ranking {self.version}"


class RankingState(models.Model):
    """One row: which version is active. Whoever changes a ranking locks it, and renews the generation."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    # 0 is the weights in code.
    active_version = models.PositiveIntegerField(default=0)
    # Every process follows when it changes. Random, so that a restored database has none that was seen before.
    generation = models.UUIDField(default=uuid.uuid4)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="ranking_state_single", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"ranking {self.active_version} is active"


class RankingVariant(models.Model):
    """Other weights for a part of the traffic."""

    name = models.CharField(max_length=30, primary_key=True)
    weights = models.JSONField()
    description = models.CharField(max_length=500, blank=True)
    # Hundredths of the traffic that it gets while it is active.
    traffic_percentage = models.PositiveSmallIntegerField()
    is_active = models.BooleanField()
    # Which hundredths, see `domain.rankings.allot`; none while it is not active.
    slots = models.JSONField(default=list)
    # Moves with the weights: clicks on two different rankings are not added up.
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(condition=Q(traffic_percentage__lte=100), name="ranking_variant_traffic_percentage")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What the query log calls it."""
        return f"{self.name}.{self.revision}"


class SavedSearch(PersonalModel):
    """A search that a person keeps; the worker looks for new matches, see `services.saved_searches`."""

    owned_by = "profile"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey("user.Profile", on_delete=models.CASCADE, db_index=False, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=500)
    # As the API takes them.
    filters = models.JSONField(default=dict)
    without = models.JSONField(default=list)
    # Empty: the profile's.
    region = models.CharField(max_length=2, blank=True)
    notify = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # Moves with what the person can change.
    version = models.PositiveIntegerField(default=1)
    # State of the index at the last look; empty before the first one, which tells nothing.
    index_version = models.CharField(max_length=64, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    # Whether that look was without vectors: what they find next is no news.
    was_degraded = models.BooleanField(default=False)
    # When the worker may look again.
    next_look_at = models.DateTimeField()
    # Titles at the last look, and all that were ever found, as `domain.matches.pack` writes them.
    matches = models.PositiveIntegerField(null=True, blank=True)
    known = models.BinaryField(default=bytes)
    is_too_broad = models.BooleanField(default=False)
    last_news_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name_plural = "saved searches"
        indexes = [
            models.Index(fields=("profile", "-created_at", "-id"), name="saved_search_newest"),
            models.Index(fields=("next_look_at",), condition=Q(notify=True), name="saved_search_due"),
        ]

    def __str__(self) -> str:
        return self.name
