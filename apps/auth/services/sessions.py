"""Sessions: opened by a sign-in, carried on by refresh tokens, ended by people and by theft."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.auth import conf
from apps.auth.domain import access_tokens
from apps.auth.domain.secrets import hash_secret, new_secret
from apps.auth.errors import InvalidGrantError, SessionNotFoundError
from apps.auth.models import RefreshToken, Revocation, Session
from apps.auth.queries import trust
from apps.auth.services.keys import get_signer
from apps.user.contracts import AccountFacts
from mediagateway import audit
from mediagateway.principal import Principal, Role, Tier
from mediagateway.scopes import PERSONAL_SCOPES, USER_SCOPES, scopes_of


@dataclass(frozen=True, slots=True)
class Caller:
    """From where somebody signs in; shown in the list of sessions."""

    address: str | None
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class TokenPair:
    """
    What a sign-in or a refresh yields.

    Attributes:
        refresh_token: Empty for a client that may not go on by itself.
        scope: What the access token may do, space-separated.
    """

    access_token: str
    refresh_token: str
    scope: str
    expires_in: int = access_tokens.LIFETIME_S


def open_session(account_id: UUID, role: Role, caller: Caller) -> TokenPair:
    """Start a session of our own sign-in, with all that the account's role may do."""
    now = timezone.now()
    session = Session.objects.create(
        account_id=account_id,
        scope=" ".join(sorted(scopes_of(role) | PERSONAL_SCOPES)),
        address=caller.address,
        user_agent=caller.user_agent[:255],
        expires_at=now + conf.SESSION_LIFETIME,
    )
    return _issue(session, now)


def open_client_session(
    account: AccountFacts, client_id: str, scopes: Iterable[str], caller: Caller, *, may_refresh: bool
) -> tuple[UUID, TokenPair]:
    """Start a session of an OAuth client, of the same kind as our own; within the caller's transaction."""
    now, granted = timezone.now(), frozenset(scopes)
    lifetime = conf.SESSION_LIFETIME if "offline_access" in granted else conf.ONLINE_SESSION_LIFETIME
    session = Session.objects.create(
        account_id=account.id,
        client_id=client_id,
        scope=" ".join(sorted(granted & (scopes_of(account.role) | PERSONAL_SCOPES))),
        address=caller.address,
        user_agent=caller.user_agent[:255],
        expires_at=now + (lifetime if may_refresh else conf.ACCESS_TOKEN_LIFETIME),
    )
    return session.id, _issue(session, now, may_refresh=may_refresh)


def refresh_session(refresh_token: str, *, client_id: str = "", scopes: frozenset[str] | None = None) -> TokenPair:
    """
    Exchange a refresh token for the next pair. Of any number of parallel calls one wins.

    A token that comes back after its use has been stolen, from us or from its owner: its session ends (RFC 9700 §4.14).

    Args:
        refresh_token: What the caller sent.
        client_id: Whose it must be (RFC 6749 §10.4); empty for our own sign-in.
        scopes: What the access token may do at most; None for all that the session may.

    Raises:
        InvalidGrantError: Unknown, another client's, expired, used, or of a session or account that has ended.
    """
    now, token_hash = timezone.now(), hash_secret(refresh_token)
    # Whose it is never changes, so that it need not be part of the statement that takes it.
    if not RefreshToken.objects.filter(token_hash=token_hash, session__client_id=client_id).exists():
        raise InvalidGrantError("The refresh token is not valid; sign in again.")
    with transaction.atomic():
        # Compare and set: who finds the token unused in this very statement has it.
        taken = RefreshToken.objects.filter(token_hash=token_hash, used_at__isnull=True).update(used_at=now)
        if taken:
            session = Session.objects.select_related("account").get(refresh_tokens__token_hash=token_hash)
            if _is_alive(session, token_hash, now):
                return _issue(session, now, scopes=scopes)
    if not taken:
        _end_session_of_used(token_hash, now)
    raise InvalidGrantError("The refresh token is not valid; sign in again.")


def switch_profile(principal: Principal, profile_id: UUID | None) -> str:
    """
    Let another person of the household watch in this session, and give the access token; the one before is revoked.

    Raises:
        SessionNotFoundError: The session has ended meanwhile.
    """
    now = timezone.now()
    with transaction.atomic():
        session = _get_open(principal.session_id, principal.account_id)
        session.profile_id = profile_id
        session.save(update_fields=["profile_id"])
        _revoke([principal.token_id], now)
        audit.record("auth.profile_switched", principal=principal, target=f"profile:{profile_id or 'owner'}")
    trust.store.forget()
    return _access_token(session, now, session.scope)


