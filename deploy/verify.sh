#!/usr/bin/env bash
# The launch checklist, literally, against `manage.py serve --all` and the real observability servers.
#
#     deploy/verify.sh [--without-observability]
#
# It starts everything itself on the usual ports (8080 to 8088, 16686, 4318, 3100), which therefore have to be free, on a
# database of its own; ends with 0 when every check holds; and writes docs/launch-readiness.md. SCALE and DURATION are the
# load run's (full size by default for k6 itself, a small one here). Jaeger comes from `make obs-tools`, and so does
# VictoriaLogs, which takes Loki's place where there is no `loki` on the PATH: it takes what Loki's push API takes, and the
# page says which of them it was. Without them, with the option, their checks are reported as not made; the exit code is 3.
set -uo pipefail
cd "$(dirname "$0")/.."

export SCALE="${SCALE:-0.004}" DURATION="${DURATION:-60s}"
export PATH="$PWD/.venv/bin:$PWD/.tools/bin:$PATH"
with_observability=yes
[ "${1:-}" = "--without-observability" ] && with_observability=no

home="$(mktemp -d)"
results="$home/results.jsonl"
failed=0
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$home"
}
trap finish EXIT

# note NAME PASSED MEASURED COMMAND: keep one result.
note() {
  jq -cn --arg name "$1" --arg passed "$2" --arg measured "$3" --arg command "${4//$home/\$home}" '$ARGS.named' >> "$results"
  printf '%-4s %s: %s\n' "$([ "$2" = yes ] && echo ok || echo "$2")" "$1" "$3"
  [ "$2" = yes ] || failed=$((failed + 1))
}

# check NAME COMMAND: the command must succeed; its first line of output is what was measured.
check() {
  local output
  if output="$(bash -uo pipefail -c "$2" 2>&1)"; then note "$1" yes "$(head -n 1 <<< "$output")" "$2"
  else note "$1" no "$(head -n 1 <<< "$output")" "$2"; fi
}

# skip NAME COMMAND: say that a check was not made.
skip() { note "$1" not-made "the server is not there" "$2"; }

# --- Everything up -------------------------------------------------------------------------------------------
export DJANGO_SETTINGS_MODULE=settings.prod MG_DATA_DIR="$home" DATABASE_URL="sqlite:///$home/mediagateway.sqlite3"
export MG_DRAIN_S=1 MG_HOST=127.0.0.1 MG_ALLOWED_HOSTS=localhost,127.0.0.1 MG_PUBLIC_URL=https://localhost
# The keys of `perf.people`, which signs the tokens of the load run; they guard nothing.
export MG_SECRET_KEY=measured-under-this-key-which-guards-nothing-at-all
export MG_KEK=bWVhc3VyZWQtdW5kZXItYS1rZXktb2YtMzItYnl0ZXM=
if [ "$with_observability" = yes ]; then
  jaeger > "$home/jaeger.log" 2>&1 & pids+=($!)
  # Loki's paths begin at the root, VictoriaLogs has the same below /insert/loki.
  if command -v loki > /dev/null; then
    logs=Loki
    ready=localhost:3100/ready push=http://localhost:3100/loki/api/v1/push
    services="curl -s localhost:3100/loki/api/v1/label/service/values | jq -r '.data[]'"
    by_request="curl -sG localhost:3100/loki/api/v1/query_range --data-urlencode 'query={service=\"api\"} | json | request_id=\"verify-$$\"'"
    loki -config.file=observability/loki/loki.yaml > "$home/loki.log" 2>&1 & pids+=($!)
  else
    logs="VictoriaLogs, in Loki's place"
    ready=localhost:3100/insert/loki/ready push=http://localhost:3100/insert/loki/api/v1/push
    services="curl -s 'localhost:3100/select/logsql/field_values?query=*&field=service' | jq -r '.values[].value'"
    by_request="curl -sG localhost:3100/select/logsql/query --data-urlencode 'query={service=\"api\"} request_id:=\"verify-$$\"'"
    victoria-logs -storageDataPath="$home/logs" -httpListenAddr=127.0.0.1:3100 -retentionPeriod=7d \
      > "$home/loki.log" 2>&1 & pids+=($!)
  fi
  export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 OTEL_TRACES_SAMPLER=always_on
fi
python manage.py migrate --verbosity 0 || exit 1
python -m deploy.population --people "$PWD/perf/people.json" || exit 1
python manage.py serve --all > "$home/serve.log" 2>&1 & serve=$!
pids+=("$serve")
for _ in $(seq 600); do
  python manage.py health --all > /dev/null 2>&1 && break
  kill -0 "$serve" || { tail -n 20 "$home/serve.log"; exit 1; }
  sleep 1
done

# --- The checklist -------------------------------------------------------------------------------------------
check "Swagger UI" 'curl -s localhost:8080/swagger-ui | grep -o "Swagger UI"'
check "Endpoints documented (35 or more)" \
  "n=\$(curl -s localhost:8080/api-docs/openapi.json | jq '.paths | keys | length'); echo \$n; [ \$n -ge 35 ]"
check "Operations documented (90 or more)" \
  "n=\$(curl -s localhost:8080/api-docs/openapi.json | jq '[.paths[] | keys[]] | length'); echo \$n; [ \$n -ge 90 ]"
