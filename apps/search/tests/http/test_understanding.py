"""What a client sees of what was understood: chips, what gave way, similar titles, meaning."""

import pytest

from apps.content.tests.factories import CreditFactory, OfferFactory, PersonFactory, SeriesFactory, TitleFactory
from apps.search.domain import ranking
from apps.search.services import documents

pytestmark = pytest.mark.django_db


def index(*titles):
    documents.index_titles([title.id for title in titles])


def search(client, query, **parameters):
    response = client.get("/api/v1/search", {"q": query, **parameters})
    assert response.status_code == 200, response.content
    return response.json()


def names(body):
    return {item["title"] for item in body["items"]}


@pytest.fixture
def shelf():
    """A small catalogue."""
    titles = [
        TitleFactory.create(title="Night Fear", genres=["horror"], release_year=1985, runtime_minutes=95),
        TitleFactory.create(title="Long Fear", genres=["horror"], release_year=2005, runtime_minutes=160),
        TitleFactory.create(title="Laughing", genres=["comedy"], release_year=1995, runtime_minutes=100),
        SeriesFactory.create(title="Fear Weekly", genres=["horror"], release_year=1999),
    ]
    OfferFactory.create(title=titles[0], platform_id="netflix", region="US")
    index(*titles)
    return titles


def test_constraints_are_read_from_the_text_and_hold(client, shelf):
    body = search(client, "horror movies from the 80s")

    assert names(body) == {"Night Fear"}
    chips = {chip["id"]: (chip["kind"], chip["strength"], chip["state"]) for chip in body["parsed"]["chips"]}
    assert chips == {
        "years:1980-1989": ("years", "hard", "applied"),
        "kind:movie": ("kind", "hard", "applied"),
        "genre:horror": ("genre", "hard", "applied"),
    }
    assert body["total"] == 1
    assert body["facets"]["genre"] == {"horror": 1}


def test_a_chip_is_taken_back(client, shelf):
    body = search(client, "horror movies from the 80s", without="years:1980-1989")

    assert names(body) == {"Night Fear", "Long Fear"}
    states = {chip["id"]: chip["state"] for chip in body["parsed"]["chips"]}
    assert states["years:1980-1989"] == "removed"


def test_what_was_read_gives_way_in_words_when_nothing_fits(client, shelf):
    body = search(client, "comedies on netflix")

    assert names(body) == {"Night Fear"}
    assert [entry["constraint"] for entry in body["parsed"]["relaxed"]] == ["genre:comedy"]
    assert "comedy" in body["parsed"]["relaxed"][0]["detail"]


def test_what_the_caller_filtered_never_gives_way(client, shelf):
    body = search(client, "comedies on netflix", genres="comedy")

    assert names(body) <= {"Laughing"}
    assert all(entry["constraint"] != "genres" for entry in body["parsed"]["relaxed"])


def test_who_watches_never_gives_way(client, shelf):
    """No title here is certified for a child."""
    assert search(client, "horror movies for kids")["total"] == 0


def test_people_are_found_by_name(client):
    person = PersonFactory.create(name="Maren Eggert")
    films = [TitleFactory.create(title=f"Film {number}") for number in range(3)]
    for film in films[:2]:
        CreditFactory.create(title=film, person=person, role="actor")
    index(*films)

    body = search(client, "movies with maren eggert")

    assert names(body) == {"Film 0", "Film 1"}
    assert body["parsed"]["chips"][0]["id"] == f"person:{person.id}"


