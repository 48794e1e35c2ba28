# `make demo` and `make test` need Python 3.11+, make and a package index; they set up the rest.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test slow lint format golden docs bench clean

help:  ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(READY): pyproject.toml uv.lock
	@test -n "$(PYTHON)" || { echo "Nuages needs Python 3.11 or newer with venv; set PYTHON=/path/to/python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@UV_PYTHON=$(BIN)/python $(BIN)/uv sync --frozen --quiet
	@touch $@

demo: $(READY)  ## Serve a real Django project in production mode and prove it
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/nuages up examples/jazzclub --engine process; \
	else $(BIN)/nuages up examples/jazzclub --engine process --prove; fi

test: $(READY)  ## Run the default tests
	$(BIN)/pytest

slow: $(READY)  ## Run the slow tests: images, servers, browser
	$(BIN)/pytest -m slow -n 2

lint: $(READY)  ## Check format, lint, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)  ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

golden: $(READY)  ## Rewrite the expected trees in tests/golden
	NUAGES_GOLDEN=write $(BIN)/pytest tests/test_golden.py tests/contracts -n 0

docs: $(READY)  ## Build the documentation site
	$(BIN)/uv sync --frozen --quiet --group docs
	$(BIN)/mkdocs build --strict

clean:  ## Remove what make made
	rm -rf .venv site dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
