"""Every named constraint holds, by the same name on SQLite and on PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.db.models import CheckConstraint

from apps.content.contracts import Kind, OfferType
from apps.content.tests.factories import (
    BORN_AT,
    CertificateFactory,
    CreditFactory,
    EpisodeFactory,
    ExternalIdFactory,
    ImageFactory,
    OfferClaimFactory,
    OfferFactory,
    OfferSnapshotFactory,
    PersonFactory,
    ScoreFactory,
    SeasonFactory,
    SeriesFactory,
    TitleFactory,
    TitleGenreFactory,
    TitleNameFactory,
)

pytestmark = pytest.mark.django_db

_CONSTRAINTS = {
    constraint.name: constraint
    for model in apps.get_app_config("content").get_models()
    for constraint in model._meta.constraints
}

_CHECKS: list[tuple[str, Any, dict[str, object]]] = [
    ("title_kind_known", TitleFactory, {"kind": "film"}),
    ("title_named_unless_part", TitleFactory, {"title": None}),
    ("title_named_unless_part", TitleFactory, {"title": ""}),
    ("title_part_has_parent_and_number", SeasonFactory, {"parent": None}),
    ("title_part_has_parent_and_number", EpisodeFactory, {"number": None}),
    ("title_part_has_parent_and_number", TitleFactory, {"number": 1}),
    ("title_year_sane", TitleFactory, {"release_year": 1869}),
    ("title_year_sane", TitleFactory, {"release_year": 2101}),
    ("title_runtime_positive", TitleFactory, {"runtime_minutes": 0}),
    ("title_runtime_positive", TitleFactory, {"runtime_minutes": 1441}),
    ("title_popularity_ratio", TitleFactory, {"popularity": 1.01}),
    ("title_rating_of_ten", TitleFactory, {"rating": 10.1}),
    ("credit_role_known", CreditFactory, {"role": "gaffer"}),
    ("certificate_age_sane", CertificateFactory, {"min_age": 22}),
    ("certificate_region_shaped", CertificateFactory, {"region": "us"}),
    ("certificate_region_shaped", CertificateFactory, {"region": "U"}),
    ("score_within_scale", ScoreFactory, {"score": 101.0}),
    ("score_within_scale", ScoreFactory, {"score": 0.0, "out_of": 0.0}),
    ("offer_type_known", OfferFactory, {"type": "theft"}),
    ("offer_quality_known", OfferFactory, {"quality": "8k"}),
    ("offer_window_forward", OfferFactory, {"window_start": BORN_AT, "window_end": BORN_AT}),
    ("offer_known_forward", OfferFactory, {"superseded_at": BORN_AT}),
    ("offer_price_where_paid", OfferFactory, {"type": OfferType.RENT}),
    ("offer_price_where_paid", OfferFactory, {"type": OfferType.RENT, "price_minor": 399}),
    ("offer_price_where_paid", OfferFactory, {"price_minor": 0, "currency": "USD"}),
    ("offer_region_shaped", OfferFactory, {"region": "u1"}),
    ("offer_confidence_ratio", OfferFactory, {"confidence": -0.1}),
    ("offer_claim_forward", OfferClaimFactory, {"known_to": BORN_AT}),
    ("offer_claim_region_shaped", OfferClaimFactory, {"region": "gb"}),
    ("offer_snapshot_region_shaped", OfferSnapshotFactory, {"region": "gb"}),
]
#: Rows that may exist once: what two of them share.
_UNIQUES: list[tuple[str, Any, tuple[str, ...], dict[str, object]]] = [
    ("title_part_number_unique", SeasonFactory, ("parent",), {"number": 1}),
    ("title_name_unique", TitleNameFactory, ("title",), {"name": "Metropolis"}),
    ("title_genre_unique", TitleGenreFactory, ("title",), {}),
    ("external_id_unique", ExternalIdFactory, (), {"value": "tt0017136"}),
    ("credit_unique", CreditFactory, ("title", "person"), {}),
    ("certificate_unique", CertificateFactory, ("title",), {}),
    ("score_unique", ScoreFactory, ("title",), {}),
    ("image_unique", ImageFactory, ("title",), {"url": "https://images.example/1.jpg"}),
    ("offer_one_current", OfferFactory, ("title",), {}),
    ("offer_version_unique", OfferFactory, ("title",), {"superseded_at": BORN_AT + timedelta(days=1)}),
    ("offer_claim_one_open", OfferClaimFactory, ("title",), {"terms_hash": "0"}),
    ("offer_claim_unique", OfferClaimFactory, ("title",), {"terms_hash": "0", "known_to": BORN_AT + timedelta(days=1)}),
    ("offer_snapshot_unique", OfferSnapshotFactory, (), {}),
]
#: Columns in which the second row differs, so that no other key is broken with it.
_OTHERWISE: dict[str, dict[str, object]] = {
    "offer_one_current": {"known_from": BORN_AT + timedelta(days=2)},
    "offer_claim_one_open": {"known_from": BORN_AT + timedelta(days=2)},
}
_SHARED: dict[str, Any] = {"parent": SeriesFactory, "title": TitleFactory, "person": PersonFactory}


@pytest.mark.parametrize(("name", "factory", "fields"), _CHECKS)
def test_a_row_outside_its_check_is_refused(name, factory, fields):
    """The database itself says no, and names the rule."""
    with pytest.raises(IntegrityError, match=f'"?{name}"?'):
        factory.create(**fields)


@pytest.mark.parametrize(("name", "factory", "shared", "fields"), _UNIQUES)
def test_a_second_row_of_one_kind_is_refused(name, factory, shared, fields):
    """SQLite names the columns of a broken key, PostgreSQL the key."""
    fields = {**fields, **{column: _SHARED[column].create() for column in shared}}
    factory.create(**fields)

    rule = "UNIQUE constraint failed" if connection.vendor == "sqlite" else name
    with pytest.raises(IntegrityError, match=rule):
        factory.create(**{**fields, **_OTHERWISE.get(name, {})})


def test_every_constraint_is_breached_here():
    """A constraint without a breach is not known to hold."""
    checks = {name for name, constraint in _CONSTRAINTS.items() if isinstance(constraint, CheckConstraint)}

    assert {name for name, *_ in _CHECKS} == checks
    assert {name for name, *_ in _UNIQUES} == _CONSTRAINTS.keys() - checks


@pytest.mark.parametrize("kind", [Kind.SEASON, Kind.EPISODE])
def test_parts_may_be_known_by_number_alone(kind):
    """An unknown name is null, not empty."""
    factory = SeasonFactory if kind is Kind.SEASON else EpisodeFactory

    assert factory.create(number=1).title is None


def test_an_offer_may_come_back_with_the_same_window():
    """Only current offers exclude one another."""
    gone = OfferFactory.create(superseded_at=BORN_AT + timedelta(days=1))

    assert OfferFactory.create(title=gone.title, first_seen=BORN_AT + timedelta(days=2)).superseded_at is None
