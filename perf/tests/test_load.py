"""What wrk and its script say, and what becomes of it."""

import json
import shutil

import pytest

from perf.load import LoadError, Sample, find_wrk, parse_output, write_paths

ANSWER = {
    "requests": 2000,
    "duration_us": 4_000_000,
    "bytes": 900_000,
    "p50_us": 1500,
    "p90_us": 2500,
    "p99_us": 12_345,
    "max_us": 20_000,
    "bad_statuses": 0,
    "failed_connections": 0,
}


def output(**changes):
    """What wrk writes, the script's line at the end."""
    return f"Running 4s test @ http://127.0.0.1:9380\n  500.00 requests/sec\n{json.dumps(ANSWER | changes)}\n"


def test_the_script_s_line_becomes_a_sample_in_our_units():
    sample = parse_output(output())

    assert sample == Sample(
        requests=2000,
        requests_per_s=500.0,
        p50_ms=1.5,
        p90_ms=2.5,
        p99_ms=12.345,
        bytes_per_request=450.0,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("unable to connect to 127.0.0.1", "unable to connect", id="no line"),
        pytest.param(output(bad_statuses=3), "3 answered with an error status", id="error status"),
        pytest.param(output(failed_connections=2), "2 with none", id="broken connections"),
        pytest.param(output(requests=0), "0 requests", id="no answer at all"),
    ],
)
def test_what_is_no_basis_for_a_figure_is_an_error(text, said):
    with pytest.raises(LoadError, match=said):
        parse_output(text)


def test_a_machine_without_wrk_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)

    with pytest.raises(LoadError, match="apt-get install wrk"):
        find_wrk()


def test_the_file_of_paths_has_one_on_each_line(tmp_path):
    file = write_paths(tmp_path / "paths", ["/a?q=1", "/b"])

    assert file.read_text() == "/a?q=1\n/b\n"
