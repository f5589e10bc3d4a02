# The only commands a person needs. Everything is set up inside the checkout.
PYTHON ?= python3
PORT_BASE ?= 8787
SOURCES ?= simulated
VENV := .local/venv
RUN := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup dev tick replay test test-fast eval backtest bench check format lock deploy clean

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

$(VENV)/.ready: requirements/dev.txt tools/bootstrap.py
	@$(PYTHON) tools/bootstrap.py $(VENV) requirements/dev.txt

setup: $(VENV)/.ready ## get everything the checkout needs
	@$(RUN) -m tools.system.setup

dev: $(VENV)/.ready ## run the whole system (SOURCES=live|replay REPLAY=DIR PORT_BASE=n)
	@exec $(RUN) -m tools.system.dev --port-base $(PORT_BASE) --sources $(SOURCES) $(if $(REPLAY),--replay "$(REPLAY)")

tick: $(VENV)/.ready ## fire one collection tick on the running system (AT=2026-11-22T12:15Z)
	@$(RUN) -m tools.system.tick --port-base $(PORT_BASE) $(if $(AT),--at "$(AT)")

replay: $(VENV)/.ready ## do a tick again from its raw bodies (AT=2026-11-22T12:15Z)
	@$(RUN) -m tools.system.tick --port-base $(PORT_BASE) --replay $(if $(AT),--at "$(AT)")

test: setup ## run every test, on workerd and in Chromium too
	@$(RUN) -m tools.system.browser
	@$(RUN) -m pytest -n auto -m "not runtime and not browser"
	@$(RUN) -m pytest -m "runtime or browser"

test-fast: setup ## run the tests that need neither workerd nor a browser
	@$(RUN) -m pytest -n auto -m "not runtime and not browser"

eval: $(VENV)/.ready ## score detection and language on labelled sets (DATA=DIR OUT=DIR)
	@$(RUN) -m tools.quality.evaluate --data "$(DATA)" --out "$(OUT)"

backtest: $(VENV)/.ready ## run the signal path over a history (DATA=DIR OUT=page.html)
	@$(RUN) -m tools.backtest --data "$(DATA)" $(if $(OUT),--out "$(OUT)")

bench: setup ## measure against peers in the same run, one JSON object a line
	@$(RUN) -m bench

check: $(VENV)/.ready ## lint and type-check
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy src tools tests bench clients/python/src

format: $(VENV)/.ready ## put the code into its form
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .

lock: $(VENV)/.ready ## pin requirements/*.txt anew from pyproject.toml
	@$(RUN) -m tools.lock

deploy: setup ## deploy to ENV=staging or ENV=production
	@$(RUN) -m tools.deploy $(ENV)

clean: ## forget all local state and everything that was set up
	rm -rf .local .wrangler node_modules python_modules src/dashboard/static/vendor src/dashboard/static/python wrangler*.local.json
