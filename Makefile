# Two commands do everything: `make demo` builds the demo vault and shows what came out,
# `make test` installs what tests need and runs them all. Both need Python 3.11+ and make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo serve test lint check-generated clean

demo: $(VENV)/.installed
	$(BIN)/notetorch build vault
	$(BIN)/notetorch test vault --fast
	$(BIN)/python -m generated_models lenet5
	@echo
	@echo "Models: $(CURDIR)/generated_models"
	@echo "Site:   file://$(CURDIR)/site/index.html   (open it by double-click; no server needed)"
	@echo "Next:   edit a note in vault/ and run make demo again, or make serve for live reload"

serve: $(VENV)/.installed-tests
	$(BIN)/notetorch serve vault

test: $(VENV)/.installed-tests lint
	$(BIN)/python -m pytest tests -n 2 --dist worksteal
	$(BIN)/notetorch build vault
	$(MAKE) --no-print-directory check-generated
	$(BIN)/python -m pytest generated_models/tests -n 2

lint: $(VENV)/.installed-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# What is committed is what the notes give: a build changes nothing.
check-generated: $(VENV)/.installed
	$(BIN)/notetorch build vault --check
	@if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then \
	  changes=$$(git status --porcelain -- generated_models); \
	  if [ -n "$$changes" ]; then echo "generated_models differs from the commit:"; echo "$$changes"; exit 1; fi; \
	fi

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is not complete here; trying to install python3-venv"; \
	  apt-get update -qq && apt-get install -y -qq python3-venv; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing into $(VENV) (PyTorch's CPU build is about 200 MB) ..."
	@# pytest runs the generated tests; without NumPy every import of torch prints a warning
	$(PIP) torch==2.13.0 numpy pytest pytest-xdist
	$(PIP) --editable .
	@$(BIN)/python -m compileall -q -x vendor generator
	@touch $@

$(VENV)/.installed-tests: $(VENV)/.installed
	$(PIP) --editable ".[serve,test]"
	@touch $@

clean:
	rm -rf $(VENV) site .notetorch
