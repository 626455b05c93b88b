# What one does here. Needs Python 3.11 to 3.13 with venv, git and make; everything else goes into VENV.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
# Processes among which the files of tests are dealt out; each may hold a store and a browser.
PROCESSES ?= 2
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
LOCKED := $(PIP) --only-binary :all: --no-deps --require-hashes -r
# The build for processors alone, where it can be had; what it needs stands in constraints.txt.
TORCH := $(PIP) --no-deps --retries 0 --extra-index-url https://download.pytorch.org/whl/cpu torch==2.13.0

.DEFAULT_GOAL := help
.PHONY: demo test check soak bench docs help

# Real data beside the checkout, where there are some, make the demo bilingual and its score one on published cases.
DATA := $(or $(PROBATUM_DATA),$(abspath $(wildcard ../shared/data)))

demo: $(VENV)/demo.done ## install, load the Human Phenotype Ontology, answer, rank, score, and serve the pages
	@PROBATUM_DATA="$(DATA)" $(BIN)/probatum demo

test: $(VENV)/test.done ## all tests; what needs Chromium or ../shared/data is skipped with its reason where that is absent
	$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadfile $(ARGS)

check: $(VENV)/test.done ## style, types, generated pages, the wheel, the size of an install
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python docs/generate.py --check
	$(BIN)/python bench/install_size.py --check

soak: $(VENV)/test.done ## 500 kills within a load, ten minutes of fuzzing each parser, half an hour of requests: some hours
	PROBATUM_KILLS=500 PROBATUM_FUZZ_SECONDS=600 PROBATUM_SOAK_SECONDS=1800 \
		$(BIN)/python -m pytest -k "kill or fuzz or soak" $(ARGS)

bench: $(VENV)/test.done ## how to measure each figure; bench/README.md says what was measured
	@cat bench/README.md

docs: $(VENV)/test.done ## write the generated pages anew
	$(BIN)/python docs/generate.py

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/python.done:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		|| { echo "Python 3.11 to 3.13 is needed; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "venv is needed; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/demo.done: $(VENV)/python.done constraints.txt pyproject.toml
	@echo "installing into $(VENV) (once, about a minute)" >&2
	@sed '/^# test$$/,$$d' constraints.txt > $(VENV)/demo.txt
	@$(LOCKED) $(VENV)/demo.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.done: $(VENV)/demo.done
	@echo "installing what the tests need (once)" >&2
	@$(TORCH) 2>/dev/null || $(TORCH)
	@$(LOCKED) constraints.txt
	@touch $@
