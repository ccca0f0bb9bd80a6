"""`manage.py create_oauth_client`: register a client, and print its id and its secret this once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.auth.domain.grants import ClientKind, GrantType
from apps.auth.services.clients import ClientFacts, create_client
from mediagateway.errors import InvalidInputError
from mediagateway.principal import Tier
from mediagateway.scopes import PERSONAL_SCOPES, SCOPES, USER_SCOPES

_GRANTS = {grant.name.lower(): grant for grant in GrantType}


class Command(BaseCommand):
    """The command."""

    help = "Register an OAuth client, and print its id and its secret, which is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what people read on the consent page")
        parser.add_argument("--public", action="store_true", help="an app that cannot keep a secret")
        parser.add_argument("--redirect-uri", action="append", default=[], help="once for each address")
        parser.add_argument(
            "--grant", action="append", choices=sorted(_GRANTS), help="once for each; default: all that fit its kind"
        )
        parser.add_argument(
            "--scope", action="append", choices=list(SCOPES), help="once for each; default: all of a person's own"
        )
        parser.add_argument("--tier", choices=[tier.value for tier in Tier], default=Tier.FREE.value)
        parser.add_argument("--resource-server", action="store_true", help="may introspect every access token")

    def handle(self, **options: Any) -> None:
        facts = ClientFacts(
            name=options["name"],
            kind=ClientKind.PUBLIC if options["public"] else ClientKind.CONFIDENTIAL,
            redirect_uris=tuple(options["redirect_uri"]),
            grant_types=frozenset(_GRANTS[name] for name in options["grant"] or _fitting_grants(**options)),
            scopes=frozenset(options["scope"] or USER_SCOPES | PERSONAL_SCOPES),
            tier=Tier(options["tier"]),
            is_resource_server=options["resource_server"],
        )
        try:
            secret, client = create_client(facts, principal=None)
        except InvalidInputError as err:
            raise CommandError(" ".join(f"{error.pointer}: {error.detail}" for error in err.errors)) from err
        self.stdout.write(f"client_id={client.client_id}")
        if secret:
            self.stdout.write(f"client_secret={secret}")


def _fitting_grants(*, public: bool, redirect_uri: list[str], **_: object) -> list[str]:
    """Name all grants, but those that a client of this kind, or without an address, cannot use."""
    unfit = {
        name
        for name, is_unfit in (("client_credentials", public), ("authorization_code", not redirect_uri))
        if is_unfit
    }
    return sorted(_GRANTS.keys() - unfit)
