# The commands of the project; `make` alone lists them. They run in .venv, which is made at the first call
# from the hashed locks in requirements/ and brought up to date whenever a lock changes.

PYTHON ?= python3
PORT ?= 8000

RUN := .venv/bin/python -m
SITE := .venv/site.stamp
DEV := .venv/dev.stamp
CPU := .venv/cpu.stamp
SOURCES := $(if $(FROM),--from "$(FROM)")
# A lock names every package, so pip has nothing to choose: what the registry offers today changes nothing.
INSTALL := $(RUN) pip install --quiet --no-compile --disable-pip-version-check --no-deps --require-hashes -r
COMPLETE := $(RUN) pip check --disable-pip-version-check

# Packages are installed without compiling them, which saves half a minute; so the first use must be free to keep
# what it compiles.
export PYTHONDONTWRITEBYTECODE :=
# Silences an advertisement that the theme prints at every build.
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
# Two installs into one environment must not run side by side.
.NOTPARALLEL:
.PHONY: help serve site offline test lint build check verify report proofread logs transcribe rerun pictures proof measure fuzz mutants cluster wheel lock clean

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

serve: $(SITE)  ## build, then show the site on http://127.0.0.1:8000 (PORT=n), following changes
	$(RUN) scripts.serve --port $(PORT)

site: build  ## build the site into site/; a broken link is an error
	$(RUN) mkdocs build --strict

# One process per processor; the tests of one group stay in one process.
PARALLEL := -n auto --dist loadgroup

test: lint  ## check the code and run all tests, showing coverage
	$(RUN) pytest $(PARALLEL) --cov

