"""One title over HTTP: its body, its offers, its parts, and who may see none of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from apps.content.models import Offer, Platform, Title
from apps.content.tests.factories import (
    CertificateFactory,
    CreditFactory,
    EpisodeFactory,
    ExternalIdFactory,
    ImageFactory,
    OfferFactory,
    PersonFactory,
    ScoreFactory,
    SeasonFactory,
    SeriesFactory,
    TitleAliasFactory,
    TitleFactory,
    TitleNameFactory,
)

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden"
DARK = UUID("044d9a60-c9d3-4157-913f-3a0c0541398d")


def golden(name):
    return json.loads((GOLDEN / name).read_text())


def build_dark():
    """A series with one of everything."""
    title = SeriesFactory.create(
        id=DARK,
        title="Dark",
        original_title="Dark",
        synopsis="A child vanishes in Winden.",
        release_year=2017,
        end_year=2020,
        runtime_minutes=53,
        original_language="de",
        languages=["de"],
        countries=["DE"],
        moods=["mysterious"],
        themes=["time travel"],
        status="ended",
        season_count=1,
        episode_count=2,
        popularity=0.75,
        rating=8.5,
        min_ages={"DE": 16, "US": 17},
        provenance={"title": {"source": "editorial", "record": "dark", "as_of": "2026-01-01", "rule": "rank"}},
        genres=["science_fiction", "drama"],
    )
    CertificateFactory.create(title=title, region="DE", system="FSK", rating="16", min_age=16)
    CertificateFactory.create(title=title, region="US", system="TVPG", rating="TV-MA", min_age=17)
    ExternalIdFactory.create(title=title, scheme="imdb", value="tt5753856")
    TitleNameFactory.create(title=title, language="ja", name="ダーク")
    ScoreFactory.create(title=title, source="metacritic", score=70, out_of=100, count=12)
    ImageFactory.create(title=title, url="https://images.example/dark.jpg", width_px=500, height_px=750)
    for position, (person_id, name) in enumerate(((1, "Baran bo Odar"), (2, "Louis Hofmann"))):
        person = PersonFactory.create(id=UUID(int=person_id), name=name)
        role = "actor" if position else "creator"
        CreditFactory.create(title=title, person=person, role=role, character="Jonas Kahnwald" if position else "")
    season = SeasonFactory.create(id=UUID(int=10), parent=title, number=1, episode_count=2)
    EpisodeFactory.create(id=UUID(int=11), parent=season, number=1, title="Geheimnisse", release_date="2017-12-01")
    EpisodeFactory.create(id=UUID(int=12), parent=season, number=2)
    OfferFactory.create(id=UUID(int=20), title=title, native_id="80100172", basis="platform original")
    OfferFactory.create(
        id=UUID(int=21),
        title=title,
        platform_id="apple_tv_plus",
        type="buy",
        quality="hd",
        price_minor=1999,
        currency="USD",
        audio_languages=["de", "en"],
        subtitle_languages=["en"],
        window_end=datetime(2126, 1, 1, tzinfo=UTC),
        confidence=0.5,
    )
    return title


def test_a_title_reads_as_documented(api):
    """The whole body, with every part that can be asked for."""
    build_dark()

    response = api.get(f"content/{DARK}", include="credits,images,seasons,availability")

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert body.pop("availability") == golden("availability.json")
    assert body == golden("title.json")


def test_availability_reads_as_documented(api):
    """Each offer with its price, windows, source and the links of every kind of device."""
    build_dark()

    assert api.get(f"content/{DARK}/availability").json() == golden("availability.json")


def test_parts_come_only_when_asked_for(api):
    """A plain detail holds none of the lists."""
    title = build_dark()

    assert not {"credits", "images", "seasons", "availability"} & api.get(f"content/{title.id}").json().keys()


@pytest.mark.parametrize("path", ["", "/availability", "/credits", "/seasons", "/seasons/1", "/seasons/1/episodes"])
def test_an_unknown_title_is_404(api, path):
    """Whatever is asked of it, as a problem that names what is missing."""
    response = api.get(f"content/{uuid4()}{path}")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "title_not_found"


@pytest.mark.parametrize(
    ("path", "pointer", "code"),
    [
        ("?include=similar", "/include/0", "invalid_choice"),
        ("?include=", "/include", "min_length"),
        ("?region=us", "/region", "invalid"),
        ("?region=USA", "/region", "invalid"),
        ("?region=US&region=DE", "/region", "repeated"),
        ("?expand=credits", "/expand", "unknown"),
        ("/availability?as_of=yesterday", "/as_of", "invalid"),
        ("/availability?as_of=2022-13-01", "/as_of", "invalid"),
        ("/availability?as_of=2022-07-01T00:00:00", "/as_of", "invalid"),
        ("/availability?as_of=0001-01-01T00:00:00%2B14:00", "/as_of", "invalid"),
        ("/credits?limit=0", "/limit", "min_value"),
        ("/credits?limit=101", "/limit", "max_value"),
        ("/credits?limit=ten", "/limit", "invalid"),
        ("/seasons?cursor=" + "x" * 1025, "/cursor", "max_length"),
        ("/seasons/1?include=credits", "/include", "unknown"),
    ],
)
def test_a_wrong_parameter_is_named(api, path, pointer, code):
    """Strict, with a pointer to the parameter."""
    title = build_dark()

    response = api.get(f"content/{title.id}{path}")

    assert response.status_code == 400
    errors = response.json()["errors"]
    assert pointer in {error["pointer"] for error in errors}
    assert code in {error["code"] for error in errors}
    assert {error["in"] for error in errors} == {"query"}


@pytest.mark.parametrize("path", ["", "/availability", "/credits", "/seasons", "/seasons/1", "/seasons/1/episodes"])
def test_a_merged_id_redirects_to_its_survivor(api, path):
    """308 keeps the method; path and query stay as they were asked."""
    alias = TitleAliasFactory.create(title=build_dark())

    response = api.get(f"content/{alias.id}{path}", region="DE")

    assert response.status_code == 308
    assert response["Location"] == f"/api/v1/content/{DARK}{path}?region=DE"
    assert response.content == b""
    assert "Content-Type" not in response


def test_certificate_is_the_regions_own_else_unknown(api):
    """The age falls back to the strictest known certificate; a certificate of elsewhere is not passed off as one."""
    build_dark()

    shown = {region: api.get(f"content/{DARK}", region=region).json() for region in ("US", "DE", "FR")}

    assert {region: (body["certificate"], body["min_age"]) for region, body in shown.items()} == {
        "US": ("TV-MA", 17),
        "DE": ("16", 16),
        "FR": (None, 17),
    }


def test_region_defaults_to_the_servers(api, settings):
    """Without `region` the server's own counts."""
    title = TitleFactory.create()
    OfferFactory.create(title=title, region="JP")

    settings.DEFAULT_REGION = "JP"

    body = api.get(f"content/{title.id}/availability").json()
    assert (body["region"], len(body["items"])) == ("JP", 1)
    assert api.get(f"content/{title.id}/availability", region="US").json()["items"] == []


