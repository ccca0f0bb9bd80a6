"""The people of a household."""

from uuid import UUID

from django.db.models import F, QuerySet

from apps.user.contracts import OwnProfileRecord, ProfileRecord
from apps.user.domain.profiles import ProfileKind
from apps.user.errors import ProfileNotFoundError
from apps.user.models import Profile
from apps.user.queries.accounts import account_record
from apps.user.queries.ownership import Owner
from mediagateway.ownership import owned


def list_profiles(owner: Owner) -> tuple[ProfileRecord, ...]:
    """List the household, its owner first, then in the order of joining. One SQL statement."""
    return tuple(_record(profile) for profile in _with_avatar(owned(Profile, owner)))


def get_profile(owner: Owner, profile_id: UUID) -> ProfileRecord:
    """
    Read a person of the household. One SQL statement.

    Raises:
        ProfileNotFoundError: Nobody in this household.
    """
    profile = _with_avatar(owned(Profile, owner)).filter(pk=profile_id).first()
    if profile is None:
        raise ProfileNotFoundError("The household has no profile with this id.")
    return _record(profile)


def has_profile(profile_id: UUID) -> bool:
    """Say whether there is such a person in any household; for whoever hears of one by an event. One SQL statement."""
    return Profile.objects.filter(pk=profile_id).exists()


def get_own_profile(owner: Owner) -> OwnProfileRecord:
    """Read whom the token speaks for. One SQL statement."""
    record = get_profile(owner, owner.profile.id)
    members = {name: getattr(record, name) for name in ProfileRecord.__slots__}
    return OwnProfileRecord(**members, account=account_record(owner.account))


def _with_avatar(profiles: QuerySet[Profile]) -> QuerySet[Profile]:
    """Read the avatar's id with each profile, and not the picture."""
    return profiles.annotate(avatar_key=F("avatar__id"))


def _record(profile: Profile) -> ProfileRecord:
    return ProfileRecord(
        id=profile.id,
        is_owner=profile.is_owner,
        kind=ProfileKind(profile.kind),
        name=profile.name,
        region=profile.region or None,
        language=profile.language,
        time_zone=profile.zone,
        max_age=profile.max_age,
        allow_unrated=profile.allow_unrated,
        avatar_id=profile.avatar_key,  # type: ignore[attr-defined] # annotated
        created_at=profile.created_at,
    )