lint: $(DEV)  ## check style (ruff, shellcheck) and types (mypy)
	$(RUN) ruff check
	$(RUN) ruff format --check
	.venv/bin/shellcheck --external-sources .ci/* scripts/*.sh scripts/run/*.sh
	$(RUN) mypy

build: $(SITE)  ## make data, figures and pages in docs/ from the logs
	$(RUN) scripts.build

check: $(SITE)  ## list outdated generated files, and anything private in them
	$(RUN) scripts.check

offline: $(SITE)  ## the site as site.zip, for reading without server or network
	$(RUN) scripts.offline

verify: site  ## prove every number of the built site from the originals (FROM=folder, else raw_logs/)
	$(RUN) scripts.verify --record $(SOURCES)

# As they were typed, whatever signs they hold; the command itself says what is missing.
report: export REPORT_LOGS = $(value LOGS)
report: export REPORT_OUT = $(value OUT)
report: $(SITE)  ## a site of other logs in OUT/site (LOGS=log or folder, OUT=new or earlier report; OWNERS=folders: each is a person)
	$(RUN) scripts.report $(if $(OWNERS),--owners "$(OWNERS)") -- "$$REPORT_LOGS" "$$REPORT_OUT"

proofread: export PROOFREAD_PAGE = $(value PAGE)
proofread: export PROOFREAD_LOGS = $(value LOGS)
proofread: $(SITE)  ## hold every number of a text against its logs (PAGE=text, LOGS=log or folder)
	$(RUN) scripts.proofread -- "$$PROOFREAD_PAGE" "$$PROOFREAD_LOGS"

logs: $(SITE)  ## fetch the original logs into raw_logs/ (FROM=folder takes them from there)
	$(RUN) scripts.fetch_logs $(SOURCES)

transcribe: $(SITE)  ## write the transcriptions from the original logs (FROM=folder takes them from there)
	$(RUN) scripts.transcribe $(SOURCES)

# The reader's own machine needs what computes there.
rerun: $(SITE) $(if $(filter cpu gpu,$(SYSTEM)),$(CPU))  ## run a system's experiments again (SYSTEM=graphcore, ARGS="--dry-run") and compare
	$(RUN) scripts.rerun $(SYSTEM) $(ARGS)

pictures: site $(DEV)  ## take the README's pictures of the built site (needs chromium)
	$(RUN) scripts.screenshots

proof: $(DEV) .venv/proof.stamp  ## look at every page: accessibility, links, HTML, and what else takes long
	PROOF=1 $(RUN) pytest $(PARALLEL) -o timeout=3600 tests/browser tests/proof tests/parsers

measure: $(DEV) .venv/measure.stamp  ## measure speed and growth (PARTS="start read build serve jobs report", FROM=folder, AGAINST=commit)
	$(RUN) scripts.measure $(PARTS) $(SOURCES) $(if $(AGAINST),--against "$(AGAINST)")

fuzz: .venv/fuzz.stamp  ## let a fuzzer loose on the parsers (FOR=seconds for each of six targets, 60)
	$(RUN) tests.fuzz --seconds $(or $(FOR),60)

mutants: $(DEV)  ## change one rule of the parsers at a time, and name each change that no test notices (ARGS="--engine")
	$(RUN) tests.mutants $(ARGS)

cluster: .venv/cluster.stamp  ## install what reading logs on many machines, or from addresses, needs

wheel: $(DEV)  ## build the wheel into dist/, and hold it against the checkout
	.ci/wheel dist .venv/bin/python

COMPILE := $(RUN) uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-header --no-annotate $(if $(UPGRADE),--upgrade)

lock: $(DEV)  ## renew the locks from requirements/*.in (UPGRADE=1 takes the newest versions)
	$(COMPILE) requirements/site.in -o requirements/site.txt
	$(COMPILE) requirements/dev.in -c requirements/site.txt -o requirements/dev.txt
	$(COMPILE) requirements/cluster.in -c requirements/site.txt -o requirements/cluster.txt
	$(COMPILE) requirements/measure.in -c requirements/site.txt -o requirements/measure.txt
	$(COMPILE) requirements/cpu.in -c requirements/dev.txt -o requirements/cpu.txt
	$(COMPILE) requirements/proof.in -o requirements/proof.txt
	$(COMPILE) requirements/reader.in -c requirements/site.txt -o requirements/reader.txt
	$(COMPILE) requirements/package.in -c requirements/dev.txt -c requirements/cluster.txt -o requirements/package.txt
	$(COMPILE) requirements/fuzz.in -c requirements/dev.txt -o requirements/fuzz.txt
	cd requirements && npm install --package-lock-only --omit-lockfile-registry-resolved --silent

clean:  ## remove the environment, the built site and all caches
	rm -rf .venv .cache dist site site.zip .coverage .fuzz .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find parsers scripts testbed_report tests -name __pycache__ -prune -exec rm -rf {} +

HOW := (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python; others: \
	https://www.python.org/downloads/), or name another interpreter with make PYTHON=path

# An environment counts as whole only with site.stamp in it and no mark of an install that did not end; any
# other is made anew, because pip takes a half-written package for an installed one.
.venv/%.stamp: requirements/%.txt .venv/bin/python
	@if [ -e $(SITE) ] && [ ! -e .venv/unfinished ] && [ -x .venv/bin/python ]; then exit 0; fi; \
	version=$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null); \
	if [ -z "$$version" ]; then \
		echo 'Python 3.11 or newer is needed and "$(PYTHON)" does not run: install it $(HOW).' >&2; exit 1; \
	elif ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
		echo "Python 3.11 or newer is needed and \"$(PYTHON)\" is $$version: install it $(HOW)." >&2; exit 1; \
	elif ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		echo 'Python needs its venv module and "$(PYTHON)" has none: install it $(HOW).' >&2; exit 1; \
	fi; \
	echo 'Making a virtual environment in .venv'; \
	rm -rf .venv && mkdir .venv && touch .venv/unfinished && $(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }
	@echo 'Installing requirements/$*.txt into .venv (about a minute the first time)'
	@touch .venv/unfinished
	@{ $(INSTALL) requirements/$*.txt && $(COMPLETE); } || { \
		[ -e $(SITE) ] || rm -rf .venv; \
		echo 'The packages could not be installed; pip says why above.' >&2; exit 1; }
	@rm .venv/unfinished
	@touch $@ $(SITE)  # the other locks hold all of site.txt

# What scripts/run/cpu.sh and gpu.sh run: PyTorch by itself, for which build fits is a matter of the machine.
$(CPU): requirements/cpu.txt requirements/torch.txt | $(SITE)
	@echo 'Installing PyTorch into .venv (a minute or more; requirements/torch.txt says how much it is)'
	@$(INSTALL) requirements/cpu.txt
	@$(RUN) pip install --quiet --no-compile --disable-pip-version-check -r requirements/torch.txt
	@$(COMPLETE)
	@touch $@

# The checkers of links (a Python package) and of HTML (an npm package, which runs on Java).
.venv/proof.stamp: requirements/proof.txt requirements/package-lock.json $(DEV)
	@for tool in npm java; do command -v $$tool >/dev/null || { \
		echo "make proof needs $$tool (Debian, Ubuntu: apt install npm default-jre-headless)." >&2; exit 1; }; done
	@$(INSTALL) requirements/proof.txt
	@$(COMPLETE)
	@mkdir -p .venv/vnu && cp requirements/package.json requirements/package-lock.json .venv/vnu
	@cd .venv/vnu && npm ci --silent
	@touch $@

.venv/fuzz.stamp: requirements/fuzz.txt $(DEV)
	@$(INSTALL) requirements/fuzz.txt
	@$(COMPLETE)
	@touch $@

# Gone at first, and again when the interpreter behind it was removed: either way the stamps are then remade.
.venv/bin/python: ;
