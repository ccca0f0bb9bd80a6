"""What a household is asked about its privacy, and what holds until it has answered."""

from dataclasses import dataclass
from typing import Final

#: Of the wording that is asked now. A new wording makes a new version; earlier answers keep theirs.
TEXT_VERSION: Final = "2026-11"


@dataclass(frozen=True, slots=True)
class Purpose:
    """A use of personal data; nothing but the service itself holds without having been granted."""

    slug: str
    meaning: str


PURPOSES: Final = (
    Purpose("watch_history", "Keep what was watched, to continue it and to recommend."),
    Purpose("personalized_recommendations", "Recommend from ratings and history."),
    Purpose("analytics", "Count how the service is used."),
    Purpose("data_sharing", "Share data with partners."),
    Purpose("marketing_email", "Write about the service by e-mail."),
)