def test_somebody_whose_cast_is_not_known_everywhere_orders_when_nothing_else_fits(client):
    """Of the film that was meant nobody knows who made it."""
    person = PersonFactory.create(name="Maren Eggert")
    known = [TitleFactory.create(title=f"Film {number}", synopsis="Two lawyers in love.") for number in range(2)]
    for film in known:
        CreditFactory.create(title=film, person=person, role="director")
    meant = TitleFactory.create(title="Sleep", synopsis="Thieves steal dreams.")
    index(*known, meant, TitleFactory.create(title="Snow", synopsis="A village in winter."))

    about_dreams = search(client, "directed by maren eggert about dreams")
    about_love = search(client, "directed by maren eggert about love")

    assert names(about_dreams) == {"Film 0", "Film 1", "Sleep"}
    assert [entry["constraint"] for entry in about_dreams["parsed"]["relaxed"]] == [f"person:{person.id}"]
    assert names(about_love) == {"Film 0", "Film 1"}
    assert about_love["parsed"]["relaxed"] == []


def test_somebody_named_beside_a_story_brings_all_their_titles(client):
    person = PersonFactory.create(name="Maren Eggert")
    films = [TitleFactory.create(title=f"Film {number}", synopsis="Lawyers in love.") for number in range(2)]
    for film in films:
        CreditFactory.create(title=film, person=person, role="actor")
    island = TitleFactory.create(title="Far", synopsis="A man is stranded on an island.")
    index(*films, island)

    assert names(search(client, "maren eggert stranded on an island")) == {"Film 0", "Film 1", "Far"}


def test_a_slip_within_a_name_is_mended_and_said(client):
    film = TitleFactory.create(title="Pirates of the Caribbean: The Curse of the Black Pearl", popularity=0.9)
    index(film, TitleFactory.create(title="Gang of the Islands"))

    body = search(client, "pirates of the carribean")

    assert body["items"][0]["id"] == str(film.id)
    assert {"spelling:carribean"} == {chip["id"] for chip in body["parsed"]["chips"]}


def test_titles_have_the_numbers_and_nicknames_that_people_use(client):
    rocky = TitleFactory.create(title="Rocky II", release_year=1979)
    heist = SeriesFactory.create(title="Money Heist", release_year=2017)
    ring = TitleFactory.create(title="The Lord of the Rings: The Two Towers", release_year=2002)
    index(rocky, heist, ring)

    assert names(search(client, "rocky 2")) == {"Rocky II"}
    assert names(search(client, "la casa de papel")) == {"Money Heist"}
    assert search(client, "lotr two towers")["items"][0]["id"] == str(ring.id)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("rocky 5 movie", "Rocky V"),
        ("toy story three", "Toy Story 3"),
        ("twelve years a slve", "12 Years a Slave"),
        ("12 monkeys", "Twelve Monkeys"),
        ("rocky 1", "Rocky"),
        ("httyd 2 movie", "How to Train Your Dragon 2"),
    ],
)
def test_a_name_is_known_by_its_numbers_and_beside_what_it_is(client, query, title):
    others = (
        "Rocky V",
        "Rocky",
        "Toy Story",
        "Toy Story 3",
        "12 Years a Slave",
        "Twelve Monkeys",
        "Two Monkeys a Movie",
    )
    index(*(TitleFactory.create(title=name) for name in (*others, "How to Train Your Dragon 2", "Movie 2")))

    assert search(client, query)["items"][0]["title"] == title


def test_one_of_two_who_never_met_may_be_whom_the_other_plays(client):
    actor, singer = PersonFactory.create(name="Rami Malek"), PersonFactory.create(name="Freddie Mercury")
    life, heist, *concerts = (TitleFactory.create(title=name) for name in ("A Life", "A Theft", "Wembley", "Montreal"))
    CreditFactory.create(title=life, person=actor, role="actor", character="Freddie Mercury")
    CreditFactory.create(title=heist, person=actor, role="actor", character="A Thief")
    for concert in concerts:
        CreditFactory.create(title=concert, person=singer, role="actor")
    index(life, heist, *concerts)

    body = search(client, "rami malek freddie mercury")

    assert names(body) == {"A Life"}
    assert [entry["constraint"] for entry in body["parsed"]["relaxed"]] == [f"person:{singer.id}"]


