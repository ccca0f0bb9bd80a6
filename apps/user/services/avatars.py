"""Changing the picture of a profile."""

from uuid import UUID

from django.db import transaction

from apps.user.adapters.pictures import draw_avatar
from apps.user.models import Avatar, Profile
from apps.user.queries.ownership import Owner
from mediagateway.ownership import owned


def set_avatar(owner: Owner, raw: bytes) -> UUID:
    """
    Give the profile a picture, and say its id, which is a new one each time.

    Raises:
        InvalidPictureError: The bytes are no picture that is taken.
    """
    picture = draw_avatar(raw)
    with transaction.atomic():
        profile = Profile.objects.select_for_update().get(pk=owner.profile.pk)
        owned(Avatar, owner).delete()
        avatar = Avatar.objects.create(profile=profile, picture=picture)
        profile.version += 1
        profile.save(update_fields=["version"])
    return avatar.id
