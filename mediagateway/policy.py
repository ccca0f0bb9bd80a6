"""What a viewer may see and where they are: one plain value, made with the principal, obeyed by every surface."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

#: Minimum age that a title without a usable certificate counts as.
ADULT_AGE = 18


@dataclass(frozen=True, slots=True)
class ViewingWindow:
    """
    The hours of a day in which a viewer may watch, by the clock on the household's wall.

    Attributes:
        start, end: Local times; the start belongs to the window and the end does not. An end before the start is on the
            next day.
        zone: IANA name of the time zone.
    """

    start: time
    end: time
    zone: str

    def is_open_at(self, now: datetime) -> bool:
        """Say whether a moment (aware) lies within; a clock that is put back shows the same hour twice, open or not."""
        local = now.astimezone(ZoneInfo(self.zone)).time()
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


@dataclass(frozen=True, slots=True)
class Policy:
    """
    The rules of one viewer.

    Attributes:
        region: ISO 3166-1 alpha-2; decides offers and certificates.
        services: Slugs of the platforms that the household pays for; they order offers and hide nothing.
        max_age: Highest minimum age allowed; None is no limit.
        allow_unrated: Whether a limited viewer may see titles without a certificate.
        blocked_genres: Genre slugs that are never shown.
        window: When the viewer may watch; None is always. Looking is free at any hour: only what starts playback asks.
    """

    region: str
    services: frozenset[str] = frozenset()
    max_age: int | None = None
    allow_unrated: bool = False
    blocked_genres: frozenset[str] = frozenset()
    window: ViewingWindow | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing at all is hidden."""
        return self.max_age is None and not self.blocked_genres

    def permits_watching_at(self, now: datetime) -> bool:
        """Say whether the viewer may watch at this moment (aware)."""
        return self.window is None or self.window.is_open_at(now)

    def permits(self, *, min_ages: Mapping[str, int | None], genres: Collection[str]) -> bool:
        """Say whether a title with these certificates and genres may be shown at all."""
        if not self.blocked_genres.isdisjoint(genres):
            return False
        if self.max_age is None:
            return True
        min_age = effective_min_age(min_ages, self.region)
        return self.allow_unrated if min_age is None else min_age <= self.max_age


def strictest(policies: Sequence[Policy]) -> Policy:
    """
    Write the policy of people who watch together: it permits a title exactly when each of theirs does.

    Region and services are the first one's. Windows do not add up to one: ask each policy whether its viewer may watch.

    Args:
        policies: At least one.
    """
    limited = [policy for policy in policies if policy.max_age is not None]
    return Policy(
        region=policies[0].region,
        services=policies[0].services,
        max_age=min((policy.max_age for policy in limited if policy.max_age is not None), default=None),
        allow_unrated=all(policy.allow_unrated for policy in limited) if limited else False,
        blocked_genres=frozenset().union(*(policy.blocked_genres for policy in policies)),
    )


def effective_min_age(min_ages: Mapping[str, int | None], region: str) -> int | None:
    """
    Minimum age of a title in a region: its own certificate's, else the strictest of the other regions'.

    Args:
        min_ages: Region -> minimum age; None is a certificate that could not be placed.
        region: ISO 3166-1 alpha-2.

    Returns:
        An age in years, or None when nothing usable is known.
    """
    if region in min_ages:
        return min_ages[region]
    known = [age for age in min_ages.values() if age is not None]
    return max(known, default=None)
