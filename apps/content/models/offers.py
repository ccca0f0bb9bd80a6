"""What can be watched where and when, as the catalogue believes and as each source claims."""

import uuid

from django.db import models
from django.db.models import F, Q

from apps.content.domain.offers import OPEN_WINDOW_START
from apps.content.domain.vocabulary import OfferType, Quality
from apps.content.models.titles import REGION_SHAPED, Platform, Source, Title


class Offer(models.Model):
    """
    A way to watch a title on a platform, with two time axes.

    `window_start`/`window_end` say when the offer itself holds; `known_from`/`superseded_at` say when the catalogue
    believed it. A change closes the row and opens another, so "as known on a date" can be asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.ForeignKey(Title, on_delete=models.CASCADE, db_index=False, related_name="offers")
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, db_index=False, related_name="+")
    region = models.CharField(max_length=2)
    type = models.CharField(max_length=12)
    quality = models.CharField(max_length=8, default=Quality.UNKNOWN)
    window_start = models.DateTimeField(default=OPEN_WINDOW_START)
    window_end = models.DateTimeField(null=True, blank=True)
    price_minor = models.PositiveIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    audio_languages = models.JSONField(default=list, blank=True)
    subtitle_languages = models.JSONField(default=list, blank=True)
    # The platform's own id of the title, when a source gave one; blank means links lead to the platform's search.
    native_id = models.CharField(max_length=120, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False, related_name="+")
    basis = models.CharField(max_length=80, blank=True)
    confidence = models.FloatField(default=1.0)
    first_seen = models.DateTimeField()
    last_verified = models.DateTimeField()
    known_from = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("title", "platform", "region", "type", "quality", "window_start"),
                condition=Q(superseded_at__isnull=True),
                name="offer_one_current",
            ),
            models.UniqueConstraint(
                fields=("title", "platform", "region", "type", "quality", "window_start", "known_from"),
                name="offer_version_unique",
            ),
            models.CheckConstraint(
                name="offer_type_known", condition=Q(type__in=[offer_type.value for offer_type in OfferType])
            ),
            models.CheckConstraint(
                name="offer_quality_known", condition=Q(quality__in=[quality.value for quality in Quality])
            ),
            models.CheckConstraint(
                name="offer_window_forward", condition=Q(window_end__isnull=True) | Q(window_end__gt=F("window_start"))
            ),
            models.CheckConstraint(
                name="offer_known_forward",
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gt=F("known_from")),
            ),
            models.CheckConstraint(
                name="offer_price_where_paid",
                condition=(Q(type__in=("rent", "buy"), price_minor__isnull=False) & ~Q(currency=""))
                | (~Q(type__in=("rent", "buy")) & Q(price_minor__isnull=True, currency="")),
            ),
            models.CheckConstraint(name="offer_region_shaped", condition=REGION_SHAPED),
            models.CheckConstraint(name="offer_confidence_ratio", condition=Q(confidence__range=(0.0, 1.0))),
        ]
        indexes = [
            models.Index(
                fields=("title", "region"), condition=Q(superseded_at__isnull=True), name="offer_current_by_title"
            ),
            models.Index(
                fields=("platform", "region", "title"),
                condition=Q(superseded_at__isnull=True),
                name="offer_current_by_platform",
            ),
            models.Index(
                fields=("region", "window_end"),
                condition=Q(superseded_at__isnull=True, window_end__isnull=False),
                name="offer_current_by_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform_id} {self.region} {self.type}"


class OfferClaim(models.Model):
    """
    One source's word that an offer exists, from one snapshot to another.

    Offers are derived from claims (`domain.offers`): an offer stands while at least one source claims it, so a snapshot
    of one source can only take away what that source had said. Type, quality and window name the offer, as they do in
    `Offer`; the rest of what the source said is in `terms`.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False, related_name="+")
    title = models.ForeignKey(Title, on_delete=models.CASCADE, db_index=False, related_name="+")
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, db_index=False, related_name="+")
    region = models.CharField(max_length=2)
    type = models.CharField(max_length=12)
    quality = models.CharField(max_length=8)
    window_start = models.DateTimeField()
    # `domain.offers.OfferDetails` as JSON.
    terms = models.JSONField()
    # SHA-256 of type, quality, window and terms: what makes two claims of one source the same claim.
    terms_hash = models.CharField(max_length=64)
    known_from = models.DateTimeField()
    # First snapshot of the same source in which the claim was missing; null while it stands.
    known_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("source", "title", "platform", "region", "terms_hash", "known_from"), name="offer_claim_unique"
            ),
            models.UniqueConstraint(
                fields=("source", "title", "platform", "region", "terms_hash"),
                condition=Q(known_to__isnull=True),
                name="offer_claim_one_open",
            ),
            models.CheckConstraint(name="offer_claim_region_shaped", condition=REGION_SHAPED),
            models.CheckConstraint(
                name="offer_claim_forward", condition=Q(known_to__isnull=True) | Q(known_to__gt=F("known_from"))
            ),
        ]
        indexes = [
            models.Index(fields=("title", "platform", "region"), name="offer_claim_by_title"),
            models.Index(fields=("source", "platform", "region", "title"), name="offer_claim_by_shelf"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.platform_id} {self.region}"


class OfferSnapshot(models.Model):
    """A full listing of one platform and region by one source at one time, once it is completely applied."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, db_index=False, related_name="+")
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, db_index=False, related_name="+")
    region = models.CharField(max_length=2)
    as_of = models.DateTimeField()
    content_sha256 = models.CharField(max_length=64)
    applied_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("source", "platform", "region", "as_of"), name="offer_snapshot_unique"),
            models.CheckConstraint(name="offer_snapshot_region_shaped", condition=REGION_SHAPED),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.platform_id} {self.region} {self.as_of:%Y-%m-%d}"
