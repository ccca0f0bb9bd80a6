"""Facts survive being stored."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from apps.content.contracts import (
    CertificateDraft,
    CreditDraft,
    ExternalIdDraft,
    Kind,
    NameDraft,
    OfferType,
    Role,
    ScoreDraft,
    SeriesStatus,
)
from apps.ingestion.domain.facts import OfferFact, TitleFacts, decode_facts, encode_facts
from apps.ingestion.tests.factories import make_facts

words = st.text(min_size=1, max_size=8)
facts_of_all_sorts = st.builds(
    TitleFacts,
    kind=st.sampled_from([Kind.MOVIE, Kind.SERIES, Kind.SHORT]),
    title=words,
    is_title_damaged=st.booleans(),
    spellings=st.lists(words, max_size=2).map(tuple),
    names=st.lists(st.builds(NameDraft, words, words), max_size=2).map(tuple),
    year=st.none() | st.integers(1870, 2100),
    release_date=st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    seasons=st.lists(st.none() | st.integers(1, 99), max_size=3).map(tuple),
    status=st.none() | st.sampled_from(SeriesStatus),
    people=st.lists(st.builds(CreditDraft, words, st.sampled_from(Role), words), max_size=2).map(tuple),
    certificates=st.lists(st.builds(CertificateDraft, words, words), max_size=2).map(tuple),
    scores=st.lists(st.builds(ScoreDraft, words, st.integers(0, 9).map(float), st.just(10.0)), max_size=2).map(tuple),
    external_ids=st.lists(st.builds(ExternalIdDraft, words, words), max_size=2).map(tuple),
    tmdb_score=st.none() | st.floats(0, 10),
    offers=st.lists(
        st.builds(
            OfferFact, words, st.sampled_from(OfferType), st.tuples(words), st.dates(date(2020, 1, 1)), words, words
        ),
        max_size=2,
    ).map(tuple),
)


@given(facts_of_all_sorts)
def test_what_is_stored_is_read_again(facts):
    assert decode_facts(encode_facts(facts)) == facts


def test_what_a_source_does_not_say_is_not_stored():
    assert encode_facts(make_facts()) == {"kind": "movie", "title": "Harbour Lights", "year": 1999}
