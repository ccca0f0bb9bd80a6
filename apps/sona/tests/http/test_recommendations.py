"""`/sona/recommendations` and `/sona/feedback`: policy, dismissals, and feedback that counts at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.content.tests.factories import CertificateFactory, CreditFactory
from apps.sona.models import Feedback
from apps.sona.services.changes import follow_titles
from apps.sona.tests.factories import make_offer, make_titles


def recommend(api, **body):
    response = api.post("sona/recommendations", body)
    assert response.status_code == 200, response.content
    return response.json()


def ids_of(answer):
    return [item["title"]["id"] for item in answer["items"]]


@pytest.fixture
def films(db):
    """Six war films and six romances; the first of each genre are the most popular."""
    return make_titles(*[("war",), ("romance",)] * 6)


def test_without_anything_known_what_is_popular_is_recommended(api, films):
    """On day one there is no model, no signal, and still an answer."""
    answer = recommend(api, limit=5)

    assert len(answer["items"]) == 5
    assert answer["model_version"] == "untrained"
    assert answer["is_personal"] is False


def test_feedback_counts_in_the_very_next_answer(api, films):
    """A war film that was watched brings the other war films to the top, and is itself gone."""
    war = [str(film.id) for film in films[::2]]

    api.post("sona/feedback", {"type": "watched", "content_id": war[0]})
    answer = recommend(api, limit=5, diversity=0)

    assert set(ids_of(answer)) == set(war[1:])
    assert answer["is_personal"] is True


def test_a_rating_by_feedback_is_the_rating_of_the_person(api, films):
    """It is the same row as /user/ratings has, and counts at once."""
    film = str(films[0].id)

    response = api.post("sona/feedback", {"type": "rated", "content_id": film, "score": 9})

    assert response.status_code == 201
    assert api.get(f"user/ratings/{film}").json()["score"] == 9
    assert film not in ids_of(recommend(api))


def test_a_bad_rating_speaks_for_nothing(api, films):
    """A two for a war film does not bring more of them."""
    war = [str(film.id) for film in films[::2]]
    api.post("sona/feedback", {"type": "rated", "content_id": war[0], "score": 2})

    assert recommend(api)["is_personal"] is False


def test_an_addition_by_feedback_is_on_the_watchlist(api, films):
    """And what is on the watchlist is not recommended."""
    film = str(films[0].id)

    assert api.post("sona/feedback", {"type": "added", "content_id": film}).status_code == 201

    assert film not in ids_of(recommend(api))
    assert film in ids_of(recommend(api, exclude_watched=False))


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"content_id": 0}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}),
        ({"scope": "genre", "genre": "war"}, {1, 3, 5, 7, 9, 11}),
    ],
    ids=["title", "genre"],
)
def test_what_is_dismissed_is_gone_until_it_is_taken_back(scope, expected, api, films):
    """The next answer lacks it; taken back, it may return."""
    named = {key: str(films[value].id) if value == 0 else value for key, value in scope.items()}

    api.post("sona/feedback", {"type": "dismissed", **named})
    left = ids_of(recommend(api, limit=50))
    api.post("sona/feedback", {"type": "undismissed", **named})
    back = ids_of(recommend(api, limit=50))

    assert set(left) == {str(films[place].id) for place in expected}
    assert len(back) == 12


def test_a_dismissal_ends_when_it_was_said_to(api, account, films):
    """For a day: a day later the film may come back."""
    film = str(films[0].id)
    api.post("sona/feedback", {"type": "dismissed", "content_id": film, "days": 1})
    assert film not in ids_of(recommend(api, limit=50))

    past = timezone.now() - timedelta(days=2)
    Feedback.objects.update(at=past, until=past + timedelta(days=1))

    assert film in ids_of(recommend(api, limit=50))


def test_a_person_is_dismissed_with_all_their_films(api, films):
    """Everything they made is gone; somebody who is in nothing cannot be dismissed."""
    credit = CreditFactory.create(title=films[3], role="actor")
    follow_titles([films[3].id])
    body = {"type": "dismissed", "scope": "person"}

    known = api.post("sona/feedback", {**body, "person_id": str(credit.person_id)})
    unknown = api.post("sona/feedback", {**body, "person_id": str(films[0].id)})

    assert (known.status_code, unknown.status_code) == (201, 404)
    assert str(films[3].id) not in ids_of(recommend(api, limit=50))


def test_a_childs_limits_hold_inside(api, child_api, account, films):
    """Unrated, too old and blocked titles are not recommended to a child; the owner sees them."""
    for film, age in ((films[0], 7), (films[1], 18), (films[2], 7)):
        CertificateFactory.create(title=film, region="US", rating="X", min_age=age)
        film.min_ages = {"US": age}
        film.save()
    follow_titles([film.id for film in films])
    controls = {"pin": "0042", "max_age": 12, "blocked_genres": []}
    assert api.put("user/parental-controls", controls).status_code == 200

    assert set(ids_of(recommend(child_api, limit=50))) == {str(films[0].id), str(films[2].id)}
    api.put("user/parental-controls", controls | {"blocked_genres": ["war"]})
    assert ids_of(recommend(child_api, limit=50)) == []
    assert len(ids_of(recommend(api, limit=50))) == 12


def test_my_services_and_available_keep_to_open_offers(api, account, films):
    """The household pays for Netflix; another film is on Hulu, a third only in Germany."""
    make_offer(films[0], platform_id="netflix", region="US", type="subscription")
    make_offer(films[1], platform_id="hulu", region="US", type="subscription")
    make_offer(films[2], platform_id="netflix", region="DE", type="subscription")
    api.put("user/subscriptions", {"platforms": ["netflix"]})

    mine, anywhere = (ids_of(recommend(api, **{wish: True})) for wish in ("my_services", "available"))
    german = ids_of(recommend(api, available=True, region="DE"))

    assert mine == [str(films[0].id)]
    assert set(anywhere) == {str(films[0].id), str(films[1].id)}
    assert german == [str(films[2].id)]


def test_excluded_genres_stay_out_and_favourites_come_first(api, account, films):
    """What the person wished under preferences holds here."""
    api.patch("user/preferences", {"favorite_genres": ["romance"]})
    first = recommend(api, limit=3, diversity=0)

    assert set(ids_of(first)) <= {str(film.id) for film in films[1::2]}
    assert first["items"][0]["reasons"][0]["code"] == "favourite_genre"

    api.patch("user/preferences", {"excluded_genres": ["war"]})
    assert len(ids_of(recommend(api, limit=50))) == 6


def test_the_moment_counts(api, films):
    """A mood lifts its genres, and only what fits into the time there is comes."""
    films[1].runtime_minutes, films[3].runtime_minutes = 80, 150
    films[1].save()
    films[3].save()
    follow_titles([film.id for film in films])

    romantic = recommend(api, context={"mood": "romantic"}, limit=4, diversity=0)
    short = recommend(api, context={"minutes": 90})

    assert set(ids_of(romantic)) <= {str(film.id) for film in films[1::2]}
    assert romantic["items"][0]["reasons"][0] == {
        "code": "fits_the_moment",
        "text": "Fits your mood: romantic",
        "content_id": None,
    }
    assert ids_of(short) == [str(films[1].id)]


def test_the_part_of_the_day_is_read_from_the_persons_clock(api, account, films):
    """Or it is what the caller says."""
    assert recommend(api, context={"time_of_day": "night"})["day_part"] == "night"
    assert recommend(api)["day_part"] in {"morning", "afternoon", "evening", "night"}


def test_get_asks_as_post_does(api, films):
    """What a link can hold."""
    answer = api.get("sona/recommendations?limit=3&mood=romantic&exclude_watched=false&kind=movie").json()

    assert len(answer["items"]) == 3


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 0},
        {"limit": 101},
        {"diversity": 2},
        {"context": {"mood": "grumpy"}},
        {"user_id": "somebody"},
        {"context": {"minutes": "90"}},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(body, api):
    """Nobody can name another person, and every value has its range."""
    assert api.post("sona/recommendations", body).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"type": "rated", "content_id": "0191d6a8-7c1f-7b52-9a60-3f6f0f8a5d11"},
        {"type": "watched"},
        {"type": "watched", "content_id": "0191d6a8-7c1f-7b52-9a60-3f6f0f8a5d11", "score": 3},
        {"type": "dismissed", "scope": "genre"},
        {"type": "dismissed", "scope": "genre", "genre": "no_such"},
        {"type": "watched", "content_id": "0191d6a8-7c1f-7b52-9a60-3f6f0f8a5d11", "scope": "title"},
    ],
    ids=lambda body: str(sorted(body)),
)
def test_feedback_needs_what_it_needs_and_nothing_else(body, api):
    """400 with a pointer."""
    response = api.post("sona/feedback", body)

    assert response.status_code == 400
    assert response.json()["errors"]


def test_feedback_on_what_is_not_there_is_404(api):
    """The same for a title that a viewer may not see."""
    body = {"content_id": "0191d6a8-7c1f-7b52-9a60-3f6f0f8a5d11"}

    for said in ({"type": "watched"}, {"type": "dismissed"}, {"type": "rated", "score": 8}, {"type": "added"}):
        assert api.post("sona/feedback", {**said, **body}).status_code == 404


def test_a_stranger_sees_nothing_of_another(api, stranger_api, films):
    """Each household has its own dismissals and taste."""
    api.post("sona/feedback", {"type": "dismissed", "content_id": str(films[0].id)})
    api.post("sona/feedback", {"type": "watched", "content_id": str(films[1].id)})

    assert len(ids_of(recommend(stranger_api, limit=50))) == 12
    assert stranger_api.get("sona/profile").json()["liked"] == []


def test_the_profile_says_what_is_believed_and_forgets(api, films):
    """After forgetting nothing speaks for the person; new feedback does."""
    film = str(films[0].id)
    api.post("sona/feedback", {"type": "watched", "content_id": film})
    api.post("sona/feedback", {"type": "dismissed", "scope": "genre", "genre": "romance", "days": 3})

    before = api.get("sona/profile").json()
    assert api.delete("sona/profile").status_code == 204
    after = api.get("sona/profile").json()
    api.post("sona/feedback", {"type": "watched", "content_id": film})

    assert [liked["content_id"] for liked in before["liked"]] == [film]
    assert before["genres"][0]["genre"] == "war"
    assert [dismissed["key"] for dismissed in before["dismissed"]] == ["romance"]
    assert (after["liked"], after["dismissed"]) == ([], [])
    assert after["forgotten_at"] is not None
    assert len(api.get("sona/profile").json()["liked"]) == 1


def test_a_household_that_refuses_gets_what_everybody_likes(api, films):
    """Dismissals still hold: they are the person's word, not our guess."""
    api.post("sona/feedback", {"type": "watched", "content_id": str(films[0].id)})
    api.post("sona/feedback", {"type": "dismissed", "content_id": str(films[1].id)})
    api.put("user/consents", {"text_version": "2026-11", "answers": {"personalized_recommendations": False}})

    answer = recommend(api, limit=50)

    assert answer["is_personal"] is False
    assert str(films[1].id) not in ids_of(answer)


