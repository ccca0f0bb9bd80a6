"""A viewer's policy in SQL: the same answer as `Policy.permits`, without reading the titles first."""

from django.db.models import Exists, OuterRef, Q

from apps.content.models import Certificate, TitleGenre
from mediagateway.policy import Policy


def visible(policy: Policy, *, title: str = "pk") -> Q:
    """
    Write the condition under which a listed title may be shown; no condition for an open policy.

    A certificate of the viewer's own region decides. Without one it is the strictest of the others, and without any
    the title is unrated. Seasons and episodes have no certificates of their own: ask for their series instead.

    Args:
        policy: Whose view it is.
        title: Path from the queried model to the title's key, "title_id" for example.
    """
    condition = Q()
    if policy.blocked_genres:
        blocked = TitleGenre.objects.filter(title_id=OuterRef(title), genre_id__in=policy.blocked_genres)
        condition &= Q(~Exists(blocked))
    if policy.max_age is not None:
        condition &= _old_enough(policy.region, policy.max_age, allow_unrated=policy.allow_unrated, title=title)
    return condition


def _old_enough(region: str, max_age: int, *, allow_unrated: bool, title: str) -> Q:
    certificates = Certificate.objects.filter(title_id=OuterRef(title))
    own, known = certificates.filter(region=region), certificates.filter(min_age__isnull=False)
    condition = Q(Exists(own.filter(min_age__lte=max_age)))
    condition |= Q(~Exists(own), Exists(known), ~Exists(known.filter(min_age__gt=max_age)))
    if allow_unrated:
        condition |= Q(Exists(own.filter(min_age__isnull=True))) | Q(~Exists(own), ~Exists(known))
    return condition
