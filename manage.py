#!/usr/bin/env python3
"""Run a management command: `python manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command named on the command line under the development settings, unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.dev")
    if sys.argv[1:2] == ["worker"]:
        os.environ.setdefault("MG_SERVICE", "worker")
    if sys.argv[1:2] in (["serve"], ["worker"]):
        # These run for long and print nothing else: their log is their output.
        os.environ.setdefault("MG_LOG_STREAM", "stdout")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
