"""A synthetic population that says that it is one."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.sona.domain.synthesis import invent_people
from apps.sona.models import TrainingSignal
from apps.sona.tests.domain.populations import make_world
from apps.sona.tests.factories import make_titles


@pytest.mark.django_db
def test_people_are_named_synthetic_and_can_be_learned_from(api):
    """Their signals are there when the command ends; a second run adds nobody."""
    make_titles(*[("war", "western"), ("comedy", "romance"), ("horror", "mystery")] * 4)

    for _ in range(2):
        call_command("seed_demo_users", "--people", "3", "--ratings", "4", stdout=StringIO(), stderr=StringIO())

    people = set(TrainingSignal.objects.values_list("profile__name", "profile__account__email"))
    assert len(people) == 3
    assert all(name.startswith("Synthetic ") and mail.endswith(".invalid") for name, mail in people)


@pytest.mark.django_db
def test_without_titles_there_is_nothing_to_like():
    """And the command says so."""
    with pytest.raises(CommandError, match="empty"):
        call_command("seed_demo_users", stdout=StringIO(), stderr=StringIO())


@pytest.mark.once
def test_people_keep_to_their_taste():
    """Most of what they rate is of their genres, and those they rate higher; a seed invents the same people."""
    shelf = make_world(n_titles=120, n_people=10, seed=2).engine.shelf
    people = list(invent_people(shelf, count=30, ratings=10, seed=5))
    war = [person for person in people if person.taste == ("war", "western")]

    assert people == list(invent_people(shelf, count=30, ratings=10, seed=5))
    assert war
    for person in war:
        own = [
            rating
            for rating in person.ratings
            if shelf.genres["war"][rating.slot] or shelf.genres["western"][rating.slot]
        ]
        assert len(own) >= len(person.ratings) / 2
        assert all(rating.score >= 6 for rating in own)