def test_a_misspelt_name_beside_what_it_is_stays_a_name(client):
    abbey = SeriesFactory.create(title="Downton Abbey", popularity=0.5)
    crowd = [SeriesFactory.create(title=f"Downtown stories from {place}", popularity=0.9) for place in ("Rome", "Oslo")]
    films = [TitleFactory.create(title=f"Abby {number}") for number in range(3)]
    index(abbey, *crowd, *films)

    body = search(client, "downtown abby series")

    assert body["items"][0]["id"] == str(abbey.id)
    assert "kind:series" in {chip["id"] for chip in body["parsed"]["chips"]}


def test_without_vectors_search_answers_by_words_and_says_so(client, vector_index, shelf):
    assert search(client, "night fear")["degraded"]


class TestMeaning:
    """With vectors."""

    @pytest.fixture
    def told(self, embed_titles):
        """Titles whose words are not the query's."""
        titles = [
            TitleFactory.create(title="Teeth", synopsis="A great white shark attacks swimmers at a holiday beach."),
            TitleFactory.create(title="Fins", synopsis="Marine biologists are hunted by an enormous fish."),
            TitleFactory.create(title="Verdict", synopsis="A lawyer defends a doctor in court."),
        ]
        index(*titles)
        embed_titles()
        return titles

    def test_a_plot_is_found_by_its_meaning(self, client, told):
        body = search(client, "killer fish at the seaside")

        assert body["items"][0]["id"] in {str(told[0].id), str(told[1].id)}
        assert "Verdict" not in names(body)
        assert not body["degraded"]
        assert "meaning" in {reason["kind"] for reason in body["items"][0]["match_reasons"]}

    def test_a_told_search_is_not_fooled_by_a_name(self, client, told):
        namesake = TitleFactory.create(title="Killer Fish at the Seaside", synopsis="Two lawyers in love.")
        index(namesake)

        response = client.post(
            "/api/v1/search/semantic", {"query": "killer fish at the seaside"}, content_type="application/json"
        )

        assert response.status_code == 200
        assert response.json()["total"] >= 2

    def test_similar_titles_come_without_the_title_itself(self, client, told):
        items = client.get(f"/api/v1/search/similar/{told[0].id}").json()["items"]

        assert items[0]["id"] == str(told[1].id)
        assert str(told[0].id) not in {item["id"] for item in items}

    def test_nothing_is_like_what_is_not_there(self, client, told):
        response = client.get("/api/v1/search/similar/00000000-0000-4000-8000-000000000000")

        assert response.status_code == 404
        assert response.json()["code"] == "title_not_found"

    def test_a_title_that_others_are_compared_with_is_no_answer(self, client, told):
        body = search(client, "movies like teeth")

        assert body["parsed"]["references"] == ["Teeth"]
        assert body["items"][0]["title"] == "Fins"
        assert "Teeth" not in names(body)

    def test_an_exact_name_is_first_all_the_same(self, client, told):
        body = search(client, "verdict")

        assert body["items"][0]["title"] == "Verdict"


HOSTILE = [
    "' OR 1=1 --",
    '"; DROP TABLE search_searchdocument; --',
    "<script>alert(1)</script>",
    'NEAR(a b) AND title:* OR "',
    "a AND OR NOT ( ) * ^ : -",
    '{"$gt": ""}',
    "../../etc/passwd",
    "%27%20UNION%20SELECT",
    "😀😀 🎬",
    "مرحبا بالعالم",
    "\u202etxet desrever",
    "千と千尋の神隠し",
    "a" * 500,
    "a " * 250,
    "(a+)+$ " * 70,
    "not " * 120,
    "like like like like but but",
    "under under 2 2 hours hours",
    "for a 99999 year old",
    "between 9999 and 1",
    "under 999 hours and a half 99 minutes",
    "no no no horror no no",
    "on netflix " * 40,
    "\t \u200b\u00a0x",
    "'''''",
    "\\\\\\",
    "0" * 400,
    "\u0301" * 300,
]


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:24])
def test_hostile_text_is_read_like_any_other(client, shelf, query):
    """A right answer or a 400, never a 500; the same by every door."""
    for path in ("/api/v1/search", "/api/v1/search/semantic"):
        response = client.post(path, {"query": query}, content_type="application/json")
        assert response.status_code in (200, 400), response.content
    assert client.get("/api/v1/search/autocomplete", {"q": query[:100]}).status_code in (200, 400)


