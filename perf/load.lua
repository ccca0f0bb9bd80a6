-- Sends the paths of a file in turn and ends with one line of JSON: wrk -s load.lua URL -- paths.txt START
-- START is how many paths to pass over first, so that a stretch of load goes on where the last one stopped.
-- The requests come from 4000 addresses in turn, as the trusted proxy in front would say: limits count, and refuse none.
-- wrk gives each of its threads a script of its own; the harness runs one thread, so the order of the file holds.

local paths = {}
local at = 0
local sent = 0
local CLIENTS = 4000

function init(args)
   for line in io.lines(args[1]) do
      paths[#paths + 1] = line
   end
   assert(#paths > 0, "the file of paths is empty")
   at = tonumber(args[2])
   sent = at
end

function request()
   at = at % #paths + 1
   sent = (sent + 1) % CLIENTS
   local address = string.format("10.0.%d.%d", math.floor(sent / 256), sent % 256)
   return wrk.format("GET", paths[at], {["X-Forwarded-For"] = address})
end

function done(summary, latency, requests)
   local errors = summary.errors
   io.write(string.format(
      '{"requests": %d, "duration_us": %d, "bytes": %d, "p50_us": %d, "p90_us": %d, "p99_us": %d, "max_us": %d, ' ..
      '"bad_statuses": %d, "failed_connections": %d}\n',
      summary.requests, summary.duration, summary.bytes,
      latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max,
      errors.status, errors.connect + errors.read + errors.write + errors.timeout
   ))
end
