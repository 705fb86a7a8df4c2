# Two commands: `make run` and `make test`. Everything lives in .venv; after the first time they work offline.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
JOB    := corpora/sample

.PHONY: run test lint format clean wheel

run: $(VENV)/.installed                     ## set up, then run the sample job with the starter model
	$(BIN)/terjiman run $(JOB)
	@echo "Results: $(JOB)/out/ — begin with $(JOB)/out/review.html and $(JOB)/out/report.html"

test: $(VENV)/.installed-dev                ## the whole test suite
	$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup

lint: $(VENV)/.installed-dev                ## ruff and mypy, strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheel: $(VENV)/.installed-dev               ## a wheel in dist/
	$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) build dist $(JOB)/out $(JOB)/.terjiman

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "terjiman needs Python 3.11 or newer; name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "no virtual environment could be made; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt $(VENV)/.installed | $(VENV)/bin/python
	$(PIP) --editable '.[dev]'
	@touch $@
