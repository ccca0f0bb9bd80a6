"""The commands as an operator types them."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.ingestion.domain.shelves import SAMPLE_FEEDS
from apps.ingestion.models import StagedRecord
from apps.ingestion.tests.factories import Offer, Title, justwatch_row, kaggle_row, write_feed

pytestmark = pytest.mark.django_db


def run(*words) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def ingest(path, *words, layout="justwatch-csv", platform="netflix"):
    return run("ingest", layout, str(path), f"--platform={platform}", "--region=us", "--as-of=2022-07-01", *words)


def test_ingest_prints_progress_and_a_closing_table(tmp_path):
    path = write_feed(tmp_path / "netflix_2022.csv.gz", [justwatch_row(), justwatch_row(id="", title="x")])

    text = ingest(path)

    assert "justwatch-csv netflix US 2022-07-01: 2 of 2 rows" in text
    headings = ("read", "new", "updated", "unchanged", "rejected")
    assert all(heading in text for heading in headings)
    assert Offer.objects.get().region == "US"


def test_a_feeds_name_for_its_platform_is_understood(tmp_path):
    ingest(write_feed(tmp_path / "hbomax_2022.csv", [justwatch_row()]), platform="hbomax")

    assert StagedRecord.objects.get().platform == "max"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--platform=nowhere",), "no platform 'nowhere'"),
        (("--region=usa",), "'USA' is no region"),
        (("--as-of=soon",), "no day of the form"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(tmp_path, words, message):
    path = write_feed(tmp_path / "netflix.csv", [justwatch_row()])

    with pytest.raises(CommandError, match=message):
        ingest(path, *words)


def test_a_missing_file_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.csv cannot be read"):
        ingest(tmp_path / "nowhere.csv")


def test_masked_rows_bring_no_ids(tmp_path):
    ingest(write_feed(tmp_path / "netflix.csv", [justwatch_row(imdb_id="tt0000001")]), "--mask-ids")

    facts = StagedRecord.objects.get().facts
    assert facts is not None
    assert "external_ids" not in facts


def test_mappings_are_one_row_per_record(tmp_path):
    ingest(write_feed(tmp_path / "j.csv", [justwatch_row(), justwatch_row(id="tm2", title="")]))
    ingest(write_feed(tmp_path / "k.csv", [kaggle_row()]), layout="kaggle-csv")

    rows = list(csv.DictReader(StringIO(run("export_mappings", "--format", "csv"))))

    assert list(rows[0]) == ["platform", "source", "source_id", "content_id", "method", "confidence"]
    by_id = {row["source_id"]: row for row in rows}
    assert by_id.keys() == {"tm1", "tm2", "s1"}
    assert by_id["s1"]["content_id"] == by_id["tm1"]["content_id"] != ""
    assert (by_id["tm2"]["content_id"], by_id["tm2"]["method"]) == ("", "")
    assert 0.9 < float(by_id["s1"]["confidence"]) <= 1.0


def test_demo_feeds_takes_all_feeds_in_the_order_of_their_days(tmp_path):
    for feed in SAMPLE_FEEDS:
        row = kaggle_row() if feed.layout == "kaggle-csv" else justwatch_row()
        write_feed(tmp_path / feed.file, [row])

    text = run("demo_feeds", str(tmp_path))

    assert "titles/s" in text
    assert text.index("kaggle_netflix_2021") < text.index("netflix_2022") < text.index("netflix_2023")
    assert [feed.as_of for feed in SAMPLE_FEEDS] == sorted(feed.as_of for feed in SAMPLE_FEEDS)


def test_demo_feeds_names_what_is_missing(tmp_path):
    with pytest.raises(CommandError, match=r"kaggle_netflix_2021\.csv\.gz"):
        run("demo_feeds", str(tmp_path))


def test_refold_brings_titles_to_what_their_sources_said(tmp_path):
    ingest(
        write_feed(tmp_path / "netflix_2022.csv", [justwatch_row(title="Amelie"), justwatch_row(id="tm2", title="Up")])
    )
    folded = Title.objects.get(title="Amelie")
    Title.objects.filter(pk=folded.pk).update(popularity=0.99, themes=["made up"])

    assert "1 titles changed" in run("refold")
    again = Title.objects.get(pk=folded.pk)
    assert (again.popularity, again.themes, again.version) == (folded.popularity, [], folded.version + 1)
    assert "0 titles changed" in run("refold")
