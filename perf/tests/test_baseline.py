"""What the harness asks for."""

from perf.baseline import _QUERIES, read_queries, search_path


def test_blank_lines_and_remarks_are_no_queries():
    assert read_queries("# Names.\n\nthe matrix\n  casablanca  \n") == ["the matrix", "casablanca"]


def test_the_mix_has_more_than_fifty_queries_and_none_twice():
    queries = read_queries(_QUERIES.read_text())

    assert len(queries) >= 50
    assert len(set(queries)) == len(queries)


def test_a_query_is_encoded_into_its_path():
    assert search_path("m*a*s*h & amélie") == "/api/v1/search?q=m%2Aa%2As%2Ah+%26+am%C3%A9lie"
