"""Whoever asks, and their policy: one statement says whether what is known of them still holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from apps.user.domain.limits import ViewerFacts, make_policy
from apps.user.domain.preferences import Value
from apps.user.domain.profiles import ProfileKind
from apps.user.errors import AccountClosedError, ProfileNotFoundError
from apps.user.models import Consent, ParentalControls, Profile, Subscription
from apps.user.queries.belongings import get_preferences
from apps.user.queries.ownership import Owner, get_owner
from mediagateway.ownership import Holder, Viewer, owned
from mediagateway.policy import ADULT_AGE, Policy, ViewingWindow
from mediagateway.prepared import prepared
from mediagateway.principal import Principal

#: People of whom a process remembers what they have said; a kilobyte each.
_KEPT = 20_000


def resolve_policy(principal: Principal | None, region: str | None) -> Policy:
    """
    Say what a caller may see.

    SQL: none for nobody; one statement for a person, and four more after a change.

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
    Find whom a token speaks for, with their policy. One SQL statement, and four more after a change of the household.

    Args:
        principal: Who asks.
        region: As for `resolve_policy`.

    Raises:
        AccountRequiredError: A client that acts for itself.
        AccountClosedError: The account or profile of the token is closed.
    """
    owner = get_owner(principal)
    facts = _facts_of(owner)
    return Viewer(
        principal=principal,
        account_id=owner.account_id,
        profile_id=owner.profile_id,
        is_child=owner.is_child,
        zone=owner.profile.zone,
        language=owner.profile.language,
        policy=_policy_of(owner, region),
        preferences=facts.preferences,
        refusals=facts.refusals,
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
    facts, profile = _facts_of(owner), owner.profile
    viewer = ViewerFacts(
        is_child=owner.is_child,
        region=profile.region,
        services=facts.services,
        max_age=facts.max_age if profile.max_age is None else profile.max_age,
        allow_unrated=profile.allow_unrated,
        blocked_genres=facts.blocked_genres,
        window=facts.window,
    )
    return make_policy(viewer, asked_region=region, default_region=settings.DEFAULT_REGION)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a household and a person have said, and say seldom: every change of it changes a version."""

    services: frozenset[str]
    max_age: int
    blocked_genres: frozenset[str]
    window: ViewingWindow | None
    preferences: Mapping[str, Value]
    refusals: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Key:
    """Whose facts, as of which versions: an entry under it is never wrong, and after a change never asked for again."""

    account_id: UUID
    profile_id: UUID
    account_version: int
    profile_version: int


def _facts_of(owner: Owner) -> _Facts:
    return _read_facts(_Key(owner.account_id, owner.profile_id, owner.account.version, owner.profile.version))


@lru_cache(maxsize=_KEPT)
def _read_facts(holder: _Key) -> _Facts:
    """Read them from the tables. Four SQL statements."""
    (controls,) = _controls(holder)
    window = None
    if controls.window_start is not None and controls.window_end is not None:
        window = ViewingWindow(controls.window_start, controls.window_end, controls.zone)
    answers = dict(_answers(holder))
    return _Facts(
        services=frozenset(_services(holder)),
        max_age=controls.max_age,
        blocked_genres=frozenset(controls.blocked_genres),
        window=window,
        preferences=MappingProxyType(get_preferences(holder)),
        refusals=frozenset(purpose for purpose, is_granted in answers.items() if not is_granted),
    )


@prepared
def _controls(holder: Holder) -> QuerySet[ParentalControls]:
    return owned(ParentalControls, holder)


@prepared
def _answers(holder: Holder) -> QuerySet[Consent, tuple[str, bool]]:
    """List what the household has answered to which purpose, the newest last."""
    return owned(Consent, holder).order_by("id").values_list("purpose", "is_granted")


@prepared
def _services(holder: Holder) -> QuerySet[Subscription, str]:
    return owned(Subscription, holder).filter(until__isnull=True).values_list("platform", flat=True)
