"""A replica that has everything in memory: what a client is, seen from the rules."""

from apps.sync.domain.changes import Operation
from apps.sync.domain.clock import HybridClock
from apps.sync.domain.state import State
from apps.sync.domain.versions import Arrival, join, judge


class Replica:
    """State, log and clock of one writer. Everything but the name survives a restart by `saved` and `restore`."""

    def __init__(self, who):
        self.clock = HybridClock(who)
        self.state = State()
        self.vector = {}
        self.log = []

    def write(self, operation_id, wall_ms, change):
        """Write an operation of one's own; it takes effect at once."""
        who = self.clock.who
        operation = Operation(operation_id, who, self.vector.get(who, 0) + 1, self.clock.tick(wall_ms), change)
        self._take(operation)
        return operation

    def receive(self, operation):
        """Take an operation that has come from somewhere, and say what it was."""
        arrival = judge(self.vector, operation.origin, operation.seq)
        if arrival is Arrival.NEXT:
            self.clock.observe(operation.stamp)
            self._take(operation)
        return arrival

    def missing(self, vector):
        """List what somebody with this vector lacks, in an order that can be taken."""
        return [each for each in self.log if judge(vector, each.origin, each.seq) is not Arrival.KNOWN]

    def adopt(self, other):
        """Take over the whole state of another replica, instead of its operations."""
        self.state.merge(other.state)
        for operation in other.missing(self.vector):
            self.clock.observe(operation.stamp)
            self.log.append(operation)
        self.vector = join(self.vector, other.vector)

    def _take(self, operation):
        self.vector[operation.origin] = operation.seq
        self.log.append(operation)
        self.state.apply(operation.id, operation.stamp, operation.change)
