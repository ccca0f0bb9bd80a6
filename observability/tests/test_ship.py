"""The small shipper: what it makes of our lines."""

import json

import pytest

from observability.ship import main, streams_of

pytestmark = pytest.mark.once

LINE = {"service": "auth", "level": "info", "timestamp": "2026-11-26T00:09:50.616063Z", "event": "http.request"}


def test_lines_become_streams_by_service_and_level_only():
    other = {**LINE, "level": "error", "request_id": "of-one"}

    streams = streams_of([LINE, other, LINE])

    assert [stream["stream"] for stream in streams] == [
        {"service": "auth", "level": "info"},
        {"service": "auth", "level": "error"},
    ]
    assert [at for at, _ in streams[0]["values"]] == ["1795651790616063000"] * 2
    assert json.loads(streams[1]["values"][0][1]) == other


def test_what_is_no_line_of_ours_is_left_out():
    assert main("http://127.0.0.1:9/", ["80 of 80 rows\n", '{"event": "of whom?"}\n', "[]\n"]) == 0


def test_a_store_that_does_not_answer_is_an_error():
    with pytest.raises(OSError, match="refused"):
        main("http://127.0.0.1:9/", [json.dumps(LINE)])
