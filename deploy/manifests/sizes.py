"""What a container of each process group asks for, and how many there may be."""

from dataclasses import dataclass
from types import MappingProxyType

from settings.groups import GROUPS


@dataclass(frozen=True, slots=True)
class Size:
    """
    Size of one group.

    Attributes:
        cpu_m: Requested CPU in thousandths of a core; there is no limit, because throttling shows up as latency.
        memory_mib: Requested and allowed memory.
        replicas: Fewest and most.
    """

    cpu_m: int
    memory_mib: int
    replicas: tuple[int, int]


#: Two worker processes a container. Groups that search hold the catalogue's columns in memory.
SIZES = MappingProxyType(
    {
        "api": Size(500, 768, (2, 20)),
        "discovery": Size(1000, 1024, (3, 60)),
        "sona": Size(1000, 1024, (3, 40)),
        "sync": Size(500, 512, (2, 30)),
        "auth": Size(500, 512, (2, 20)),
        "ingestion": Size(250, 768, (2, 6)),
        "playback": Size(500, 512, (2, 30)),
        "mcp": Size(250, 768, (2, 10)),
        "live": Size(250, 512, (2, 20)),
    }
)
#: The worker delivers events and runs jobs; several may run, each event is delivered by one.
WORKER = Size(500, 1024, (2, 8))
#: Where it answers Prometheus (`MG_WORKER_PORT`).
WORKER_PORT = 8089

if SIZES.keys() != GROUPS.keys():
    raise ValueError("settings/groups.py and deploy/manifests/sizes.py name different groups.")
