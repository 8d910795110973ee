# Everything is run from the root of the checkout. `make help` lists what there is.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.SUFFIXES:
# Some containers set it: then each of the hundreds of processes that tests start would compile all code again.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Quiet: only what goes wrong is said.
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
# The compiler of the locked requirement files; only `make lock` uses it.
UV := uv>=0.9,<1
LOCKED := --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-header --no-config --quiet

ONCE ?=
# Instead of all tests, what pytest is told, for example: make test ARGS="-k closing -x"
ARGS ?=
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest
# By two workers, file by file; then the faults, in whose dozen processes' company no other test should run.
ALL_TESTS = { $(PYTEST) -n $(WORKERS) --no-loadscope-reorder --ignore tests/resilience; first=$$?; $(PYTEST) tests/resilience && exit $$first; }

.PHONY: help
help: ## Lists these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(VENV)/.runtime ## Plays one case in a sample city and serves the API (ONCE=1: ends after the play)
	@$(BIN)/qorgan demo --home var/demo $(if $(filter-out 0 no,$(ONCE)),--once)

.PHONY: test
test: $(VENV)/.dev ## Runs all tests, with PostgreSQL and RabbitMQ found or started for them (ARGS="-k word")
	@servers=$$($(BIN)/python deploy/provision/test_servers) && eval "$$servers" && $(if $(ARGS),$(PYTEST) $(ARGS),$(ALL_TESTS))

.PHONY: check
check: $(VENV)/.dev ## Checks style, types, who imports whom, and dependencies; shows every fault of every check
	@failed=; \
	for checker in "ruff check" "ruff format --check" "mypy" "lint-imports" "deptry ."; do \
		echo "== $$checker"; $(BIN)/$$checker || failed="$$failed [$$checker]"; \
	done; \
	if [ -n "$$failed" ]; then echo "failed:$$failed" >&2; exit 1; fi

.PHONY: trace
trace: $(VENV)/.dev ## Prints each requirement, the tests that carry it and how they went in the last run
	@$(BIN)/python -m shared.testing.trace

.PHONY: events
events: $(VENV)/.dev ## Makes docs/events.md from the contracts of public events
	@$(BIN)/python -m shared.testing.events_page > docs/events.md

.PHONY: policies
policies: $(VENV)/.dev ## Makes the list of what is left to departments from the services' regulations
	@$(BIN)/python -m cli.catalogue > shared/contracts/open_policies.json.new && mv shared/contracts/open_policies.json.new shared/contracts/open_policies.json

.PHONY: fmt
fmt: $(VENV)/.dev ## Formats the code and mends what ruff can mend
	@$(BIN)/ruff check --fix-only --quiet; $(BIN)/ruff format

.PHONY: lock
lock: $(VENV)/.dev ## Compiles requirements/*.in to hash-pinned *.txt (UPGRADE=1: newest versions)
	@test -x var/lock/bin/uv || { $(PYTHON) -m venv var/lock && var/lock/bin/python -m pip install -qq '$(UV)'; }
	@var/lock/bin/uv pip compile $(LOCKED) $(if $(UPGRADE),--upgrade) requirements/runtime.in -o requirements/runtime.txt
	@var/lock/bin/uv pip compile $(LOCKED) $(if $(UPGRADE),--upgrade) -c requirements/runtime.txt requirements/runtime.in requirements/dev.in -o requirements/dev.txt

.PHONY: venv
venv: $(VENV)/.dev ## Makes .venv with all that is needed to work on the suite

.PHONY: clean
clean: ## Removes what was made here: .venv, var and caches
	@rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info

# Each stamp is newer than what was installed from: nothing is installed twice.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Qorgan needs Python 3.11 or newer as '$(PYTHON)' (on Debian 12 and Ubuntu 24.04: apt-get install python3)." >&2; \
		echo "If it has another name here: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "making $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.runtime: $(BIN)/python requirements/runtime.txt pyproject.toml
	@echo "installing requirements/runtime.txt"
	@$(PIP) install --require-hashes -r requirements/runtime.txt
	@$(PIP) install --no-build-isolation --no-deps --no-index --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	@echo "installing requirements/dev.txt"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@
