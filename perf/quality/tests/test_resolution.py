"""The scorer's own arithmetic."""

from perf.quality.resolution.evaluate import judge, main


def test_pairs_are_right_wrong_missed_or_undecided():
    works = {("netflix", "1"): "a", ("hulu", "1"): "a", ("max", "1"): "a", ("hulu", "2"): "b", ("max", "3"): "c"}
    clusters = {("netflix", "1"): "x", ("hulu", "1"): "x", ("max", "1"): "y", ("hulu", "2"): "x", ("max", "3"): "y"}

    verdict = judge(clusters, works, [frozenset("ac")])

    assert (verdict.right, len(verdict.wrong), len(verdict.missed), verdict.undecided) == (1, 2, 2, 1)
    assert (verdict.precision, verdict.recall) == (1 / 3, 1 / 3)


def test_without_the_feeds_it_says_so(tmp_path, capsys):
    assert main(["--feeds", str(tmp_path / "nowhere")]) == 0
    assert "No sample feeds" in capsys.readouterr().out