def test_an_episode_has_what_its_series_has(api):
    """Genres, certificate, credits and offers of the series, and its place in it; no title when it has none."""
    build_dark()

    body = api.get(f"content/{UUID(int=12)}", include="credits,availability").json()

    assert (body["kind"], body["title"]) == ("episode", None)
    assert body["part_of"] == {
        "series_id": str(DARK),
        "series_title": "Dark",
        "season_number": 1,
        "episode_number": 2,
    }
    assert (body["genres"], body["certificate"]) == (["science_fiction", "drama"], "TV-MA")
    assert [credit["name"] for credit in body["credits"]] == ["Baran bo Odar", "Louis Hofmann"]
    assert {offer["content_id"] for offer in body["availability"]["items"]} == {str(DARK)}


def test_season_and_episodes_read_by_number(api):
    """An episode known by its number alone has that and no more."""
    build_dark()

    assert api.get(f"content/{DARK}/seasons/1").json() == {
        "id": str(UUID(int=10)),
        "series_id": str(DARK),
        "number": 1,
        "title": None,
        "synopsis": None,
        "release_year": None,
        "episode_count": 2,
    }
    episodes = api.get(f"content/{DARK}/seasons/1/episodes").json()["items"]
    assert [(each["number"], each["title"], each["release_date"]) for each in episodes] == [
        (1, "Geheimnisse", "2017-12-01"),
        (2, None, None),
    ]


@pytest.mark.parametrize("path", ["/seasons/2", "/seasons/2/episodes"])
def test_an_unknown_season_is_404(api, path):
    """A series without that season."""
    assert api.get(f"content/{build_dark().id}{path}").status_code == 404


def test_a_film_has_no_seasons(api):
    """An empty list, and no season of any number."""
    film = TitleFactory.create()

    assert api.get(f"content/{film.id}/seasons").json()["items"] == []
    assert api.get(f"content/{film.id}/seasons/1").status_code == 404


