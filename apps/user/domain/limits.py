"""From what is known of a viewer to the policy that every surface obeys."""

from dataclasses import dataclass

from mediagateway.policy import Policy, ViewingWindow

#: Minimum age up to which a child may watch while nobody has chosen another.
DEFAULT_CHILD_MAX_AGE = 12
#: A child's limit above this would be none: 18 is what an unrated title counts as.
HIGHEST_MAX_AGE = 18


@dataclass(frozen=True, slots=True)
class ViewerFacts:
    """
    What shapes a viewer's policy.

    Attributes:
        is_child: Whether the household's limits hold for them.
        region: Of the profile; "" is the server's default.
        services: Slugs of the platforms that the household pays for.
        max_age: Limit of this child; the household's when the child has none of their own.
        allow_unrated: Whether a child may see titles without a certificate.
        blocked_genres: Of the household.
        window: When children may watch; None is always.
    """

    is_child: bool
    region: str
    services: frozenset[str]
    max_age: int
    allow_unrated: bool
    blocked_genres: frozenset[str]
    window: ViewingWindow | None


def make_policy(viewer: ViewerFacts, *, asked_region: str | None, default_region: str) -> Policy:
    """
    Write the policy of a viewer.

    A child's region is the profile's whatever was asked for: the region chooses the certificate, so a child who could
    choose the region could choose the mildest board.
    """
    own_region = viewer.region or default_region
    if not viewer.is_child:
        return Policy(region=asked_region or own_region, services=viewer.services)
    return Policy(
        region=own_region,
        services=viewer.services,
        max_age=viewer.max_age,
        allow_unrated=viewer.allow_unrated,
        blocked_genres=viewer.blocked_genres,
        window=viewer.window,
    )
