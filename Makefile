# Each target does its own set-up: nothing but Python 3.11 or newer has to be there first.
PYTHON ?= python3
PORT ?= 8000
export PORT ARCHIVE
# Tests are compiled once and not at every start, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=

python := .venv/bin/python
# A process per core, each with servers of its own; who is done early takes tests from the others.
pytest := $(python) -m pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal
# requirements-dev.txt holds every line of requirements.txt, at the same versions.
compile := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header

languages := --locale=de --locale=es --locale=fr

.PHONY: help demo quick test clients lint format lock schema docs screenshots messages

help:  ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

demo:  ## Run the newsroom on SQLite with a sample archive (PORT=8000, ARCHIVE=path)
	@PYTHON='$(PYTHON)' .ci/venv requirements.txt
	@exec $(python) -m newsroom.demo

quick:  ## Run the tests that need neither a service nor a database, in half a minute
	@PYTHON='$(PYTHON)' .ci/venv requirements-dev.txt
	$(pytest) -m 'not services and not slow and not django_db' --hypothesis-profile=quick

# On PostgreSQL what uses a database, without those that start services: they bring one of their own.
# --reuse-db: that server is thrown away as a whole, its databases need no dropping one by one.
test:  ## Run every test, on SQLite and again on PostgreSQL
	@PYTHON='$(PYTHON)' .ci/venv requirements-dev.txt
	@$(python) -m tests.services.programs
	$(pytest)
	$(python) -m tests.services.on_postgres $(pytest) --reuse-db -m 'django_db and not services' tests/related tests/newsroom

clients:  ## Make clients from docs/openapi.yaml and build the guide's Next.js page, from npm and PyPI
	@PYTHON='$(PYTHON)' .ci/venv requirements-dev.txt
	@$(python) -m tests.clients

lint:  ## Check style, types, import contracts, migrations and spelling
	@PYTHON='$(PYTHON)' .ci/venv requirements-dev.txt
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy
	.venv/bin/lint-imports
	DJANGO_SETTINGS_MODULE=tests.settings $(python) manage.py makemigrations --check --dry-run
	.venv/bin/codespell --dictionary=- --dictionary=.ci/american.txt

format:  ## Rewrite the code in the project's style
	@PYTHON='$(PYTHON)' .ci/venv requirements-dev.txt
	$(python) -m ruff check --fix
	$(python) -m ruff format

schema:  ## Write docs/openapi.yaml from the code
	@PYTHON='$(PYTHON)' .ci/venv requirements-dev.txt
	HEADLESS=true $(python) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

docs:  ## Build the documentation as HTML; a broken link or a page that nothing leads to fails
	@PYTHON='$(PYTHON)' .ci/venv requirements-dev.txt
	$(python) -m sphinx --builder html --fresh-env --fail-on-warning --keep-going --quiet docs docs/_build

screenshots:  ## Take the pictures of README.md and docs/ again, into docs/images
	@PYTHON='$(PYTHON)' .ci/venv requirements-dev.txt
	@$(python) -m tests.services.programs
	SCREENSHOTS=docs/images $(python) -m pytest tests/browser/test_pictures.py

# The catalogs name no lines: a change of the code is not a change of the words.
messages:  ## Bring the catalogs of words (locale/*/*/*.po) up to date with the code, and compile them
	@PYTHON='$(PYTHON)' .ci/venv requirements-dev.txt
	@$(python) -c 'from tests.services.programs import xgettext; xgettext()'
	for package in related newsroom; do \
		(cd $$package && ../.venv/bin/django-admin makemessages $(languages) --no-wrap --no-obsolete --add-location=file && \
		../.venv/bin/django-admin compilemessages $(languages)) || exit; \
	done

lock:  ## Resolve requirements/*.in from scratch into the two locks
	@PYTHON='$(PYTHON)' .ci/venv requirements-dev.txt
	$(python) -m $(compile) requirements/runtime.in --output-file requirements.txt
	$(python) -m $(compile) requirements/dev.in --output-file requirements-dev.txt
	$(python) -m $(compile) tests/clients/requirements.in --output-file tests/clients/requirements.txt
