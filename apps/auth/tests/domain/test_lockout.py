"""How long failing costs."""

import pytest

from apps.auth.domain.lockout import compute_delay_s


@pytest.mark.parametrize(
    ("failures", "delay_s"), [(0, 0), (4, 0), (5, 2), (6, 4), (7, 8), (13, 512), (14, 900), (10**6, 900)]
)
def test_delays_double_up_to_a_quarter_of_an_hour(failures, delay_s):
    """After five that cost nothing."""
    assert compute_delay_s(failures, free=5) == delay_s
