# One command each. Needs Python 3.11 or later, pip and make; everything else is fetched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-installed
DEV_STAMP := $(VENV)/.dev-installed
LOCK_FLAGS := -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.DEFAULT_GOAL := help
.PHONY: help run test check lint types contracts bench screenshots months lock browser clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: $(RUN_STAMP) ## Run the bot (local mode with a chat page when no token is set)
	@$(BIN)/python -m bot run

# The tests start dozens of processes: what these import is compiled once.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(DEV_STAMP) browser ## Run all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: lint types contracts test ## What CI runs

lint: $(DEV_STAMP) ## Check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_STAMP) ## Check types
	$(BIN)/mypy

contracts: $(DEV_STAMP) ## Check who imports whom
	$(BIN)/lint-imports

bench: $(DEV_STAMP) ## Measure speed and print tables
	$(BIN)/python -m tests.benchmarks

screenshots: $(DEV_STAMP) browser ## Make the pictures in docs/ anew
	$(BIN)/python -m tests.e2e.screenshots

months: $(DEV_STAMP) browser ## Play two months and photograph each message for docs/
	$(BIN)/python -m tests.e2e.two_months

lock: $(DEV_STAMP) ## Renew the hashed lock files
	$(BIN)/uv pip compile pyproject.toml $(LOCK_FLAGS) --extra dev -o requirements-dev.txt
	$(BIN)/uv pip compile pyproject.toml $(LOCK_FLAGS) -c requirements-dev.txt -o requirements.txt

browser:
ifeq ($(CHROMIUM),)
	@echo "Installing Chromium and a Chinese font for the page tests (Debian packages)"
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk fonts-noto-color-emoji >/dev/null
endif

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up (once)…"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(RUN_STAMP)
	@echo "Setting up what the tests need (once)…"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

clean: ## Remove the environment and caches (never data)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
