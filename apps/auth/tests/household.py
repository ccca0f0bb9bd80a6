"""A household with real tokens: what proofs that go over the whole API ask as."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from uuid import UUID, uuid4

from django.utils import timezone

from apps.auth import conf
from apps.auth.domain import access_tokens
from apps.auth.domain.access_tokens import Signer
from apps.auth.models import Session
from apps.auth.tests.factories import PASSWORD, key_pair
from apps.content.tests.factories import CertificateFactory, OfferFactory, TitleFactory
from apps.user.tests.factories import make_account, make_child
from mediagateway.principal import Principal, Role, Tier
from mediagateway.scopes import USER_SCOPES, scopes_of

#: Of every request of a proof: answers are compared to the byte, and name the request they answer.
REQUEST_ID = "compared"


class Household:
    """
    An account, the people in it, and what they have signed in with; `make_signing_key` has to be called before.

    Attributes:
        account, owner, child: Rows of the user app.
        session: The sign-in that tokens belong to.
    """

    def __init__(self, client, *, role=Role.USER):
        self._client = client
        self.account = make_account(role=role)
        self.owner = self.account.profiles.get(is_owner=True)
        self.child = make_child(self.account)
        self.session = Session.objects.create(
            account=self.account, expires_at=timezone.now() + timedelta(days=1), scope=" ".join(scopes_of(role))
        )

    @property
    def ids(self):
        """Ids and names that nobody else may be told."""
        return [str(each) for each in (self.account.id, self.owner.id, self.child.id, self.session.id)] + [
            self.account.email
        ]

    @cached_property
    def title(self) -> UUID:
        """A film that everybody may see, and an offer of it."""
        film = TitleFactory.create(min_ages={"US": 0}, genres=["family"])
        CertificateFactory.create(title=film, region="US", rating="G", min_age=0)
        OfferFactory.create(title=film)
        return film.id

    def principal(self, profile=None, **fields) -> Principal:
        """The principal of a token: the owner with every scope of the role, or a person with all that they may have."""
        whole = Principal(
            account_id=self.account.id,
            profile_id=profile.id if profile else None,
            scopes=USER_SCOPES if profile else scopes_of(Role(self.account.role)),
            token_id=uuid4().hex,
            role=Role(self.account.role),
            tier=Tier(self.account.tier),
            session_id=self.session.id,
        )
        return replace(whole, **fields)

    def token(self, profile=None, *, place=None, age_s=0, **fields) -> str:
        """Sign a token, perhaps for somewhere else or some time ago."""
        issued_s = int(timezone.now().timestamp()) - age_s
        signer = Signer("key-1", key_pair()[0])
        return access_tokens.encode(self.principal(profile, **fields), signer, place or conf.place(), now_s=issued_s)

    def set_password(self):
        """Let the account sign in with `PASSWORD`."""
        self.account.set_password(PASSWORD)
        self.account.save()

    def send(self, method, address, body=None, *, token="", headers=(), raw=None):
        """Ask with a JSON body, or a raw one with its media type; "" is anonymous, None the owner's own token."""
        token = self.token() if token is None else token
        headers = {"X-Request-ID": REQUEST_ID, **dict(headers)} | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        content, content_type = raw or ("" if body is None else json.dumps(body, default=str), "application/json")
        options = {} if body is None and raw is None else {"data": content, "content_type": content_type}
        return self._client.generic(method.upper(), address, headers=headers, **options)

    def post(self, path, body=None):
        """Post as the owner to a path behind `/api/v1/`, and give what came of it."""
        response = self.send("post", f"/api/v1/{path}", body or {}, token=None)
        assert response.status_code < 300, response.content
        return response.json()
