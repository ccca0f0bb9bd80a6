"""
How many machines a load needs: a queueing model over the measured cost of a request, and a simulation that checks it.

A worker process runs Python on one core at a time, so a group of n processes is a queue with n servers. Waiting follows
Allen and Cunneen's approximation of M/G/c (A. O. Allen, Probability, Statistics and Queueing Theory, 1990, §5.3).
"""

import heapq
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

#: Processes of one replica, as in settings/groups.py.
PROCESSES_PER_REPLICA = 2
#: Of the time, a process may be busy at most so much: the rest is for bursts, deployments and a lost zone.
HIGHEST_UTILISATION = 0.6
#: Squared coefficient of variation of service times: between constant (0) and far more uneven than exponential (1).
VARIATION = 2.0

#: What is assumed of prices: list prices of a large cloud's general-purpose machines with a year's commitment, rounded.
USD_PER_CORE_MONTH = 22.0
USD_PER_GIB_MONTH = 3.0
#: A managed PostgreSQL costs this many times its bare cores: standby, backups, provisioned disks.
MANAGED_FACTOR = 2.5


@dataclass(frozen=True, slots=True)
class Need:
    """
    What one group needs.

    Attributes:
        processes: Worker processes; `replicas` of two each.
        replicas: At least two, so that one can go.
        utilisation: Share of the time that a process is busy.
        wait_p95_ms: Waiting for a free process, by the model.
    """

    processes: int
    replicas: int
    utilisation: float
    wait_p95_ms: float


def compute_need(rate_per_s: float, service_ms: float, *, longest_wait_ms: float) -> Need:
    """Find the fewest replicas with a utilisation below the highest and a p95 of waiting below this."""
    offered = rate_per_s * service_ms / 1000
    replicas = max(2, math.ceil(offered / HIGHEST_UTILISATION / PROCESSES_PER_REPLICA))
    while (wait := compute_wait_ms(rate_per_s, service_ms, replicas * PROCESSES_PER_REPLICA)) > longest_wait_ms:
        replicas += 1
    processes = replicas * PROCESSES_PER_REPLICA
    return Need(processes, replicas, offered / processes, wait)


def compute_wait_ms(rate_per_s: float, service_ms: float, servers: int, *, share: float = 0.95) -> float:
    """
    Compute the waiting time that this share of the requests does not exceed.

    Returns:
        Milliseconds; infinite when more arrives than can be served.
    """
    offered = rate_per_s * service_ms / 1000
    if offered >= servers:
        return math.inf
    waiting = _erlang_c(servers, offered)
    if waiting <= 1 - share:
        return 0.0
    # Given that one waits, waiting is about exponential with this mean.
    mean_ms = service_ms / (servers - offered) * (1 + VARIATION) / 2
    return mean_ms * math.log(waiting / (1 - share))


def simulate_wait_ms(rate_per_s: float, service_ms: float, servers: int, *, requests: int, seed: int) -> float:
    """
    Let requests arrive by chance, serve them in turn, and take the p95 of what they waited.

    Service times are lognormal with the variation that the model assumes. The first tenth warms up and does not count.
    """
    draw = random.Random(seed)
    sigma = math.sqrt(math.log(1 + VARIATION))
    mu = math.log(service_ms / 1000) - sigma**2 / 2
    free = [0.0] * servers
    heapq.heapify(free)
    now, waits = 0.0, []
    for number in range(requests):
        now += draw.expovariate(rate_per_s)
        starts = max(now, heapq.heappop(free))
        heapq.heappush(free, starts + draw.lognormvariate(mu, sigma))
        if number >= requests // 10:
            waits.append((starts - now) * 1000)
    return sorted(waits)[math.ceil(0.95 * len(waits)) - 1]


def compute_monthly_usd(cores: float, memory_gib: float, database_cores: float) -> float:
    """Price groups by their cores and memory, the database by its cores."""
    return (
        cores * USD_PER_CORE_MONTH
        + memory_gib * USD_PER_GIB_MONTH
        + database_cores * USD_PER_CORE_MONTH * MANAGED_FACTOR
    )


def write_capacity(costs_ms: Mapping[str, float], shares: Mapping[str, float], database_ms: float) -> list[str]:
    """
    Write the tables for 1k, 10k and 100k requests a second as lines of Markdown.

    Args:
        costs_ms: Part of the mix -> CPU milliseconds of one request in its group.
        shares: Part -> share of the requests; they sum up to one.
        database_ms: CPU milliseconds of one request of the mix in PostgreSQL.
    """
    lines = [
        "| requests/s | part | requests/s of it | replicas | processes | busy | p95 wait, model | simulated |",
        "|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    totals = []
    for rate in (1000, 10_000, 100_000):
        processes = 0
        for part, share in shares.items():
            need = compute_need(rate * share, costs_ms[part], longest_wait_ms=5)
            requests = min(200_000, int(rate * share * 60))
            simulated = simulate_wait_ms(rate * share, costs_ms[part], need.processes, requests=requests, seed=1)
            processes += need.processes
            lines.append(
                f"| {rate:,} | {part} | {rate * share:,.0f} | {need.replicas:,} | {need.processes:,} "
                f"| {need.utilisation:.0%} | {need.wait_p95_ms:.2f} ms | {simulated:.2f} ms |"
            )
        database_cores = rate * database_ms / 1000 / HIGHEST_UTILISATION
        memory_gib = processes * 0.4
        usd = compute_monthly_usd(processes, memory_gib, database_cores)
        totals.append(
            f"| {rate:,} | {processes:,} | {memory_gib:,.0f} GiB | {database_cores:,.1f} | {rate * 1.2:,.0f} "
            f"| {rate * 60 * 60 * 24 * 30 * 8 / 2**30:,.0f} GiB | {usd:,.0f} USD |"
        )
    return [
        *lines,
        "",
        "| requests/s | group cores | memory | PostgreSQL cores | Redis commands/s | answers a month | a month |",
        "|---:|---:|---:|---:|---:|---:|---:|",
        *totals,
    ]


def _erlang_c(servers: int, offered: float) -> float:
    """Compute the probability of having to wait, by the stable recursion of Erlang's B formula."""
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = offered * blocked / (count + offered * blocked)
    utilisation = offered / servers
    return blocked / (1 - utilisation * (1 - blocked))
