# Two commands for a fresh machine: `make demo` builds the bundled example, `make test` runs what CI runs.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
DEMO := examples/digits/report.md
PYTEST_WORKERS ?= 2

.PHONY: demo test lint types pytest bench reference words format clean

demo: $(INSTALLED)
	$(BIN)/reportgen build $(DEMO) -o site/digits
	@echo
	@echo "Open $(CURDIR)/site/digits/index.html in a browser."

test: lint types pytest

lint: $(INSTALLED_DEV)
	$(BIN)/ruff check .

types: $(INSTALLED_DEV)
	$(BIN)/mypy

pytest: $(INSTALLED_DEV)
	@scripts/ensure-chromium
	@scripts/ensure-npm
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile

bench: $(INSTALLED_DEV)
	@for bench in tests/bench/*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

reference: $(INSTALLED)
	$(BIN)/python -m reportgen.report.reference > docs/reference.md
	$(BIN)/python -m reportgen.site.theme_reference > docs/themes.md

words: $(INSTALLED)
	$(BIN)/python -m reportgen.words.catalogues

$(INSTALLED): pyproject.toml constraints.txt
	@scripts/ensure-venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	@touch $@

clean:
	rm -rf $(VENV) site dist .mypy_cache .ruff_cache .pytest_cache
