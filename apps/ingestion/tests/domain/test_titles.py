"""Reading printed titles."""

import pytest

from apps.ingestion.domain.titles import TitleReading, read_title


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Wayne (4K UHD)", "Wayne"),
        ("(Sub) Sword Art Online: The Movie", "Sword Art Online: The Movie"),
        ("(Dub) Akira", "Akira"),
        ("War (Tamil)", "War"),
        ("Master (Telugu) [4K UHD]", "Master"),
        ("Chiara Ferragni: Unposted (4K UHD) - [English Dubbed]", "Chiara Ferragni: Unposted"),
        ("Game Over (Hindi Version)", "Game Over"),
        ("PRIME JAPAN [HD/SD ver] (English Subtitled)", "PRIME JAPAN"),
        ("Made in Mexico (Spanish Language, No Subtitles)", "Made in Mexico"),
        ("Pinocchio (2020) [English Subtitled]", "Pinocchio"),
        ("Shameless (U.S.)", "Shameless"),
        ("Detectorists (BBC Series)", "Detectorists"),
        ("The Phantom of the Opera (Silent)", "The Phantom of the Opera"),
        ('"Mixed Up"', "Mixed Up"),
        ("Legend\u00a0of\u00a0Exorcism", "Legend of Exorcism"),
        ("Tremors 5:  Bloodline", "Tremors 5: Bloodline"),
        ("Nevertheless,", "Nevertheless,"),
        ("(500) Days of Summer", "(500) Days of Summer"),
        ("[REC]", "[REC]"),
        ("Love (ft. Marriage and Divorce)", "Love (ft. Marriage and Divorce)"),
        ("Fate/stay night [Unlimited Blade Works]", "Fate/stay night [Unlimited Blade Works]"),
        ("()", "()"),
        ("", ""),
    ],
)
def test_marks_of_format_and_language_are_no_part_of_the_name(printed, title):
    assert read_title(printed).title == title


@pytest.mark.parametrize(
    ("printed", "spellings"),
    [
        ("27-Sep", {"27 September", "September 27"}),
        ("9-Feb", {"9 February", "Feb 09"}),
        ("9/1/2001", {"9-1-1"}),
        ("11/22/1963", {"11.22.63"}),
    ],
)
def test_what_a_spreadsheet_made_a_date_is_guessed_back_and_marked(printed, spellings):
    reading = read_title(printed)

    assert reading.is_damaged
    assert spellings <= {reading.title, *reading.spellings}


@pytest.mark.parametrize("printed", ["Boston Celtics \ufffd 1988 Semifinals", "2.15E+11", "#####", "#NAME?"])
def test_lost_letters_and_numbers_are_marked_as_damage(printed):
    assert read_title(printed).is_damaged


@pytest.mark.parametrize("printed", ["50/50", "2,215", "23:59", "SPF-18", "1922", "6-5=2", "'76", "11.22.63"])
def test_titles_that_are_numbers_are_whole(printed):
    assert read_title(printed) == TitleReading(printed)


@pytest.mark.parametrize(
    ("printed", "spelling"),
    [
        ("Marvel Studios' Loki", "Loki"),
        ("Tyler Perry's Acrimony", "Acrimony"),
        ("Star Wars: The Bad Batch", "The Bad Batch"),
        ("Django & Django: Sergio Corbucci Unchained", "Django & Django"),
        ("The Fence (La Barda)", "La Barda"),
        ("Adult Swim Yule Log (aka The Fireplace)", "The Fireplace"),
        ("Escape Plan: The Extractors Aka Escape Plan 3", "Escape Plan 3"),
    ],
)
def test_other_readings_become_spellings(printed, spelling):
    assert spelling in read_title(printed).spellings


@pytest.mark.parametrize(
    ("printed", "edition"),
    [
        ("The Two Towers (Extended Edition)", "extended"),
        ("T-34 (Director's Cut)", "directors"),
        ("Maussan's UFO Files - Director's Cut (2021)", "directors"),
        ("The Final Cut", ""),
        ("Rambo", ""),
    ],
)
def test_another_cut_is_told_apart(printed, edition):
    assert read_title(printed).edition == edition


def test_a_title_can_name_its_year_and_country():
    reading = read_title("The Home Show (UK) (2008)")

    assert (reading.title, reading.country, reading.year) == ("The Home Show", "GB", 2008)
