"""The searchable documents, whose full-text index the database itself keeps in step (migration 0002)."""

import uuid

from django.db import models
from django.db.models import Q


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