def test_offers_come_best_first(api):
    """What costs least comes first; among equals the lower price."""
    title = TitleFactory.create()
    for platform, type_, price in (
        ("apple_tv_plus", "buy", 999),
        ("prime_video", "rent", 399),
        ("youtube", "rent", 299),
        ("tubi", "ads", None),
        ("netflix", "subscription", None),
    ):
        OfferFactory.create(
            title=title, platform_id=platform, type=type_, price_minor=price, currency="USD" if price else ""
        )

    items = api.get(f"content/{title.id}/availability").json()["items"]

    assert [item["platform"] for item in items] == ["netflix", "tubi", "youtube", "prime_video", "apple_tv_plus"]
    assert api.get(f"content/{title.id}").json()["best_offer"] == {
        "platform": "netflix",
        "platform_name": "Netflix",
        "type": "subscription",
        "price": None,
    }


def test_only_offers_that_hold_now_are_listed(api):
    """Not those of another region, past, to come, or no longer believed in."""
    title, now, day = TitleFactory.create(), timezone.now(), timedelta(days=1)
    OfferFactory.create(title=title, platform_id="hulu", window_start=now - day, window_end=now + day)
    OfferFactory.create(title=title, platform_id="max", region="GB")
    OfferFactory.create(title=title, platform_id="peacock", window_start=now - 2 * day, window_end=now - day)
    OfferFactory.create(title=title, platform_id="tubi", window_start=now + day)
    OfferFactory.create(title=title, platform_id="netflix", superseded_at=now - day)

    items = api.get(f"content/{title.id}/availability").json()["items"]

    assert [item["platform"] for item in items] == ["hulu"]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2022-06-30", []),
        ("2022-07-01", ["first"]),
        ("2022-07-01T01:59:59+02:00", []),
        ("2022-12-31T23:59:59Z", ["first"]),
        ("2023-01-01", ["second"]),
        ("2023-06-01T00:00:00z", []),
        ("2026-01-01", ["third"]),
    ],
)
def test_as_of_answers_with_what_was_known_then(api, as_of, expected):
    """Each moment has one version; a gap has none; an offer's own window does not matter."""
    title = TitleFactory.create()
    times = [datetime(2022, 7, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC), datetime(2023, 6, 1, tzinfo=UTC)]
    versions = (
        ("first", times[0], times[1]),
        ("second", times[1], times[2]),
        ("third", times[2].replace(year=2024), None),
    )
    for basis, known_from, superseded_at in versions:
        OfferFactory.create(
            title=title,
            basis=basis,
            known_from=known_from,
            superseded_at=superseded_at,
            window_end=times[0].replace(year=2010),
        )

    body = api.get(f"content/{title.id}/availability", as_of=as_of).json()

    assert [item["basis"] for item in body["items"]] == expected
    assert all(item["valid_until"] == "2010-07-01T00:00:00Z" for item in body["items"])
    assert api.get(f"content/{title.id}/availability").json()["items"] == []


def test_offers_of_a_platform_without_templates_have_no_links(api):
    """They are shown all the same: the platform may have been added before its templates."""
    Platform.objects.create(slug="new_platform", name="New", homepage="https://new.example/")
    title = TitleFactory.create()
    OfferFactory.create(title=title, platform_id="new_platform", native_id="1")

    (item,) = api.get(f"content/{title.id}/availability").json()["items"]

    assert (item["link_kind"], item["links"]) == (None, {})


def test_an_unchanged_title_is_304(api):
    """A strong ETag that is the same for the same bytes; HEAD has it too."""
    title = build_dark()
    first = api.get(f"content/{title.id}")

    second = api.get(f"content/{title.id}", headers={"If-None-Match": first["ETag"]})

    assert not first["ETag"].startswith("W/")
    assert (second.status_code, second.content) == (304, b"")
    assert second["ETag"] == first["ETag"] == api.head(f"content/{title.id}")["ETag"]
    assert first["Cache-Control"] == "public, max-age=60"


def test_a_new_version_is_seen_at_once(api):
    """Bodies are kept by version, so the version is what makes a change visible."""
    title = build_dark()
    before = api.get(f"content/{title.id}")

    Title.objects.filter(pk=title.pk).update(synopsis="Another.", version=2)

    after = api.get(f"content/{title.id}")
    assert after.json()["synopsis"] == "Another."
    assert after["ETag"] != before["ETag"]


def test_a_change_of_the_series_is_seen_in_its_episodes(api):
    """An episode shows its series' offers, so the series' version counts for it too."""
    title = build_dark()
    path = f"content/{UUID(int=12)}/availability"
    assert len(api.get(path).json()["items"]) == 2

    Offer.objects.filter(title=title).delete()
    Title.objects.filter(pk=title.pk).update(version=2)

    assert api.get(path).json()["items"] == []
