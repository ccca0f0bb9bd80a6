"""Cached bodies live as long as they are true."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from apps.content.contracts import Kind, TitleId
from apps.content.http.bodies import body_key
from apps.content.queries.handles import TitleHandle
from mediagateway.http.bodies import cached_body
from mediagateway.policy import Policy

HANDLE = TitleHandle(id=TitleId(UUID(int=1)), kind=Kind.MOVIE, series_id=TitleId(UUID(int=1)), version="1")


@pytest.mark.parametrize(("changes_in_s", "builds"), [(None, 1), (3600, 1), (30, 1), (1.5, 2), (0.1, 2)], ids=str)
def test_a_body_is_kept_until_the_clock_changes_it(changes_in_s, builds):
    """One that is about to change is not kept at all."""
    now, built = timezone.now(), []

    def build():
        built.append("×")
        return {"n": "ü"}, None if changes_in_s is None else now + timedelta(seconds=changes_in_s)

    bodies = {cached_body("key", build, now=now) for _ in range(2)}

    assert bodies == {'{"n":"ü"}'.encode()}
    assert len(built) == builds


def test_whatever_shapes_a_body_is_in_its_key():
    """Version, region, services and parts; the order of services is not."""
    us = Policy(region="US")
    keys = {
        body_key("title", HANDLE, us),
        body_key("availability", HANDLE, us),
        body_key("title", HANDLE, us, "credits"),
        body_key("title", HANDLE, Policy(region="DE")),
        body_key("title", HANDLE, Policy(region="US", services=frozenset({"netflix"}))),
        body_key("title", TitleHandle(HANDLE.id, HANDLE.kind, HANDLE.series_id, "2"), us),
    }

    assert len(keys) == 6
    assert body_key("title", HANDLE, Policy(region="US", services=frozenset({"a", "b"}))) == body_key(
        "title", HANDLE, Policy(region="US", services=frozenset({"b", "a"}))
    )
