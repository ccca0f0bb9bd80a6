"""The catalogue that is measured: `python -m perf.catalogue` brings the database to the starter catalogue."""

import django
from django.core.management import call_command

from perf.environment import set_environment


def main() -> None:
    """Migrate, load and index; what is there already is passed over."""
    set_environment()
    django.setup()
    # Of Django, only what is set up can be imported.
    from mediagateway import events

    call_command("migrate", verbosity=0)
    call_command("load_starter")
    print(f"Indexing: {events.pending_count():,} events")
    while events.deliver_pending():
        pass


if __name__ == "__main__":
    main()
