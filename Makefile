# make report      set everything up and report on the sample corpus
# make test        set everything up and run the tests
# make acceptance  measure every bar (BARS="name name" for some); the table is stored in benchmarks/results
# make lint        ruff, mypy, import-linter
# make docs        write the generated pages

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: report test acceptance lint docs clean

report: $(VENV)/.installed
	$(BIN)/curate report data/contracts.jsonl --html out/report.html

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto

acceptance: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.acceptance $(BARS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.write_docs

clean:
	rm -rf $(VENV) out build dist *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $(VENV)/.installed $@
