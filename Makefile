# Shuzheng 数政. `make demo` and `make test` need only python3.11 (with venv), make and the network;
# every step leaves a stamp and is skipped while nothing it depends on has changed.

SHELL  := /bin/bash
PYTHON ?= python3.11
BIN    := .venv/bin
DONE   := .venv/.done
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
WORKERS  ?= 2
# A file's tests stay together, because they share servers and prepared databases.
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: help demo test systems lint format measure bench docs pictures walk reference messages lock setup setup-dev clean

help:
	@echo "make demo      set everything up, play the demo story and serve it on http://127.0.0.1:8000"
	@echo "make test      run the tests (browser journeys too, where Chromium is installed)"
	@echo "make systems   prove the rows of the list of systems and write docs/systems.md"
	@echo "make lint      formatting, rules, types, import law, templates, translations, measure"
	@echo "make format    let ruff format and sort what it can"
	@echo "make measure   print the table of docs/reference/measure.md"
	@echo "make bench     measure speed against the physical limit; prints ratios"
	@echo "make docs      build the documentation into site/"
	@echo "make pictures  photograph the pages for the documentation (needs Chromium)"
	@echo "make walk      open every page of the running demo as each of its people and say what is wrong"
	@echo "make reference regenerate docs/reference: openapi.json, actions.md, settings.md"
	@echo "make messages  collect new texts into the English translation"
	@echo "make lock      resolve requirements*.in and package.json again"
	@echo "make clean     remove what was built; data in var/ stays"

demo: setup
	@$(BIN)/shuzheng demo

test: setup-dev
ifneq ($(CHROMIUM),)
	@$(PYTEST)
else ifeq ($(CI),true)
	@echo "Chromium is required where CI=true: apt-get install chromium" >&2; exit 1
else
	@echo "Chromium is not installed: the browser journeys are left out."
	@$(PYTEST) --ignore=tests/journeys
endif

systems: setup-dev
	@$(BIN)/python tools/systems.py

lint: setup-dev
	@fail=0; \
	run() { echo "── $$*"; "$$@" || fail=1; }; \
	run $(BIN)/ruff format --check . ; \
	run $(BIN)/ruff check . ; \
	run bash tools/node.sh node_modules/pyright/index.js ; \
	run $(BIN)/lint-imports --no-logo ; \
	run $(BIN)/djlint src --lint --quiet ; \
	run $(BIN)/python tools/messages.py --check ; \
	run $(BIN)/python tools/measure.py ; \
	exit $$fail

format: setup-dev
	@$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format .

measure: setup
	@$(BIN)/python tools/measure.py

bench: setup-dev
	@for name in casework clock trust ledger messages ofd seals licences payment; do echo "── $$name"; $(BIN)/python -m bench.$$name || exit 1; done

docs: setup-dev
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

pictures: setup-dev
	@$(BIN)/python tools/pictures.py

walk: setup-dev
	@$(BIN)/python tools/walk.py

reference: setup
	@$(BIN)/python tools/reference.py

messages: setup-dev
	@$(BIN)/python tools/messages.py

lock: $(DONE)/dev
	@for name in requirements requirements-dev requirements-node; do \
	  $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header --python-version 3.11 $$name.in -o $$name.lock; \
	done
	@bash tools/node.sh npm install --package-lock-only

setup: $(DONE)/runtime $(DONE)/package node_modules/.done $(DONE)/texts
setup-dev: node_modules/.done-dev setup $(DONE)/dev

$(DONE)/venv:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: apt-get install python3.11 python3.11-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@mkdir -p $(DONE) && touch $@

$(DONE)/runtime: requirements.lock $(DONE)/venv
	@echo "Installing the libraries of requirements.lock …"
	@$(PIP) --require-hashes -r requirements.lock && touch $@

$(DONE)/dev: requirements-dev.lock $(DONE)/runtime
	@echo "Installing the tools of requirements-dev.lock …"
	@$(PIP) --require-hashes -r requirements-dev.lock && touch $@

$(DONE)/package: pyproject.toml $(DONE)/runtime
	@$(PIP) --no-deps --no-build-isolation -e . && touch $@

node_modules/.done: package-lock.json .npmrc $(DONE)/venv
	@echo "Fetching the front-end packages of package-lock.json …"
	@bash tools/node.sh npm ci --omit=dev --loglevel=error && touch $@

# With the tools; they stand for the pages' own packages too, which are therefore not fetched again.
node_modules/.done-dev: package-lock.json .npmrc $(DONE)/venv
	@echo "Fetching the front-end packages and tools of package-lock.json …"
	@bash tools/node.sh npm ci --loglevel=error && touch node_modules/.done $@

$(DONE)/texts: $(shell find src/shuzheng/locale -name '*.po' 2>/dev/null) $(DONE)/runtime
	@$(BIN)/python tools/messages.py --compile && touch $@

clean:
	@rm -rf .venv node_modules site build .pytest_cache .ruff_cache .hypothesis .import_linter_cache src/*.egg-info
	@find src tests tools bench -name __pycache__ -prune -exec rm -rf {} + ; find src -name '*.mo' -delete