def test_a_score_says_how_well_a_title_suits(api, films):
    """After a war film another one suits better than a romance; what is not there is 404."""
    api.post("sona/feedback", {"type": "watched", "content_id": str(films[0].id)})

    war, romance = (
        api.post("sona/personalization/score", {"content_id": str(film.id)}).json() for film in (films[2], films[3])
    )

    assert 0 <= romance["score"] < war["score"] <= 1
    assert set(war["components"]) >= {"linear", "factors", "content", "context"}
    body = {"content_id": "0191d6a8-7c1f-7b52-9a60-3f6f0f8a5d11"}
    assert api.post("sona/personalization/score", body).status_code == 404


def test_similar_titles_are_of_a_kind(api, client, films):
    """The other war films come first, for people and for anybody."""
    war = [str(film.id) for film in films[::2]]

    personal = api.post("sona/similar", {"content_id": war[0], "limit": 5}).json()
    public = client.get(f"/api/v1/content/{war[0]}/similar?limit=5")

    assert set(ids_of(personal)) == set(war[1:])
    assert ids_of(public.json()) == ids_of(personal)
    assert public["ETag"]
    assert "public" in public["Cache-Control"]


def test_similar_keeps_to_the_policy(child_api, films):
    """A child is shown neither a forbidden title nor titles like it."""
    assert child_api.get(f"content/{films[0].id}/similar").status_code == 404


def test_nobody_is_recommended_anything_without_a_token(client, films):
    """401, and 403 without the scope."""
    assert client.post("/api/v1/sona/recommendations").status_code == 401


@pytest.mark.parametrize("count", [3, 30])
def test_statements_do_not_grow_with_the_answer(count, api, account, django_assert_max_num_queries):
    """The same number for 3 and for 30 titles, with as many watched ones."""
    films = make_titles(*[("war",)] * (2 * count))
    for film in films[:3]:
        api.post("sona/feedback", {"type": "watched", "content_id": str(film.id)})
    recommend(api, limit=count)

    with django_assert_max_num_queries(16):
        recommend(api, limit=count)
