# Commands of the project. The first run creates the environment; only make and Python >= 3.10 are required.

PYTHON = $(eval PYTHON := $$(shell sh dev/find-python))$(PYTHON)
# The newest installed Python that is supported; to choose another one: make test PYTHON=python3.10

VERSION = $(eval VERSION := $$(shell "$$(PYTHON)" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null))$(VERSION)
VENV = .venv/$(VERSION)
RUN = $(VENV)/bin/python
BRANCHES = $(shell $(RUN) -c 'import sys; print("--branch" if sys.version_info >= (3, 14) else "")')
# sys.monitoring costs the suite next to nothing; it can follow branches from Python 3.14 on.
FLOOR ?= 0
PORT ?= 8000
ARGS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## show this list
	@echo "make <target>, with one of these targets:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

.PHONY: dev
dev: environment ## run everything on this machine: database, offline model, server with GraphiQL on 127.0.0.1 (PORT=8000); Ctrl-C stops it
	@exec $(RUN) -m dev dev --port $(PORT) $(ARGS)

.PHONY: web
web: environment ## build the web app into web/dist, static files for any host (web/index.html names the API's address)
	@$(RUN) -c 'from dev.web import build; print("built:", build())'

.PHONY: screenshots
screenshots: environment ## take the pictures of README.md with chromium, into docs/
	@$(RUN) -m tests.web.screenshots

.PHONY: demo
demo: environment ## show the main job in this terminal: chats, nightly jobs, diaries, profile, a chat that uses them, a wish to remember and its undo
	@exec $(RUN) -m dev demo $(ARGS)

.PHONY: test
test: environment ## run all tests (PYTHON=… for another interpreter, ARGS='tests/graph -k node' for some tests, ARGS='-n 0' for one process)
	@missing=$$(sh dev/find-missing); [ -z "$$missing" ] || echo "not installed; the tests that need them are skipped, or fail if CI is set:" $$missing >&2
	$(RUN) -m pytest -n logical --maxprocesses 8 --dist loadscope $(ARGS)

.PHONY: lint
lint: environment ## check style, the import rules of the layers, and the project's rules of writing (dev/lint/words.py)
	$(RUN) -m ruff check
	$(VENV)/bin/lint-imports
	$(RUN) -m dev.lint

.PHONY: typecheck
typecheck: environment ## check types with mypy in strict mode (pyproject.toml says what is relaxed and why)
	$(RUN) -m mypy

.PHONY: coverage
coverage: environment ## run the tests and print which share of the product they execute (ARGS=… a part of them)
	@rm -f .coverage .coverage.*
	COVERAGE_CORE=sysmon $(RUN) -m coverage run $(BRANCHES) -m pytest -n logical --maxprocesses 8 --dist loadscope $(ARGS)
	@$(MAKE) --no-print-directory coverage-report PYTHON=$(PYTHON) FLOOR=$(FLOOR)

.PHONY: coverage-report
coverage-report: environment ## print which share of the product the last run of `make coverage` has executed
	@$(RUN) -m coverage combine --quiet
	@echo "coverage: $$($(RUN) -m coverage report --format=total) % of $(if $(BRANCHES),lines and branches,lines); the rest: $(RUN) -m coverage report --show-missing"
	@$(RUN) -m coverage report --format=total --fail-under=$(FLOOR) >/dev/null || { [ $$? != 2 ] || echo "the coverage is below $(FLOOR) %" >&2; exit 1; }

.PHONY: schema
schema: environment ## write schema.graphql and the migrations' SQL from the code (ARGS=--check compares only)
	@$(RUN) -m dev export-schema $(ARGS)
	@$(RUN) -m dev migrate render $(ARGS)

.PHONY: schema-changes
schema-changes: environment ## print what has changed in the schema since the last release; CHANGELOG.md has to name what breaks clients (ARGS=--release)
	@$(RUN) -m dev schema-changes $(ARGS)

.PHONY: package
package: environment ## build the zip for a cloud into dist/ (TARGET=tencent, aliyun, huawei or aws; ARGS='--python 3.10')
	@[ -n "$(TARGET)" ] || { echo "set TARGET=tencent, aliyun, huawei or aws" >&2; exit 1; }
	@$(RUN) -m dev package --target $(TARGET) $(ARGS)

.PHONY: bench
bench: environment ## measure cold start, a page of diaries, the chat and memory against a baseline (ARGS="chat" or "page" for one of them)
	$(RUN) -m bench $(ARGS)

.PHONY: lock
lock: environment ## pin all packages of development, CI and the image, with checksums
	$(RUN) -m pip install --quiet --disable-pip-version-check "uv>=0.13,<1"
	$(VENV)/bin/uv pip compile pyproject.toml --extra dev --extra test --universal --python-version 3.10 --generate-hashes --no-annotate --upgrade \
		--quiet --custom-compile-command "make lock" --output-file dev/requirements.txt
	$(VENV)/bin/uv pip compile pyproject.toml --extra server --universal --python-version 3.10 --generate-hashes --no-annotate \
		--constraint dev/requirements.txt --quiet --custom-compile-command "make lock" --output-file deploy/requirements.txt

.PHONY: outside
outside: environment ## list the facts about providers, clouds, tools and laws with the days for a new look-up (ARGS=--due: due ones only)
	@$(RUN) -m dev outside $(ARGS)

.PHONY: clean
clean: ## remove generated files, except the data of `make dev` in .unilife/
	rm -rf .venv build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .coverage .coverage.* .import_linter_cache .hypothesis dev/graphiql/node_modules web/node_modules tests/clients/node_modules tests/clients/conformance/node_modules web/dist web/trusted-documents.json web/src/generated
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: environment
environment:
	@[ -n "$(PYTHON)" ] || exit 1
	@[ -n "$(VERSION)" ] || { echo "PYTHON=$(PYTHON) does not run: set PYTHON to a Python >= 3.10" >&2; exit 1; }
	@$(MAKE) --silent --no-print-directory PYTHON="$(PYTHON)" $(VENV)/.installed

$(VENV)/.installed: pyproject.toml dev/requirements.txt dev/install.py
	@echo "Creating the environment in $(VENV) with $(PYTHON) (about a minute)"
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python >= 3.10 is required, this is " + sys.version.split()[0])'
	@"$(PYTHON)" -m venv --clear $(VENV)
	@$(RUN) dev/install.py
	@touch $@