def test_a_null_byte_is_refused(client):
    assert client.post("/api/v1/search", {"query": "a\x00b"}, content_type="application/json").status_code == 400


def test_a_word_that_many_titles_have_is_no_surname(client):
    """Nobody who asks for space movies means Arthur Space."""
    person = PersonFactory.create(name="Arthur Space")
    acted = [TitleFactory.create(title=f"Ranch {number}") for number in range(2)]
    for title in acted:
        CreditFactory.create(title=title, person=person, role="actor")
    about = [TitleFactory.create(title=f"Orbit {number}", synopsis="A voyage through space.") for number in range(9)]
    index(*acted, *about)

    body = search(client, "space movies")

    assert [chip["id"] for chip in body["parsed"]["chips"]] == ["kind:movie"]
    assert names(body) >= {title.title for title in about}


def test_what_is_told_of_somebody_orders_all_of_their_titles(client, monkeypatch):
    """However many other titles tell more of it."""
    monkeypatch.setattr(ranking, "STORY_LIMIT", 1)
    person = PersonFactory.create(name="Tom Hanks")
    plain, meant = (
        TitleFactory.create(title="Piano", synopsis="A boy grows up overnight.", popularity=0.6),
        TitleFactory.create(title="Alone", synopsis="A courier is stranded on an island.", popularity=0.5),
    )
    for title in (plain, meant):
        CreditFactory.create(title=title, person=person, role="actor")
    others = [
        TitleFactory.create(title=f"Reef {number}", synopsis="Stuck on an island for ever.") for number in range(3)
    ]
    index(plain, meant, *others)

    body = search(client, "tom hanks stuck on an island")

    assert body["items"][0]["title"] == "Alone"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("space movies", "Stranded"),
        ("space", "Space Chimps"),
        ("mafia movies", "The Family Business"),
        ("french comedies", "Le Dîner"),
        ("heist movies", "The Casino Job"),
        ("heist", "Heist"),
        ("ww2 movies", "The Long Crossing"),
        ("legal drama", "Objection"),
        ("what should we watch tonight", "Stranded"),
    ],
)
def test_of_a_shelf_the_well_known_and_the_native_come_first(client, query, first):
    index(
        TitleFactory.create(title="Space Chimps", genres=["animation"], popularity=0.2),
        TitleFactory.create(title="Stranded", synopsis="Alone in space.", themes=["space"], popularity=0.95),
        TitleFactory.create(title="Petty Theft", genres=["crime"], popularity=0.9),
        TitleFactory.create(title="The Family Business", genres=["crime"], themes=["mafia"], popularity=0.5),
        TitleFactory.create(
            title="Co-production", genres=["comedy"], countries=["US", "FR"], languages=["en"], popularity=0.5
        ),
        TitleFactory.create(title="Heist", kind="movie", popularity=0.4),
        TitleFactory.create(title="The Casino Job", themes=["heist"], popularity=0.7),
        TitleFactory.create(title="Time Travellers", synopsis="They plan a heist through time.", popularity=0.9),
        TitleFactory.create(title="The Long Crossing", themes=["world war two"], popularity=0.3),
        TitleFactory.create(title="Legal", synopsis="A border town.", genres=["western"], popularity=0.2),
        TitleFactory.create(title="Objection", genres=["drama"], synopsis="A legal battle.", popularity=0.5),
        TitleFactory.create(title="Le Dîner", genres=["comedy"], countries=["FR"], languages=["fr"], popularity=0.3),
    )

    assert search(client, query)["items"][0]["title"] == first
