PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test lint format bench chaos lock docs clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.run: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Kairan needs Python 3.11 or newer; call: make run PYTHON=python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

setup: $(VENV)/.run ## Create the virtual environment with the pinned dependencies

setup-dev: $(VENV)/.dev ## The same, with what tests and checks need

run: setup ## Start the whole system locally, with stand-in platforms
	@$(BIN)/sns sandbox

test: setup-dev ## Run all tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: setup-dev ## Check style, types and the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: setup-dev ## Format the code
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format -q .

bench: setup-dev ## Print the timings and compare them with their bars
	$(BIN)/python -m tests.bench

chaos: setup-dev ## Kill workers and cut connections, 10,000 deliveries on each engine, and count duplicates and losses
	$(BIN)/python -m tests.chaos $(CHAOS)

lock: setup-dev ## Renew the lock files from pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --extra build pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --extra build --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

docs: setup-dev ## Write the documents that are generated from the code
	$(BIN)/python -m publisher.states_page > docs/states.md
	$(BIN)/python -m tests.clauses_page > docs/clauses.md

clean: ## Remove the virtual environment and caches (not the state in var/)
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