def end_session(session_id: UUID, *, principal: Principal) -> None:
    """
    End one session of the principal's account.

    Raises:
        SessionNotFoundError: Not theirs, or over.
    """
    with transaction.atomic():
        session = _get_open(session_id, principal.account_id)
        _end([session.id], timezone.now())
        audit.record("auth.session_revoked", principal=principal, target=f"session:{session_id}")
    trust.store.forget()


def end_issued_session(session_id: UUID, event: str) -> None:
    """End a session for a reason of protocol: it was revoked by its client, or what opened it was stolen."""
    with transaction.atomic():
        if not _end([session_id], timezone.now()):
            return
        audit.record(event, principal=None, target=f"session:{session_id}")
    trust.store.forget()


def end_client_sessions(client_id: str) -> None:
    """End all sessions of a client, and refuse what it holds for itself; within the caller's transaction."""
    now = timezone.now()
    open_ones = Session.objects.filter(client_id=client_id, ended_at__isnull=True).values_list("id", flat=True)
    _end(list(open_ones), now)
    _revoke([client_id], now)
    transaction.on_commit(trust.store.forget)


def revoke_access_token(token_id: str) -> None:
    """Refuse one access token from now on."""
    _revoke([token_id], timezone.now())
    trust.store.forget()


def end_sessions(account_id: UUID, *, but: UUID | None = None) -> int:
    """End all open sessions of an account, but perhaps the present one, and say how many those were."""
    open_ones = Session.objects.filter(account_id=account_id, ended_at__isnull=True).values_list("id", flat=True)
    ids = [session_id for session_id in open_ones if session_id != but]
    _end(ids, timezone.now())
    transaction.on_commit(trust.store.forget)
    return len(ids)


def _issue(
    session: Session, now: datetime, *, scopes: frozenset[str] | None = None, may_refresh: bool = True
) -> TokenPair:
    """Write the next link of the chain and its access token."""
    refresh_token = ""
    if may_refresh:
        refresh_token = new_secret()
        expires_at = min(now + conf.SESSION_IDLE, session.expires_at)
        RefreshToken.objects.create(session=session, token_hash=hash_secret(refresh_token), expires_at=expires_at)
    Session.objects.filter(id=session.id).update(last_used_at=now)
    narrowed = session.scope if scopes is None else " ".join(sorted(scopes & frozenset(session.scope.split())))
    return TokenPair(_access_token(session, now, narrowed), refresh_token, narrowed)


def _access_token(session: Session, now: datetime, scope: str) -> str:
    """Sign a token with what the account may do now, which may be less than at the sign-in."""
    account, role = session.account, Role(session.account.role)
    # Whoever else of an admin's household watches is no admin.
    most = (scopes_of(role) if session.profile_id is None else USER_SCOPES) | PERSONAL_SCOPES
    principal = Principal(
        account_id=account.id,
        scopes=frozenset(scope.split()) & most,
        token_id=uuid4().hex,
        profile_id=session.profile_id,
        client_id=session.client_id,
        role=role,
        tier=Tier(account.tier),
        session_id=session.id,
    )
    return access_tokens.encode(principal, get_signer(now), conf.place(), now_s=int(now.timestamp()))


def _is_alive(session: Session, token_hash: str, now: datetime) -> bool:
    """Say whether a session may go on by this token."""
    account = session.account
    expires_at = session.refresh_tokens.get(token_hash=token_hash).expires_at
    return session.ended_at is None and expires_at > now and account.is_active and account.deleted_at is None


def _end_session_of_used(token_hash: str, now: datetime) -> None:
    """End the session of a token that was used before; of an unknown one there is none."""
    with transaction.atomic():
        session = Session.objects.filter(refresh_tokens__token_hash=token_hash, ended_at__isnull=True).first()
        if session is None or not _end([session.id], now):
            return
        audit.record("auth.refresh_token_reused", principal=None, target=f"session:{session.id}")
    trust.store.forget()


def _get_open(session_id: UUID | None, account_id: UUID | None) -> Session:
    own = Q(id=session_id) & Q(account_id=account_id, ended_at__isnull=True)
    session = Session.objects.select_related("account").filter(own).first()
    if session is None:
        raise SessionNotFoundError("You have no open session of this id.")
    return session


def _end(ids: list[UUID], now: datetime) -> int:
    """End sessions and everything that they have issued; say how many were still open."""
    ended = Session.objects.filter(id__in=ids, ended_at__isnull=True).update(ended_at=now)
    _revoke([str(session_id) for session_id in ids], now)
    return ended


def _revoke(subjects: list[str], now: datetime) -> None:
    """Refuse tokens until all of them have expired."""
    # A refresh that runs now may still sign for this session: its token lives a little longer than those before.
    expires_at = now + 2 * conf.ACCESS_TOKEN_LIFETIME
    Revocation.objects.bulk_create(
        Revocation(subject=subject, revoked_at=now, expires_at=expires_at) for subject in subjects
    )
