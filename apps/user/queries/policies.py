"""The policy of whoever asks: one statement says whether it is still the one in the cache."""

from collections.abc import Collection
from datetime import time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache

from apps.user.domain.limits import ViewerFacts, make_policy
from apps.user.domain.profiles import ProfileKind
from apps.user.errors import AccountClosedError, ProfileNotFoundError
from apps.user.models import ParentalControls, Profile, Subscription
from apps.user.queries.ownership import Owner, get_owner
from mediagateway.ownership import Viewer, owned
from mediagateway.policy import ADULT_AGE, Policy, ViewingWindow
from mediagateway.principal import Principal

#: The key holds the versions, so an entry is never wrong; it only stops being asked for.
_CACHED_S = 3600


def resolve_policy(principal: Principal | None, region: str | None) -> Policy:
    """
    Say what a caller may see.

    SQL: none for nobody; one statement for a person, and two more after a change.

    Args:
        principal: Who asks; None, or a client that acts for itself, has no limits and no services.
        region: What was asked for by `?region=`; else the profile's, else the server's. A child's is the profile's.

    Raises:
        AccountClosedError: The account or profile of the token is closed.
    """
    if principal is None or principal.account_id is None:
        return Policy(region=region or settings.DEFAULT_REGION)
    return _policy_of(get_owner(principal), region)


def get_viewer(principal: Principal, *, region: str | None = None) -> Viewer:
    """
    Find whom a token speaks for, with their policy. One SQL statement, and two more after a change of the household.

    Args:
        principal: Who asks.
        region: As for `resolve_policy`.

    Raises:
        AccountRequiredError: A client that acts for itself.
        AccountClosedError: The account or profile of the token is closed.
    """
    owner = get_owner(principal)
    return Viewer(
        principal=principal,
        account_id=owner.account_id,
        profile_id=owner.profile_id,
        is_child=owner.is_child,
        zone=owner.profile.zone,
        language=owner.profile.language,
        policy=_policy_of(owner, region),
    )


def find_viewer(profile_id: UUID) -> Viewer | None:
    """
    Find a person whom an event names; None when they or their household are gone. One SQL statement more.

    Nobody asks: the principal has no scopes.
    """
    account_id = Profile.objects.filter(pk=profile_id).values_list("account_id", flat=True).first()
    if account_id is None:
        return None
    try:
        return get_viewer(Principal(account_id, frozenset(), token_id="", profile_id=profile_id))
    except AccountClosedError:
        return None


def list_room_policies(viewer: Viewer, *, profile_ids: Collection[UUID], ages: Collection[int]) -> tuple[Policy, ...]:
    """
    List the policies of people who watch together, the viewer's own first. Two SQL statements.

    All have the viewer's region and services. A guest below 18 is a child of the household: its blocked genres and
    hours hold, and their age instead of its limit.

    Args:
        viewer: Who asks, and watches too.
        profile_ids: People of the household.
        ages: Of guests, in years.

    Raises:
        ProfileNotFoundError: Nobody in this household.
    """
    controls = owned(ParentalControls, viewer).get()
    window = None
    if controls.window_start is not None and controls.window_end is not None:
        window = ViewingWindow(controls.window_start, controls.window_end, controls.zone)
    profiles = owned(Profile, viewer).in_bulk(set(profile_ids))
    if len(profiles) < len(set(profile_ids)):
        raise ProfileNotFoundError("There is no profile with this id in the household.")
    people = [
        (row.kind == ProfileKind.CHILD, controls.max_age if row.max_age is None else row.max_age, row.allow_unrated)
        for row in profiles.values()
    ]
    people += [(age < ADULT_AGE, age, False) for age in ages]
    facts = [
        ViewerFacts(
            is_child=is_child,
            region=viewer.policy.region,
            services=viewer.policy.services,
            max_age=max_age,
            allow_unrated=allow_unrated,
            blocked_genres=frozenset(controls.blocked_genres),
            window=window,
        )
        for is_child, max_age, allow_unrated in people
    ]
    region = viewer.policy.region
    return (viewer.policy, *(make_policy(each, asked_region=None, default_region=region) for each in facts))


def _policy_of(owner: Owner, region: str | None) -> Policy:
    return make_policy(_viewer(owner), asked_region=region, default_region=settings.DEFAULT_REGION)


def _viewer(owner: Owner) -> ViewerFacts:
    """Read what shapes the policy, from the cache while neither profile nor household have changed."""
    key = f"user:viewer:{owner.profile.id.hex}:{owner.account.version}.{owner.profile.version}"
    members = cache.get(key)
    if members is None:
        members = _read_viewer(owner)
        cache.set(key, members, _CACHED_S)
    window = members["window"]
    return ViewerFacts(
        is_child=members["is_child"],
        region=members["region"],
        services=frozenset(members["services"]),
        max_age=members["max_age"],
        allow_unrated=members["allow_unrated"],
        blocked_genres=frozenset(members["blocked_genres"]),
        window=ViewingWindow(time.fromisoformat(window[0]), time.fromisoformat(window[1]), window[2])
        if window
        else None,
    )


def _read_viewer(owner: Owner) -> dict[str, Any]:
    """Read it from the tables, as JSON: a shared cache holds nothing else."""
    controls = owned(ParentalControls, owner).get()
    window = None
    if controls.window_start is not None and controls.window_end is not None:
        window = [controls.window_start.isoformat(), controls.window_end.isoformat(), controls.zone]
    services = owned(Subscription, owner).filter(until__isnull=True).values_list("platform", flat=True)
    return {
        "is_child": owner.is_child,
        "region": owner.profile.region,
        "services": list(services),
        "max_age": controls.max_age if owner.profile.max_age is None else owner.profile.max_age,
        "allow_unrated": owner.profile.allow_unrated,
        "blocked_genres": controls.blocked_genres,
        "window": window,
    }
