"""Pictures of profiles."""

from uuid import UUID

from apps.user.errors import AvatarNotFoundError
from apps.user.models import Avatar
from apps.user.queries.ownership import Owner
from mediagateway.ownership import owned_by_accounts


def get_picture(owner: Owner, avatar_id: UUID) -> bytes:
    """
    Read the picture of anybody in the household, a WebP. One SQL statement.

    Raises:
        AvatarNotFoundError: Nobody in this household has it.
    """
    pictures = owned_by_accounts(Avatar, [owner.account.id]).filter(pk=avatar_id)
    picture = pictures.values_list("picture", flat=True).first()
    if picture is None:
        raise AvatarNotFoundError("There is no avatar with this id.")
    return bytes(picture)