check "Security headers (5 or more)" \
  'curl -sI localhost:8080/health > /tmp/headers.$$; for name in Strict-Transport-Security X-Frame-Options \
X-Content-Type-Options; do grep -qi "^$name:" /tmp/headers.$$ || exit 1; done; \
n=$(grep -ciE "^(strict-transport-security|x-frame-options|x-content-type-options|content-security-policy|referrer-policy|\
permissions-policy|cross-origin-[a-z]*-policy):" /tmp/headers.$$); rm /tmp/headers.$$; echo $n; [ $n -ge 5 ]'
check "No CORS header for another origin" \
  'curl -s -H "Origin: https://evil.com" -I localhost:8080/api/v1/user/profile > /tmp/cors.$$; \
n=$(grep -ci "^access-control-" /tmp/cors.$$); rm /tmp/cors.$$; echo "$n headers"; [ $n -eq 0 ]'
check "Ready, ports 8080 to 8087" \
  'for port in $(seq 8080 8087); do s=$(curl -s localhost:$port/ready | jq -r .status); \
case $s in ready|degraded) ;; *) echo "$port $s"; exit 1;; esac; done; echo "8 of 8"'
check "Health endpoints (24)" \
  'n=0; for port in $(seq 8080 8087); do for p in health ready liveness; do \
[ "$(curl -s -o /dev/null -w "%{http_code}" localhost:$port/$p)" = 200 ] && n=$((n+1)); done; done; echo $n; [ $n -eq 24 ]'
# Each part of the mix asks the group that serves it in production; k6 reads the addresses, the script is the same.
export GROUP_URLS='{"search": "http://localhost:8081", "recommendations": "http://localhost:8082",
  "sync": "http://localhost:8083", "auth": "http://localhost:8084", "playback": "http://localhost:8086"}'
printf 'k6: SCALE=%s DURATION=%s\n' "$SCALE" "$DURATION"
check "Load run, scale $SCALE, $DURATION" \
  'cd perf && rm -f results/baseline.json && PEOPLE=$PWD/people.json SUMMARY='"$home"'/summary.json k6 run --no-thresholds \
--quiet --no-usage-report k6/baseline.js --out json=results/baseline.json > /dev/null 2>&1; \
n=$(jq ".metrics.http_reqs.values.count" '"$home"'/summary.json); u=$(jq ".metrics.unexpected.values.rate" '"$home"'/summary.json); \
echo "$n requests, $u unexpected"; [ "$n" -gt 0 ] && [ "$u" = 0 ] && [ -s results/baseline.json ]'
if [ "$with_observability" = yes ]; then
  # No load goes to these three.
  for port in 8080 8085 8087; do curl -s -o /dev/null "localhost:$port/swagger-ui"; done
  sleep 8 # Spans leave every five seconds.
  check "Traces of all 8 services" \
    'curl -s localhost:16686/api/services | jq -r ".data[]" > /tmp/services.$$; n=0; \
for g in api discovery sona sync auth ingestion playback mcp; do grep -qx "mediagateway-$g" /tmp/services.$$ && n=$((n+1)); done; \
rm /tmp/services.$$; echo "$n of 8"; [ $n -eq 8 ]'
  check "A search is one trace, down to its SQL" \
    'curl -sG localhost:16686/api/traces -d service=mediagateway-discovery -d limit=200 | jq -er "[.data[].spans | \
map(.operationName) | select(any(startswith(\"GET search:\")) and any(startswith(\"SELECT \")))] | max_by(length) | \
\"\(length) spans: \(unique | join(\", \"))\""'
  check "Logs are taken ($logs)" \
    "for _ in \$(seq 60); do curl -s $ready | grep ^ready && exit 0; sleep 1; done; exit 1"
  curl -s -o /dev/null -H "X-Request-ID: verify-$$" localhost:8080/api/v1/genres
  sleep 1
  python -m observability.ship "$push" < "$home/serve.log"
  sleep 5
  check "Logs of all 8 services ($logs)" \
    "$services | sort > /tmp/labels.\$\$; n=0; \
for g in api discovery sona sync auth ingestion playback mcp; do grep -qx \$g /tmp/labels.\$\$ && n=\$((n+1)); done; \
rm /tmp/labels.\$\$; echo \"\$n of 8\"; [ \$n -eq 8 ]"
  check "A request's log lines by its id ($logs)" "$by_request | grep -o http.request"
else
  skip "Traces of all 8 services" 'curl localhost:16686/api/services | jq ".data[]"'
  skip "Logs are taken" 'curl localhost:3100/ready'
fi
check "Graceful shutdown (8 of 8)" \
  "python manage.py shutdown --all > /dev/null && n=0 && for g in api discovery sona sync auth ingestion playback mcp; do \
grep '\"event\":\"server.stopped\"' '$home/serve.log' | grep \"\\\"group\\\":\\\"\$g\\\"\" | grep -q '\"aborted\":0' && n=\$((n+1)); \
done; echo \"\$n of 8\"; [ \$n -eq 8 ]"

python -m deploy.readiness "$results" docs/launch-readiness.md || exit 1
[ "$failed" -eq 0 ] && exit 0
[ "$(grep -c '"passed":"no"' "$results")" -eq 0 ] && exit 3
exit 1
