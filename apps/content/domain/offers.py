"""
Offers, derived from claims: the fold of what several sources say at one moment, and its history.

An offer is named by (title, platform, region, type, quality, window start). It stands while any source claims it; its
details come from the source with the lowest rank that states them.
"""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from apps.content.domain.timeline import Interval
from apps.content.domain.vocabulary import OfferType, Quality
from apps.content.errors import InvalidDraftError

#: Start of a window that nobody stated. A real value, because NULLs are never equal in a unique index.
OPEN_WINDOW_START: Final = datetime(1970, 1, 1, tzinfo=UTC)

_PAID: Final = (OfferType.RENT, OfferType.BUY)


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What a source says of one offer besides whose it is; prices in minor units of `currency`."""

    type: OfferType
    quality: Quality = Quality.UNKNOWN
    window_start: datetime | None = None
    window_end: datetime | None = None
    price_minor: int | None = None
    currency: str = ""
    audio_languages: tuple[str, ...] = ()
    subtitle_languages: tuple[str, ...] = ()
    native_id: str = ""
    basis: str = ""
    confidence: float = 1.0


class OfferName(NamedTuple):
    """What tells the offers of one title on one platform in one region apart."""

    type: str
    quality: str
    window_start: datetime


@dataclass(frozen=True, slots=True)
class OfferDetails:
    """What an offer says of itself; `source` and `basis` are those of the leading claim."""

    source: str
    basis: str
    window_end: datetime | None
    price_minor: int | None
    currency: str
    audio_languages: tuple[str, ...]
    subtitle_languages: tuple[str, ...]
    native_id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's terms and when the source stood by them; lower `rank` wins, `digest` breaks ties."""

    source: str
    rank: int
    digest: str
    terms: OfferTerms
    intervals: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class OfferVersion:
    """
    An offer as it was believed over one span of known time.

    Attributes:
        known: The span; an open end is the current version.
        details: What was believed.
        first_seen: Start of the unbroken run of versions that this one belongs to.
        last_verified: Newest snapshot, before the end of the span, that says so.
    """

    known: Interval
    details: OfferDetails
    first_seen: datetime
    last_verified: datetime


def check_terms(terms: OfferTerms) -> None:
    """
    Refuse terms that the table of offers could not hold.

    Raises:
        InvalidDraftError: A price where nothing is paid or none where something is, a window that ends before it
            starts, or a confidence outside 0..1.
    """
    if (terms.type in _PAID) != (terms.price_minor is not None) or (terms.price_minor is None) != (not terms.currency):
        raise InvalidDraftError("Rent and buy offers have a price with its currency, all others have none.")
    if terms.window_end is not None and terms.window_end <= name_offer(terms).window_start:
        raise InvalidDraftError("An offer's window ends after it starts.")
    if not 0.0 <= terms.confidence <= 1.0:
        raise InvalidDraftError("An offer's confidence lies between 0 and 1.")


def name_offer(terms: OfferTerms) -> OfferName:
    """Return the part of the terms that names the offer."""
    start = terms.window_start or OPEN_WINDOW_START
    return OfferName(terms.type.value, terms.quality.value, start.astimezone(UTC))


def digest_terms(terms: OfferTerms) -> str:
    """Compute the SHA-256 of the terms: equal for equal terms, stable over processes and releases."""
    name = name_offer(terms)
    text = json.dumps([name.type, name.quality, name.window_start.isoformat(), dump_details(terms)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def dump_details(terms: OfferTerms) -> dict[str, object]:
    """Turn the terms besides the offer's name into JSON values; what was not stated is left out."""
    stated = {
        "window_end": terms.window_end.astimezone(UTC).isoformat() if terms.window_end else None,
        "price_minor": terms.price_minor,
        "currency": terms.currency,
        "audio_languages": list(terms.audio_languages),
        "subtitle_languages": list(terms.subtitle_languages),
        "native_id": terms.native_id,
        "basis": terms.basis,
        "confidence": float(terms.confidence),
    }
    return {field: value for field, value in stated.items() if value not in (None, "", [])}


def load_terms(name: OfferName, details: Mapping[str, object]) -> OfferTerms:
    """Turn what `name_offer` and `dump_details` made back into terms."""
    stated: dict[str, Any] = dict(details)
    if "window_end" in stated:
        stated["window_end"] = datetime.fromisoformat(stated["window_end"])
    for field in ("audio_languages", "subtitle_languages"):
        stated[field] = tuple(stated.get(field, ()))
    start = None if name.window_start == OPEN_WINDOW_START else name.window_start
    return OfferTerms(type=OfferType(name.type), quality=Quality(name.quality), window_start=start, **stated)


def fold_claims(claims: Iterable[Claim]) -> OfferDetails:
    """
    Fold the claims of one offer that stand at one moment; their order does not matter.

    Each detail comes from the first claim, by rank, that states it, so silence never hides what another source knows.
    Price and currency go together; the confidence is the highest, because sources that agree do not weaken each other.

    Args:
        claims: At least one.
    """
    ordered = sorted(claims, key=lambda claim: (claim.rank, claim.source, claim.digest))
    lead, terms = ordered[0], [claim.terms for claim in ordered]
    priced = next((t for t in terms if t.price_minor is not None), lead.terms)
    return OfferDetails(
        source=lead.source,
        basis=lead.terms.basis,
        window_end=next((t.window_end for t in terms if t.window_end is not None), None),
        price_minor=priced.price_minor,
        currency=priced.currency,
        audio_languages=next((t.audio_languages for t in terms if t.audio_languages), ()),
        subtitle_languages=next((t.subtitle_languages for t in terms if t.subtitle_languages), ()),
        native_id=next((t.native_id for t in terms if t.native_id), ""),
        confidence=max(t.confidence for t in terms),
    )


def compute_versions(claims: Sequence[Claim], *, snapshots: Mapping[str, Sequence[datetime]]) -> list[OfferVersion]:
    """
    Compute the whole history of one offer.

    Args:
        claims: Every claim of the offer by any source, with at least one interval each; order does not matter.
        snapshots: Source -> times of its snapshots of the platform and region, ascending.

    Returns:
        Versions in time order; neighbours differ in their details or have a gap between them.
    """
    edges = sorted({edge for claim in claims for span in claim.intervals for edge in (span.start, span.end) if edge})
    versions: list[OfferVersion] = []
    for start, end in zip(edges, [*edges, None][1:], strict=True):
        standing = [claim for claim in claims if any(span.covers(start) for span in claim.intervals)]
        if not standing:
            continue
        details = fold_claims(standing)
        last = versions[-1] if versions and versions[-1].known.end == start else None
        first_seen = last.first_seen if last else start
        known = Interval(start, end)
        if last and last.details == details:
            versions.pop()
            known = Interval(last.known.start, end)
        verified = _last_verified(known, claims, snapshots)
        versions.append(OfferVersion(known, details, first_seen=first_seen, last_verified=verified))
    return versions


def _last_verified(known: Interval, claims: Iterable[Claim], snapshots: Mapping[str, Sequence[datetime]]) -> datetime:
    """Find the newest snapshot, before the span's end, of a source whose claim stood during the span."""
    moments = []
    for claim in claims:
        for span in claim.intervals:
            if span.overlaps(known):
                ends = [end for end in (span.end, known.end) if end is not None]
                times = snapshots[claim.source]
                moments.append(times[(bisect_left(times, min(ends)) if ends else len(times)) - 1])
    return max(moments)
