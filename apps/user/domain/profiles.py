"""The people of a household."""

from enum import StrEnum

#: Characters of a profile's name.
MAX_NAME = 64
#: Profiles of one account, the owner's included.
MAX_PROFILES = 8


class ProfileKind(StrEnum):
    """Whether the household's limits hold for a person."""

    ADULT = "adult"
    CHILD = "child"
