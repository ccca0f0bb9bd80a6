"""The deployment's files that repeat for each process group, written from the one table in settings/groups.py."""
