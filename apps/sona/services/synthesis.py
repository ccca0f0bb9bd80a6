"""Writing synthetic people through the same doors as real ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.sona.adapters.shelves import engines
from apps.sona.domain.synthesis import SyntheticPerson, invent_people
from apps.user import api as user
from apps.user.errors import EmailTakenError
from mediagateway.policy import Policy

#: A domain that can receive no mail (RFC 2606): nobody can sign in as a synthetic person by mistake.
DOMAIN = "synthetic.invalid"
#: Time between two ratings of one person.
_PACE = timedelta(hours=9)
_OPEN = Policy(region="US")


@dataclass(frozen=True, slots=True)
class _Holder:
    """Whose ratings are written."""

    account_id: UUID
    profile_id: UUID


def seed_people(*, count: int, ratings: int, seed: int, now: datetime) -> Iterator[int]:
    """
    Write people who do not exist, named so, with ratings over the months before `now`; yield how many are done.

    Who is there already, by number, is left as they are, so a run that broke off goes on.
    """
    shelf = engines.current().shelf
    for person in invent_people(shelf, count=count, ratings=ratings, seed=seed):
        try:
            facts = user.create_account(
                email=f"person-{person.number:05d}@{DOMAIN}", password_hash=None, name=_name(person)
            )
        except EmailTakenError:
            yield person.number
            continue
        holder = _Holder(facts.id, facts.owner_profile_id)
        for back, rating in enumerate(reversed(person.ratings)):
            title_id = shelf.ids[rating.slot]
            user.rate(holder, title_id, rating.score, policy=_OPEN, now=now - back * _PACE)
        yield person.number


def _name(person: SyntheticPerson) -> str:
    return f"Synthetic {person.number} ({', '.join(person.taste)})"
