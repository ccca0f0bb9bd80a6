"""
The catalogue that is measured: `python -m perf.catalogue` brings the database to the starter catalogue.

Vectors and all, so that no worker makes them while others are measured; they are in the data folder, some two minutes
the first time.
"""

import django
from django.conf import settings
from django.core.management import call_command
from django.utils.module_loading import import_string

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
    for step in settings.BACKGROUND_STEPS:
        while import_string(step)():
            pass


if __name__ == "__main__":
    main()
