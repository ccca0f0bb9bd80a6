"""Tonight, against an oracle that reads the same catalogue row by row."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from apps.content.contracts import Kind
from apps.content.tests.factories import CertificateFactory, OfferFactory, TitleFactory
from apps.discover.queries.tonight import Wish, find_tonight
from apps.playback.errors import ViewingWindowClosedError
from mediagateway.policy import Policy, ViewingWindow

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 19, tzinfo=UTC)
REGIONS = ["US", "DE"]
GENRES = ["comedy", "drama", "horror", "family", "action", "documentary"]
PLATFORMS = ["netflix", "hulu", "mubi", "max", "tubi"]
MOODS = [None, "funny", "scary", "cozy", "relaxing"]
AGES = [None, 0, 6, 12, 13, 16, 18]


@dataclass(frozen=True)
class Work:
    """A title as the oracle knows it; certificates and offers as they were written."""

    id: object
    kind: str
    runtime: int | None
    genres: frozenset[str]
    ages: dict[str, int | None]
    offers: tuple[tuple[str, str, str, bool], ...]


def make_catalogue(random, size):
    """Write titles with certificates and offers of all sorts: ended, not begun, superseded, elsewhere, to rent."""
    works = []
    for _ in range(size):
        genres = random.sample(GENRES, random.randint(0, 3))
        runtime = random.choice([None, 8, 25, 45, 90, 100, 130, 190])
        kind = random.choice(["movie", "series", "short", "special"])
        ages = {region: random.choice(AGES) for region in random.sample([*REGIONS, "FR"], random.randint(0, 3))}
        title = TitleFactory.create(
            kind=kind, runtime_minutes=runtime, genres=genres, min_ages=ages, popularity=round(random.random(), 3)
        )
        for region, age in ages.items():
            CertificateFactory.create(title=title, region=region, min_age=age)
        offers = []
        for platform in random.sample(PLATFORMS, random.randint(0, 2)):
            type_ = random.choice(["subscription", "subscription", "free", "ads", "rent"])
            price = {"price_minor": 399, "currency": "USD"} if type_ == "rent" else {}
            start = random.choice([-30, -30, -1, 2])
            end = random.choice([None, None, 10, 0])
            superseded = random.random() < 0.1
            region = random.choice(REGIONS)
            if end == 0 and start > 0:
                continue
            begins, ends = NOW + timedelta(days=start), None if end is None else NOW + timedelta(days=end)
            OfferFactory.create(
                title=title,
                platform_id=platform,
                region=region,
                type=type_,
                window_start=begins,
                window_end=ends,
                superseded_at=NOW if superseded else None,
                **price,
            )
            stands = begins <= NOW and (ends is None or ends > NOW) and not superseded
            offers.append((platform, region, type_, stands))
        works.append(Work(title.id, kind, runtime, frozenset(genres), ages, tuple(offers)))
    return works


def make_household(random):
    """Make the people of an evening and what they ask for."""
    region = random.choice(REGIONS)
    services = frozenset(random.sample(PLATFORMS, random.randint(0, 3)))
    policies = [Policy(region, services)]
    for _ in range(random.randint(0, 3)):
        if random.random() < 0.5:
            policies.append(Policy(region, services))
            continue
        window = None
        if random.random() < 0.3:
            start = random.randint(0, 23)
            window = ViewingWindow(time(start), time((start + random.randint(1, 20)) % 24, 30), "Europe/Berlin")
        policies.append(
            Policy(
                region,
                services,
                max_age=random.choice([0, 6, 12, 16]),
                allow_unrated=random.random() < 0.3,
                blocked_genres=frozenset(random.sample(GENRES, random.randint(0, 2))),
                window=window,
            )
        )
    random.shuffle(policies)
    named = frozenset(random.sample(PLATFORMS, random.randint(0, 2))) if random.random() < 0.4 else None
    kinds = tuple(Kind(kind) for kind in random.sample(["movie", "series", "short"], random.randint(0, 2)))
    wish = Wish(
        minutes=random.choice([5, 20, 30, 60, 100, 200]), mood=random.choice(MOODS), services=named, kinds=kinds
    )
    return policies, wish


def allowed(work, policy):
    """Say by the words of the contract whether one person may see a title."""
    if work.genres & policy.blocked_genres:
        return False
    if policy.max_age is None:
        return True
    known = [age for age in work.ages.values() if age is not None]
    age = work.ages[policy.region] if policy.region in work.ages else max(known, default=None)
    return policy.allow_unrated if age is None else age <= policy.max_age


def fits(work, policies, wish):
    """Say by the words of the contract whether a title may be the answer."""
    region = policies[0].region
    services = wish.services if wish.services is not None else policies[0].services
    any_service = wish.services is None and not services
    playable = any(
        stands
        and where == region
        and (type_ in ("free", "ads") or included(type_, any_service or platform in services))
        for platform, where, type_, stands in work.offers
    )
    in_time = work.runtime is not None and work.runtime <= wish.minutes
    right_kind = not wish.kinds or work.kind in [kind.value for kind in wish.kinds]
    return playable and in_time and right_kind and all(allowed(work, policy) for policy in policies)


def included(type_, is_paid_for):
    return type_ == "subscription" and is_paid_for


def is_open(policy):
    """Say whether somebody may watch now."""
    if policy.window is None:
        return True
    local = NOW.astimezone(ZoneInfo(policy.window.zone)).time()
    start, end = policy.window.start, policy.window.end
    return start <= local < end if start < end else local >= start or local < end


def check_households(seed, count):
    random = Random(seed)
    works = {work.id: work for work in make_catalogue(random, 150)}
    answered = closed = empty = 0
    for _ in range(count):
        policies, wish = make_household(random)
        fitting = {work.id for work in works.values() if fits(work, policies, wish)}
        if not all(map(is_open, policies)):
            with pytest.raises(ViewingWindowClosedError):
                find_tonight(policies, None, wish, now=NOW)
            closed += 1
            continue
        answer = find_tonight(policies, None, wish, now=NOW)
        shown = [each for each in (answer.answer, *answer.backups) if each is not None]
        assert len(shown) == len({each.title.id for each in shown}) == min(3, len(fitting))
        for suggestion in shown:
            assert suggestion.title.id in fitting
            assert suggestion.offer.web_fallback.startswith("https://")
            offers = {(platform, type_) for platform, _, type_, stands in works[suggestion.title.id].offers if stands}
            assert (suggestion.offer.platform, suggestion.offer.type.value) in offers
            assert suggestion.offer.type.value != "rent"
        answered += bool(shown)
        empty += not shown
    return answered, closed, empty


def test_300_households_have_an_answer_where_there_is_one_and_no_constraint_is_broken():
    answered, closed, empty = check_households(1, 300)

    assert min(answered, closed, empty) > 10


@pytest.mark.slow
def test_10_000_households_have_an_answer_where_there_is_one_and_no_constraint_is_broken():
    answered, closed, empty = check_households(2, 10_000)

    assert min(answered, closed, empty) > 300


@pytest.mark.parametrize("rows", [3, 30])
def test_cost_does_not_grow_with_the_catalogue(django_assert_num_queries, rows):
    for _ in range(rows):
        OfferFactory.create(title=TitleFactory.create(runtime_minutes=90))

    with django_assert_num_queries(9):
        answer = find_tonight([Policy("US")], None, Wish(minutes=100, mood="funny"), now=NOW)

    assert answer.answer is not None
