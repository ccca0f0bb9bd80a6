"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes: OWASP's minimum, because Django's own 100 MiB on 8 lanes would stall us."""

    memory_cost = 19456
    time_cost = 2
    parallelism = 1
