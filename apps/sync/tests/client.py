"""
The reference client: what a device does that works offline.

It keeps what the server has confirmed, a queue of its own operations that are not confirmed yet, and shows the one with
the other on top. `post` and `get` take a path below /api/v1/ and give the parsed answer; they may fail at any time.
"""

import time
from copy import deepcopy
from datetime import datetime
from uuid import UUID, uuid4

from apps.sync.domain.changes import Add, Operation, Preference, Progress, Remove
from apps.sync.domain.clock import HybridClock, is_too_far_ahead
from apps.sync.domain.digests import compute_digest
from apps.sync.domain.state import Session, State
from apps.sync.domain.wire import read_operation, read_state, write_operation

#: Operations in one exchange.
BATCH = 1000
#: Beyond this, a device tells its owner that its clock is wrong.
DRIFT_MS = 60 * 1000


class SyncClient:
    """A device of one person."""

    def __init__(self, device_id, post, get, wall_ms=lambda: int(time.time() * 1000)):
        self.device_id, self.post, self.get, self.wall_ms = str(device_id), post, get, wall_ms
        self.confirmed, self.vector, self.position = State(), {}, 0
        self.queue, self.refused = [], []
        self.clock, self.seq = HybridClock(self.device_id), 0
        self.resets, self.drift_ms = 0, 0

    @property
    def has_wrong_clock(self):
        return abs(self.drift_ms) > DRIFT_MS

    @property
    def state(self):
        """What the person sees: everything confirmed, and what is on its way."""
        state = deepcopy(self.confirmed)
        for operation in self.queue:
            state.apply(operation.id, operation.stamp, operation.change)
        return state

    def watchlist(self):
        return set(self.state.watchlist())

    def add(self, title_id):
        return self._write(Add(title_id))

    def remove(self, title_id):
        return self._write(Remove(title_id, tuple(self.state.watchlist()[title_id])))

    def watch(self, title_id, session_id, position_s, duration_s=6000, state="playing"):
        register = self.state.registers.get(Session(title_id, session_id))
        started = register.started if register else ""
        return self._write(Progress(title_id, session_id, position_s, duration_s, state, started))

    def prefer(self, key, value):
        return self._write(Preference(key, value))

    def sync(self):
        """Exchange until the queue is empty."""
        while True:
            sent = self.queue[:BATCH]
            answer = self.post(
                "sync/delta",
                {
                    "device_id": self.device_id,
                    "version": self.vector,
                    "operations": [self._body(operation) for operation in sent],
                },
            )
            self._settle(sent, answer)
            if not self.queue:
                return

    def hear(self, message):
        """Take operations that the live channel brought."""
        for body in message["operations"]:
            self._take(read_operation(body, origin=body["origin"]))
        self.vector, self.position = message["version"], message["position"]

    def digest(self):
        return compute_digest(self.confirmed)

    def _write(self, change):
        self.seq += 1
        operation = Operation(uuid4(), self.device_id, self.seq, self.clock.tick(self.wall_ms()), change)
        self.queue.append(operation)
        return operation

    def _settle(self, sent, answer):
        """Take in what an exchange has brought."""
        self.drift_ms = self.wall_ms() - int(datetime.fromisoformat(answer["server_time"]).timestamp() * 1000)
        reasons = {UUID(each["id"]): each["reason"] for each in answer["answers"]}
        verdicts = {UUID(each["id"]): each["status"] for each in answer["answers"]}
        renumber = []
        for operation in sent:
            if verdicts[operation.id] in ("accepted", "duplicate"):
                self._take(operation)
            elif reasons[operation.id] in ("sequence_reused", "id_reused", "gap"):
                renumber.append(operation)
            else:
                self.refused.append((operation, reasons[operation.id]))
        self.queue = self.queue[len(sent) :]
        if answer["state"] is not None:
            self._reset(answer)
        else:
            for body in answer["operations"]:
                self._take(read_operation(body, origin=body["origin"]))
            self.vector, self.position = answer["version"], answer["position"]
            if answer["digest"] != self.digest():
                self._reset(self.get("sync/state"))
        if renumber or self.vector.get(self.device_id, 0) > self.seq:
            self._renumber(renumber + self.queue)

    def _take(self, operation):
        self.clock.observe(operation.stamp)
        self.confirmed.apply(operation.id, operation.stamp, operation.change)

    def _reset(self, answer):
        """Replace what was confirmed by the server's copy."""
        self.confirmed = read_state(answer["state"])
        self.vector, self.position = answer["version"], answer["position"]
        self.resets += 1

    def _renumber(self, operations):
        """Number the queue anew behind what the log has of this device."""
        self.seq, self.queue = self.vector.get(self.device_id, 0), []
        for operation in operations:
            self.seq += 1
            self.queue.append(Operation(operation.id, self.device_id, self.seq, operation.stamp, operation.change))

    def _body(self, operation):
        if is_too_far_ahead(operation.stamp, self.wall_ms()):
            self.clock.last = 0
        body = write_operation(operation)
        del body["origin"]
        return {name: value for name, value in body.items() if (name, value) != ("started", "")}
