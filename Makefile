# Everything a person or a machine does with this repository. A bare machine needs make and Python 3.11 or later.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
# The newest Python that runs and can make a virtual environment.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# The lock names everything, so nothing is resolved: pip before 23.3 looks past the pin of a package asked for with extras.
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url
FEEDS ?= ../shared/data/feeds
# A Node.js that is new enough for the tools of `make agents`, from npm.
NODE_PACKAGE := node-$(shell uname -s | tr A-Z a-z)-$(shell uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/')@22
# Further words for pytest: make test ARGS='-x -k search'.
ARGS ?=
# One worker for each core. Redis has 16 databases, and a worker takes one.
PYTEST := $(BIN)/pytest --numprocesses auto --maxprocesses 16
SOURCES := $(shell find apps mediagateway settings deploy -name '*.py' -not -path '*/tests/*')

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow lint format demo-feeds perf-baseline starter-catalogue lock clean deploy-tools manifests perf
.PHONY: obs-packages obs-tools lint-api agents
.PHONY: drill deploy-packages chaos rolling audit verify

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.compiled ## Load the starter catalogue and serve it on http://localhost:8080
	@exec $(BIN)/python manage.py demo

test: $(VENV)/.dev $(VENV)/.compiled ## Run the suite on SQLite, then on a PostgreSQL and a Redis that it brings up itself
	env -u DATABASE_URL -u REDIS_URL -u QDRANT_URL $(PYTEST) -m "not slow" $(ARGS)
	$(BIN)/python -m mediagateway.testing.servers $(PYTEST) -m "not slow" $(ARGS)

test-slow: $(VENV)/.dev ## Run the proofs that take minutes
	$(BIN)/python -m mediagateway.testing.servers $(BIN)/pytest -m slow $(ARGS)

lint: $(VENV)/.dev ## Check style, types, borders, migrations, the OpenAPI document, and for insecure habits
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null
	@# ruff's S rules are bandit's, each exception with its reason; bandit itself looks for what ruff has not taken over.
	$(BIN)/bandit --quiet --recursive --severity-level high --exclude '*/tests/*,*/testing/*' apps mediagateway settings

format: $(VENV)/.dev ## Write the code in its one form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

demo-feeds: $(VENV)/.runtime ## Ingest the 16 sample feeds in the order of their dates (FEEDS=folder)
	@test -d $(FEEDS) || { echo "No feeds in $(FEEDS): set FEEDS to the folder that holds them."; exit 1; }
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py demo_feeds $(FEEDS)

perf-baseline: $(VENV)/.dev ## Compare the busiest reads with two yardsticks, as ratios (needs wrk)
	$(BIN)/python -m perf.baseline

manifests: $(VENV)/.dev ## Write the deployment's files that follow from the table of process groups
	$(BIN)/python -m deploy.manifests

deploy-tools: .tools/.deploy ## Build kustomize, helm and Toxiproxy from their Go modules, once (needs go)

.tools/.deploy: deploy/tools/go.mod deploy/tools/go.sum
	cd deploy/tools && GOBIN=$(CURDIR)/.tools/bin GOFLAGS=-mod=readonly nice go install tool
	mv .tools/bin/server .tools/bin/toxiproxy-server
	@touch $@

perf: $(VENV)/.dev ## Run k6's baseline, stress, spike and soak, scaled to this machine, and write perf/BASELINE_REPORT.md
	$(BIN)/python -m perf.scenarios baseline stress spike soak
	$(BIN)/python -m perf.report

obs-tools: .tools/.logs .tools/.obs ## Build VictoriaLogs and Jaeger from their Go modules, once (needs go; an hour of one core)

.tools/.logs: observability/tools/logs/go.mod observability/tools/logs/go.sum
	cd observability/tools/logs && GOBIN=$(CURDIR)/.tools/bin GOFLAGS=-mod=readonly nice go install tool
	@touch $@

.tools/.obs: observability/tools/go.mod observability/tools/go.sum
	cd observability/tools && GOBIN=$(CURDIR)/.tools/bin GOFLAGS=-mod=readonly nice go install tool
	@touch $@

lint-api: $(VENV)/.dev ## Lint the OpenAPI document by Redocly's rules, without warnings (needs npm)
	@mkdir -p .tools/redocly
	npm install --silent --no-audit --no-fund --prefix .tools/redocly @redocly/cli@2
	$(BIN)/python manage.py spectacular --format openapi-json --file .tools/openapi.json
	@# Warnings do not change its exit code.
	.tools/redocly/node_modules/.bin/redocly lint --config redocly.yaml --max-problems 50 --format json .tools/openapi.json > .tools/redocly.json
	jq -r '.problems[] | "\(.severity) \(.ruleId): \(.location[0].pointer): \(.message)"' .tools/redocly.json
	jq -e '.totals.errors + .totals.warnings == 0' .tools/redocly.json > /dev/null

agents: $(VENV)/.dev ## Call every tool by the MCP inspector, and run the MCP conformance suite (needs npm)
	@mkdir -p .tools/mcp
	npm install --silent --no-audit --no-fund --prefix .tools/mcp $(NODE_PACKAGE) \
		@modelcontextprotocol/inspector@2.12.0 @modelcontextprotocol/conformance@0.1.16
	$(BIN)/python -m deploy.agents

obs-packages: ## Install Debian's Prometheus and Alertmanager with their checkers (needs root)
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prometheus prometheus-alertmanager >/dev/null

deploy-packages: ## Install Debian's nginx (needs root)
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light >/dev/null

chaos: $(VENV)/.dev .tools/.deploy ## Break the way to PostgreSQL and Redis under load, and write docs/chaos.md
	$(BIN)/python -m deploy.chaos --output docs/chaos.md --json deploy/results/chaos.json

rolling: $(VENV)/.dev ## Restart two replicas of every group behind nginx under load (needs nginx: make deploy-packages)
	$(BIN)/python -m deploy.rolling --json deploy/results/rolling.json

audit: $(VENV)/.dev ## Write a bill of materials, and look for known weaknesses and for secrets
	$(BIN)/python -m deploy.audit

verify: $(VENV)/.dev ## Run the launch checklist against everything, and write docs/launch-readiness.md
	deploy/verify.sh

drill: $(VENV)/.dev ## Lose a database three ways and get it back, timed, on servers of its own
	$(BIN)/python -m deploy.drill --output deploy/results/drill.json

starter-catalogue: $(VENV)/.dev ## Build the starter catalogue's data files again from their sources
	$(PIP_INSTALL) --requirement requirements/data-build.txt
	$(BIN)/python -m apps.ingestion.starter.build

lock: ## Resolve requirements/*.in to locked files again (needs uv)
	cd requirements && $(UV_COMPILE) --no-annotate runtime.in --output-file runtime.txt
	cd requirements && $(UV_COMPILE) --no-annotate dev.in --output-file dev.txt
	cd requirements && $(UV_COMPILE) data-build.in --no-deps --output-file data-build.txt

clean: ## Remove the virtual environment and all embedded state
	rm -rf $(VENV) var

$(VENV)/bin/pip:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later with venv is needed (Debian: apt install python3-venv)."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt | $(VENV)/bin/pip
	@echo "Installing the locked requirements; about half a minute the first time."
	$(PIP_INSTALL) --requirement requirements/runtime.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/bin/pip
	@echo "Installing the locked development requirements; about a minute the first time."
	$(PIP_INSTALL) --requirement requirements/dev.txt
	@touch $@ $(VENV)/.runtime

# Every process starts a second faster, also where PYTHONDONTWRITEBYTECODE is set.
$(VENV)/.compiled: $(SOURCES) $(VENV)/.runtime
	@$(BIN)/python -m compileall -q -j 0 -x /tests/ apps mediagateway settings deploy
	@touch $@
