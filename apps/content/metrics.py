"""What the catalogue holds, as metrics."""

from collections.abc import Mapping

from django.db.models import Count

from apps.content.models import Offer, Title
from mediagateway.telemetry.facts import fact


@fact("mg_content_titles", labels=("kind",))
def count_titles() -> Mapping[tuple[str, ...], float]:
    """Titles in the catalogue, by kind. One SQL statement."""
    return {(kind,): count for kind, count in Title.objects.order_by().values_list("kind").annotate(Count("id"))}


@fact("mg_content_offers", labels=("type",))
def count_offers() -> Mapping[tuple[str, ...], float]:
    """Offers that stand, by type. One SQL statement."""
    current = Offer.objects.filter(superseded_at__isnull=True)
    return {(offer_type,): count for offer_type, count in current.order_by().values_list("type").annotate(Count("id"))}
