# Everything runs from here; `make help` lists it. Values go in by name:
#   make run PORT=9000      make test ARGS="tests/surveys -x"
#   make manage ARGS="check"      make admin EMAIL=you@example.org

PYTHON ?= python3
BIN := .venv/bin/python
STACK := $(BIN) -m loci.stack
INSTALL := $(PYTHON) -I loci/stack/install.py

.DEFAULT_GOAL := help
.PHONY: help run test lint fix lock bench chaos permissions words shell manage admin clean-state \
	python packages test-packages

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: packages ## Run the whole product on this machine (PORT, LOCI_STATE, LOCI_DEMO=0)
	@exec $(STACK) run --end-with-parent

test: test-packages ## Run all tests (ARGS go to pytest)
	@$(STACK) browser
	@$(TOOL) $(BIN) manage.py compile_locale
	@exec $(BIN) -m pytest -n 2 --dist loadfile $(WITHOUT_BROWSER) $(ARGS)

lint: test-packages ## Check format, code, imports, types, templates, settings, migrations
	@failed=""; \
	check() { \
		title="$$1"; shift; printf '\n== %s\n' "$$title"; \
		"$$@" || failed="$$failed, $$title"; \
	}; \
	check "ruff format" $(BIN) -m ruff format --check .; \
	check "ruff check" $(BIN) -m ruff check .; \
	check "import contracts" $(BIN) -c \
		'from importlinter.cli import lint_imports_command as c; c(["--no-logo"])'; \
	check "mypy" $(PRODUCTION) $(BIN) -m mypy .; \
	check "djade" sh -c '$(TEMPLATES) | xargs -0 .venv/bin/djade --check --target-version 5.2'; \
	check "djlint" $(BIN) -m djlint --lint --quiet templates; \
	check "deploy" $(PRODUCTION) $(BIN) manage.py check --deploy --fail-level WARNING; \
	check "migrations" $(PRODUCTION) $(BIN) -W ignore::RuntimeWarning \
		manage.py makemigrations --check --dry-run; \
	if [ -n "$$failed" ]; then printf '\nlint failed: %s\n' "$${failed#, }"; exit 1; fi; \
	printf '\nlint passed\n'

fix: test-packages ## Mend what can be mended: imports, format, templates
	@$(BIN) -m ruff check --fix --exit-zero --quiet .
	@$(BIN) -m ruff format .
	@$(TEMPLATES) | xargs -0 .venv/bin/djade --target-version 5.2 || true
	@$(BIN) -m ruff check .

lock: test-packages ## Resolve the locks anew from pyproject.toml
	$(COMPILE) pyproject.toml $(USED) -o requirements.lock
	$(COMPILE) pyproject.toml $(USED) --extra test --extra lint \
		-c requirements.lock -o requirements-test.lock

bench: test-packages ## Measure, with servers of its own
	@exec $(STACK) exec --throwaway -- $(BIN) -m tests.bench $(ARGS)

permissions: test-packages ## Write docs/permissions.md from the access matrix
	@$(TOOL) $(BIN) -m tests.permissions

chaos: test-packages ## Kill web, worker, broker, database during a wave of 500 pairs
	@exec env LOCI_CHAOS_PAIRS=$(or $(PAIRS),500) LOCI_CHAOS_KILLS=$(or $(KILLS),40) \
		LOCI_CHAOS_REMINDERS=$(or $(REMINDERS),1000) LOCI_CHAOS_SECONDS=60 \
		$(BIN) -m pytest -n 0 -s $(or $(ARGS),tests/chaos $(DRILLS))

DRILLS := tests/workers/test_storm.py tests/workers/test_broker.py

words: packages ## Collect the words to translate into locale/ (needs gettext)
	@$(PRODUCTION) $(BIN) manage.py makemessages -l es -l fr -l id -l ru -l uk \
		-e html,txt,py --no-wrap --no-location -i ".venv/*" -i "tests/*" -i ".state/*"

shell: packages ## A Python shell in the product
	@exec $(STACK) exec -- $(BIN) manage.py shell

manage: packages ## Any command: make manage ARGS="showmigrations"
	@exec $(STACK) exec -- $(BIN) manage.py $(ARGS)

admin: packages ## Make a coordinator: make admin EMAIL=you@example.org
	@if [ -z "$(EMAIL)" ]; then echo 'make admin EMAIL=you@example.org'; exit 1; fi
	@exec $(STACK) exec -- sh -c \
		'$(BIN) manage.py migrate -v 0 && exec $(BIN) manage.py make_coordinator "$$1"' \
		make-admin "$(EMAIL)"

clean-state: packages ## Remove the state folder with its database, after asking
	@exec $(STACK) clean

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'LOCI needs Python 3.11 or newer: make PYTHON=/path/to/python3 …'; exit 1; }

packages: python
	@$(INSTALL) requirements.lock

test-packages: python
	@$(INSTALL) requirements-test.lock

# What a tool needs that starts no server.
TOOL := env LOCI_SECRET_KEY=a-tool-without-a-server LOCI_LOCAL=1 LOCI_DEMO=0

# Settings like those of a real deployment. Nothing is contacted.
PRODUCTION := env LOCI_LOCAL=0 LOCI_DEMO=0 LOCI_DEBUG=0 LOCI_HOSTS=loci.example \
	LOCI_SECRET_KEY=lint-0123456789-abcdefghij-klmnopqrst-uvwxyz-9876543210 \
	LOCI_SITE_URL=https://loci.example LOCI_MAIL_FROM=loci@loci.example \
	LOCI_MAIL_URL=smtp://mail.example:587 LOCI_OWN_DATABASE=0 \
	DATABASE_URL=postgres://loci@127.0.0.1:9/loci REDIS_URL=redis://127.0.0.1:9

TEMPLATES := find templates -name \*.html -print0
USED := --extra embedded --extra text
COMPILE := $(BIN) -m uv pip compile --generate-hashes --universal --python-version 3.11 \
	--no-header --no-emit-index-url

ifeq ($(LOCI_SKIP_BROWSER)$(filter true,$(CI)),1)
WITHOUT_BROWSER := -m "not browser"
endif
