"""
Who loads the service: `python -m perf.people` makes accounts with tokens and tastes, and the file that k6 reads.

Everybody has a session of their own, opened past the sign-in form, whose limits are there to make this slow. Access
tokens live for fifteen minutes; the scripts renew them as an app would.
"""

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import django

from perf.environment import ROOT, set_environment

_PASSWORD = "a-password-that-only-load-tests-have"
#: Ratings of one person: enough to have a taste.
_RATINGS = 20
#: Titles that are asked for: the head of the catalogue and a part of its tail.
_TITLES = 3000


def main() -> None:
    """Make whoever is missing, open a session for each, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many accounts")
    parser.add_argument("--output", type=Path, default=ROOT / "perf" / "people.json")
    options = parser.parse_args()
    set_environment()
    django.setup()
    titles, names = _list_titles()
    people = _make_people(options.count, titles)
    document = {"people": people, "titles": titles, "playable": _playable(titles), "queries": _read_queries() + names}
    options.output.write_text(json.dumps(document))
    print(f"{len(people):,} people, {len(titles):,} titles in {options.output}")


def _make_people(count: int, titles: list[str]) -> list[dict[str, Any]]:
    """Create accounts as the product does, but for one hash of one password: hashing a thousand takes a minute."""
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from apps.auth.services.sessions import Caller, open_session
    from apps.user.models import Account
    from apps.user.services.accounts import create_account, verify_email
    from mediagateway.principal import Role

    there = set(Account.objects.filter(email__startswith="load-").values_list("email", flat=True))
    emails = [f"load-{number:06}@example.com" for number in range(count)]
    for email in emails:
        if email not in there:
            verify_email(create_account(email=email, password_hash=None, name="Load").id, now=timezone.now())
    Account.objects.filter(email__startswith="load-").update(password=make_password(_PASSWORD))
    ids = dict(Account.objects.filter(email__in=emails).values_list("email", "id"))
    _rate(titles)
    people = []
    for email in emails:
        pair = open_session(ids[email], Role.USER, Caller("127.0.0.1", "k6"))
        people.append(
            {
                "email": email,
                "password": _PASSWORD,
                "access_token": pair.access_token,
                "refresh_token": pair.refresh_token,
                "expires_at": int(time.time()) + pair.expires_in,
            }
        )
    return people


def _rate(titles: list[str]) -> None:
    """Give everybody ratings; the same ones at each run, because a profile's id decides them."""
    from django.utils import timezone

    from apps.user.models import Profile, Rating

    profiles = Profile.objects.filter(account__email__startswith="load-", name="Load").values_list("id", flat=True)
    rows = []
    for profile_id in profiles:
        draw = random.Random(str(profile_id))
        rows += [
            Rating(profile_id=profile_id, content_id=title, score=draw.randint(4, 10), rated_at=timezone.now())
            for title in draw.sample(titles, min(_RATINGS, len(titles)))
        ]
    Rating.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)


def _list_titles() -> tuple[list[str], list[str]]:
    """List the ids of titles, the most popular ones first, and the names that people search for."""
    from apps.content.models import Title

    listed = Title.objects.filter(kind__in=("movie", "series"))
    rows = list(listed.order_by("-popularity", "id").values_list("id", "title")[:_TITLES])
    return [str(id_) for id_, _ in rows], [name for _, name in rows if name]


def _playable(titles: list[str]) -> list[str]:
    """Keep those that some platform has now, where the people live: nobody presses play on the others."""
    from django.conf import settings
    from django.db.models import Q
    from django.utils import timezone

    from apps.content.models import Offer

    now = timezone.now()
    holds = Q(window_end__isnull=True) | Q(window_end__gt=now)
    offers = Offer.objects.filter(holds, superseded_at__isnull=True, region=settings.DEFAULT_REGION)
    there = set(offers.filter(window_start__lte=now).values_list("title_id", flat=True))
    return [title for title in titles if UUID(title) in there]


def _read_queries() -> list[str]:
    """Read what people type; the lines of `queries.txt` that are no remarks."""
    lines = (ROOT / "perf" / "queries.txt").read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


if __name__ == "__main__":
    main()
