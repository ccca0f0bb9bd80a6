"""
A catalogue at random, and an oracle that reads its rows: what may be shown, what fulfils filters, what facets count.

Plain Python over what the tables hold, one title after the other; nothing of the index, its columns or its masks.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from apps.content.tests.factories import OfferFactory, TitleFactory, TitleGenreFactory
from apps.search.services import documents

WORDS = ("lighthouse", "harbour", "orchard")
KINDS = ("movie", "series", "short", "special")
GENRES = ("horror", "comedy", "animation", "documentary", "thriller", "musical", "western", "drama")
PLATFORMS = ("netflix", "hulu", "tubi", "crunchyroll")
REGIONS = ("US", "GB")
LANGUAGES = ("en", "fr", "ja", "ko")
COUNTRIES = ("US", "FR", "JP", "KR", "IT")
OFFER_TYPES = ("subscription", "free", "ads", "rent", "buy")
_BUCKETS = (("8-10", 8.0), ("7-8", 7.0), ("5-7", 5.0), ("0-5", 0.0))


@dataclass(frozen=True, slots=True)
class Row:
    """What the tables hold of one title."""

    title: dict[str, Any]
    genres: frozenset[str]
    offers: tuple[dict[str, Any], ...]

    @property
    def words(self):
        """Words of the name and of the synopsis."""
        return set(f"{self.title['title']} {self.title['synopsis']}".lower().split())

    @property
    def languages(self):
        """The original language and the others."""
        return {self.title["original_language"], *self.title["languages"]} - {""}


def fill_catalogue(random, count, now):
    """Make titles in which every facet varies, some of them unknown; all are called Star."""
    ids = []
    for number in range(count):
        title = TitleFactory.create(
            title=f"Star {number}",
            synopsis=" ".join(random.sample(WORDS, random.randrange(3))),
            kind=random.choice(KINDS),
            release_year=random.choice([None, *range(1965, 2025)]),
            runtime_minutes=random.choice([None, *range(20, 200, 5)]),
            original_language=random.choice(["", *LANGUAGES]),
            languages=random.sample(LANGUAGES, random.randrange(3)),
            countries=random.sample(COUNTRIES, random.randrange(3)),
            genres=random.sample(GENRES, random.randrange(4)),
            rating=random.choice([None, *(step / 2 for step in range(21))]),
            popularity=random.random(),
            min_ages={
                region: random.choice([None, 0, 6, 7, 10, 13, 18]) for region in REGIONS if random.random() < 0.7
            },
        )
        ids.append(title.id)
        shelves = [(p, r, t) for p in PLATFORMS for r in REGIONS for t in OFFER_TYPES]
        for platform, region, kind in random.sample(shelves, random.randrange(5)):
            is_paid = kind in ("rent", "buy")
            begins, ends = random.choice([(-900, None), (-900, -2), (-900, 20), (3, None), (-900, 200)])
            OfferFactory.create(
                title=title,
                platform_id=platform,
                region=region,
                type=kind,
                price_minor=random.choice([199, 399, 999]) if is_paid else None,
                currency=random.choice(["USD", "GBP"]) if is_paid else "",
                window_start=now + timedelta(days=begins),
                **({} if ends is None else {"window_end": now + timedelta(days=ends)}),
            )
    documents.index_titles(ids)
    return ids


def read_rows():
    """Read the tables back: title id, as text -> its row."""
    genres: dict[UUID, set[str]] = {}
    offers: dict[UUID, list[dict[str, Any]]] = {}
    for link in TitleGenreFactory._meta.model.objects.values("title_id", "genre_id"):
        genres.setdefault(link["title_id"], set()).add(link["genre_id"])
    for offer in OfferFactory._meta.model.objects.filter(superseded_at__isnull=True).values():
        offers.setdefault(offer["title_id"], []).append(offer)
    return {
        str(title["id"]): Row(title, frozenset(genres.get(title["id"], ())), tuple(offers.get(title["id"], ())))
        for title in TitleFactory._meta.model.objects.values()
    }


def is_permitted(row, policy):
    """Say whether the policy shows a title at all."""
    return policy.permits(min_ages=row.title["min_ages"], genres=row.genres)


def standing(row, region, now: datetime):
    """The offers of a region that are open now."""
    return [
        offer
        for offer in row.offers
        if offer["region"] == region
        and offer["window_start"] <= now
        and (offer["window_end"] is None or now < offer["window_end"])
    ]


def fulfils(row, asked, policy, now):
    """Say whether a title fulfils filters, by their names in requests, each by its own rule."""
    return all(_RULES[name](row, value, asked, policy, now) for name, value in asked.items() if name != "currency")


def count_facets(rows, region, now):
    """Count titles by every facet, those that nobody has left out."""
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("genre", "platform", "decade", "kind", "rating", "offer_type", "language")
    }
    for row in rows:
        offers, year, rating = standing(row, region, now), row.title["release_year"], row.title["rating"]
        counts["genre"].update(row.genres)
        counts["platform"].update({offer["platform_id"] for offer in offers})
        counts["offer_type"].update({offer["type"] for offer in offers})
        counts["language"].update(row.languages)
        counts["kind"][row.title["kind"]] += 1
        if year is not None:
            counts["decade"][f"{year - year % 10}s"] += 1
        if rating is not None:
            counts["rating"][next(name for name, least in _BUCKETS if rating >= least)] += 1
    return {name: dict(count) for name, count in counts.items()}


def _between(name, *, low=None, high=None):
    def rule(row, value, *_):
        known = row.title[name]
        return known is not None and (known >= value if low else known <= value)

    return rule


def _has_offer(row, asked, policy, now):
    """One and the same offer fits everything that is asked of offers."""

    def fits(offer):
        return (
            ("platforms" not in asked or offer["platform_id"] in asked["platforms"])
            and ("offer_types" not in asked or offer["type"] in asked["offer_types"])
            and (not asked.get("my_services") or offer["platform_id"] in policy.services)
            and (
                "max_price" not in asked
                or offer["price_minor"] is None
                or (offer["price_minor"] <= asked["max_price"] and offer["currency"] == asked["currency"])
            )
        )

    return any(map(fits, standing(row, policy.region, now)))


def _min_age(row, policy):
    """The minimum age where the viewer is, else the strictest that is known anywhere; None when nothing is."""
    ages = row.title["min_ages"]
    if policy.region in ages:
        return ages[policy.region]
    return max((age for age in ages.values() if age is not None), default=None)


def _suits(row, value, _asked, policy, _now):
    age = _min_age(row, policy)
    return age is not None and age <= value


def _on_offer(row, _value, asked, policy, now):
    return _has_offer(row, asked, policy, now)


_RULES = {
    "kind": lambda row, value, *_: row.title["kind"] in value,
    "genres": lambda row, value, *_: bool(row.genres & set(value)),
    "exclude_genres": lambda row, value, *_: not row.genres & set(value),
    "languages": lambda row, value, *_: bool(row.languages & set(value)),
    "exclude_languages": lambda row, value, *_: not row.languages & set(value),
    "countries": lambda row, value, *_: bool(set(row.title["countries"]) & set(value)),
    "exclude_countries": lambda row, value, *_: not set(row.title["countries"]) & set(value),
    "year_from": _between("release_year", low=True),
    "year_to": _between("release_year", high=True),
    "runtime_min": _between("runtime_minutes", low=True),
    "runtime_max": _between("runtime_minutes", high=True),
    "rating_min": _between("rating", low=True),
    "rating_max": _between("rating", high=True),
    "max_maturity": _suits,
    "platforms": _on_offer,
    "offer_types": _on_offer,
    "my_services": _on_offer,
    "max_price": _on_offer,
    "exclude_platforms": lambda row, value, _asked, policy, now: (
        not any(offer["platform_id"] in value for offer in standing(row, policy.region, now))
    ),
}
