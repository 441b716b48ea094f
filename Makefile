# make run     serve this checkout on http://127.0.0.1:8000 (PORT=8001 make run: on another port)
# make test    every test, browser stories included (ARGS="-k intake" picks some)
# make fast    the tests that need no browser
# make faults  kills of server, database and cron while people write (ROUNDS=60)
# make lint    style, types, templates, migrations, deployment settings
# make bench   what pages, users at once, search, sharing, cron jobs and slow computers cost (SCALE=1000 OLD= PARTS=; docs/performance.md)
# make drill   the failover of docs/scaling.md, with real engines (Debian's PostgreSQL and nginx)
# make lock    pins every package with its hashes, as pyproject.toml allows (docs/security/patching.md)
# make sbom    writes the software bill of materials of the lock file, docs/security/sbom.cdx.json
# make pictures   takes the pictures of README, docs and help again, of a demonstration in Chromium (ONLY=intake takes some)
# make release-point   marks a release, for the test of the migrations that come after it

SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: run test fast faults lint bench drill lock sbom pictures release-point
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
READY := .venv/ready
MANAGE := $(BIN)/python manage.py
WORKERS ?= 3
PYTEST := $(BIN)/python -m pytest -n $(WORKERS)
PIP_FLAGS := --quiet --disable-pip-version-check --no-input --root-user-action=ignore

# A checkout without a .env is a demonstration: hmis/environment.py decides.
run: $(READY)
	@exec $(MANAGE) serve

test: $(READY)
	@$(BIN)/python -m tests.plugins.install_browser
	@$(PYTEST) $(ARGS)

fast: $(READY)
	@$(PYTEST) -m "not browser" $(ARGS)

faults: export FAULT_ROUNDS = $(or $(ROUNDS),60)
faults: $(READY)
	@$(BIN)/python -m pytest tests/faults/test_kills.py -s $(ARGS)

# Settings that a production server would have; the values are made up.
PRODUCTION := HMIS_DEMO=0 DEBUG=0 HTTPS=1 ALLOWED_HOSTS=hmis.example SITE_URL=https://hmis.example/ \
	BEHIND_PROXY=1 DEFAULT_FROM_EMAIL=hmis@hmis.example HELP_DESK_EMAIL=help@hmis.example \
	DATABASE_URL=postgresql://hmis@127.0.0.1:1/hmis \
	SECRET_KEY=e5xW9rJ2uQ7mZk4TnBvYc8LsHd3PfGa6iNoRtUwXyAjKqMzCbVhDgFpSlEr1O0I \
	SSN_ENCRYPTION_KEYS=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= \
	SSN_HASH_KEY=jUq4WvRz7nXpTbYm2LcKdHs9GfPaEo6iNtUwQyAjKrM

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --check --lint templates
	@echo mypy; $(PRODUCTION) $(BIN)/mypy
	$(MANAGE) makemigrations --check --dry-run
	@echo "manage.py check --deploy"; $(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

# In a PostgreSQL of its own; nothing else should run beside it.
bench: $(READY)
	@$(BIN)/python -m tests.bench --scale $(or $(SCALE),1000) $(if $(OLD),--old $(OLD)) $(if $(PARTS),--parts "$(PARTS)") \
	    $(if $(ONLY),--only "$(ONLY)") $(if $(USERS),--users "$(USERS)") $(if $(MINUTES),--minutes $(MINUTES)) $(if $(FEBRL),--febrl $(FEBRL)) $(if $(DROP),--drop)

# With this machine's own PostgreSQL and nginx; about two minutes.
drill: $(READY)
	$(BIN)/python -m tests.drill.failover

# No addresses in them: packages come from wherever this machine's pip looks. One file each for all
# systems and Pythons from 3.11 on. UPGRADE=--upgrade takes the newest that pyproject.toml allows.
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)
lock: $(READY)
	$(COMPILE) --extra redis --output-file requirements.lock
	$(COMPILE) --extra redis --extra dev --constraint requirements.lock --output-file requirements-dev.lock

sbom: $(READY)
	@$(BIN)/python -m tests.sbom

pictures: $(READY)
	@$(BIN)/python -m tests.plugins.install_browser
	@$(BIN)/python -m tests.pictures $(if $(ONLY),--only "$(ONLY)")

# Whenever a release is made: from here on migrations have to run beside this release's code.
release-point: $(READY)
	$(BIN)/python -m tests.upgrades

# The virtual environment, made again whenever the lock file is newer than the last time: nothing but what
# the file names, each with a hash that it names. The project itself has no code to install.
$(READY): requirements-dev.lock
	@set -e; \
	for python in python3 python3.14 python3.13 python3.12 python3.11 ""; do \
	    if [ -z "$$python" ]; then \
	        echo "Python 3.11 or newer is needed, and it is not on the PATH." >&2; exit 1; \
	    fi; \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; \
	done; \
	echo "Installing what is needed into .venv ..."; \
	if ! $(BIN)/python -c "" 2>/dev/null; then rm -rf .venv; fi; \
	if $(BIN)/python -m pip --version >/dev/null 2>&1; then :; \
	elif $$python -c "import ensurepip" 2>/dev/null; then $$python -m venv .venv; \
	elif $$python -m pip --version >/dev/null 2>&1; then \
	    $$python -m venv --without-pip .venv; \
	    $$python -m pip --python .venv/bin/python install $(PIP_FLAGS) pip; \
	else \
	    echo "This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv" >&2; \
	    exit 1; \
	fi; \
	$(BIN)/python -m pip install $(PIP_FLAGS) --require-hashes --requirement requirements-dev.lock; \
	touch $(READY)
